import { appendEvent, commitIfOk } from '~/db';
import { authorise, scopePaths, type Actor } from '~/identity';
import { dateAt, type PlainDate } from '~/kernel/calendar';
import { config } from '~/kernel/config';
import { err, ok, type Result } from '~/kernel/result';
import { setHandedOver } from '../sending/send-log.repository';
import { slipsAmong } from './slips.repository';

/**
 * Notes that slips were handed to their people: who did it and on which day is the proof. Those that somebody else has noted meanwhile, or that lie
 * outside of the reader's charge, are left alone.
 * @returns how many were noted
 */
export async function handOverSlips(actor: Actor, { dispatchIds, on }: { dispatchIds: readonly string[]; on: PlainDate }): Promise<Result<number>> {
  authorise(actor, 'see notices of people');
  if (dispatchIds.length === 0) return err('slip.nothing-chosen', undefined, 'slips');
  return commitIfOk(async (tx) => {
    if (on > dateAt(tx.now, config().TIME_ZONE)) return err('slip.future', undefined, 'on');
    let noted = 0;
    for (const { dispatchId, personId } of await slipsAmong(tx, scopePaths(actor, 'hr'), dispatchIds)) {
      if (await setHandedOver(tx, dispatchId, { on, by: actor.by }) === 0) continue;
      noted += 1;
      await appendEvent(tx, { kind: 'notice.handed-over', subject: { kind: 'dispatch', id: dispatchId }, personId, by: actor.by, body: { on } });
    }
    return ok(noted);
  });
}
