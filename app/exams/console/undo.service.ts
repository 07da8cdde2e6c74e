import { inTransaction, reader, type Tx } from '~/db';
import { authorise, type Actor } from '~/identity';
import { clock } from '~/kernel/clock';
import { err, ok, type Result } from '~/kernel/result';
import { mayInvigilate } from '../invigilation.repository';
import { signal } from '../live/live.repository';
import { EXEMPTIONS } from '../sittings/booking';
import { endExemption, mayActInRoom, undoIdentity } from '../sittings/door.service';
import { pause, resume, undoGrant } from '../time/acts.service';
import { judgeUndo } from './act';
import { findAct, undoAct, type Act } from './act.repository';
import { attemptsToActOn, endPermits } from './acting.repository';
import { lookNow } from './console-hub.service';

/** Takes an act back, within a quarter of an hour; what happened since stays as it happened. */
export async function undo(actor: Actor, actId: string, reason: string): Promise<Result<Act>> {
  authorise(actor, 'invigilate');
  const act = await findAct(reader(), actId);
  if (!act || !(await mayUndo(actor, act))) return err('not-found');
  const verdict = judgeUndo(act, clock.now());
  if (!verdict.ok) return err(verdict.code);
  const undone = await takeBack(actor, act, reason);
  if (undone.ok && act.sittingId !== null) await lookNow(act.sittingId);
  return undone.ok ? ok(act) : undone;
}

/** Whoever did it, and everybody who might have done it. */
async function mayUndo(actor: Actor, act: Act): Promise<boolean> {
  if (act.doneBy === actor.by) return true;
  if (act.sittingId !== null) return mayActInRoom(reader(), actor, act.sittingId, act.roomId);
  for (const one of await attemptsToActOn(reader(), act.body.attempts ?? [])) {
    if (!(await mayInvigilate(reader(), actor, one.person_id))) return false;
  }
  return true;
}

async function takeBack(actor: Actor, act: Act, reason: string): Promise<Result<unknown>> {
  const mark = (tx: Tx): Promise<number> => undoAct(tx, { actId: act.id, reason, by: actor.by });
  const attempts = act.body.attempts ?? [];
  switch (act.kind) {
    case 'time': return undoGrant(actor, act.id, reason);
    case 'pause': case 'resume': {
      const moved = await (act.kind === 'pause' ? resume : pause)(actor, { attempts }, reason);
      if (moved.ok) await inTransaction(mark);
      return moved;
    }
    case 'device':
      await inTransaction(async (tx) => {
        await endPermits(tx, permitsOf(act));
        await signal(tx, attempts);
        await mark(tx);
      });
      return ok(null);
    case 'admit': case 'refuse': return forEachBooking(act, mark, (id) => undoIdentity(actor, id, reason));
    case 'exempt': {
      const kind = EXEMPTIONS.find((one) => one === act.body.exemption);
      return kind ? forEachBooking(act, mark, (id) => endExemption(actor, id, kind, reason)) : err('act.not-undoable');
    }
    default: return err('act.not-undoable');
  }
}

const permitsOf = ({ body }: Act): string[] => {
  const permits = body['permits'];
  return Array.isArray(permits) ? permits.filter((one): one is string => typeof one === 'string') : [];
};

/** What can be taken back of it is; refused as a whole only when nothing could. */
async function forEachBooking(act: Act, mark: (tx: Tx) => Promise<number>, run: (bookingId: string) => Promise<Result<null>>): Promise<Result<null>> {
  let last: Result<null> = err('act.nobody');
  let done = 0;
  for (const id of act.body.bookings ?? []) {
    last = await run(id);
    if (last.ok) done += 1;
  }
  if (done === 0) return last;
  await inTransaction(mark);
  return ok(null);
}
