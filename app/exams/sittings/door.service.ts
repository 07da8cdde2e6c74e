import { appendEvent, commitIfOk, countTry, reader, type Reader, type Tx } from '~/db';
import { authorise, scopePaths, covers, type Actor, type Role } from '~/identity';
import { clock, type Instant } from '~/kernel/clock';
import { config } from '~/kernel/config';
import { newId } from '~/kernel/id';
import { err, ok, type Result } from '~/kernel/result';
import type { Booking, Exemption, Place } from './booking';
import {
  endExemptions, exemptionsOf, findBooking, hasStarted, insertExemption, markCheckedIn, setIdentity,
} from './booking.repository';
import { isCheckInCode } from './check-in-code';
import { judgeDoor } from './door';
import { organisationPathOf, roomOfInvigilator } from './invigilators.repository';
import { placeOf } from './place.service';
import { findSitting } from './sitting.repository';

export interface DoorProof {
  address: string;
  sebPasses: boolean;
  /** What the candidate typed, if anything. */
  checkInCode: string | null;
  /** When the candidate first asked to start, if not just now: time in line makes nobody late. */
  askedAt?: Instant;
}

/**
 * Whether the actor may start an exam that is held in sittings: their place, or the one thing that stands in the
 * way. A code that comes along is entered first.
 */
export async function passDoor(actor: Actor, examId: string, { checkInCode, askedAt, ...proof }: DoorProof): Promise<Result<Place>> {
  const here = () => placeOf(reader(), examId, actor.personId ?? '', clock.now());
  let place = await here();
  if (checkInCode !== null && needsCode(place)) {
    const entered = await checkIn(actor, place.booking.id, checkInCode);
    if (!entered.ok) return entered;
    place = await here();
  }
  const verdict = judgeDoor({ place, now: askedAt ?? clock.now(), zone: config().TIME_ZONE, ...proof });
  return verdict.open ? ok(verdict.place) : err(verdict.code, verdict.params);
}

/**
 * Enters the code that a candidate typed when pressing start, if one is needed still: before any waiting in line, which
 * may take longer than the code holds.
 */
export async function enterCode(actor: Actor, examId: string, code: string | null): Promise<Result<null>> {
  if (code === null) return ok(null);
  const place = await placeOf(reader(), examId, actor.personId ?? '', clock.now());
  return needsCode(place) ? checkIn(actor, place.booking.id, code) : ok(null);
}

const needsCode = (place: Place | null): place is Place => place !== null && place.sitting.checkIn && place.booking.checkedInAt === null;

/** Six digits could be tried through; nobody mistypes them so often. */
const CODE_TRIES = { name: 'check-in', tries: 10, seconds: 5 * 60 };

/** A candidate enters the code that the invigilator shows. Entered once it counts for the whole sitting. */
export async function checkIn(actor: Actor, bookingId: string, code: string): Promise<Result<null>> {
  authorise(actor, 'take an exam', { personId: actor.personId });
  const wait = await countTry(CODE_TRIES, bookingId);
  if (wait > 0) return err('rate.limited', { minutes: Math.ceil(wait / 60_000) });
  return commitIfOk(async (tx) => {
    const booking = await findBooking(tx, bookingId);
    const sitting = booking && await findSitting(tx, booking.sittingId);
    if (!booking || !sitting || booking.personId !== actor.personId) return err('not-found');
    if (booking.state !== 'booked' || sitting.state !== 'planned') return err('door.no-place');
    // A code seen in another room is no proof of sitting in this one.
    if (!isCheckInCode(sitting, booking.roomId, code, tx.now)) return err('door.check-in-wrong', {}, 'code');
    if (await markCheckedIn(tx, booking.id) > 0) {
      await appendEvent(tx, { kind: 'booking.checked-in', subject: { kind: 'booking', id: booking.id }, personId: booking.personId, by: actor.by, cause: 'candidate' });
    }
    return ok(null);
  });
}

const AT_THE_DOOR: readonly Role[] = ['invigilator', 'administrator', 'hr'];

/** Whether the actor watches over a sitting: as its invigilator, or by a role over its organisation. */
export async function maySeeSitting(from: Reader, actor: Actor, sittingId: string): Promise<boolean> {
  return (await roomOfInvigilator(from, sittingId, actor.accountId)) !== undefined || overOrganisation(from, actor, sittingId);
}

async function overOrganisation(from: Reader, actor: Actor, sittingId: string): Promise<boolean> {
  const path = await organisationPathOf(from, sittingId);
  return path !== null && scopePaths(actor, AT_THE_DOOR).some((scope) => covers(scope, path));
}

/** Whether the actor may act on a candidate of that room: an invigilator of one room only there. */
export async function mayActInRoom(from: Reader, actor: Actor, sittingId: string, roomId: string | null): Promise<boolean> {
  const own = await roomOfInvigilator(from, sittingId, actor.accountId);
  return own === null || (own !== undefined && own === roomId) || overOrganisation(from, actor, sittingId);
}

async function atTheDoor(tx: Tx, actor: Actor, bookingId: string): Promise<Result<Booking>> {
  authorise(actor, 'see sittings');
  const booking = await findBooking(tx, bookingId);
  if (!booking || !(await mayActInRoom(tx, actor, booking.sittingId, booking.roomId))) return err('not-found');
  return booking.state === 'booked' ? ok(booking) : err('booking.ended');
}

/** Records what the identity check showed. Another decision may follow until the candidate has started. */
export const decideIdentity = (actor: Actor, bookingId: string, decision: 'admitted' | 'refused', reason: string): Promise<Result<null>> =>
  recordIdentity(actor, bookingId, decision, reason);

/** Takes the decision of the identity check back; not once the candidate has started. */
export const undoIdentity = (actor: Actor, bookingId: string, reason: string): Promise<Result<null>> => recordIdentity(actor, bookingId, null, reason);

function recordIdentity(actor: Actor, bookingId: string, identity: Booking['identity'], reason: string): Promise<Result<null>> {
  return commitIfOk(async (tx) => {
    const found = await atTheDoor(tx, actor, bookingId);
    if (!found.ok) return found;
    const { personId, identity: before } = found.value;
    // Pressed twice: nothing new happened.
    if (before === identity) return ok(null);
    if (await setIdentity(tx, bookingId, { identity, by: actor.by, reason: identity === null ? null : reason }) === 0) return err('booking.started');
    await appendEvent(tx, {
      kind: identity === null ? 'booking.identity-undone' : `booking.${identity}`, subject: { kind: 'booking', id: bookingId }, personId,
      by: actor.by, cause: 'invigilator', body: { before }, personal: { reason },
    });
    return ok(null);
  });
}

/** Lets a candidate in although something is missing, with a reason. */
export function exempt(actor: Actor, bookingId: string, kind: Exemption, reason: string): Promise<Result<null>> {
  return commitIfOk(async (tx) => {
    const found = await atTheDoor(tx, actor, bookingId);
    if (!found.ok) return found;
    if ((await exemptionsOf(tx, bookingId)).includes(kind)) return ok(null);
    await insertExemption(tx, { id: newId(), bookingId, kind, reason, by: actor.by });
    await appendEvent(tx, {
      kind: 'booking.exempted', subject: { kind: 'booking', id: bookingId }, personId: found.value.personId, by: actor.by, cause: 'invigilator',
      body: { kind }, personal: { reason },
    });
    return ok(null);
  });
}

/** Ends an exemption; one for being late only before the start. */
export function endExemption(actor: Actor, bookingId: string, kind: Exemption, reason: string): Promise<Result<null>> {
  return commitIfOk(async (tx) => {
    const found = await atTheDoor(tx, actor, bookingId);
    if (!found.ok) return found;
    if (kind === 'late' && await hasStarted(tx, bookingId)) return err('booking.started');
    if (await endExemptions(tx, bookingId, kind) === 0) return ok(null);
    await appendEvent(tx, {
      kind: 'booking.exemption-ended', subject: { kind: 'booking', id: bookingId }, personId: found.value.personId, by: actor.by, cause: 'invigilator',
      body: { kind }, personal: { reason },
    });
    return ok(null);
  });
}
