import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { closeDatabase, inTransaction, insert, migrate, openDatabase, reader, rows, type Bindable, type Database } from '~/db';
import { foundation } from '~/db/migrations/20261123090000_foundation';
import { sittings } from '~/db/migrations/20261124003000_sittings';
import { postgresReachable, scratch, testSecrets } from '../support/databases';

/** One person from the intake to a credential that replaces a revoked one, as the program before these migrations wrote it. */
const BEFORE: [string, Record<string, Bindable>[]][] = [
  ['organisations', [{ id: 'o', parent_id: null, path: '/o/', code: '1', name: '云江市', created_at: 1 }]],
  ['persons', [{ id: 'p', name: '沈知', created_at: 1 }]],
  ['appointments', [{ id: 'a', person_id: 'p', organisation_id: 'o', kind: 'recruit', post: '科员', start_of_duty: '2026-07-01', created_at: 1 }]],
  ['courses', [{ id: 'c', slug: 'c', audience: 'recruits', access: 'assigned', created_at: 1 }]],
  ['course_versions', [{
    id: 'v', course_id: 'c', number: 1, content_hash: '', title_zh: '课', title_en: 'Course', summary_zh: '', summary_en: '', description_html: '', minutes: 90, published_at: 1,
  }]],
  ['enrolments', [{ id: 'e', person_id: 'p', course_id: 'c', course_version_id: 'v', source: 'assigned', enrolled_at: 1, completed_at: 2 }]],
  ['lesson_progress', [{ enrolment_id: 'e', lesson_slug: '01', opened_at: 1, read_at: 2 }]],
  ['completions', [{ id: 'd', enrolment_id: 'e', person_id: 'p', course_id: 'c', course_version_id: 'v', minutes: 90, completed_at: 2 }]],
  ['hour_entries', [{ id: 'h', person_id: 'p', completion_id: 'd', minutes: 90, year: 2026, at: Date.parse('2026-03-01T00:00:00Z') }]],
  ['programmes', [{ id: 'g', slug: 'before-start-of-duty', created_at: 1 }]],
  ['programme_versions', [{
    id: 'w', programme_id: 'g', number: 1, title_zh: '上岗培训', title_en: 'Training', gate: 'before-start-of-duty', due_working_days: 3, applies_to: '{"kinds":["recruit"]}',
    effective_on: '2026-01-01', created_at: 1,
  }]],
  ['requirements', [{ id: 'r', programme_version_id: 'w', code: 'course', position: 0, kind: 'course', course_id: 'c', exam_id: null }]],
  ['assignments', [{ id: 's', person_id: 'p', appointment_id: 'a', programme_version_id: 'w', assigned_at: 1, due_on: '2026-06-26', start_of_duty: '2026-07-01' }]],
  ['evidence', [{ id: 'i', person_id: 'p', kind: 'course-completion', ref: 'd', target_id: 'c', passed: 1, at: 2, facts: '{}' }]],
  ['credentials', [
    { id: 'k1', number: 'SG-2026-000001', check_code: 'AAAAAA', person_id: 'p', assignment_id: 's', snapshot: '{}', state: 'revoked', issued_at: 3, state_reason: 'attempt-voided', state_cause: 'rule', state_at: 4, replaces: null },
    { id: 'k2', number: 'SG-2026-000002', check_code: 'BBBBBB', person_id: 'p', assignment_id: 's', snapshot: '{}', state: 'valid', issued_at: 5, state_reason: null, state_cause: null, state_at: 5, replaces: 'k1' },
  ]],
  ['credential_numbers', [{ year: 2026, last: 2 }]],
  ['clearances', [{
    assignment_id: 's', person_id: 'p', appointment_id: 'a', status: 'cleared', may_start_on: '2026-07-01', due_on: '2026-06-26', start_of_duty: '2026-07-01', withdrawn_on: null, done: 1, total: 1,
    requirements: '[]', computed_at: 5,
  }]],
];

describe.each(['sqlite', 'postgres'] as const)('a database of the program before, on %s', (dialect) => {
  let db: Database;
  let remove: () => Promise<void> = async () => undefined;
  const usable = dialect === 'sqlite' || postgresReachable;

  beforeAll(async () => {
    if (!usable) return;
    testSecrets();
    const place = await scratch(dialect);
    remove = place.remove;
    db = await openDatabase(place.choice);
    await migrate(db, [foundation, sittings]);
    await inTransaction(async (tx) => { for (const [table, values] of BEFORE) await insert(tx, table, values); });
    await migrate(db);
  });
  afterAll(async () => {
    if (usable) await closeDatabase(db);
    await remove();
  });

  it.skipIf(!usable)('keeps every row, what it says and what it belongs to', async () => {
    const all = (sql: string) => rows(reader(), z.record(z.string(), z.unknown()), sql);
    expect(await all(`SELECT c.id, c.number, c.state, c.replaces, a.cycle, v.state AS version_state, v.gate, v.due_rule, r.kind, r.course_id
      FROM credentials c JOIN assignments a ON a.id = c.assignment_id JOIN programme_versions v ON v.id = a.programme_version_id
      JOIN requirements r ON r.programme_version_id = v.id ORDER BY c.id`)).toEqual([
      { id: 'k1', number: 'SG-2026-000001', state: 'revoked', replaces: null },
      { id: 'k2', number: 'SG-2026-000002', state: 'valid', replaces: 'k1' },
    ].map((one) => ({ ...one, cycle: 1, version_state: 'published', gate: 'before-start-of-duty', due_rule: '{"kind":"before-start","workingDays":3}', kind: 'course', course_id: 'c' })));
    expect(await all('SELECT status, may_start_on, gate, periods FROM clearances')).toEqual([
      { status: 'cleared', may_start_on: '2026-07-01', gate: 'before-start-of-duty', periods: '[{"from":"2026-07-01","until":null,"basis":"evidence"}]' },
    ]);
    expect(await all(`SELECT e.source, l.lesson_slug, d.minutes FROM enrolments e JOIN lesson_progress l ON l.enrolment_id = e.id JOIN completions d ON d.enrolment_id = e.id`))
      .toEqual([{ source: 'assigned', lesson_slug: '01', minutes: 90 }]);
    expect(await all('SELECT kind, ref, target_id, passed FROM evidence')).toEqual([{ kind: 'course-completion', ref: 'd', target_id: 'c', passed: 1 }]);
    expect(await all('SELECT occurred_on, minutes FROM hour_entries')).toEqual([{ occurred_on: '2026-03-01', minutes: 90 }]);
    // The next credential goes on counting where the series stood.
    expect(await all('SELECT last FROM credential_serials')).toEqual([{ last: 2 }]);
    if (dialect === 'sqlite') expect(await all('PRAGMA foreign_key_check')).toEqual([]);
  });
});
