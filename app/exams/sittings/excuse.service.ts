import { addJob, appendEvent, commitIfOk, reader, type Reader, type Tx } from '~/db';
import { authorise, can, type Actor } from '~/identity';
import { days } from '~/kernel/clock';
import { newId } from '~/kernel/id';
import { err, ok, type Result } from '~/kernel/result';
import { lockPersons } from '~/people';
import type { Booking } from './booking';
import { countBookings, findBooking, hasStarted } from './booking.repository';
import { freePlace, mayHavePlace } from './booking.service';
import { endExcuse, excusesOfBooking, findExcuse, insertExcuse, setLaterBooking, type Excuse } from './excuse.repository';
import { organisationPathOf } from './invigilators.repository';
import { givePlaces } from './keeping.service';
import type { Sitting } from './sitting';
import { findSitting, lockSitting } from './sitting.repository';

/** So long after a sitting a candidate may ask for themselves; HR may at any time. */
export const EXCUSE_DAYS = 7;

/** Whether the actor decides about excuses of a sitting. */
async function mayDecide(from: Reader, actor: Actor, sittingId: string): Promise<boolean> {
  const path = await organisationPathOf(from, sittingId);
  return path !== null && can(actor, 'decide on excuses', { organisationPath: path });
}

/** Asks that somebody be excused from a sitting: for oneself, or as HR for them. An excused absence takes no attempt away. */
export function askExcuse(actor: Actor, bookingId: string, reason: string): Promise<Result<string>> {
  return commitIfOk(async (tx) => {
    const booking = await findBooking(tx, bookingId);
    const sitting = booking && await lockSitting(tx, booking.sittingId);
    if (!booking || !sitting) return err('not-found');
    const own = booking.personId === actor.personId;
    if (own) authorise(actor, 'take an exam', { personId: booking.personId });
    else if (!(await mayDecide(tx, actor, sitting.id))) return err('not-found');
    if (own && tx.now > sitting.endsAt + days(EXCUSE_DAYS)) return err('excuse.too-late', { days: EXCUSE_DAYS });
    const [latest] = await excusesOfBooking(tx, bookingId);
    if (latest?.state === 'asked') return ok(latest.id);
    if (booking.state !== 'booked') return err('booking.ended');
    if (await hasStarted(tx, bookingId)) return err('booking.started');
    const id = newId();
    await insertExcuse(tx, { id, bookingId, personId: booking.personId, reason, by: actor.by });
    await excuseEvent(tx, 'asked', id, booking, { actor, personal: { reason }, cause: own ? 'candidate' : 'planner' });
    return ok(id);
  });
}

interface Told {
  actor: Actor;
  cause: string;
  personal?: Record<string, unknown>;
  body?: Record<string, unknown>;
}

const excuseEvent = (tx: Tx, what: 'asked' | 'withdrawn' | 'approved' | 'refused' | 'given-place', id: string, booking: Booking, { actor, cause, personal, body = {} }: Told) =>
  appendEvent(tx, {
    kind: `excuse.${what}`, subject: { kind: 'excuse', id }, personId: booking.personId, by: actor.by, cause,
    body: { ...body, bookingId: booking.id, sittingId: booking.sittingId }, ...(personal && { personal }),
  });

/** Takes a request back before it is decided. */
export function withdrawExcuse(actor: Actor, excuseId: string): Promise<Result<null>> {
  return commitIfOk(async (tx) => {
    const excuse = await findExcuse(tx, excuseId);
    const booking = excuse && await findBooking(tx, excuse.bookingId);
    if (!excuse || !booking) return err('not-found');
    const own = excuse.personId === actor.personId;
    if (own) authorise(actor, 'take an exam', { personId: excuse.personId });
    else if (!(await mayDecide(tx, actor, booking.sittingId))) return err('not-found');
    if (await endExcuse(tx, excuseId, { state: 'withdrawn', by: actor.by, decision: null }) === 0) return excuse.state === 'withdrawn' ? ok(null) : err('excuse.decided');
    await excuseEvent(tx, 'withdrawn', excuseId, booking, { actor, cause: own ? 'candidate' : 'planner' });
    return ok(null);
  });
}

export interface ExcuseDecision {
  approve: boolean;
  /** Reasons, which the person reads. */
  reasons: string;
  /** Where the place is given that makes up for it; null: later. */
  laterSittingId: string | null;
}

/** Decides on a request. Nobody decides on their own. Approved: the place is freed, and one in a later sitting given if chosen. */
export function decideExcuse(actor: Actor, excuseId: string, { approve, reasons, laterSittingId }: ExcuseDecision): Promise<Result<null>> {
  return commitIfOk(async (tx) => {
    const found = await toDecide(tx, actor, excuseId);
    if (!found.ok) return found;
    const { excuse, booking, sitting } = found.value;
    if (excuse.state !== 'asked') return err('excuse.decided');
    await lockPersons(tx, [excuse.personId]);
    if (await lockSitting(tx, sitting.id) === null) return err('not-found');
    const state = approve ? 'approved' : 'refused';
    if (await endExcuse(tx, excuseId, { state, by: actor.by, decision: reasons }) === 0) return err('excuse.decided');
    await excuseEvent(tx, state, excuseId, booking, { actor, cause: 'planner', personal: { reasons } });
    if (approve) {
      const freed = await freePlace(tx, actor, sitting, booking, { state: 'excused', reason: null, cause: 'planner' });
      if (!freed.ok) return freed;
      const given = laterSittingId === null ? ok(null) : await placeLater(tx, actor, excuse, laterSittingId);
      if (!given.ok) return given;
    }
    await addJob(tx, 'exams.excuse-decided', { excuseId });
    return ok(null);
  });
}

/** Gives somebody who was excused their place in a later sitting. */
export function giveLaterPlace(actor: Actor, excuseId: string, sittingId: string): Promise<Result<null>> {
  return commitIfOk(async (tx) => {
    const found = await toDecide(tx, actor, excuseId);
    if (!found.ok) return found;
    const { excuse } = found.value;
    if (excuse.state !== 'approved' || excuse.laterBookingId !== null) return err('excuse.decided');
    await lockPersons(tx, [excuse.personId]);
    return placeLater(tx, actor, excuse, sittingId);
  });
}

async function placeLater(tx: Tx, actor: Actor, excuse: Excuse, sittingId: string): Promise<Result<null>> {
  const missed = await findBooking(tx, excuse.bookingId);
  const before = missed && await findSitting(tx, missed.sittingId);
  const later = await lockSitting(tx, sittingId);
  const at = 'laterSittingId';
  if (!missed || !later || later.examId !== before?.examId || !(await mayDecide(tx, actor, sittingId))) return err('not-found', {}, at);
  if (later.state !== 'planned' || later.startsAt <= tx.now) return err('sitting.begun', {}, at);
  const may = await mayHavePlace(tx, later, excuse.personId);
  if (!may.ok) return err(may.error.code, may.error.params, at);
  if ((await countBookings(tx, later.id)).booked >= later.capacity) return err('booking.full', {}, at);
  const [bookingId = ''] = await givePlaces(tx, later, { personIds: [excuse.personId], state: 'booked', source: 'excused', by: actor.by, tell: 'exams.booked' });
  if (await setLaterBooking(tx, excuse.id, bookingId) === 0) return err('excuse.decided');
  await excuseEvent(tx, 'given-place', excuse.id, missed, { actor, cause: 'planner', body: { laterBookingId: bookingId } });
  return ok(null);
}

interface ToDecide {
  excuse: Excuse;
  booking: Booking;
  sitting: Sitting;
}

/** A request that the actor may decide on: in scope, and somebody else's. */
async function toDecide(from: Reader, actor: Actor, excuseId: string): Promise<Result<ToDecide>> {
  const excuse = await findExcuse(from, excuseId);
  const booking = excuse && await findBooking(from, excuse.bookingId);
  const sitting = booking && await findSitting(from, booking.sittingId);
  if (!excuse || !booking || !sitting) return err('not-found');
  authorise(actor, 'decide on excuses', { organisationPath: await organisationPathOf(from, sitting.id) ?? [] });
  return excuse.personId === actor.personId ? err('excuse.own') : ok({ excuse, booking, sitting });
}

/** A request as the page of the decision shows it. */
export const openExcuse = (actor: Actor, excuseId: string): Promise<Result<ToDecide>> => toDecide(reader(), actor, excuseId);
