import { reader, type Reader } from '~/db';
import type { Instant } from '~/kernel/clock';
import { findEarlierReceipt, responsesBefore, type EarlierReceipt, type ReplacedBecause } from './answers/receipt.repository';
import { matchesHash, normalReceiptNumber, receiptHash } from './receipt';
import { findReceipt, findReceiptByNumber, storedResponses, type Receipt } from './response.repository';

type ShownReceipt = Pick<Receipt, 'number' | 'handedInAt' | 'answered' | 'total' | 'hash'>;

export type ReceiptCheck =
  | { kind: 'unknown' }
  /** There is such a number, but it belongs to another hash. */
  | { kind: 'other-hash' }
  /** Number and hash belong together; `intact` says whether the responses stored now still give that hash. */
  | { kind: 'known'; intact: boolean; receipt: ShownReceipt }
  /**
   * It was right when it was issued, and another one holds now. `intact`: what arrived up to then, as logged, still
   * gives its hash.
   */
  | { kind: 'replaced'; intact: boolean; receipt: ShownReceipt; replacedAt: Instant; because: ReplacedBecause; by: string | null };

/**
 * Checks a receipt for anybody who holds it: the hash is computed again from the responses as stored now.
 * Says nothing about person, exam or responses.
 */
export async function checkReceipt(number: string, hash: string, from: Reader = reader()): Promise<ReceiptCheck> {
  const receipt = await findReceiptByNumber(from, normalReceiptNumber(number));
  if (!receipt) return checkEarlier(from, await findEarlierReceipt(from, normalReceiptNumber(number)), hash);
  if (!matchesHash(hash, receipt.hash)) return { kind: 'other-hash' };
  const now = receiptHash(receipt.attemptId, receipt.handedInAt, await storedResponses(from, receipt.attemptId));
  return { kind: 'known', intact: now === receipt.hash, receipt: shown(receipt) };
}

async function checkEarlier(from: Reader, earlier: EarlierReceipt | null, hash: string): Promise<ReceiptCheck> {
  if (!earlier) return { kind: 'unknown' };
  if (!matchesHash(hash, earlier.hash)) return { kind: 'other-hash' };
  const { attemptId, handedInAt, replacedAt, because } = earlier;
  const then = receiptHash(attemptId, handedInAt, await responsesBefore(from, attemptId, replacedAt));
  return {
    kind: 'replaced', intact: then === earlier.hash, receipt: shown(earlier), replacedAt, because,
    by: (await findReceipt(from, attemptId))?.number ?? null,
  };
}

const shown = ({ number, handedInAt, answered, total, hash }: ShownReceipt): ShownReceipt => ({ number, handedInAt, answered, total, hash });
