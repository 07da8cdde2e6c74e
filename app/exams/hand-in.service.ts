import { addJob, appendEvent, inTransaction, reader, type By, type Tx } from '~/db';
import { authorise, type Actor } from '~/identity';
import { clock, type Instant } from '~/kernel/clock';
import { log } from '~/kernel/log';
import { err, ok, type Result } from '~/kernel/result';
import type { Cause } from './attempt-state';
import { dueAttempts, findAttempt, markHandedIn, paperEntries, type Attempt } from './attempt.repository';
import { isAnswer, newReceiptNumber, receiptHash } from './receipt';
import { findReceipt, insertReceipt, storedResponses, type Receipt } from './response.repository';
import { CLOSE_AFTER } from './start.service';

/**
 * Hands in the actor's attempt from the device that is active. Pressed twice, or after the deadline did it,
 * it answers with the receipt that there is.
 */
export async function handIn(actor: Actor, attemptId: string, device: string): Promise<Result<Receipt>> {
  const attempt = await findAttempt(reader(), attemptId);
  if (!attempt) return err('not-found');
  authorise(actor, 'take an exam', { personId: attempt.personId });
  if (attempt.state === 'in-progress' && attempt.device !== device) return err('attempt.other-device');
  return inTransaction(async (tx) => {
    const receipt = tx.now > attempt.deadlineAt
      ? await close(tx, attempt, { at: attempt.deadlineAt, cause: 'deadline', by: 'system:exams' })
      : await close(tx, attempt, { at: tx.now, cause: 'candidate', by: actor.by });
    return receipt ? ok(receipt) : err('attempt.not-handed-in');
  });
}

/** Hands in an attempt whose time is up; the time of hand-in is the deadline, whenever this runs. Else does nothing. */
export async function closeIfDue(attemptId: string): Promise<void> {
  const attempt = await findAttempt(reader(), attemptId);
  if (!attempt || attempt.state !== 'in-progress' || clock.now() < attempt.deadlineAt + CLOSE_AFTER) return;
  await inTransaction((tx) => close(tx, attempt, { at: attempt.deadlineAt, cause: 'deadline', by: 'system:exams' }));
}

/** The most attempts that one sweep looks at; the next one follows soon. */
const SWEEP_LIMIT = 2000;

/** Closes every attempt whose time is up, each on its own: a bad one keeps no other from being handed in. */
export async function sweepDue(now: Instant): Promise<void> {
  for (const id of await dueAttempts(reader(), now, SWEEP_LIMIT)) {
    try {
      await closeIfDue(id);
    } catch (error) {
      log().error({ attemptId: id, err: error }, 'an attempt could not be closed');
    }
  }
}

interface Closing {
  at: Instant;
  cause: Cause;
  by: By;
}

/** The one way from "in progress" to "handed in"; somebody faster leaves their receipt. */
async function close(tx: Tx, attempt: Attempt, { at, cause, by }: Closing): Promise<Receipt | null> {
  if ((await markHandedIn(tx, attempt.id, at, cause)) === 0) return findReceipt(tx, attempt.id);
  const responses = await storedResponses(tx, attempt.id);
  const receipt: Receipt = {
    attemptId: attempt.id,
    number: newReceiptNumber(),
    handedInAt: at,
    answered: responses.filter(({ response }) => isAnswer(response)).length,
    total: (await paperEntries(tx, attempt.paperId)).length,
    hash: receiptHash(attempt.id, at, responses),
  };
  await insertReceipt(tx, receipt);
  await appendEvent(tx, {
    kind: 'attempt.handed-in', subject: { kind: 'attempt', id: attempt.id }, personId: attempt.personId, at, by, cause,
    body: { examId: attempt.examId, receipt: receipt.number, hash: receipt.hash, answered: receipt.answered, total: receipt.total },
  });
  await addJob(tx, 'exams.handed-in', { attemptId: attempt.id });
  return receipt;
}
