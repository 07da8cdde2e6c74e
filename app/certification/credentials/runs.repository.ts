import { z } from 'zod';
import { accountOf, execute, json, maybeOne, one, rows, type Params, type Reader, type Tx } from '~/db';
import type { PlainDate } from '~/kernel/calendar';
import { newId } from '~/kernel/id';
import { within } from '~/people';

/** Whom a run is for. `paths` is the scope of who started it; ids narrow it down. */
export const RunFilter = z.object({
  paths: z.array(z.string()), programmeId: z.string().nullable(), intakeId: z.string().nullable(), organisationId: z.string().nullable(),
  /** The same in words, as it was called then. */
  zh: z.string(), en: z.string(),
});
export type RunFilter = z.infer<typeof RunFilter>;

/** Assignments that are cleared and lack their credential (`issue`), or whose credential lacks its PDF (`print`). */
function lacking(filter: RunFilter, today: PlainDate): { sql: string; params: Params } {
  const scope = within('o.path', filter.paths);
  const narrowed = [
    filter.programmeId !== null && 'v.programme_id = $programmeId', filter.intakeId !== null && 'ap.intake_id = $intakeId',
    filter.organisationId !== null && `o.path LIKE (SELECT s.path FROM organisations s WHERE s.id = $organisationId) || '%'`,
  ].filter((one) => one !== false);
  const { programmeId, intakeId, organisationId } = filter;
  return {
    sql: `SELECT c.assignment_id, k.id AS credential_id FROM clearances c JOIN assignments a ON a.id = c.assignment_id
      JOIN programme_versions v ON v.id = a.programme_version_id JOIN appointments ap ON ap.id = a.appointment_id
      JOIN organisations o ON o.id = ap.organisation_id LEFT JOIN credentials k ON k.assignment_id = c.assignment_id AND k.state <> 'revoked'
      WHERE ((c.status = 'cleared' AND (c.cleared_until IS NULL OR c.cleared_until >= $today) AND k.id IS NULL) OR (k.id IS NOT NULL AND k.pdf_file IS NULL))
        AND ${[scope.sql, ...narrowed].join(' AND ')}`,
    params: { ...scope.params, today, ...(programmeId !== null && { programmeId }), ...(intakeId !== null && { intakeId }), ...(organisationId !== null && { organisationId }) },
  };
}

const Preview = z.object({ issue: z.number(), print: z.number() });

/** How much a run would have to do. */
export function previewRun(from: Reader, filter: RunFilter, today: PlainDate): Promise<z.infer<typeof Preview>> {
  const { sql, params } = lacking(filter, today);
  return one(from, Preview, `SELECT CAST(COUNT(DISTINCT CASE WHEN l.credential_id IS NULL THEN l.assignment_id END) AS INTEGER) AS issue,
    CAST(COUNT(DISTINCT l.credential_id) AS INTEGER) AS print FROM (${sql}) l`, params);
}

/** Starts a run over everybody whom it is for now. @returns its id, and how many that are */
export async function insertRun(tx: Tx, run: { filter: RunFilter; by: string; today: PlainDate }): Promise<{ id: string; total: number }> {
  const id = newId();
  await execute(tx, `INSERT INTO credential_runs (id, filter, state, started_at, started_by, changed_at) VALUES ($id, $filter, 'running', $now, $by, $now)`,
    { id, filter: JSON.stringify(run.filter), by: run.by, now: tx.now });
  const { sql, params } = lacking(run.filter, run.today);
  const total = await execute(tx, `INSERT INTO credential_run_items (run_id, assignment_id, state)
    SELECT DISTINCT $id, l.assignment_id, 'waiting' FROM (${sql}) l`, { ...params, id });
  return { id, total };
}

const RunRow = z.object({
  id: z.string(), filter: json(RunFilter), state: z.enum(['running', 'stopped', 'done']), started_at: z.number(), started_by: z.string(), starter: z.string().nullable(),
  total: z.number(), waiting: z.number(), failed: z.number(),
});
export type CredentialRun = z.infer<typeof RunRow>;

const count = (where: string): string => `CAST((SELECT COUNT(*) FROM credential_run_items i WHERE i.run_id = r.id${where}) AS INTEGER)`;
const SELECT = `SELECT r.id, r.filter, r.state, r.started_at, r.started_by, a.sign_in_name AS starter,
  ${count('')} AS total, ${count(` AND i.state = 'waiting'`)} AS waiting, ${count(` AND i.state = 'failed'`)} AS failed
  FROM credential_runs r LEFT JOIN accounts a ON a.id = ${accountOf('r.started_by')}`;

export const findRun = (from: Reader, id: string): Promise<CredentialRun | null> => maybeOne(from, RunRow, `${SELECT} WHERE r.id = $id`, { id });

const LATEST = 50;

/** The latest runs. */
export const latestRuns = (from: Reader): Promise<CredentialRun[]> => rows(from, RunRow, `${SELECT} ORDER BY r.started_at DESC, r.id DESC LIMIT $limit`, { limit: LATEST });

/** @returns 0 when the run is in none of the states `before` */
export const moveRun = (tx: Tx, id: string, before: 'running' | 'stopped' | 'done', to: 'running' | 'stopped' | 'done'): Promise<number> =>
  execute(tx, 'UPDATE credential_runs SET state = $to, changed_at = $now, version = version + 1 WHERE id = $id AND state = $before', { id, before, to, now: tx.now });

/** Whether a run goes on; asked before each item, so that stopping takes effect at once. */
export const isRunning = async (from: Reader, id: string): Promise<boolean> =>
  (await maybeOne(from, z.object({ state: z.string() }), 'SELECT state FROM credential_runs WHERE id = $id', { id }))?.state === 'running';

/** The assignments that are next. */
export const waitingItems = async (from: Reader, runId: string, limit: number): Promise<string[]> =>
  (await rows(from, z.object({ id: z.string() }), `SELECT assignment_id AS id FROM credential_run_items
    WHERE run_id = $runId AND state = 'waiting' ORDER BY assignment_id LIMIT $limit`, { runId, limit })).map(({ id }) => id);

export const settleItem = (tx: Tx, runId: string, assignmentId: string, to: { state: 'done' | 'failed'; reason?: string; detail?: string; credentialId?: string }): Promise<number> =>
  execute(tx, `UPDATE credential_run_items SET state = $state, reason = $reason, detail = $detail, credential_id = $credentialId, at = $now
    WHERE run_id = $runId AND assignment_id = $assignmentId AND state = 'waiting'`, {
    runId, assignmentId, state: to.state, reason: to.reason ?? null, detail: to.detail ?? null, credentialId: to.credentialId ?? null, now: tx.now,
  });

/** What failed is tried once more. */
export const retryFailed = (tx: Tx, runId: string): Promise<number> =>
  execute(tx, `UPDATE credential_run_items SET state = 'waiting', reason = NULL, detail = NULL, at = NULL WHERE run_id = $runId AND state = 'failed'`, { runId });

const FailedRow = z.object({ assignment_id: z.string(), name: z.string(), organisation: z.string(), reason: z.string().nullable(), detail: z.string().nullable() });
export type FailedItem = z.infer<typeof FailedRow>;
const FAILED_SHOWN = 200;

export const failedItems = (from: Reader, runId: string): Promise<FailedItem[]> =>
  rows(from, FailedRow, `SELECT i.assignment_id, p.name, o.name AS organisation, i.reason, i.detail FROM credential_run_items i
    JOIN assignments a ON a.id = i.assignment_id JOIN persons p ON p.id = a.person_id JOIN appointments ap ON ap.id = a.appointment_id
    JOIN organisations o ON o.id = ap.organisation_id WHERE i.run_id = $runId AND i.state = 'failed' ORDER BY p.name, i.assignment_id LIMIT $limit`, { runId, limit: FAILED_SHOWN });

const ListedRow = z.object({
  name: z.string(), organisation: z.string(), number: z.string().nullable(), pdf_file: z.string().nullable(), state: z.string(), reason: z.string().nullable(), detail: z.string().nullable(),
});
export type ListedItem = z.infer<typeof ListedRow>;

/** Everybody in a run with the credential, by organisation and name. */
export const listedItems = (from: Reader, runId: string): Promise<ListedItem[]> =>
  rows(from, ListedRow, `SELECT p.name, o.name AS organisation, k.number, k.pdf_file, i.state, i.reason, i.detail FROM credential_run_items i
    JOIN assignments a ON a.id = i.assignment_id JOIN persons p ON p.id = a.person_id JOIN appointments ap ON ap.id = a.appointment_id
    JOIN organisations o ON o.id = ap.organisation_id LEFT JOIN credentials k ON k.id = i.credential_id WHERE i.run_id = $runId ORDER BY o.path, p.name, i.assignment_id`, { runId });
