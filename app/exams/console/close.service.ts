import { appendEvent, commitIfOk, reader } from '~/db';
import { authorise, type Actor } from '~/identity';
import { err, ok, type Result } from '~/kernel/result';
import { mayActInRoom } from '../sittings/door.service';
import { endSitting, findSitting, lockSitting } from '../sittings/sitting.repository';
import { recordAct } from './act.repository';
import { writersIn } from './acting.repository';
import { mayWatch } from './access.service';

/**
 * Closes a sitting: nobody may start in it any more, and its reports are final. Only whoever watches over all of it
 * may, and not while somebody writes.
 */
export async function closeSitting(actor: Actor, sittingId: string, reason: string): Promise<Result<null>> {
  authorise(actor, 'invigilate');
  const sitting = await findSitting(reader(), sittingId);
  if (!sitting || !(await mayWatch(reader(), actor, sittingId))) return err('not-found');
  if (!(await mayActInRoom(reader(), actor, sittingId, null))) return err('sitting.one-room');
  return commitIfOk(async (tx) => {
    const locked = await lockSitting(tx, sittingId);
    if (locked?.state !== 'planned') return err('sitting.ended-already');
    const writing = await writersIn(tx, sittingId);
    if (writing > 0) return err('sitting.in-progress', { count: writing });
    await endSitting(tx, sittingId, { state: 'closed', by: actor.by, reason });
    await recordAct(tx, { kind: 'close', sittingId, reason, by: actor.by });
    await appendEvent(tx, { kind: 'sitting.closed', subject: { kind: 'sitting', id: sittingId }, by: actor.by, cause: 'invigilator' });
    return ok(null);
  });
}
