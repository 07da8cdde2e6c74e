import { z } from 'zod';
import { addJob, appendEvent, inTransaction, reader, type By, type Tx } from '~/db';
import { authorise, type Actor } from '~/identity';
import { clock, seconds, type Instant } from '~/kernel/clock';
import { log } from '~/kernel/log';
import { err, ok, type Result } from '~/kernel/result';
import { closesAfter } from './answers/closing';
import { newReceipt } from './answers/receipt.service';
import type { Cause } from './attempt-state';
import {
  dueAttempt, dueAttempts, findAttempt, handInOverdue, lockRunning, markHandedIn, type DueAttempt, type RunningAttempt,
} from './attempt.repository';
import { findReceipt, insertReceipt, type Receipt } from './response.repository';

/**
 * Hands in the actor's attempt from the device that is active. After the deadline the deadline is its time. Pressed
 * twice, or after the deadline did it, it answers with the receipt that there is.
 */
export async function handIn(actor: Actor, attemptId: string, device: string): Promise<Result<Receipt>> {
  const known = await findAttempt(reader(), attemptId);
  if (!known) return err('not-found');
  authorise(actor, 'take an exam', { personId: known.personId });
  return inTransaction(async (tx): Promise<Result<Receipt>> => {
    const attempt = await lockRunning(tx, attemptId);
    if (!attempt) return receiptThereIs(tx, attemptId);
    if (attempt.device !== device) return err('attempt.other-device');
    if (attempt.pausedAt !== null) return err('attempt.paused');
    const late = tx.now > attempt.deadlineAt;
    return ok(await close(tx, attempt, late ? byDeadline(attempt) : { at: notBeforeStart(attempt, tx.now), cause: 'candidate', by: actor.by }));
  });
}

async function receiptThereIs(tx: Tx, attemptId: string): Promise<Result<Receipt>> {
  const receipt = await findReceipt(tx, attemptId);
  if (receipt) return ok(receipt);
  return err((await findAttempt(tx, attemptId))?.state === 'void' ? 'attempt.void' : 'attempt.not-handed-in');
}

/**
 * Hands in a running attempt in the caller's transaction, whoever asks and from whatever device; paused or not. Its
 * time is now, or the deadline if that has passed.
 * @returns null when it does not run any more
 */
export async function closeRunning(tx: Tx, attemptId: string, { cause, by }: { cause: Cause; by: By }): Promise<Receipt | null> {
  const attempt = await lockRunning(tx, attemptId);
  if (!attempt) return null;
  const at = attempt.pausedAt === null ? Math.min(tx.now, attempt.deadlineAt) : tx.now;
  return close(tx, attempt, { at: notBeforeStart(attempt, at), cause, by });
}

/** A clock that was set back far must not let an attempt end before it began. */
const notBeforeStart = (attempt: RunningAttempt, at: Instant): Instant => Math.max(at, attempt.startedAt);

/** Hands in an attempt whose time and tolerance are over. Else does nothing. */
export async function closeIfDue(attemptId: string): Promise<void> {
  const due = await dueAttempt(reader(), attemptId, clock.now());
  if (due) await closeDue(due);
}

/**
 * The time of hand-in is the deadline, whenever this runs. Whether it has passed is judged by what the locked row
 * says: time may have been given at this very moment. Few statements: thousands fall due together.
 */
async function closeDue({ id, toleranceSeconds, paper }: DueAttempt, gradeAfterMs = 0): Promise<void> {
  const total = z.array(z.unknown()).parse(JSON.parse(paper)).length;
  await inTransaction(async (tx) => {
    const attempt = await handInOverdue(tx, id, tx.now - closesAfter(0, toleranceSeconds));
    if (attempt) await conclude(tx, attempt, { ...byDeadline(attempt), gradeAfterMs }, total);
  });
}

/** Attempts read at once. */
export const SWEEP_PAGE = 200;
/** When more fall due together than one page holds, all are handed in before their grading takes the machine. */
const GRADING_WAITS = seconds(30);
/** On PostgreSQL so many commits wait for the disk together; on SQLite they queue all the same. */
const SIDE_BY_SIDE = 4;

let sweeping: Promise<void> | null = null;

/**
 * Closes every attempt whose time is up until none is left, each in a transaction of its own: a bad one keeps no
 * other from being handed in. Asked again while it runs, it answers with that run.
 */
export function sweepDue(now: Instant): Promise<void> {
  sweeping ??= sweep(now).finally(() => { sweeping = null; });
  return sweeping;
}

async function sweep(now: Instant): Promise<void> {
  let after = { id: '', nextCheckAt: 0 };
  let gradeAfterMs = 0;
  for (;;) {
    const page = await dueAttempts(reader(), now, after, SWEEP_PAGE);
    const waiting = [...page];
    if (page.length === SWEEP_PAGE) gradeAfterMs = GRADING_WAITS;
    const closeNext = async () => { for (let due = waiting.shift(); due; due = waiting.shift()) await closeOrTell(due, gradeAfterMs); };
    await Promise.all(Array.from({ length: SIDE_BY_SIDE }, closeNext));
    const last = page.at(-1);
    if (!last || page.length < SWEEP_PAGE) return;
    after = last;
  }
}

async function closeOrTell(due: DueAttempt, gradeAfterMs: number): Promise<void> {
  try {
    await closeDue(due, gradeAfterMs);
  } catch (error) {
    log().error({ attemptId: due.id, err: error }, 'an attempt could not be closed');
  }
}

interface Closing {
  at: Instant;
  cause: Cause;
  by: By;
  /** So long the grading may wait; at once if not said. */
  gradeAfterMs?: number;
}

const byDeadline = (attempt: RunningAttempt): Closing => ({ at: attempt.deadlineAt, cause: 'deadline', by: 'system:exams' });

/** The one way from "in progress" to "handed in", for an attempt that this transaction has locked. */
async function close(tx: Tx, attempt: RunningAttempt, { at, cause, by }: Closing): Promise<Receipt> {
  await markHandedIn(tx, attempt.id, at, cause);
  return conclude(tx, attempt, { at, cause, by });
}

/** What goes with every hand-in: receipt, event, and the job that has it graded. */
async function conclude(tx: Tx, attempt: RunningAttempt, { at, cause, by, gradeAfterMs = 0 }: Closing, total?: number): Promise<Receipt> {
  const receipt = await newReceipt(tx, attempt, at, total);
  await insertReceipt(tx, receipt);
  await appendEvent(tx, {
    kind: 'attempt.handed-in', subject: { kind: 'attempt', id: attempt.id }, personId: attempt.personId, at, by, cause,
    body: { examId: attempt.examId, receipt: receipt.number, hash: receipt.hash, answered: receipt.answered, total: receipt.total },
  });
  await addJob(tx, 'exams.handed-in', { attemptId: attempt.id }, tx.now + gradeAfterMs);
  return receipt;
}
