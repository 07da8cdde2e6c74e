import { addJobs, appendEvent, appendEvents, commitIfOk, reader, type Reader, type Tx } from '~/db';
import { authorise, scopePaths, type Actor } from '~/identity';
import { newSeed } from '~/itembank';
import { dateAt } from '~/kernel/calendar';
import type { Instant } from '~/kernel/clock';
import { config } from '~/kernel/config';
import { err, ok, type Problem, type Result } from '~/kernel/result';
import { engagementsOf, lockPersons, personsByNumber } from '~/people';
import { findExam } from '../exam.repository';
import type { Booking } from './booking';
import { anyStarted, bookingsOf, clearSeats, countBookings, findBooking, hasStarted, setSeat } from './booking.repository';
import { freePlace, moveTo } from './booking.service';
import { clashOf } from './clash';
import { whyNot } from './eligibility';
import { organisationPathOf } from './invigilators.repository';
import { givePlaces } from './keeping.service';
import { candidatesBy, heldPlaces, takenBefore, type Candidate } from './people.repository';
import { seatOrder } from './seats';
import { lastStart, type Sitting } from './sitting';
import { findSitting, lockSitting, roomsOf, setSeatSeed } from './sitting.repository';

/** Whom to assign: an intake, an organisation with what lies beneath, numbers as they were pasted, or people who are known already. */
export type Whom = { intakeId: string } | { organisationPath: string } | { numbers: string } | { personIds: string[] };

export interface Checked extends Candidate {
  /** Null: will get a place. */
  problem: Problem | null;
}

export interface AssignPreview {
  people: Checked[];
  /** Pasted numbers that belong to nobody in scope. */
  unknown: string[];
  /** Places that are left before the assignment. */
  free: number;
}

export const splitNumbers = (typed: string): string[] => [...new Set(typed.split(/[\s,;，；、]+/).filter((part) => part !== ''))];

/** @throws ProblemError unless the actor plans sittings there */
export async function authorisePlanner(from: Reader, actor: Actor, sittingId: string): Promise<void> {
  authorise(actor, 'plan sittings', { organisationPath: await organisationPathOf(from, sittingId) ?? [] });
}

/** Who would get a place, who not and why: taken already, at another sitting then, or no place left. */
export async function previewAssignment(actor: Actor, sittingId: string, whom: Whom, now: Instant): Promise<Result<AssignPreview>> {
  const sitting = await findSitting(reader(), sittingId);
  if (!sitting) return err('not-found');
  await authorisePlanner(reader(), actor, sittingId);
  return ok(await checkAll(reader(), actor, sitting, whom, now));
}

async function checkAll(from: Reader, actor: Actor, sitting: Sitting, whom: Whom, now: Instant): Promise<AssignPreview> {
  const { people, unknown } = await resolve(from, actor, whom);
  const free = Math.max(0, sitting.capacity - (await countBookings(from, sitting.id)).booked);
  const exam = await findExam(from, sitting.examId);
  const ids = people.map(({ id }) => id);
  const zone = config().TIME_ZONE;
  const [taken, held, engaged] = [await takenBefore(from, sitting.examId, ids), await heldPlaces(from, ids, now), await engagementsOf(from, ids, dateAt(now, zone))];
  let left = free;
  const checked = people.map((person): Checked => {
    const own = held.get(person.id) ?? [];
    if (own.some((one) => one.sittingId === sitting.id)) return { ...person, problem: { code: 'booking.has-place-here' } };
    const why = exam ? whyNot(exam, taken.get(person.id) ?? [], lastStart(sitting)) : 'not-found';
    const problem: Problem | null = why ? { code: why } : clashOf(sitting, own, engaged.get(person.id) ?? [], zone);
    if (problem) return { ...person, problem };
    left -= 1;
    return { ...person, problem: left < 0 ? { code: 'booking.full' } : null };
  });
  return { people: checked, unknown, free };
}

async function resolve(from: Reader, actor: Actor, whom: Whom): Promise<{ people: Candidate[]; unknown: string[] }> {
  const paths = scopePaths(actor, ['administrator', 'hr']);
  if (!('numbers' in whom)) return { people: await candidatesBy(from, paths, whom), unknown: [] };
  const numbers = splitNumbers(whom.numbers);
  const owners = await personsByNumber(from, numbers);
  const people = await candidatesBy(from, paths, { personIds: [...new Set(owners.values())] });
  const inScope = new Set(people.map(({ id }) => id));
  return { people, unknown: numbers.filter((number) => !inScope.has(owners.get(number) ?? '')) };
}

/** Gives a place to everybody of the preview who can have one now. @returns how many got one */
export async function assign(actor: Actor, sittingId: string, whom: Whom): Promise<Result<number>> {
  const each = await assignEach(actor, sittingId, whom);
  if (!each.ok) return each;
  const given = each.value.filter(({ problem }) => problem === null).length;
  return given === 0 ? err('booking.nobody') : ok(given);
}

/** The same, telling of each what came of it; people outside of the actor's organisations are left out. */
export function assignEach(actor: Actor, sittingId: string, whom: Whom): Promise<Result<Checked[]>> {
  return commitIfOk(async (tx) => {
    await authorisePlanner(tx, actor, sittingId);
    const { people } = await resolve(tx, actor, whom);
    await lockPersons(tx, people.map(({ id }) => id));
    const sitting = await lockSitting(tx, sittingId);
    if (!sitting) return err('not-found');
    if (sitting.state !== 'planned' || tx.now >= sitting.endsAt) return err('sitting.begun');
    const checked = (await checkAll(tx, actor, sitting, whom, tx.now)).people;
    const fit = checked.filter((one) => one.problem === null);
    if (fit.length > 0) await givePlaces(tx, sitting, { personIds: fit.map(({ id }) => id), state: 'booked', source: 'assigned', by: actor.by, tell: 'exams.booked' });
    return ok(checked);
  });
}

interface Held {
  booking: Booking;
  sitting: Sitting;
}

/** A booking with its sitting, locked, for somebody who plans there. */
async function plannersBooking(tx: Tx, actor: Actor, bookingId: string): Promise<Result<Held>> {
  const sittingId = (await findBooking(tx, bookingId))?.sittingId ?? '';
  await authorisePlanner(tx, actor, sittingId);
  const sitting = await lockSitting(tx, sittingId);
  const booking = await findBooking(tx, bookingId);
  return sitting && booking ? ok({ booking, sitting }) : err('not-found');
}

/** Takes somebody's place or wait away, with a reason that they read. */
export function removeCandidate(actor: Actor, bookingId: string, reason: string): Promise<Result<null>> {
  return commitIfOk(async (tx) => {
    const held = await plannersBooking(tx, actor, bookingId);
    if (!held.ok) return held;
    const freed = await freePlace(tx, actor, held.value.sitting, held.value.booking, { state: 'cancelled', reason, cause: 'planner' });
    if (freed.ok) await addJobs(tx, [{ name: 'exams.place-taken', payload: { bookingId } }]);
    return freed;
  });
}

/** Moves somebody to another sitting of the exam, also after the end of booking. */
export function moveCandidate(actor: Actor, bookingId: string, toSittingId: string, reason: string): Promise<Result<string>> {
  return commitIfOk(async (tx) => {
    const known = await findBooking(tx, bookingId);
    if (!known) return err('not-found');
    await authorisePlanner(tx, actor, known.sittingId);
    await authorisePlanner(tx, actor, toSittingId);
    await lockPersons(tx, [known.personId]);
    const locked = new Map<string, Sitting | null>();
    for (const id of [...new Set([known.sittingId, toSittingId])].sort()) locked.set(id, await lockSitting(tx, id));
    const [from, to] = [locked.get(known.sittingId), locked.get(toSittingId)];
    const booking = await findBooking(tx, bookingId);
    if (!from || !to || !booking || to.examId !== from.examId) return err('not-found', {}, 'sittingId');
    if (to.state !== 'planned' || tx.now >= to.endsAt) return err('sitting.begun', {}, 'sittingId');
    const moved = await moveTo(tx, actor, { booking, from, to, reason, source: 'assigned' });
    return moved.ok ? moved : err(moved.error.code, moved.error.params, 'sittingId');
  });
}

/** Gives somebody another seat; `swap` changes places with whoever sits there. */
export function reseat(actor: Actor, bookingId: string, { roomId, seat, swap }: { roomId: string; seat: number; swap: boolean }): Promise<Result<null>> {
  return commitIfOk(async (tx) => {
    const held = await plannersBooking(tx, actor, bookingId);
    if (!held.ok) return held;
    const { booking, sitting } = held.value;
    if (booking.state !== 'booked') return err('booking.ended');
    const room = (await roomsOf(tx, sitting.id)).find((one) => one.id === roomId);
    if (!room || seat > room.seats) return err('booking.seat-unknown', { seats: room?.seats ?? 0 }, 'seat');
    const there = (await bookingsOf(tx, sitting.id)).find((one) => one.roomId === roomId && one.seat === seat);
    if (there?.id === booking.id) return ok(null);
    if (there && !swap) return err('booking.seat-taken', {}, 'seat');
    const moves = [{ booking, roomId: room.id as string | null, seat: seat as number | null }, ...(there ? [{ booking: there, roomId: booking.roomId, seat: booking.seat }] : [])];
    for (const one of moves) if (await hasStarted(tx, one.booking.id)) return err('booking.started');
    // Two people cannot sit on one seat even for a moment.
    for (const one of moves) await setSeat(tx, one.booking.id, { roomId: null, seat: null });
    for (const one of moves) await setSeat(tx, one.booking.id, one);
    await seated(tx, actor, moves.map((one) => ({ ...one.booking, roomId: one.roomId, seat: one.seat })));
    return ok(null);
  });
}

const sameSeat = (one: Booking, other: Booking | undefined): boolean => one.roomId === other?.roomId && one.seat === other.seat;

async function seated(tx: Tx, actor: Actor, bookings: readonly Booking[]): Promise<void> {
  await appendEvents(tx, bookings.map((one) => ({
    kind: 'booking.seated', subject: { kind: 'booking', id: one.id }, personId: one.personId, by: actor.by, cause: 'planner', body: { roomId: one.roomId, seat: one.seat },
  })));
  await addJobs(tx, bookings.map((one) => ({ name: 'exams.sitting-changed', payload: { bookingId: one.id } })));
}

/** Gives everybody of a sitting a new seat: as a fresh seed draws them, or by ticket number. */
export function reseatAll(actor: Actor, sittingId: string, how: 'random' | 'by-number'): Promise<Result<number>> {
  return commitIfOk(async (tx) => {
    await authorisePlanner(tx, actor, sittingId);
    const sitting = await lockSitting(tx, sittingId);
    if (!sitting || sitting.place === 'remote') return err('not-found');
    if (sitting.state !== 'planned' || tx.now >= sitting.startsAt || await anyStarted(tx, sittingId)) return err('sitting.begun');
    const seed = how === 'random' ? newSeed() : null;
    const rooms = await roomsOf(tx, sittingId);
    const booked = (await bookingsOf(tx, sittingId)).filter((one) => one.state === 'booked').sort((a, b) => a.ticket.localeCompare(b.ticket, 'en', { numeric: true }));
    const seats = seatOrder(rooms, seed);
    const changed = booked.map((booking, i) => ({ ...booking, roomId: seats[i]?.roomId ?? null, seat: seats[i]?.seat ?? null }));
    await setSeatSeed(tx, sittingId, seed);
    await clearSeats(tx, sittingId);
    for (const one of changed) await setSeat(tx, one.id, one);
    await appendEvent(tx, { kind: 'sitting.seats-drawn', subject: { kind: 'sitting', id: sittingId }, by: actor.by, body: { how, seed, people: changed.length } });
    await seated(tx, actor, changed.filter((one, i) => !sameSeat(one, booked[i])));
    return ok(changed.length);
  });
}

