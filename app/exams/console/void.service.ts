import { addJob, appendEvent, type By, type Tx } from '~/db';
import type { Cause } from '../attempt-state';
import { lockForVoid, markVoid } from './acting.repository';

export interface Voiding {
  by: By;
  cause: Cause;
  reason: string;
}

/**
 * Declares an attempt void in the caller's transaction, whatever state it is in: it counts for nothing and is given
 * back to the candidate. Answers and receipt stay as they are. Whoever built on its result is told by `exams.voided`.
 * @returns false when it was void before
 */
export async function voidAttempt(tx: Tx, attemptId: string, { by, cause, reason }: Voiding): Promise<boolean> {
  const attempt = await lockForVoid(tx, attemptId);
  if (!attempt) return false;
  await markVoid(tx, attemptId);
  await appendEvent(tx, {
    kind: 'attempt.voided', subject: { kind: 'attempt', id: attemptId }, personId: attempt.person_id, by, cause,
    body: { examId: attempt.exam_id, was: attempt.state }, personal: { reason },
  });
  await addJob(tx, 'exams.voided', { attemptId });
  return true;
}
