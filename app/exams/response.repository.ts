import { z } from 'zod';
import { Flag, insert, maybeOne, rows, type Reader, type Tx } from '~/db';
import type { StoredResponse } from './receipt';

const ResponseRow = z.object({ item: z.string(), seq: z.number(), response: z.string() });

/** The responses that count, as stored. */
export const storedResponses = (from: Reader, attemptId: string): Promise<StoredResponse[]> =>
  rows(from, ResponseRow, 'SELECT item, seq, response FROM responses WHERE attempt_id = $attemptId ORDER BY item', { attemptId });

const FlagRow = z.object({ item: z.string(), flagged: Flag });

/** Items marked to be looked at again. */
export async function flaggedItems(from: Reader, attemptId: string): Promise<Set<string>> {
  const found = await rows(from, FlagRow, 'SELECT item, flagged FROM review_flags WHERE attempt_id = $attemptId', { attemptId });
  return new Set(found.filter((row) => row.flagged).map((row) => row.item));
}

const ReceiptRow = z.object({
  attempt_id: z.string(), number: z.string(), handed_in_at: z.number(), answered: z.number(), total: z.number(), hash: z.string(),
}).transform((row) => ({
  attemptId: row.attempt_id, number: row.number, handedInAt: row.handed_in_at, answered: row.answered, total: row.total, hash: row.hash,
}));
export type Receipt = z.infer<typeof ReceiptRow>;

const RECEIPT = 'SELECT attempt_id, number, handed_in_at, answered, total, hash FROM receipts';

export const findReceipt = (from: Reader, attemptId: string): Promise<Receipt | null> =>
  maybeOne(from, ReceiptRow, `${RECEIPT} WHERE attempt_id = $attemptId`, { attemptId });

export const findReceiptByNumber = (from: Reader, number: string): Promise<Receipt | null> =>
  maybeOne(from, ReceiptRow, `${RECEIPT} WHERE number = $number`, { number });

export const insertReceipt = (tx: Tx, receipt: Receipt): Promise<number> =>
  insert(tx, 'receipts', [{
    attempt_id: receipt.attemptId, number: receipt.number, handed_in_at: receipt.handedInAt,
    answered: receipt.answered, total: receipt.total, hash: receipt.hash,
  }]);
