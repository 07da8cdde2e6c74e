import { appendEvent, commitIfOk, type Reader, type Tx } from '~/db';
import { authorise, covers, type Actor } from '~/identity';
import { dateAt, localTimeAt } from '~/kernel/calendar';
import { config } from '~/kernel/config';
import { err, ok, type Result } from '~/kernel/result';
import { engagementsOf, lockPersons, pathsOfPerson } from '~/people';
import { findExam } from '../exam.repository';
import type { Booking } from './booking';
import { activeIn, countBookings, endBooking, findBooking } from './booking.repository';
import { clashOf } from './clash';
import { whyNot } from './eligibility';
import { organisationPathOf } from './invigilators.repository';
import { givePlaces, promoteWaiting } from './keeping.service';
import { heldPlaces, takenBefore } from './people.repository';
import { bookingPhase, lastStart, type Sitting } from './sitting';
import { lockSitting } from './sitting.repository';

const local = (at: number): string => localTimeAt(at, config().TIME_ZONE).replace('T', ' ');

/** Whether a person may book in a sitting at all: it is held by their own organisation, or by one above it. */
async function isFor(from: Reader, sittingId: string, personId: string): Promise<boolean> {
  const path = await organisationPathOf(from, sittingId);
  return path !== null && (await pathsOfPerson(from, personId)).some((own) => covers(path, own));
}

function phaseProblem(sitting: Sitting, now: number): Result<null> {
  switch (bookingPhase(sitting, now)) {
    case 'open': return ok(null);
    case 'not-yet': return err('booking.not-open', { at: local(sitting.bookFrom ?? now) });
    case 'over': return err('booking.over', { at: local(sitting.bookUntil) });
  }
}

/** Whether somebody may have a place in the sitting, apart from there being one. `without`: the booking given up for it. */
export async function mayHavePlace(tx: Tx, sitting: Sitting, personId: string, without: string | null = null): Promise<Result<null>> {
  const exam = await findExam(tx, sitting.examId);
  if (!exam) return err('not-found');
  const why = whyNot(exam, (await takenBefore(tx, exam.id, [personId])).get(personId) ?? [], lastStart(sitting));
  if (why) return err(why);
  const held = ((await heldPlaces(tx, [personId], tx.now)).get(personId) ?? []).filter((one) => one.bookingId !== without);
  const zone = config().TIME_ZONE;
  const engaged = (await engagementsOf(tx, [personId], dateAt(tx.now, zone))).get(personId) ?? [];
  const clash = clashOf(sitting, held, engaged, zone);
  return clash ? { ok: false, error: clash } : ok(null);
}

/** A sitting in which the actor books, locked, or why they cannot book there. */
async function openSitting(tx: Tx, sittingId: string, personId: string): Promise<Result<Sitting>> {
  const sitting = await lockSitting(tx, sittingId);
  if (!sitting || !(await isFor(tx, sittingId, personId))) return err('not-found');
  if (sitting.booking !== 'self') return err('booking.assigned-only');
  if (sitting.state !== 'planned') return err('door.cancelled');
  const open = phaseProblem(sitting, tx.now);
  return open.ok ? ok(sitting) : open;
}

/**
 * Books a place for the actor; pressed twice it is the same place.
 * @param wait when all places are taken: go on the waiting list instead of being refused
 */
export function book(actor: Actor, sittingId: string, { wait }: { wait: boolean }): Promise<Result<{ bookingId: string; state: 'booked' | 'waiting' }>> {
  authorise(actor, 'take an exam', { personId: actor.personId });
  const personId = actor.personId ?? '';
  return commitIfOk(async (tx) => {
    await lockPersons(tx, [personId]);
    const opened = await openSitting(tx, sittingId, personId);
    const known = opened.ok ? await activeIn(tx, sittingId, personId) : null;
    if (known) return ok({ bookingId: known.id, state: known.state === 'waiting' ? 'waiting' : 'booked' });
    if (!opened.ok) return opened;
    const sitting = opened.value;
    const may = await mayHavePlace(tx, sitting, personId);
    if (!may.ok) return may;
    const { booked, waiting } = await countBookings(tx, sittingId);
    // Nobody overtakes those who wait.
    const state = booked < sitting.capacity && waiting === 0 ? 'booked' : 'waiting';
    if (state === 'waiting' && !wait) return err('booking.full');
    const [bookingId = ''] = await givePlaces(tx, sitting, { personIds: [personId], state, source: 'self', by: actor.by, tell: state === 'booked' ? 'exams.booked' : null });
    return ok({ bookingId, state });
  });
}

/** The actor's own booking that they may still change themselves. */
function ownChangeable(booking: Booking | null, actor: Actor): Result<Booking> {
  if (!booking || booking.personId !== actor.personId) return err('not-found');
  return booking.state === 'booked' || booking.state === 'waiting' ? ok(booking) : err('booking.ended');
}

/** Locks two sittings, always in the same order. */
async function lockBoth(tx: Tx, one: string, other: string): Promise<Map<string, Sitting>> {
  const locked = new Map<string, Sitting>();
  for (const id of [...new Set([one, other])].sort()) {
    const sitting = await lockSitting(tx, id);
    if (sitting) locked.set(id, sitting);
  }
  return locked;
}

/** Moves a booking of the actor to a place in another sitting of the same exam. Pressed twice it is one move. */
export function moveBooking(actor: Actor, bookingId: string, toSittingId: string): Promise<Result<string>> {
  authorise(actor, 'take an exam', { personId: actor.personId });
  const personId = actor.personId ?? '';
  return commitIfOk(async (tx) => {
    await lockPersons(tx, [personId]);
    const booking = await findBooking(tx, bookingId);
    const changeable = ownChangeable(booking, actor);
    if (!changeable.ok) return booking?.state === 'moved' && booking.personId === personId ? movedBefore(tx, toSittingId, personId) : changeable;
    const from = (await lockBoth(tx, changeable.value.sittingId, toSittingId)).get(changeable.value.sittingId);
    if (!from) return err('not-found');
    if (from.booking !== 'self') return err('booking.assigned-only');
    const mayLeave = phaseProblem(from, tx.now);
    if (!mayLeave.ok) return mayLeave;
    const opened = await openSitting(tx, toSittingId, personId);
    if (!opened.ok) return opened;
    if (opened.value.examId !== from.examId) return err('not-found');
    return moveTo(tx, actor, { booking: changeable.value, from, to: opened.value, reason: null, source: 'self' });
  });
}

async function movedBefore(tx: Tx, toSittingId: string, personId: string): Promise<Result<string>> {
  const there = await activeIn(tx, toSittingId, personId);
  return there ? ok(there.id) : err('booking.ended');
}

export interface Move {
  booking: Booking;
  from: Sitting;
  to: Sitting;
  reason: string | null;
  source: Booking['source'];
}

/** Gives a place in `to` for the one in `from`; both are locked. @returns the new booking's id */
export async function moveTo(tx: Tx, actor: Actor, { booking, from, to, reason, source }: Move): Promise<Result<string>> {
  if (from.id === to.id) return ok(booking.id);
  const may = await mayHavePlace(tx, to, booking.personId, booking.id);
  if (!may.ok) return may;
  const { booked, waiting } = await countBookings(tx, to.id);
  if (booked >= to.capacity || (source === 'self' && waiting > 0)) return err('booking.full');
  const ended = await endBooking(tx, booking.id, { state: 'moved', by: actor.by, reason });
  if (ended === 0) return err('booking.started');
  const [moved = ''] = await givePlaces(tx, to, { personIds: [booking.personId], state: 'booked', source, by: actor.by, tell: 'exams.moved' });
  await appendEvent(tx, {
    kind: 'booking.moved', subject: { kind: 'booking', id: booking.id }, personId: booking.personId, by: actor.by,
    cause: source === 'self' ? 'candidate' : 'planner', body: { to: moved }, ...(reason !== null && { personal: { reason } }),
  });
  await promoteWaiting(tx, from);
  return ok(moved);
}

/** Gives a place of the actor back, or ends their waiting; who waits longest moves up. Pressed twice is once. */
export function cancelBooking(actor: Actor, bookingId: string): Promise<Result<null>> {
  authorise(actor, 'take an exam', { personId: actor.personId });
  return commitIfOk(async (tx) => {
    const sitting = await lockSitting(tx, (await findBooking(tx, bookingId))?.sittingId ?? '');
    // Read under the lock: the one who waited may have moved up meanwhile.
    const booking = await findBooking(tx, bookingId);
    if (booking?.state === 'cancelled' && booking.personId === actor.personId) return ok(null);
    const changeable = ownChangeable(booking, actor);
    if (!changeable.ok || !sitting) return changeable.ok ? err('not-found') : changeable;
    if (sitting.booking !== 'self') return err('booking.assigned-only');
    // Who waits may stop waiting at any time.
    const open = changeable.value.state === 'waiting' ? ok(null) : phaseProblem(sitting, tx.now);
    if (!open.ok) return open;
    return freePlace(tx, actor, sitting, changeable.value, { state: 'cancelled', reason: null, cause: 'candidate' });
  });
}

/** Ends a booking and lets the next one move up. The sitting is locked. */
export async function freePlace(
  tx: Tx, actor: Pick<Actor, 'by'>, sitting: Sitting, booking: Booking, end: { state: 'cancelled' | 'excused'; reason: string | null; cause: string },
): Promise<Result<null>> {
  if (await endBooking(tx, booking.id, { state: end.state, by: actor.by, reason: end.reason }) === 0) {
    const now = await findBooking(tx, booking.id);
    return now?.state === end.state ? ok(null) : err(now && now.state !== 'booked' && now.state !== 'waiting' ? 'booking.ended' : 'booking.started');
  }
  await appendEvent(tx, {
    kind: `booking.${end.state}`, subject: { kind: 'booking', id: booking.id }, personId: booking.personId, by: actor.by, cause: end.cause,
    body: { sittingId: sitting.id }, ...(end.reason !== null && { personal: { reason: end.reason } }),
  });
  if (booking.state === 'booked') await promoteWaiting(tx, sitting);
  return ok(null);
}
