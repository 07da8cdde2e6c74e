import { z } from 'zod';
import type { ClearanceChange } from '~/certification';
import { execute, insert, maybeOne, one, rows, type Reader, type Tx } from '~/db';
import type { Instant } from '~/kernel/clock';
import { newId } from '~/kernel/id';

export const DELIVERY_STATES = ['waiting', 'delivered', 'dead'] as const;
export type DeliveryState = (typeof DELIVERY_STATES)[number];

const Row = z.object({
  id: z.string(), webhook_id: z.string(), change_id: z.string().nullable(), person_id: z.string().nullable(), sequence: z.number(), kind: z.string(), state: z.enum(DELIVERY_STATES), tries: z.number(),
  attempts: z.number(), next_at: z.number(), at: z.number(), settled_at: z.number().nullable(),
}).transform((row) => ({
  id: row.id, webhookId: row.webhook_id, changeId: row.change_id, sequence: row.sequence, kind: row.kind, state: row.state, tries: row.tries, attempts: row.attempts, nextAt: row.next_at, at: row.at, settledAt: row.settled_at,
}));
export type Delivery = z.output<typeof Row>;

const COLUMNS = 'd.id, d.webhook_id, d.change_id, d.person_id, d.sequence, d.kind, d.state, d.tries, d.attempts, d.next_at, d.at, d.settled_at';

/** One row for each change; those that are there stay as they are. */
export const insertDeliveries = (tx: Tx, webhookId: string, changes: readonly ClearanceChange[]): Promise<number> =>
  insert(tx, 'webhook_deliveries', changes.map((change) => ({
    id: newId(), webhook_id: webhookId, change_id: change.id, person_id: change.person.id, sequence: change.sequence, kind: change.kind, state: 'waiting', next_at: tx.now, at: change.at, made_at: tx.now,
  })), 'ON CONFLICT (webhook_id, change_id) DO NOTHING');

/** A message that says nothing but that messages arrive. */
export const insertTest = (tx: Tx, webhookId: string): Promise<number> =>
  insert(tx, 'webhook_deliveries', [{ id: newId(), webhook_id: webhookId, change_id: null, person_id: null, sequence: 0, kind: 'test', state: 'waiting', next_at: tx.now, at: tx.now, made_at: tx.now }]);

/** What is to be sent next: the lowest number that is due, unless something earlier of the same person has not arrived. */
export const nextDue = (from: Reader, webhookId: string, now: Instant): Promise<Delivery | null> =>
  maybeOne(from, Row, `SELECT ${COLUMNS} FROM webhook_deliveries d WHERE d.webhook_id = $webhookId AND d.state = 'waiting' AND d.next_at <= $now
    AND NOT EXISTS (SELECT 1 FROM webhook_deliveries e WHERE e.webhook_id = d.webhook_id AND e.person_id = d.person_id AND e.state = 'waiting' AND e.sequence < d.sequence)
    ORDER BY d.sequence LIMIT 1`, { webhookId, now });

/** Notes before it is sent that it will be, so that a crash is seen. @returns the number of the attempt */
export async function beginAttempt(tx: Tx, { id, webhookId }: Delivery): Promise<number> {
  await execute(tx, 'UPDATE webhook_deliveries SET tries = tries + 1, attempts = attempts + 1 WHERE id = $id', { id });
  const { attempts } = await one(tx, z.object({ attempts: z.number() }), 'SELECT attempts FROM webhook_deliveries WHERE id = $id', { id });
  await insert(tx, 'webhook_attempts', [{ delivery_id: id, number: attempts, webhook_id: webhookId, at: tx.now }]);
  return attempts;
}

export async function endAttempt(tx: Tx, id: string, number: number, answer: { status: number | null; ms: number; error: string | null }, then: { state: DeliveryState; nextAt: Instant }): Promise<void> {
  await execute(tx, 'UPDATE webhook_attempts SET status = CAST($status AS INTEGER), ms = $ms, error = $error WHERE delivery_id = $id AND number = $number', { id, number, ...answer });
  await execute(tx, `UPDATE webhook_deliveries SET state = $state, next_at = $nextAt, settled_at = CASE WHEN $settled = 1 THEN CAST($now AS BIGINT) ELSE NULL END WHERE id = $id AND state = 'waiting'`,
    { id, ...then, settled: then.state === 'waiting' ? 0 : 1, now: tx.now });
}

/** Sends it once more, with all its tries. @returns 0 when it waits already */
export const sendAgain = (tx: Tx, webhookId: string, id: string): Promise<number> =>
  execute(tx, `UPDATE webhook_deliveries SET state = 'waiting', tries = 0, next_at = $now, settled_at = NULL WHERE id = $id AND webhook_id = $webhookId AND state <> 'waiting'`, { id, webhookId, now: tx.now });

/** The same for everything that happened at an instant or later. */
export const sendAgainSince = (tx: Tx, webhookId: string, since: Instant): Promise<number> =>
  execute(tx, `UPDATE webhook_deliveries SET state = 'waiting', tries = 0, next_at = $now, settled_at = NULL WHERE webhook_id = $webhookId AND at >= $since AND change_id IS NOT NULL AND state <> 'waiting'`,
    { webhookId, since, now: tx.now });

const Listed = z.object({
  id: z.string(), sequence: z.number(), kind: z.string(), state: z.enum(DELIVERY_STATES), attempts: z.number(), at: z.number(), next_at: z.number(), name: z.string().nullable(),
  last_at: z.number().nullable(), last_status: z.number().nullable(), last_error: z.string().nullable(),
});
export type ListedDelivery = z.infer<typeof Listed>;

export const DELIVERIES_PER_PAGE = 50;

/** The latest messages with how the last attempt went. */
export function deliveriesOf(from: Reader, webhookId: string, { state, page }: { state: DeliveryState | undefined; page: number }): Promise<ListedDelivery[]> {
  return rows(from, Listed, `SELECT d.id, d.sequence, d.kind, d.state, d.attempts, d.at, d.next_at, p.name, t.at AS last_at, t.status AS last_status, t.error AS last_error
    FROM webhook_deliveries d LEFT JOIN persons p ON p.id = d.person_id LEFT JOIN webhook_attempts t ON t.delivery_id = d.id AND t.number = d.attempts
    WHERE d.webhook_id = $webhookId ${state ? 'AND d.state = $state' : ''} ORDER BY d.made_at DESC, d.sequence DESC, d.id DESC LIMIT $limit OFFSET $offset`,
  { webhookId, ...(state && { state }), limit: DELIVERIES_PER_PAGE, offset: (page - 1) * DELIVERIES_PER_PAGE });
}

export const countDeliveries = async (from: Reader, webhookId: string, state: DeliveryState | undefined): Promise<number> =>
  (await one(from, z.object({ n: z.number() }), `SELECT COUNT(*) AS n FROM webhook_deliveries WHERE webhook_id = $webhookId ${state ? 'AND state = $state' : ''}`, { webhookId, ...(state && { state }) })).n;

const Attempt = z.object({ delivery_id: z.string(), number: z.number(), kind: z.string(), sequence: z.number(), at: z.number(), status: z.number().nullable(), ms: z.number().nullable(), error: z.string().nullable() });
export type ListedAttempt = z.infer<typeof Attempt>;

/** The latest attempts. Without a status and an error it is under way, or was cut off. */
export const attemptsOf = (from: Reader, webhookId: string, limit = 50): Promise<ListedAttempt[]> =>
  rows(from, Attempt, `SELECT t.delivery_id, t.number, d.kind, d.sequence, t.at, t.status, t.ms, t.error FROM webhook_attempts t JOIN webhook_deliveries d ON d.id = t.delivery_id
    WHERE t.webhook_id = $webhookId ORDER BY t.at DESC, t.delivery_id DESC, t.number DESC LIMIT $limit`, { webhookId, limit });
