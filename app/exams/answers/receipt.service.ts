import type { Tx } from '~/db';
import type { Instant } from '~/kernel/clock';
import { paperEntries } from '../attempt.repository';
import { isAnswer, newReceiptNumber, receiptHash } from '../receipt';
import { storedResponses, type Receipt } from '../response.repository';

/**
 * A receipt for the responses as they are stored now; not written yet.
 * @param total items on the paper, if the caller knows
 */
export async function newReceipt(tx: Tx, attempt: { id: string; paperId: string }, handedInAt: Instant, total?: number): Promise<Receipt> {
  const responses = await storedResponses(tx, attempt.id);
  return {
    attemptId: attempt.id,
    number: newReceiptNumber(),
    handedInAt,
    answered: responses.filter(({ response }) => isAnswer(response)).length,
    total: total ?? (await paperEntries(tx, attempt.paperId)).length,
    hash: receiptHash(attempt.id, handedInAt, responses),
  };
}
