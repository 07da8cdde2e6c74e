import { z } from 'zod';
import { flag, insert, rows, type Bindable, type Tx } from '~/db';
import type { Instant } from '~/kernel/clock';
import { ATTEMPT_STATES } from './attempt-state';

/** A device that showed itself, and the item before the candidate's eyes, if it told. */
export interface Seen {
  attemptId: string;
  device: string;
  here: string | null;
}

const Contact = z.object({ id: z.string(), previous_contact_at: z.number().nullable() })
  .transform((row) => ({ attemptId: row.id, previousAt: row.previous_contact_at }));
export type Contact = z.infer<typeof Contact>;

/**
 * Notes contact with the running attempts whose active device is the one that showed itself, and thereby locks
 * them: whoever hands one in now waits for this batch, so that nothing is saved behind a receipt's back.
 * @param seen each attempt and device once
 * @returns those attempts, each with the contact before
 */
export function touchRunning(tx: Tx, seen: Seen[]): Promise<Contact[]> {
  const params: Record<string, Bindable> = { now: tx.now };
  const tuples = seen.map((one, i) => {
    params[`a${i}`] = one.attemptId;
    params[`d${i}`] = one.device;
    params[`h${i}`] = one.here;
    return `($a${i}, $d${i}, $h${i})`;
  });
  return rows(tx, Contact, `WITH seen (at_attempt, at_device, at_item) AS (VALUES ${tuples.join(', ')})
    UPDATE attempts SET previous_contact_at = last_contact_at, last_contact_at = $now, current_item = COALESCE(seen.at_item, current_item)
    FROM seen WHERE attempts.id = seen.at_attempt AND attempts.device = seen.at_device AND attempts.state = 'in-progress'
    RETURNING attempts.id, attempts.previous_contact_at`, params);
}

/** One change of a batch, or with `item` empty a request without changes. */
export interface Asked {
  attemptId: string;
  tokenHash: string;
  item: string;
  /** The section that the item belongs to; null in a paper that is not divided. */
  section: number | null;
}

const Standing = z.object({
  asked_attempt: z.string(), asked_token: z.string(), asked_item: z.string(), account_id: z.string().nullable(),
  attempt_id: z.string().nullable(), state: z.enum(ATTEMPT_STATES).nullable(), device: z.string().nullable(),
  deadline_at: z.number().nullable(), paused_at: z.number().nullable(), handed_in_at: z.number().nullable(), hand_in_cause: z.string().nullable(),
  tolerance_seconds: z.number().nullable(), seq: z.number().nullable(), response: z.string().nullable(),
  entered: z.number().nullish(), ends_at: z.number().nullish(), left_at: z.number().nullish(),
});
export type Standing = z.infer<typeof Standing>;

/**
 * Everything that saving must know, in one read: for each change whether the token is a sign-in that
 * counts, whether the attempt belongs to its person, how the attempt stands, what is stored for the item, and, where
 * papers are divided, how its section stands.
 */
export function standings(tx: Tx, asked: Asked[], idleSince: Instant): Promise<Standing[]> {
  const params: Record<string, Bindable> = { now: tx.now, idle: idleSince };
  const divided = asked.some(({ section }) => section !== null);
  const tuples = asked.map((one, i) => {
    params[`a${i}`] = one.attemptId;
    params[`t${i}`] = one.tokenHash;
    params[`i${i}`] = one.item;
    if (!divided) return `($a${i}, $t${i}, $i${i})`;
    params[`s${i}`] = one.section;
    return `($a${i}, $t${i}, $i${i}, CAST($s${i} AS INTEGER))`;
  });
  return rows(tx, Standing, `WITH asked (attempt_id, token_hash, item${divided ? ', section' : ''}) AS (VALUES ${tuples.join(', ')})
    SELECT q.attempt_id AS asked_attempt, q.token_hash AS asked_token, q.item AS asked_item, c.id AS account_id,
      a.id AS attempt_id, a.state, a.device, a.deadline_at, a.paused_at, a.handed_in_at, a.hand_in_cause,
      e.tolerance_seconds, r.seq, r.response${divided ? ', n.section AS entered, n.ends_at, n.left_at' : ''}
    FROM asked q
    LEFT JOIN sign_ins s ON s.token_hash = q.token_hash AND s.ended_at IS NULL AND s.expires_at > $now AND s.seen_at > $idle
    LEFT JOIN accounts c ON c.id = s.account_id AND c.state = 'active'
    LEFT JOIN attempts a ON a.id = q.attempt_id AND a.person_id = c.person_id
    LEFT JOIN exams e ON e.id = a.exam_id
    LEFT JOIN responses r ON r.attempt_id = a.id AND r.item = q.item
    ${divided ? 'LEFT JOIN attempt_sections n ON n.attempt_id = a.id AND n.section = q.section' : ''}`, params);
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
  /** When the response was changed, as the device says; null: it does not say. */
  changedAt: Instant | null;
  /** `handed-in`: it came after the attempt had ended, by hand-in or because it was declared void. */
  outcome: 'accepted' | 'stale' | 'late-within-tolerance' | 'late' | 'handed-in' | 'other-device';
  /** It came late and counts all the same. */
  byRule: boolean;
}

export const logged = (row: LogRow) => ({
  id: row.id, attempt_id: row.attemptId, item: row.item, seq: row.seq, response: row.text,
  device: row.device, received_at: row.receivedAt, outcome: row.outcome, changed_at: row.changedAt,
});

/** Keeps what arrived, whether or not it counts. What counts by rule is rare and a statement of its own. */
export async function logResponses(tx: Tx, log: LogRow[]): Promise<void> {
  await insert(tx, 'response_log', log.filter((row) => !row.byRule).map(logged));
  await insert(tx, 'response_log', log.filter((row) => row.byRule).map((row) => ({ ...logged(row), counted: 'by-rule', counted_at: tx.now })));
}
