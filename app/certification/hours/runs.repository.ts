import { z } from 'zod';
import { containing, execute, insert, maybeOne, one, rows, type Params, type Reader, type Tx } from '~/db';
import type { Instant } from '~/kernel/clock';
import { newId } from '~/kernel/id';

export type RunKind = 'difference' | 'recount' | 'close';

const RunRow = z.object({
  id: z.string(), kind: z.enum(['difference', 'recount', 'close']), rule_id: z.string().nullable(), year: z.number().nullable(), state: z.enum(['running', 'done']),
  after_person: z.string(), done: z.number(), total: z.number(), started_at: z.number(), started_by: z.string(), finished_at: z.number().nullable(),
});
const COLUMNS = Object.keys(RunRow.shape).join(', ');

/** Work that goes through everybody in steps. */
export interface HourRun {
  id: string;
  kind: RunKind;
  ruleId: string | null;
  year: number | null;
  state: 'running' | 'done';
  /** The last person that was gone through. */
  after: string;
  done: number;
  total: number;
  startedAt: Instant;
  startedBy: string;
  finishedAt: Instant | null;
}

const shape = (row: z.infer<typeof RunRow>): HourRun => ({
  id: row.id, kind: row.kind, ruleId: row.rule_id, year: row.year, state: row.state, after: row.after_person, done: row.done, total: row.total,
  startedAt: row.started_at, startedBy: row.started_by, finishedAt: row.finished_at,
});

export async function insertRun(tx: Tx, fresh: { kind: RunKind; ruleId?: string; year?: number; total: number; by: string }): Promise<string> {
  const id = newId();
  await insert(tx, 'hour_runs', [{
    id, kind: fresh.kind, rule_id: fresh.ruleId ?? null, year: fresh.year ?? null, state: 'running', after_person: '', done: 0, total: fresh.total,
    started_at: tx.now, started_by: fresh.by, finished_at: null,
  }]);
  return id;
}

export async function findRun(from: Reader, id: string): Promise<HourRun | null> {
  const row = await maybeOne(from, RunRow, `SELECT ${COLUMNS} FROM hour_runs WHERE id = $id`, { id });
  return row && shape(row);
}

/** The latest run of a kind for a version. */
export async function latestRun(from: Reader, kind: RunKind, ruleId: string): Promise<HourRun | null> {
  const row = await maybeOne(from, RunRow, `SELECT ${COLUMNS} FROM hour_runs WHERE kind = $kind AND rule_id = $ruleId ORDER BY started_at DESC, id DESC LIMIT 1`, { kind, ruleId });
  return row && shape(row);
}

export const runningRuns = async (from: Reader): Promise<HourRun[]> =>
  (await rows(from, RunRow, `SELECT ${COLUMNS} FROM hour_runs WHERE state = 'running' ORDER BY started_at, id`)).map(shape);

/** Moves on past `upTo`; false when another worker already has. */
export const moveOn = async (tx: Tx, run: HourRun, upTo: string, persons: number): Promise<boolean> =>
  (await execute(tx, `UPDATE hour_runs SET after_person = $upTo, done = done + $persons WHERE id = $id AND after_person = $after AND state = 'running'`,
    { id: run.id, after: run.after, upTo, persons })) > 0;

export const finishRun = async (tx: Tx, run: HourRun): Promise<boolean> =>
  (await execute(tx, `UPDATE hour_runs SET state = 'done', finished_at = $now WHERE id = $id AND after_person = $after AND state = 'running'`,
    { id: run.id, after: run.after, now: tx.now })) > 0;

/** Forgets what was found about a draft before. */
export const forgetDifferences = (tx: Tx, ruleId: string): Promise<number> =>
  execute(tx, `DELETE FROM hour_differences WHERE run_id IN (SELECT id FROM hour_runs WHERE kind = 'difference' AND rule_id = $ruleId)`, { ruleId });

export const insertDifferences = (tx: Tx, runId: string, found: { personId: string; year: number; before: number; after: number }[]): Promise<number> =>
  insert(tx, 'hour_differences', found.map(({ personId, ...rest }) => ({ run_id: runId, person_id: personId, ...rest })), 'ON CONFLICT (run_id, person_id, year) DO NOTHING');

const SumRow = z.object({ gain: z.number(), lose: z.number(), gained: z.number().nullable(), lost: z.number().nullable() });

export interface DifferenceSums {
  /** Persons who get more, or less, and how much in all, in hundredths. */
  gain: number;
  lose: number;
  gained: number;
  lost: number;
}

export async function differenceSums(from: Reader, runId: string): Promise<DifferenceSums> {
  const row = await one(from, SumRow, `SELECT COUNT(DISTINCT CASE WHEN after > before THEN person_id END) AS gain,
    COUNT(DISTINCT CASE WHEN after < before THEN person_id END) AS lose,
    CAST(SUM(CASE WHEN after > before THEN after - before ELSE 0 END) AS INTEGER) AS gained,
    CAST(SUM(CASE WHEN after < before THEN before - after ELSE 0 END) AS INTEGER) AS lost FROM hour_differences WHERE run_id = $runId`, { runId });
  return { ...row, gained: row.gained ?? 0, lost: row.lost ?? 0 };
}

const DifferenceRow = z.object({ person_id: z.string(), name: z.string(), year: z.number(), before: z.number(), after: z.number() });
const Count = z.object({ n: z.number() });

/** Who gains or loses how much, the greatest change first. */
export async function differences(from: Reader, runId: string, query: { search?: string | undefined; page: number; pageSize: number }) {
  const params: Params = query.search?.trim() ? { runId, search: containing(query.search) } : { runId };
  const where = `FROM hour_differences d JOIN persons p ON p.id = d.person_id
    WHERE d.run_id = $runId ${'search' in params ? `AND lower(p.name) LIKE $search ESCAPE '!'` : ''}`;
  const { n: count } = await one(from, Count, `SELECT COUNT(*) AS n ${where}`, params);
  const found = await rows(from, DifferenceRow, `SELECT d.person_id, p.name, d.year, d.before, d.after ${where}
    ORDER BY ABS(d.after - d.before) DESC, p.name, d.person_id, d.year LIMIT $limit OFFSET $offset`,
  { ...params, limit: query.pageSize, offset: (query.page - 1) * query.pageSize });
  return { count, pageCount: Math.max(1, Math.ceil(count / query.pageSize)), rows: found.map(({ person_id: personId, ...rest }) => ({ personId, ...rest })) };
}
