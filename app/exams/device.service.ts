import { appendEvent, commitIfOk, inTransaction, reader } from '~/db';
import { authorise, type Actor } from '~/identity';
import { minutes } from '~/kernel/clock';
import { newId } from '~/kernel/id';
import { err, ok, type Result } from '~/kernel/result';
import { findAttempt } from './attempt.repository';
import { bindDevice, insertPermit, openPermit, usePermit } from './device.repository';
import { mayInvigilate } from './invigilation.repository';

/** How long a permission to change the device holds. */
export const PERMIT_MINUTES = 10;

/**
 * Lets a candidate whose device broke go on with another one: once, within ten minutes, with a reason that
 * stays in the ledger.
 */
export async function permitTakeover(actor: Actor, attemptId: string, reason: string): Promise<Result<null>> {
  authorise(actor, 'invigilate');
  const attempt = await findAttempt(reader(), attemptId);
  if (!attempt || !(await mayInvigilate(reader(), actor, attempt.personId))) return err('not-found');
  if (attempt.state !== 'in-progress') return err('attempt.handed-in');
  return inTransaction(async (tx) => {
    const id = newId();
    await insertPermit(tx, { id, attemptId, by: actor.by, reason, expiresAt: tx.now + minutes(PERMIT_MINUTES) });
    await appendEvent(tx, {
      kind: 'device.permitted', subject: { kind: 'attempt', id: attemptId }, personId: attempt.personId, by: actor.by,
      cause: 'invigilator', body: { permitId: id }, personal: { reason },
    });
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
    if ((await bindDevice(tx, attemptId, device)) === 0) return err('attempt.handed-in');
    await appendEvent(tx, {
      kind: 'device.changed', subject: { kind: 'attempt', id: attemptId }, personId: attempt.personId, by: actor.by,
      cause: 'candidate', body: { permitId: permit.id, permittedBy: permit.grantedBy },
    });
    return ok(null);
  });
}
