import { z } from 'zod';
import type { Instant } from '~/kernel/clock';
import { newId } from '~/kernel/id';
import { groupCommit } from './group-commit';
import { insert } from './insert';
import { places } from './lists';
import { maybeOne, one, rows, type Reader } from './query';
import { execute, inTransaction, type Tx } from './transaction';

/**
 * The outbox is the truth about jobs: a row is written with the change that needs the job, and stays
 * until the job's handler succeeded. The queue may be lost at any time and is refilled from here.
 *
 * waiting → sent (the queue has it) → done, or failed (out of retries; an administrator may retry).
 */
export interface OutboxJob {
  name: string;
  /** Ids only: the handler reads the state. */
  payload: Record<string, string>;
  /** Not before this instant; default at once. */
  notBefore?: Instant;
}

type Wake = () => void;
let wake: Wake = () => undefined;

/** The relay of this process asks to be told when something was committed. */
export function onOutboxCommitted(listener: Wake): void {
  wake = listener;
}

/** Writes jobs to be run once the transaction is committed. */
export async function addJobs(tx: Tx, jobs: OutboxJob[]): Promise<void> {
  if (jobs.length === 0) return;
  await insert(tx, 'outbox', jobs.map((job) => ({
    id: newId(),
    name: job.name,
    payload: JSON.stringify(job.payload),
    status: 'waiting',
    not_before: job.notBefore ?? tx.now,
    created_at: tx.now,
  })));
  tx.afterCommit(() => wake());
}

export const addJob = (tx: Tx, name: string, payload: Record<string, string>, notBefore?: Instant): Promise<void> =>
  addJobs(tx, [{ name, payload, ...(notBefore !== undefined && { notBefore }) }]);

const Row = z.object({ id: z.string(), name: z.string(), payload: z.string(), not_before: z.number(), status: z.string() });
export type OutboxRow = z.infer<typeof Row>;

/** Rows that the queue does not have yet, oldest first; with `dueBy` only those due until then. */
export const waitingJobs = (from: Reader, limit: number, dueBy: Instant = Number.MAX_SAFE_INTEGER): Promise<OutboxRow[]> =>
  rows(from, Row, `SELECT id, name, payload, not_before, status FROM outbox
    WHERE status = 'waiting' AND not_before <= $dueBy ORDER BY created_at LIMIT $limit`, { limit, dueBy });

/** Rows that were handed to the queue, should have run by `before`, and are not done: perhaps lost. */
export const overdueJobs = (from: Reader, before: Instant, limit: number): Promise<OutboxRow[]> =>
  rows(from, Row, `SELECT id, name, payload, not_before, status FROM outbox
    WHERE status = 'sent' AND not_before < $before AND sent_at < $before ORDER BY not_before LIMIT $limit`, { before, limit });

/** Marks rows as handed to the queue; only those still waiting. */
export async function markSent(ids: string[]): Promise<void> {
  if (ids.length === 0) return;
  const { list, params } = places(ids);
  await inTransaction((tx) => execute(tx, `UPDATE outbox SET status = 'sent', sent_at = $now
    WHERE status = 'waiting' AND id IN (${list})`, { ...params, now: tx.now }));
}

/** After the queue was lost: everything it had is to be handed to it again. */
export const markAllWaiting = (): Promise<number> =>
  inTransaction((tx) => execute(tx, `UPDATE outbox SET status = 'waiting', sent_at = NULL WHERE status = 'sent'`));

/** One more time, for rows whose message got lost or that an administrator wants retried. */
export async function markWaiting(tx: Tx, id: string): Promise<boolean> {
  const changed = await execute(tx, `UPDATE outbox SET status = 'waiting', sent_at = NULL, failed_at = NULL, error = NULL
    WHERE id = $id AND status IN ('sent', 'failed')`, { id });
  tx.afterCommit(() => wake());
  return changed > 0;
}

/** The handler succeeded. Jobs that end together, as thousands do after a deadline, share one commit. */
export const markDone: (id: string) => Promise<number> = groupCommit(async (tx, ids: string[]) => {
  const { list, params } = places(ids);
  await execute(tx, `UPDATE outbox SET status = 'done', done_at = $now, error = NULL WHERE id IN (${list})`, { ...params, now: tx.now });
  return ids.map(() => 1);
});

/** The handler failed; `final` when no retry is left. */
export const markFailed = (id: string, error: string, final: boolean): Promise<number> =>
  inTransaction((tx) => execute(tx, `UPDATE outbox SET attempts = attempts + 1, error = $error,
    status = CASE WHEN $final = 1 THEN 'failed' ELSE status END,
    failed_at = CASE WHEN $final = 1 THEN CAST($now AS BIGINT) ELSE failed_at END
    WHERE id = $id AND status <> 'done'`, { id, error: error.slice(0, 2000), final: final ? 1 : 0, now: tx.now }));

const State = z.object({ status: z.string() });
export async function jobStatus(from: Reader, id: string): Promise<string | null> {
  return (await maybeOne(from, State, 'SELECT status FROM outbox WHERE id = $id', { id }))?.status ?? null;
}

const FailedJob = z.object({
  id: z.string(), name: z.string(), payload: z.string(), attempts: z.number(),
  error: z.string().nullable(), created_at: z.number(), failed_at: z.number().nullable(),
});
export type FailedJob = z.infer<typeof FailedJob>;

/** Jobs out of retries, latest first: the administrator's list. */
export const failedJobs = (from: Reader, limit: number, offset = 0): Promise<FailedJob[]> =>
  rows(from, FailedJob, `SELECT id, name, payload, attempts, error, created_at, failed_at FROM outbox
    WHERE status = 'failed' ORDER BY failed_at DESC, id DESC LIMIT $limit OFFSET $offset`, { limit, offset });

const Counts = z.object({ waiting: z.number().nullable(), sent: z.number().nullable(), failed: z.number().nullable() });

export async function outboxCounts(from: Reader): Promise<{ waiting: number; sent: number; failed: number }> {
  const row = await one(from, Counts, `SELECT
    SUM(CASE WHEN status = 'waiting' THEN 1 ELSE 0 END) AS waiting,
    SUM(CASE WHEN status = 'sent' THEN 1 ELSE 0 END) AS sent,
    SUM(CASE WHEN status = 'failed' THEN 1 ELSE 0 END) AS failed FROM outbox WHERE status <> 'done'`);
  return { waiting: row.waiting ?? 0, sent: row.sent ?? 0, failed: row.failed ?? 0 };
}

/** Forgets jobs done before `before`; the ledger keeps what they did. */
export const forgetDone = (before: Instant): Promise<number> =>
  inTransaction((tx) => execute(tx, `DELETE FROM outbox WHERE status = 'done' AND done_at < $before`, { before }));
