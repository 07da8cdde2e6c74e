import { z } from 'zod';
import { execute, insert, maybeOne, rows, type Reader, type Tx } from '~/db';
import type { Instant } from '~/kernel/clock';
import type { StoredResponse } from '../receipt';
import type { Receipt } from '../response.repository';

/** Why a receipt was replaced: shown to whoever checks it. */
export const REPLACED_BECAUSE = ['late-accepted', 'answer-file', 'incident'] as const;
export type ReplacedBecause = (typeof REPLACED_BECAUSE)[number];

/** Puts a new receipt in the place of the one before, which stays on file with why. */
export async function replaceReceipt(tx: Tx, before: Receipt, after: Receipt, because: ReplacedBecause): Promise<void> {
  await insert(tx, 'earlier_receipts', [{
    number: before.number, attempt_id: before.attemptId, handed_in_at: before.handedInAt, answered: before.answered, total: before.total,
    hash: before.hash, replaced_at: tx.now, reason: because,
  }]);
  await execute(tx, 'UPDATE receipts SET number = $number, answered = $answered, total = $total, hash = $hash WHERE attempt_id = $attemptId', {
    attemptId: after.attemptId, number: after.number, answered: after.answered, total: after.total, hash: after.hash,
  });
}

const EarlierRow = z.object({
  number: z.string(), attempt_id: z.string(), handed_in_at: z.number(), answered: z.number(), total: z.number(), hash: z.string(),
  replaced_at: z.number(), reason: z.enum(REPLACED_BECAUSE),
}).transform((row) => ({
  number: row.number, attemptId: row.attempt_id, handedInAt: row.handed_in_at, answered: row.answered, total: row.total, hash: row.hash,
  replacedAt: row.replaced_at, because: row.reason,
}));
export type EarlierReceipt = z.infer<typeof EarlierRow>;

export const findEarlierReceipt = (from: Reader, number: string): Promise<EarlierReceipt | null> =>
  maybeOne(from, EarlierRow, `SELECT number, attempt_id, handed_in_at, answered, total, hash, replaced_at, reason
    FROM earlier_receipts WHERE number = $number`, { number });

const LoggedRow = z.object({ item: z.string(), seq: z.number(), response: z.string() });

/** The responses that counted just before `at`, put together again from the log of what arrived. */
export async function responsesBefore(from: Reader, attemptId: string, at: Instant): Promise<StoredResponse[]> {
  const logged = await rows(from, LoggedRow, `SELECT item, seq, response FROM response_log WHERE attempt_id = $attemptId
      AND ((outcome = 'accepted' AND received_at <= $at) OR (counted IN ('by-rule', 'accepted') AND counted_at < $at))
    ORDER BY item, seq, received_at, id`, { attemptId, at });
  return [...new Map(logged.map((row) => [row.item, row])).values()];
}
