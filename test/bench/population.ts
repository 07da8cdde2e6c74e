import { execute, inTransaction, type Tx } from '~/db';
import { startOfDate } from '~/kernel/calendar';
import { days } from '~/kernel/clock';

export const PROGRAMMES = 5;
/** How many events the ledger holds for each person, those included that decide nothing. */
const EVENTS_EACH = 20;
const STEP = 20_000;

const ZONE = 'Asia/Shanghai';
export const ASSIGNED_AT = startOfDate('2026-05-04', ZONE);
/** The day of the measurement. */
export const TODAY = startOfDate('2026-07-15', ZONE) + days(0.4);

const TREES = [
  '{"kind":"all"}', '{"kind":"any","of":[{"kind":"requirement","code":"a"},{"kind":"requirement","code":"b"}]}',
  '{"kind":"some","least":2,"of":[{"kind":"requirement","code":"a"},{"kind":"requirement","code":"b"},{"kind":"requirement","code":"c"}]}',
];
const VALIDITIES = ['{"kind":"for-ever"}', '{"kind":"from-completion","period":{"count":1,"unit":"years"},"window":{"count":3,"unit":"months"}}'];
const requirements = (p: number) => `[{"code":"a","kind":"external","targetId":"x${p}"},{"code":"b","kind":"declaration","targetId":"y${p}"},{"code":"c","kind":"hours","targetId":"all","params":{"hundredths":2000,"window":{"kind":"calendar-year"}}}]`;

/** People with an appointment, five assignments, eight pieces of evidence and twenty ledger events each; nobody is judged yet. */
export async function populate(people: number): Promise<void> {
  await inTransaction(programmes);
  for (let from = 0; from < people; from += STEP) {
    const range = { lo: from + 1, hi: Math.min(people, from + STEP) };
    await inTransaction(async (tx) => {
      for (const sql of STATEMENTS) await execute(tx, `WITH RECURSIVE n (i) AS (SELECT CAST($lo AS BIGINT) UNION ALL SELECT i + 1 FROM n WHERE i < CAST($hi AS BIGINT)) ${sql}`.replace(/^WITH (.*?\)\)) INSERT INTO (\S+ \([^)]*\)) /, 'INSERT INTO $2 WITH $1 '), range);
    });
  }
}

async function programmes(tx: Tx): Promise<void> {
  await execute(tx, `INSERT INTO organisations (id, parent_id, path, code, name, created_at) VALUES ('o1', NULL, '/o1/', 'o1', '云江市', 1)`);
  for (let p = 1; p <= PROGRAMMES; p += 1) {
    await execute(tx, `INSERT INTO programmes (id, slug, created_at) VALUES ('prog${p}', 'prog-${p}', 1)`);
    await execute(tx, `INSERT INTO programme_versions (id, programme_id, number, state, title_zh, title_en, gate, due_rule, applies_to, tree, validity, effective_on, created_at, created_by)
      VALUES ('v${p}', 'prog${p}', 1, 'published', '项目', 'Programme', 'before-start-of-duty', '{"kind":"before-start","workingDays":3}', '{"kind":"appointment","kinds":["recruit"]}',
        $tree, $validity, '2026-01-01', 1, 'system:bench')`, { tree: TREES[p % TREES.length] ?? '', validity: VALIDITIES[p % 2] ?? '' });
    await execute(tx, `INSERT INTO requirements (id, programme_version_id, code, position, kind, target, params) VALUES
      ('ra${p}', 'v${p}', 'a', 0, 'external', 'x${p}', '{}'), ('rb${p}', 'v${p}', 'b', 1, 'declaration', 'y${p}', '{}'),
      ('rc${p}', 'v${p}', 'c', 2, 'hours', 'all', '{"hundredths":2000,"window":{"kind":"calendar-year"}}')`);
  }
}

const P = `(SELECT 1 AS p UNION ALL SELECT 2 UNION ALL SELECT 3 UNION ALL SELECT 4 UNION ALL SELECT 5) p`;
const day = 86_400_000;

/** Evidence: external for every programme, of whom a seventh failed; two declarations; one entry of hours. */
const EVIDENCE = `(SELECT 1 AS k, 'external' AS kind, 'x1' AS target, '{}' AS facts UNION ALL SELECT 2, 'external', 'x2', '{}' UNION ALL SELECT 3, 'external', 'x3', '{}'
  UNION ALL SELECT 4, 'external', 'x4', '{}' UNION ALL SELECT 5, 'external', 'x5', '{}' UNION ALL SELECT 6, 'declaration', 'y1', '{}'
  UNION ALL SELECT 7, 'declaration', 'y3', '{}' UNION ALL SELECT 8, 'hours', 'all', '{"hundredths":2400}') k`;
const AT = `${ASSIGNED_AT} + (n.i * 7 + k.k) % 60 * ${day}`;
const PASSED = `CASE WHEN (n.i + k.k) % 7 = 0 THEN 0 ELSE 1 END`;
const FILLERS = EVENTS_EACH - PROGRAMMES - 8;

const cases = (of: (p: number) => string) => `CASE p.p ${Array.from({ length: PROGRAMMES }, (_, i) => `WHEN ${i + 1} THEN '${of(i + 1)}'`).join(' ')} END`;

const STATEMENTS = [
  `INSERT INTO persons (id, name, created_at) SELECT 'p' || n.i, '人员' || n.i, 1 FROM n`,
  `INSERT INTO appointments (id, person_id, organisation_id, kind, post, start_of_duty, created_at) SELECT 'ap' || n.i, 'p' || n.i, 'o1', 'recruit', '科员', '2026-07-01', 1 FROM n`,
  `INSERT INTO assignments (id, person_id, appointment_id, programme_version_id, assigned_at, due_on, start_of_duty)
    SELECT 'a' || p.p || '-' || n.i, 'p' || n.i, 'ap' || n.i, 'v' || p.p, ${ASSIGNED_AT}, '2026-06-26', '2026-07-01' FROM n CROSS JOIN ${P}`,
  `INSERT INTO evidence (id, person_id, kind, ref, target_id, passed, at, facts)
    SELECT 'e' || k.k || '-' || n.i, 'p' || n.i, k.kind, 'e' || k.k || '-' || n.i, k.target, ${PASSED}, ${AT}, k.facts FROM n CROSS JOIN ${EVIDENCE}`,
  `INSERT INTO ledger_events (id, kind, subject_kind, subject_id, person_id, at, recorded_at, by, cause, body)
    SELECT 'lm' || p.p || '-' || n.i, 'assignment.made', 'assignment', 'a' || p.p || '-' || n.i, 'p' || n.i, ${ASSIGNED_AT}, ${ASSIGNED_AT}, 'system:bench', 'rule',
      '{"version":1,"startOfDuty":"2026-07-01","dueOn":"2026-06-26","appointmentId":"ap' || n.i || '","programmeVersionId":"v' || p.p || '","programmeId":"prog' || p.p
        || '","cycle":1,"gate":"before-start-of-duty","requirements":' || ${cases(requirements)} || ',"tree":' || ${cases((p) => TREES[p % TREES.length] ?? '')}
        || ',"validity":' || ${cases((p) => VALIDITIES[p % 2] ?? '')} || '}' FROM n CROSS JOIN ${P}`,
  `INSERT INTO ledger_events (id, kind, subject_kind, subject_id, person_id, at, recorded_at, by, cause, body)
    SELECT 'le' || k.k || '-' || n.i, 'evidence.recorded', 'evidence', 'e' || k.k || '-' || n.i, 'p' || n.i, ${AT}, ${AT} + 1000, 'system:bench', 'rule',
      '{"kind":"' || k.kind || '","ref":"e' || k.k || '-' || n.i || '","targetId":"' || k.target || '","passed":' || CASE WHEN (n.i + k.k) % 7 = 0 THEN 'false' ELSE 'true' END
        || ',"facts":' || k.facts || '}' FROM n CROSS JOIN ${EVIDENCE}`,
  ...Array.from({ length: FILLERS }, (_, f) => `INSERT INTO ledger_events (id, kind, subject_kind, subject_id, person_id, at, recorded_at, by, cause, body)
    SELECT 'lf${f}-' || n.i, 'attempt.started', 'attempt', 't${f}-' || n.i, 'p' || n.i, ${ASSIGNED_AT + f * day}, ${ASSIGNED_AT + f * day}, 'system:bench', 'candidate', '{}' FROM n`),
];
