import { addJob, type Tx } from '~/db';
import { err, ok, type Result } from '~/kernel/result';
import { storeResponses } from '../save.repository';
import { findReceipt, type Receipt } from '../response.repository';
import type { EndedAttempt } from './ended.repository';
import type { Counting } from './late';
import { replaceReceipt, type ReplacedBecause } from './receipt.repository';
import { newReceipt } from './receipt.service';

/**
 * Replaces responses of an attempt that was handed in and is locked by this transaction, and with them its receipt:
 * the one before stays checkable. Marking grades again.
 * @returns the receipt that holds from now on
 */
export async function replaceResponses(tx: Tx, attempt: EndedAttempt, responses: Counting[], because: ReplacedBecause): Promise<Result<Receipt>> {
  const before = await findReceipt(tx, attempt.id);
  if (!before) return err('attempt.not-handed-in');
  if (responses.length === 0) return ok(before);
  await storeResponses(tx, responses.map((one) => ({ attemptId: attempt.id, ...one })));
  const after = await newReceipt(tx, attempt, before.handedInAt);
  await replaceReceipt(tx, before, after, because);
  await addJob(tx, 'exams.late-accepted', { attemptId: attempt.id });
  return ok(after);
}
