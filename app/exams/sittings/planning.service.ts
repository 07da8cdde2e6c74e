import { addJobs, appendEvent, appendEvents, commitIfOk, type Reader, type Tx } from '~/db';
import { authorise, type Actor } from '~/identity';
import { newSeed } from '~/itembank';
import { dateAt } from '~/kernel/calendar';
import { config } from '~/kernel/config';
import { newId } from '~/kernel/id';
import { err, ok, type Result } from '~/kernel/result';
import { engagementsOf, organisationTree } from '~/people';
import { findExam } from '../exam.repository';
import { authorisePlanner } from './assign.service';
import type { Booking } from './booking';
import { anyStarted, bookingsOf, clearSeats, endBooking, setSeat } from './booking.repository';
import { endExcuse, excusesOfBooking } from './excuse.repository';
import { promoteWaiting, seatsFor } from './keeping.service';
import { leavesNoDay } from './clash';
import { heldPlaces } from './people.repository';
import { checkPlan, type CheckedPlan, type PlannedRoom, type TypedPlan } from './plan-check';
import { unseated } from './seats';
import { overlap, type ExamRoom, type Sitting } from './sitting';
import {
  countCodes, dropRoom, endSitting, findSitting, insertRooms, insertSitting, lockSitting, roomsOf, updateRoom, updateSitting, type NewSitting,
} from './sitting.repository';

export interface NewPlan extends TypedPlan {
  examId: string;
  organisationId: string;
}

async function pathOf(from: Reader, organisationId: string): Promise<string | null> {
  return (await organisationTree(from)).find((one) => one.id === organisationId)?.path ?? null;
}

/** Plans a sitting. Seats are drawn by chance until a planner decides otherwise. @returns its id */
export function planSitting(actor: Actor, { examId, organisationId, ...typed }: NewPlan): Promise<Result<string>> {
  return commitIfOk(async (tx) => {
    const path = await pathOf(tx, organisationId);
    if (path === null) return err('field.choose', {}, 'organisationId');
    authorise(actor, 'plan sittings', { organisationPath: path });
    const exam = await findExam(tx, examId);
    if (!exam || exam.practiceOf !== null) return err('field.choose', {}, 'examId');
    if (typed.startsAt <= tx.now) return err('sitting.in-past', {}, 'startsAt');
    const checked = checkPlan(typed, exam);
    if (!checked.ok) return checked;
    const id = newId();
    const code = await insertCoded(tx, { id, examId, organisationId, sebSalt: newSeed(), seatSeed: newSeed(), createdBy: actor.by, ...checked.value.plan });
    await insertRooms(tx, checked.value.rooms.map((room, position) => ({ ...room, id: newId(), sittingId: id, position })));
    await appendEvent(tx, {
      kind: 'sitting.planned', subject: { kind: 'sitting', id }, by: actor.by, body: { examId, organisationId, code, ...told(checked.value) },
    });
    return ok(id);
  });
}

const told = ({ plan, rooms }: CheckedPlan) => ({ ...plan, rooms: rooms.map(({ name, seats }) => ({ name, seats })) });

/**
 * Enters a sitting under the next code of its day, `26112501` for the first one of 25 November 2026, whoever else
 * plans one at the same moment. It stays when the day changes. @returns the code
 */
async function insertCoded(tx: Tx, sitting: Omit<NewSitting, 'code'>): Promise<string> {
  const day = dateAt(sitting.startsAt, config().TIME_ZONE).replaceAll('-', '').slice(2);
  for (let number = await countCodes(tx, day) + 1; ; number += 1) {
    const code = `${day}${String(number).padStart(2, '0')}`;
    if (await insertSitting(tx, { ...sitting, code }) > 0) return code;
  }
}

export interface Change {
  version: number;
  /** The planner knows that people who have a place are told of another time or room. */
  confirmed: boolean;
}

/**
 * Changes a sitting that has not begun. What would leave somebody without a seat, or put them in two places at
 * once, is refused; everybody whose time or room changes is told.
 */
export function changeSitting(actor: Actor, sittingId: string, typed: TypedPlan, { version, confirmed }: Change): Promise<Result<null>> {
  return commitIfOk(async (tx) => {
    await authorisePlanner(tx, actor, sittingId);
    const sitting = await lockSitting(tx, sittingId);
    const exam = sitting && await findExam(tx, sitting.examId);
    if (!sitting || !exam) return err('not-found');
    if (sitting.state !== 'planned' || tx.now >= sitting.startsAt) return err('sitting.begun');
    if (typed.startsAt <= tx.now) return err('sitting.in-past', {}, 'startsAt');
    const checked = checkPlan(typed, exam);
    if (!checked.ok) return checked;
    const { plan } = checked.value;
    const before = await roomsOf(tx, sittingId);
    const rooms = checked.value.rooms.map((room, position) => existing(room, before, { sittingId, position }));
    const active = await bookingsOf(tx, sittingId);
    const fits = await fitting(tx, { sitting, plan, rooms, before, active });
    if (!fits.ok) return fits;
    const touched = touchedBy(sitting, plan, { before, rooms, active });
    if (touched.length > 0 && !confirmed) return err('sitting.confirm', { people: touched.length }, 'confirmed');
    if (await updateSitting(tx, sittingId, version, plan) === 0) return err('conflict.changed');
    if (plan.place === 'remote') await clearSeats(tx, sittingId);
    await saveRooms(tx, before, rooms);
    await appendEvent(tx, { kind: 'sitting.changed', subject: { kind: 'sitting', id: sittingId }, by: actor.by, body: { ...told(checked.value), touched: touched.length } });
    const after = { ...sitting, ...plan };
    await settle(tx, after, active);
    await promoteWaiting(tx, after);
    await addJobs(tx, touched.map((booking) => ({ name: 'exams.sitting-changed', payload: { bookingId: booking.id } })));
    return ok(null);
  });
}

const existing = (room: PlannedRoom, before: ExamRoom[], place: { sittingId: string; position: number }): ExamRoom =>
  ({ ...room, ...place, id: before.find((one) => one.id === room.id)?.id ?? newId() });

interface Changing {
  sitting: Sitting;
  plan: CheckedPlan['plan'];
  rooms: ExamRoom[];
  before: ExamRoom[];
  active: Booking[];
}

/** Whether everybody who has a place keeps one, and is nowhere else at that time. */
async function fitting(tx: Tx, { sitting, plan, rooms, before, active }: Changing): Promise<Result<null>> {
  const booked = active.filter((one) => one.state === 'booked');
  if (plan.capacity < booked.length) return err('sitting.capacity-booked', { booked: booked.length }, 'capacity');
  if (sitting.place === 'rooms' && plan.place === 'rooms') {
    const lost = unseated(booked, rooms);
    const names = [...new Set(lost.map((one) => before.find((room) => room.id === one.roomId)?.name ?? '–'))];
    if (lost.length > 0) return err('sitting.would-unseat', { people: lost.length, room: names.join('、') });
  }
  if (plan.startsAt === sitting.startsAt && plan.endsAt === sitting.endsAt) return ok(null);
  const held = await heldPlaces(tx, active.map((one) => one.personId), tx.now);
  const zone = config().TIME_ZONE;
  const engaged = await engagementsOf(tx, active.map((one) => one.personId), dateAt(tx.now, zone));
  const clashing = active.filter(({ personId }) => (held.get(personId) ?? []).some((other) => other.sittingId !== sitting.id && overlap(other, plan))
    || (engaged.get(personId) ?? []).some((event) => leavesNoDay(plan, event, zone)));
  return clashing.length > 0 ? err('sitting.change-clash', { people: clashing.length, tickets: clashing.slice(0, 5).map((one) => one.ticket).join('、') }, 'startsAt') : ok(null);
}

/** Those for whom time or room changes, by what is on their ticket. */
export function touchedBy(
  sitting: Pick<Sitting, 'startsAt' | 'endsAt' | 'place'>, plan: Pick<Sitting, 'startsAt' | 'endsAt' | 'place'>,
  { before, rooms, active }: Pick<Changing, 'before' | 'rooms' | 'active'>,
): Booking[] {
  if (plan.startsAt !== sitting.startsAt || plan.endsAt !== sitting.endsAt || plan.place !== sitting.place) return active;
  const name = (list: ExamRoom[], id: string | null): string | undefined => list.find((room) => room.id === id)?.name;
  return active.filter((one) => one.roomId !== null && name(before, one.roomId) !== name(rooms, one.roomId));
}

async function saveRooms(tx: Tx, before: ExamRoom[], rooms: ExamRoom[]): Promise<void> {
  const kept = new Set(rooms.map(({ id }) => id));
  for (const room of before) if (!kept.has(room.id)) await dropRoom(tx, room.id);
  const known = new Set(before.map(({ id }) => id));
  // Names are unique in a sitting: two rooms that exchange theirs pass through others.
  for (const room of rooms) if (known.has(room.id)) await updateRoom(tx, { ...room, name: `${room.name} ${room.id}` });
  for (const room of rooms) if (known.has(room.id)) await updateRoom(tx, room);
  await insertRooms(tx, rooms.filter(({ id }) => !known.has(id)));
}

/** Seats for those who sat at home so far and come into rooms now. */
async function settle(tx: Tx, sitting: Sitting, active: Booking[]): Promise<void> {
  if (sitting.place === 'remote') return;
  const standing = active.filter((one) => one.state === 'booked' && one.seat === null);
  const seats = await seatsFor(tx, sitting, standing.length);
  for (const [i, booking] of standing.entries()) {
    const seat = seats[i];
    if (seat) await setSeat(tx, booking.id, seat);
  }
}

/** Cancels a sitting nobody has begun. Everybody's place ends, and they are told the reason. @returns how many that are */
export function cancelSitting(actor: Actor, sittingId: string, reason: string): Promise<Result<number>> {
  return commitIfOk(async (tx) => {
    await authorisePlanner(tx, actor, sittingId);
    const sitting = await lockSitting(tx, sittingId);
    if (!sitting) return err('not-found');
    if (await anyStarted(tx, sittingId)) return err('sitting.has-attempts');
    if (await endSitting(tx, sittingId, { state: 'cancelled', by: actor.by, reason }) === 0) return err(sitting.state === 'cancelled' ? 'door.cancelled' : 'sitting.begun');
    const active = await bookingsOf(tx, sittingId);
    for (const booking of active) {
      await endBooking(tx, booking.id, { state: 'cancelled', by: actor.by, reason });
      const [latest] = await excusesOfBooking(tx, booking.id);
      // Nobody has to be excused from what does not take place.
      if (latest?.state === 'asked') await endExcuse(tx, latest.id, { state: 'withdrawn', by: actor.by, decision: null });
    }
    await appendEvents(tx, [
      { kind: 'sitting.cancelled', subject: { kind: 'sitting', id: sittingId }, by: actor.by, body: { reason, people: active.length } },
      ...active.map((one) => ({
        kind: 'booking.cancelled', subject: { kind: 'booking', id: one.id }, personId: one.personId, by: actor.by, cause: 'planner', body: { sittingId },
      })),
    ]);
    await addJobs(tx, active.map((one) => ({ name: 'exams.sitting-cancelled', payload: { bookingId: one.id } })));
    return ok(active.length);
  });
}

/** A sitting that the actor plans, or why not. */
export async function plannedSitting(from: Reader, actor: Actor, sittingId: string): Promise<Result<Sitting>> {
  const sitting = await findSitting(from, sittingId);
  if (!sitting) return err('not-found');
  await authorisePlanner(from, actor, sittingId);
  return ok(sitting);
}
