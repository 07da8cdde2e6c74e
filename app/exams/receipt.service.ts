import { reader, type Reader } from '~/db';
import { matchesHash, normalReceiptNumber, receiptHash } from './receipt';
import { findReceiptByNumber, storedResponses, type Receipt } from './response.repository';

export type ReceiptCheck =
  | { kind: 'unknown' }
  /** There is such a number, but it belongs to another hash. */
  | { kind: 'other-hash' }
  /** Number and hash belong together; `intact` says whether the responses stored now still give that hash. */
  | { kind: 'known'; intact: boolean; receipt: Pick<Receipt, 'number' | 'handedInAt' | 'answered' | 'total' | 'hash'> };

/**
 * Checks a receipt for anybody who holds it: the hash is computed again from the responses as stored now.
 * Says nothing about person, exam or responses.
 */
export async function checkReceipt(number: string, hash: string, from: Reader = reader()): Promise<ReceiptCheck> {
  const receipt = await findReceiptByNumber(from, normalReceiptNumber(number));
  if (!receipt) return { kind: 'unknown' };
  if (!matchesHash(hash, receipt.hash)) return { kind: 'other-hash' };
  const now = receiptHash(receipt.attemptId, receipt.handedInAt, await storedResponses(from, receipt.attemptId));
  const { number: stored, handedInAt, answered, total, hash: full } = receipt;
  return { kind: 'known', intact: now === full, receipt: { number: stored, handedInAt, answered, total, hash: full } };
}
