import { execute, inTransaction } from '~/db';
import { addDays, dateAt } from '~/kernel/calendar';
import { days } from '~/kernel/clock';
import { TODAY } from '../population';

const DAYS = 60;
const VERSION = 'bench-version';
const outcome = (state: 'open' | 'met', reason: 'external-approved' | 'external-missing') =>
  JSON.stringify([{ code: 'proof', kind: 'external', targetId: 'x', state, evidenceRef: null, at: null, reason: { code: reason, params: {} } }]);

/** Assigns one programme to everybody who was imported, due on one of sixty days around today, in two statements; half of them are cleared. */
export const giveDuties = (): Promise<void> => inTransaction(async (tx) => {
  const today = dateAt(TODAY, 'Asia/Shanghai');
  const due = `CASE n % ${DAYS} ${Array.from({ length: DAYS }, (_, k) => `WHEN ${k} THEN '${addDays(today, k - DAYS / 2)}'`).join(' ')} END`;
  await execute(tx, `INSERT INTO programmes (id, slug, created_at) VALUES ('bench-programme', 'bench', 1) ON CONFLICT DO NOTHING`);
  const made = await execute(tx, `INSERT INTO programme_versions (id, programme_id, number, state, title_zh, title_en, gate, due_rule, applies_to, tree, validity, effective_on, created_at, created_by)
    VALUES ('${VERSION}', 'bench-programme', 1, 'published', '岗前培训', 'Before the start', 'before-start-of-duty', '{"kind":"before-start","workingDays":3}', '{"kind":"appointment","kinds":["staff","recruit"]}',
      '{"kind":"all"}', '{"kind":"for-ever"}', '2026-01-01', 1, 'system:bench') ON CONFLICT DO NOTHING`);
  // Each measure that needs them asks; the second finds them there.
  if (made === 0) return;
  await execute(tx, `INSERT INTO requirements (id, programme_version_id, code, position, kind, target, params) VALUES ('bench-proof', '${VERSION}', 'proof', 0, 'external', 'x', '{}')`);
  await execute(tx, `INSERT INTO assignments (id, person_id, appointment_id, programme_version_id, assigned_at, due_on, start_of_duty)
    SELECT 'd' || id, person_id, id, '${VERSION}', ${TODAY - days(90)}, ${due}, start_of_duty FROM (SELECT id, person_id, start_of_duty, ROW_NUMBER() OVER (ORDER BY id) AS n FROM appointments WHERE ended_on IS NULL) numbered`);
  await execute(tx, `INSERT INTO clearances (assignment_id, person_id, appointment_id, gate, status, may_start_on, due_on, start_of_duty, done, total, periods, requirements, computed_at, leads)
    SELECT id, person_id, appointment_id, 'before-start-of-duty', CASE WHEN n % 2 = 0 THEN 'cleared' ELSE 'not-cleared' END, CASE WHEN n % 2 = 0 THEN '2026-06-01' END, due_on, start_of_duty,
      CASE WHEN n % 2 = 0 THEN 1 ELSE 0 END, 1, CASE WHEN n % 2 = 0 THEN '[{"from":"2026-06-01","until":null,"basis":"evidence"}]' ELSE '[]' END,
      CASE WHEN n % 2 = 0 THEN '${outcome('met', 'external-approved')}' ELSE '${outcome('open', 'external-missing')}' END, 1, 1
    FROM (SELECT id, person_id, appointment_id, due_on, start_of_duty, ROW_NUMBER() OVER (ORDER BY id) / 60 AS n FROM assignments) numbered`);
});
