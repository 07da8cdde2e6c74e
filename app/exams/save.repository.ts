import { z } from 'zod';
import { flag, insert, places, rows, type Bindable, type Tx } from '~/db';
import type { Instant } from '~/kernel/clock';
import { ATTEMPT_STATES } from './attempt-state';

const Id = z.object({ id: z.string() });

/**
 * Notes contact with the running attempts whose active device is among `devices`, and thereby locks them:
 * whoever hands one in now waits for this batch, so that nothing is saved behind a receipt's back.
 * @returns the ids of those attempts
 */
export async function touchRunning(tx: Tx, attemptIds: string[], devices: string[]): Promise<Set<string>> {
  const ids = places(attemptIds, 'a');
  const from = places(devices, 'd');
  const touched = await rows(tx, Id, `UPDATE attempts SET last_contact_at = $now
    WHERE id IN (${ids.list}) AND device IN (${from.list}) AND state = 'in-progress' RETURNING id`,
  { now: tx.now, ...ids.params, ...from.params });
  return new Set(touched.map(({ id }) => id));
}

/** One change of a batch, or with `item` empty a request without changes. */
export interface Asked {
  attemptId: string;
  tokenHash: string;
  item: string;
}

const Standing = z.object({
  asked_attempt: z.string(), asked_token: z.string(), asked_item: z.string(), account_id: z.string().nullable(),
  attempt_id: z.string().nullable(), state: z.enum(ATTEMPT_STATES).nullable(), device: z.string().nullable(),
  deadline_at: z.number().nullable(), handed_in_at: z.number().nullable(), hand_in_cause: z.string().nullable(),
  tolerance_seconds: z.number().nullable(), seq: z.number().nullable(), response: z.string().nullable(),
});
export type Standing = z.infer<typeof Standing>;

/**
 * Everything that saving must know, in one read: for each change whether the token is a sign-in that
 * counts, whether the attempt belongs to its person, how the attempt stands, what is stored for the item.
 */
export function standings(tx: Tx, asked: Asked[], idleSince: Instant): Promise<Standing[]> {
  const params: Record<string, Bindable> = { now: tx.now, idle: idleSince };
  const tuples = asked.map((one, i) => {
    params[`a${i}`] = one.attemptId;
    params[`t${i}`] = one.tokenHash;
    params[`i${i}`] = one.item;
    return `($a${i}, $t${i}, $i${i})`;
  });
  return rows(tx, Standing, `WITH asked (attempt_id, token_hash, item) AS (VALUES ${tuples.join(', ')})
    SELECT q.attempt_id AS asked_attempt, q.token_hash AS asked_token, q.item AS asked_item, c.id AS account_id,
      a.id AS attempt_id, a.state, a.device, a.deadline_at, a.handed_in_at, a.hand_in_cause,
      e.tolerance_seconds, r.seq, r.response
    FROM asked q
    LEFT JOIN sign_ins s ON s.token_hash = q.token_hash AND s.ended_at IS NULL AND s.expires_at > $now AND s.seen_at > $idle
    LEFT JOIN accounts c ON c.id = s.account_id AND c.state = 'active'
    LEFT JOIN attempts a ON a.id = q.attempt_id AND a.person_id = c.person_id
    LEFT JOIN exams e ON e.id = a.exam_id
    LEFT JOIN responses r ON r.attempt_id = a.id AND r.item = q.item`, params);
}

export interface ResponseRow {
  attemptId: string;
  item: string;
  seq: number;
  text: string;
}

/** Stores responses; an older sequence number never replaces a newer one. At most one row per attempt and item. */
export const storeResponses = (tx: Tx, responses: ResponseRow[]): Promise<number> =>
  insert(tx, 'responses', responses.map((row) => ({
    attempt_id: row.attemptId, item: row.item, seq: row.seq, response: row.text, saved_at: tx.now,
  })), `ON CONFLICT (attempt_id, item) DO UPDATE SET seq = excluded.seq, response = excluded.response, saved_at = excluded.saved_at
    WHERE excluded.seq > responses.seq`);

export interface FlagRow {
  attemptId: string;
  item: string;
  flagged: boolean;
}

/** At most one row per attempt and item. */
export const storeFlags = (tx: Tx, flags: FlagRow[]): Promise<number> =>
  insert(tx, 'review_flags', flags.map((row) => ({
    attempt_id: row.attemptId, item: row.item, flagged: flag(row.flagged), changed_at: tx.now,
  })), 'ON CONFLICT (attempt_id, item) DO UPDATE SET flagged = excluded.flagged, changed_at = excluded.changed_at');

export interface LogRow extends ResponseRow {
  id: string;
  device: string;
  receivedAt: Instant;
  outcome: 'accepted' | 'stale' | 'late-within-tolerance' | 'late' | 'handed-in' | 'other-device';
}

/** Keeps what arrived, whether or not it counts. */
export const logResponses = (tx: Tx, log: LogRow[]): Promise<number> =>
  insert(tx, 'response_log', log.map((row) => ({
    id: row.id, attempt_id: row.attemptId, item: row.item, seq: row.seq, response: row.text,
    device: row.device, received_at: row.receivedAt, outcome: row.outcome,
  })));
