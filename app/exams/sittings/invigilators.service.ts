import { appendEvent, commitIfOk } from '~/db';
import type { Actor } from '~/identity';
import { err, ok, type Result } from '~/kernel/result';
import { authorisePlanner } from './assign.service';
import { addInvigilator, knownInvigilators, removeInvigilator } from './invigilators.repository';
import { findRoom, findSitting } from './sitting.repository';

/** Lets an invigilator watch over a sitting, or one room of it; somebody who is on it already changes rooms. */
export function appointInvigilator(actor: Actor, sittingId: string, { accountId, roomId }: { accountId: string; roomId: string | null }): Promise<Result<null>> {
  return commitIfOk(async (tx) => {
    await authorisePlanner(tx, actor, sittingId);
    if (!(await findSitting(tx, sittingId))) return err('not-found');
    const known = (await knownInvigilators(tx, '')).some((one) => one.accountId === accountId);
    if (!known) return err('field.choose', {}, 'accountId');
    if (roomId !== null && (await findRoom(tx, roomId))?.sittingId !== sittingId) return err('field.choose', {}, 'roomId');
    await addInvigilator(tx, { sittingId, accountId, roomId, by: actor.by });
    await appendEvent(tx, { kind: 'sitting.invigilator-appointed', subject: { kind: 'sitting', id: sittingId }, by: actor.by, body: { accountId, roomId } });
    return ok(null);
  });
}

/** Takes somebody off a sitting. */
export function dismissInvigilator(actor: Actor, sittingId: string, accountId: string): Promise<Result<null>> {
  return commitIfOk(async (tx) => {
    await authorisePlanner(tx, actor, sittingId);
    if (await removeInvigilator(tx, sittingId, accountId) === 0) return ok(null);
    await appendEvent(tx, { kind: 'sitting.invigilator-dismissed', subject: { kind: 'sitting', id: sittingId }, by: actor.by, body: { accountId } });
    return ok(null);
  });
}
