import { z } from 'zod';
import { chunks, execute, inChunks, insert, maybeOne, places, rows, type Reader, type Tx } from '~/db';
import { newId } from '~/kernel/id';
import { ATTEMPT_STATES } from '../attempt-state';

export const insertMessages = (tx: Tx, message: { attemptIds: readonly string[]; actId: string; text: string; by: string }): Promise<number> =>
  insert(tx, 'candidate_messages', message.attemptIds.map((attemptId) => ({
    id: newId(), attempt_id: attemptId, act_id: message.actId, text: message.text, sent_at: tx.now, sent_by: message.by, seen_at: null,
  })));

/** Takes permissions to change the device back that were not used yet. */
export async function endPermits(tx: Tx, permitIds: readonly string[]): Promise<void> {
  for (const some of chunks(permitIds)) {
    const { list, params } = places(some);
    await execute(tx, `UPDATE device_permits SET expires_at = $now WHERE id IN (${list}) AND used_at IS NULL AND expires_at > $now`, { ...params, now: tx.now });
  }
}

const VoidRow = z.object({ id: z.string(), person_id: z.string(), exam_id: z.string(), state: z.enum(ATTEMPT_STATES) });

/** The attempt as it is, locked until the commit; null when there is none or it is void or abandoned. */
export const lockForVoid = (tx: Tx, attemptId: string): Promise<z.infer<typeof VoidRow> | null> =>
  maybeOne(tx, VoidRow, `UPDATE attempts SET version = version + 1 WHERE id = $attemptId AND state NOT IN ('void', 'abandoned')
    RETURNING id, person_id, exam_id, state`, { attemptId });

/** Any state → void, for an attempt that this transaction has locked. Its pages learn of it. */
export const markVoid = (tx: Tx, attemptId: string): Promise<number> =>
  execute(tx, `UPDATE attempts SET state = 'void', next_check_at = NULL, paused_at = NULL, signal_at = $now WHERE id = $attemptId`, { attemptId, now: tx.now });

const OpenRow = z.object({
  id: z.string(), person_id: z.string(), name: z.string(), state: z.enum(ATTEMPT_STATES), paused_at: z.number().nullable(),
  deadline_at: z.number().nullable(), sitting_id: z.string().nullable(), room_id: z.string().nullable(), booking_id: z.string().nullable(),
});
export type ActedAttempt = z.infer<typeof OpenRow>;

/** Started attempts with these ids, with what an act must know of them. */
export const attemptsToActOn = (from: Reader, attemptIds: readonly string[]): Promise<ActedAttempt[]> =>
  inChunks(attemptIds, (some) => {
    const { list, params } = places(some);
    return rows(from, OpenRow, `SELECT a.id, a.person_id, p.name, a.state, a.paused_at, a.deadline_at, a.sitting_id, a.room_id, a.booking_id
      FROM attempts a JOIN persons p ON p.id = a.person_id WHERE a.id IN (${list}) AND a.started_at IS NOT NULL`, params);
  });

const WriterRow = z.object({ n: z.number() });

/** How many write in a sitting now. */
export const writersIn = async (from: Reader, sittingId: string): Promise<number> =>
  (await maybeOne(from, WriterRow, `SELECT COUNT(*) AS n FROM attempts WHERE sitting_id = $sittingId AND state = 'in-progress'`, { sittingId }))?.n ?? 0;

const NameRow = z.object({ id: z.string(), name: z.string().nullable(), sign_in_name: z.string() });

/** What to call the accounts behind `account:…`, by that key. */
export async function actorNames(from: Reader, by: readonly string[]): Promise<Map<string, string>> {
  const names = new Map<string, string>();
  const accountIds = [...new Set(by)].flatMap((one) => (one.startsWith('account:') ? [one.slice('account:'.length)] : []));
  for (const some of chunks(accountIds)) {
    const { list, params } = places(some);
    const found = await rows(from, NameRow, `SELECT c.id, p.name, c.sign_in_name FROM accounts c LEFT JOIN persons p ON p.id = c.person_id WHERE c.id IN (${list})`, params);
    for (const row of found) names.set(`account:${row.id}`, row.name ?? row.sign_in_name);
  }
  return names;
}

