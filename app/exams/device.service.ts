import { appendEvent, commitIfOk, inTransaction, reader, type Tx } from '~/db';
import { authorise, confirmPassword, type Actor } from '~/identity';
import { minutes } from '~/kernel/clock';
import { newId } from '~/kernel/id';
import { err, ok, type Result } from '~/kernel/result';
import { noteGaps } from './answers/contact.service';
import { maySupervise } from './answers/supervision.service';
import { findAttempt, type Attempt } from './attempt.repository';
import { concerning, recordAct } from './console/act.repository';
import { bindDevice, insertPermit, openPermit, usePermit } from './device.repository';
import { findExam } from './exam.repository';
import { signal } from './live/live.repository';

/** How long a permission to change the device holds. */
export const PERMIT_MINUTES = 10;

/**
 * Lets a candidate whose device broke go on with another one: once, within ten minutes, with a reason that
 * stays in the ledger. An act like those at the console, also where an exam has no sittings.
 */
export async function permitTakeover(actor: Actor, attemptId: string, reason: string): Promise<Result<null>> {
  authorise(actor, 'invigilate');
  const attempt = await findAttempt(reader(), attemptId);
  if (!attempt || !(await maySupervise(reader(), actor, attempt))) return err('not-found');
  if (attempt.state !== 'in-progress') return err('attempt.handed-in');
  return inTransaction(async (tx) => {
    const id = newId();
    await insertPermit(tx, { id, attemptId, by: actor.by, reason, expiresAt: tx.now + minutes(PERMIT_MINUTES) });
    const actId = await recordAct(tx, {
      kind: 'device', sittingId: attempt.sittingId, reason, by: actor.by, body: { ...concerning(attempt), permits: [id] },
    });
    await appendEvent(tx, {
      kind: 'device.permitted', subject: { kind: 'attempt', id: attemptId }, personId: attempt.personId, by: actor.by,
      cause: 'invigilator', body: { permitId: id, actId }, personal: { reason },
    });
    await signal(tx, [attemptId]);
    return ok(null);
  });
}

/** Makes `device` the active one, if an invigilator permitted it; the device before can no longer write. */
export async function takeOver(actor: Actor, attemptId: string, device: string): Promise<Result<null>> {
  const attempt = await findAttempt(reader(), attemptId);
  if (!attempt) return err('not-found');
  authorise(actor, 'take an exam', { personId: attempt.personId });
  if (attempt.device === device) return ok(null);
  return commitIfOk(async (tx) => {
    const permit = await openPermit(tx, attemptId, tx.now);
    if (!permit || (await usePermit(tx, permit.id)) === 0) return err('attempt.no-permit');
    return moveTo(tx, actor, attempt, device, { permitId: permit.id, permittedBy: permit.grantedBy });
  });
}

/**
 * Makes `device` the active one by the candidate's own password, where the exam allows it. Tries are counted like
 * sign-ins.
 * @returns `attempt.takeover-off`, `password.wrong` at the field `password`, `rate.limited`
 */
export async function takeOverByPassword(
  actor: Actor, attemptId: string, device: string, given: { password: string; address: string },
): Promise<Result<null>> {
  const attempt = await findAttempt(reader(), attemptId);
  if (!attempt) return err('not-found');
  authorise(actor, 'take an exam', { personId: attempt.personId });
  if (attempt.device === device) return ok(null);
  const exam = await findExam(reader(), attempt.examId);
  if (!exam?.ownTakeover) return err('attempt.takeover-off');
  // Before the transaction: checking a password takes long, and nothing else may be awaited inside.
  const confirmed = await confirmPassword(actor, given);
  return confirmed.ok ? commitIfOk((tx) => moveTo(tx, actor, attempt, device, { byPassword: true })) : confirmed;
}

async function moveTo(tx: Tx, actor: Actor, attempt: Attempt, device: string, body: Record<string, unknown>): Promise<Result<null>> {
  const bound = await bindDevice(tx, attempt.id, device);
  if (!bound) return err('attempt.handed-in');
  await noteGaps(tx, [{ attemptId: attempt.id, previousAt: bound.previousAt }]);
  await appendEvent(tx, {
    kind: 'device.changed', subject: { kind: 'attempt', id: attempt.id }, personId: attempt.personId, by: actor.by, cause: 'candidate', body,
  });
  return ok(null);
}
