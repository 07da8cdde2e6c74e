import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { closeDatabase, inTransaction, insert, migrate, openDatabase, reader, rows, type Database } from '~/db';
import { foundation } from '~/db/migrations/20261123090000_foundation';
import { sittings } from '~/db/migrations/20261124003000_sittings';
import { clearance } from '~/db/migrations/20261130200000_clearance';
import { hours } from '~/db/migrations/20261130204500_hours';
import { postgresReachable, scratch, testSecrets } from '../support/databases';

const BEFORE = [foundation, sittings, clearance];

describe.each(['sqlite', 'postgres'] as const)('hours from before there were rules, on %s', (dialect) => {
  let db: Database;
  let remove: () => Promise<void> = async () => undefined;
  const usable = dialect === 'sqlite' || postgresReachable;

  beforeAll(async () => {
    if (!usable) return;
    testSecrets();
    const place = await scratch(dialect);
    remove = place.remove;
    db = await openDatabase(place.choice);
    await migrate(db, BEFORE);
  });
  afterAll(async () => {
    if (usable) await closeDatabase(db);
    await remove();
  });

  it.skipIf(!usable)('keep their course, their minutes and the day in China on which it was completed', async () => {
    const completed = ['2024-02-29T03:00:00Z', '2025-12-31T16:30:00Z', '2026-01-01T15:59:59Z', '2026-03-01T00:00:00Z', '2000-12-31T23:00:00Z'];
    await inTransaction(async (tx) => {
      await insert(tx, 'persons', [{ id: 'p', name: '沈知', created_at: 0 }]);
      await insert(tx, 'courses', completed.map((_, i) => ({ id: `c${i}`, slug: `c${i}`, audience: 'leaders', access: 'open', created_at: 0 })));
      await insert(tx, 'course_versions', completed.map((_, i) => ({
        id: `v${i}`, course_id: `c${i}`, number: 1, content_hash: '', title_zh: `课${i}`, title_en: `Course ${i}`, summary_zh: '', summary_en: '', description_html: '', minutes: 90, published_at: 0,
      })));
      await insert(tx, 'enrolments', completed.map((_, i) => ({ id: `e${i}`, person_id: 'p', course_id: `c${i}`, course_version_id: `v${i}`, source: 'chosen', enrolled_at: 0 })));
      await insert(tx, 'completions', completed.map((at, i) => ({ id: `d${i}`, enrolment_id: `e${i}`, person_id: 'p', course_id: `c${i}`, course_version_id: `v${i}`, minutes: 90, completed_at: Date.parse(at) })));
      await insert(tx, 'hour_entries', completed.map((at, i) => ({ id: `h${i}`, person_id: 'p', completion_id: `d${i}`, minutes: 90, year: 2026, at: Date.parse(at) })));
    });
    await migrate(db, [...BEFORE, hours]);
    const Row = z.object({ ref: z.string(), occurred_on: z.string(), year: z.number(), minutes: z.number(), title_zh: z.string() });
    expect(await rows(reader(), Row, 'SELECT ref, occurred_on, year, minutes, title_zh FROM hour_entries ORDER BY ref')).toEqual([
      ['2024-02-29', 2024], ['2026-01-01', 2026], ['2026-01-01', 2026], ['2026-03-01', 2026], ['2001-01-01', 2001],
    ].map(([occurred_on, year], i) => ({ ref: `d${i}`, occurred_on, year, minutes: 90, title_zh: `课${i}` })));
  });
});
