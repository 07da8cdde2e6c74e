import { z } from 'zod';
import { one, rows, type Params, type Reader } from '~/db';
import { addDays, startOfDate, type PlainDate } from '~/kernel/calendar';
import { config } from '~/kernel/config';
import { within } from '~/people';

/** What happens to people in a week, in the order of the way to the start of duty. */
export const WEEK_STEPS = ['appointed', 'assigned', 'completed', 'sat', 'passed', 'cleared', 'started'] as const;
export type WeekStep = (typeof WEEK_STEPS)[number];

/** Whom it happened to (`person_id`) and when (`at`): an instant, or a day where `isDay`. */
const HAPPENED: Record<WeekStep, { sql: string; isDay?: true }> = {
  appointed: { sql: `SELECT person_id, created_at AS at FROM appointments WHERE kind = 'recruit'` },
  assigned: { sql: `SELECT s.person_id, s.assigned_at AS at FROM assignments s JOIN programme_versions v ON v.id = s.programme_version_id WHERE v.gate = 'before-start-of-duty' AND s.ended_at IS NULL` },
  completed: { sql: 'SELECT person_id, completed_at AS at FROM completions' },
  sat: { sql: 'SELECT person_id, started_at AS at FROM attempts WHERE started_at IS NOT NULL' },
  passed: { sql: `SELECT x.person_id, x.released_at AS at FROM results x JOIN attempts t ON t.id = x.attempt_id WHERE x.passed = 1 AND t.state = 'released'` },
  cleared: { sql: `SELECT person_id, completed_on AS at FROM clearances WHERE leads = 1 AND gate = 'before-start-of-duty' AND completed_on IS NOT NULL`, isDay: true },
  started: { sql: `SELECT person_id, started_on AS at FROM starts WHERE state = 'recorded'`, isDay: true },
};

export interface Days {
  from: PlainDate;
  /** The last day, included. */
  until: PlainDate;
}

/** People in scope to whom it happened on these days, each once, at the last time. */
function behind(step: WeekStep, paths: readonly string[], { from, until }: Days): { sql: string; params: Params } {
  const { sql, isDay } = HAPPENED[step];
  const scope = within('o.path', paths);
  const zone = config().TIME_ZONE;
  const [lo, hi] = isDay ? [from, until] : [startOfDate(from, zone), startOfDate(addDays(until, 1), zone) - 1];
  return {
    sql: `SELECT h.person_id, MAX(h.at) AS at FROM (${sql}) h WHERE h.at BETWEEN $lo AND $hi
      AND EXISTS (SELECT 1 FROM appointments a JOIN organisations o ON o.id = a.organisation_id WHERE a.person_id = h.person_id AND a.ended_on IS NULL AND ${scope.sql}) GROUP BY h.person_id`,
    params: { ...scope.params, lo, hi },
  };
}

export async function weekCount(reader: Reader, step: WeekStep, paths: readonly string[], days: Days): Promise<number> {
  const { sql, params } = behind(step, paths, days);
  return (await one(reader, z.object({ n: z.number() }), `SELECT COUNT(*) AS n FROM (${sql}) w`, params)).n;
}

const PersonRow = z.object({ person_id: z.string(), name: z.string(), number: z.string().nullable(), organisation: z.string().nullable(), at: z.union([z.number(), z.string()]) })
  .transform((row) => ({ personId: row.person_id, name: row.name, number: row.number, organisation: row.organisation, at: row.at }));
export type WeekPerson = z.output<typeof PersonRow>;

/** @returns them by name; `at` is an instant, or a day */
export function weekPeople(reader: Reader, step: WeekStep, paths: readonly string[], days: Days, page: { limit: number; offset: number }): Promise<WeekPerson[]> {
  const { sql, params } = behind(step, paths, days);
  return rows(reader, PersonRow, `SELECT w.person_id, p.name, (SELECT MIN(i.value) FROM identifiers i WHERE i.person_id = w.person_id AND i.kind IN ('recruitment', 'staff')) AS number,
      (SELECT MIN(o.name) FROM appointments a JOIN organisations o ON o.id = a.organisation_id WHERE a.person_id = w.person_id AND a.ended_on IS NULL AND a.nature = 'main') AS organisation, w.at
    FROM (${sql}) w JOIN persons p ON p.id = w.person_id ORDER BY p.name, w.person_id LIMIT $limit OFFSET $offset`, { ...params, ...page });
}
