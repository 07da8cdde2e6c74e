import { reader } from '~/db';
import { authorise, type Actor } from '~/identity';
import { clock } from '~/kernel/clock';
import { err, ok, type Result } from '~/kernel/result';
import { mayInvigilate } from '../invigilation.repository';
import { mayActInRoom } from '../sittings/door.service';
import { findSitting } from '../sittings/sitting.repository';
import type { Exemption } from '../sittings/booking';
import { mayWatch, roomsToActIn } from './access.service';
import { planAct, type ActOnPeople, type ActPlan, type Target } from './act-plan';
import { attemptsToActOn, type ActedAttempt } from './acting.repository';
import type { ConsoleRow } from './state';
import { consoleState } from './state.service';

/** Whom somebody wants to act on: bookings of a sitting, or attempts outside of one. */
export type Whom =
  | { sittingId: string; bookings: readonly string[] }
  | { sittingId: null; attempts: readonly string[] };

/** What an act would do to whom, for the question before it and again at the moment of doing it. */
export async function planFor(actor: Actor, whom: Whom, act: { kind: ActOnPeople; exemption?: Exemption | null }): Promise<Result<ActPlan>> {
  authorise(actor, 'invigilate');
  const now = clock.now();
  if (whom.sittingId === null) {
    const targets = await attemptsOf(actor, whom.attempts);
    return targets.length === 0 ? err('not-found') : ok(planAct({ ...act, targets, rooms: null, now }));
  }
  const sitting = await findSitting(reader(), whom.sittingId);
  if (!sitting || !(await mayWatch(reader(), actor, sitting.id))) return err('not-found');
  const wanted = new Set(whom.bookings);
  const targets = (await consoleState(sitting, now)).rows.filter(({ id }) => wanted.has(id)).map(targetOf);
  const rooms = await roomsToActIn(reader(), actor, sitting.id, targets.map(({ roomId }) => roomId));
  return ok(planAct({ ...act, targets, rooms, now }));
}

const targetOf = (row: ConsoleRow): Target => ({
  id: row.id, bookingId: row.id, attemptId: row.attempt, roomId: row.room, name: row.name, seat: row.seat, state: row.state,
  identity: row.identity, exempt: row.exempt, pausedAt: row.pausedAt, deadlineAt: row.deadlineAt,
});

/** Attempts that the actor may act on: as an invigilator of the candidate's organisation, or of their sitting. */
async function attemptsOf(actor: Actor, attemptIds: readonly string[]): Promise<Target[]> {
  const targets: Target[] = [];
  for (const one of await attemptsToActOn(reader(), attemptIds)) {
    if (await mayActOn(actor, one)) targets.push(targetOfAttempt(one));
  }
  return targets;
}

async function mayActOn(actor: Actor, one: ActedAttempt): Promise<boolean> {
  if (await mayInvigilate(reader(), actor, one.person_id)) return true;
  return one.sitting_id !== null && mayActInRoom(reader(), actor, one.sitting_id, one.room_id);
}

const targetOfAttempt = (one: ActedAttempt): Target => ({
  id: one.id, bookingId: one.booking_id, attemptId: one.id, roomId: one.room_id, name: one.name, seat: null, state: one.state,
  identity: null, exempt: [], pausedAt: one.paused_at, deadlineAt: one.deadline_at,
});
