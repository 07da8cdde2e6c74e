import { z } from 'zod';
import { chunks, execute, Flag, inChunks, places, rows, type Reader, type Tx } from '~/db';
import { SIGN_IN_IDLE } from '~/identity';
import type { Instant } from '~/kernel/clock';
import { ATTEMPT_STATES } from '../attempt-state';
import type { StandingFacts } from './standing';

const Signal = z.object({ id: z.string(), signal_at: z.number().nullable(), version: z.number() })
  .transform((row) => ({ attemptId: row.id, mark: `${row.signal_at ?? 0} ${row.version}` }));
/** Which change of an attempt was the last: another `mark` is another change. */
export type Signal = z.infer<typeof Signal>;

/** Attempts that somebody else than the candidate changed after `since`. */
export const signalsSince = (from: Reader, since: Instant): Promise<Signal[]> =>
  rows(from, Signal, 'SELECT id, signal_at, version FROM attempts WHERE signal_at > $since', { since });

/** The last change of each of these attempts, however long ago. */
export const signalsOf = (from: Reader, attemptIds: readonly string[]): Promise<Signal[]> =>
  inChunks(attemptIds, (some) => {
    const { list, params } = places(some);
    return rows(from, Signal, `SELECT id, signal_at, version FROM attempts WHERE id IN (${list})`, params);
  });

const FactsRow = z.object({
  id: z.string(), person_id: z.string(), state: z.enum(ATTEMPT_STATES), deadline_at: z.number(), paused_at: z.number().nullable(),
  section: z.number(), section_ends_at: z.number().nullable(), device: z.string().nullable(), signal_at: z.number().nullable(), permitted: Flag,
});
const MessageRow = z.object({ id: z.string(), attempt_id: z.string(), text: z.string(), sent_at: z.number() });

/** How these attempts stand now; what was never started is not among them. */
export async function standingFacts(from: Reader, attemptIds: readonly string[], now: Instant): Promise<StandingFacts[]> {
  const facts = await inChunks(attemptIds, (some) => {
    const { list, params } = places(some);
    return rows(from, FactsRow, `SELECT a.id, a.person_id, a.state, a.deadline_at, a.paused_at, a.section, s.ends_at AS section_ends_at, a.device, a.signal_at,
        CASE WHEN EXISTS (SELECT 1 FROM device_permits d WHERE d.attempt_id = a.id AND d.used_at IS NULL AND d.expires_at > $now) THEN 1 ELSE 0 END AS permitted
      FROM attempts a LEFT JOIN attempt_sections s ON s.attempt_id = a.id AND s.section = a.section
      WHERE a.id IN (${list}) AND a.started_at IS NOT NULL`, { ...params, now });
  });
  const messages = await inChunks(attemptIds, (some) => {
    const { list, params } = places(some);
    return rows(from, MessageRow, `SELECT id, attempt_id, text, sent_at FROM candidate_messages
      WHERE attempt_id IN (${list}) AND seen_at IS NULL ORDER BY sent_at, id`, params);
  });
  return facts.map((row) => ({
    attemptId: row.id,
    personId: row.person_id,
    state: row.state,
    deadlineAt: row.deadline_at,
    pausedAt: row.paused_at,
    section: row.section,
    sectionEndsAt: row.section_ends_at,
    device: row.device,
    permitted: row.permitted,
    signalAt: row.signal_at,
    messages: messages.filter((message) => message.attempt_id === row.id).map(({ id, text, sent_at: sentAt }) => ({ id, text, sentAt })),
  }));
}

const TokenRow = z.object({ token_hash: z.string() });

/** Those of the sign-ins that still count: not signed out, not run out, the account not closed. */
export async function signInsThatCount(from: Reader, tokenHashes: readonly string[], now: Instant): Promise<Set<string>> {
  const found = await inChunks(tokenHashes, (some) => {
    const { list, params } = places(some);
    return rows(from, TokenRow, `SELECT s.token_hash FROM sign_ins s JOIN accounts a ON a.id = s.account_id AND a.state = 'active'
      WHERE s.token_hash IN (${list}) AND s.ended_at IS NULL AND s.expires_at > $now AND s.seen_at > $idle`, { ...params, now, idle: now - SIGN_IN_IDLE });
  });
  return new Set(found.map((row) => row.token_hash));
}

/** Tells the pages of these attempts that something changed; they look within two seconds. */
export async function signal(tx: Tx, attemptIds: readonly string[]): Promise<void> {
  for (const some of chunks(attemptIds)) {
    const { list, params } = places(some);
    await execute(tx, `UPDATE attempts SET signal_at = $now, version = version + 1 WHERE id IN (${list})`, { ...params, now: tx.now });
  }
}

/** 0 rows: seen before, or not a message of this attempt. */
export const markSeen = (tx: Tx, attemptId: string, messageId: string): Promise<number> =>
  execute(tx, 'UPDATE candidate_messages SET seen_at = $now WHERE id = $messageId AND attempt_id = $attemptId AND seen_at IS NULL', { attemptId, messageId, now: tx.now });
