import { addJobs, appendEvents, type By, type Tx } from '~/db';
import { newId } from '~/kernel/id';
import type { Booking } from './booking';
import {
  countBookings, firstWaiting, insertBookings, markPromoted, takenSeats, type NewBooking,
} from './booking.repository';
import { freeSeats, seatOrder, type Seat } from './seats';
import type { Sitting } from './sitting';
import { roomsOf } from './sitting.repository';

/*
 * Places are given and freed here, inside a transaction that holds the sitting's lock (`lockSitting`): only so do
 * two people not get the last place, nor two tickets the same number.
 */

/** The next free seats of a sitting; without rooms nobody needs one. */
export async function seatsFor(tx: Tx, sitting: Sitting, count: number): Promise<(Seat | null)[]> {
  if (sitting.place === 'remote' || count === 0) return Array.from({ length: count }, () => null);
  const order = seatOrder(await roomsOf(tx, sitting.id), sitting.seatSeed);
  return freeSeats(order, await takenSeats(tx, sitting.id), count);
}

export interface GivenPlaces {
  personIds: readonly string[];
  state: NewBooking['state'];
  source: Booking['source'];
  by: By;
  /** The job that tells them; null: somebody else does. */
  tell: 'exams.booked' | 'exams.moved' | null;
}

/** Enters people into a sitting, in their order, with ticket and seat. The caller has looked whether there is room. @returns the bookings' ids */
export async function givePlaces(tx: Tx, sitting: Sitting, { personIds, state, source, by, tell }: GivenPlaces): Promise<string[]> {
  const { made } = await countBookings(tx, sitting.id);
  const seats = state === 'booked' ? await seatsFor(tx, sitting, personIds.length) : [];
  const bookings = personIds.map((personId, i): NewBooking => ({
    id: newId(), sittingId: sitting.id, personId, roomId: seats[i]?.roomId ?? null, seat: seats[i]?.seat ?? null,
    ticket: `${sitting.code}-${String(made + i + 1).padStart(4, '0')}`, state, source, by,
  }));
  await insertBookings(tx, bookings);
  await appendEvents(tx, bookings.map((booking) => ({
    kind: state === 'booked' ? 'booking.made' : 'booking.waiting', subject: { kind: 'booking', id: booking.id }, personId: booking.personId, by,
    cause: source === 'self' ? 'candidate' : 'planner',
    body: { sittingId: sitting.id, ticket: booking.ticket, roomId: booking.roomId, seat: booking.seat, source },
  })));
  if (tell) await addJobs(tx, bookings.map((booking) => ({ name: tell, payload: { bookingId: booking.id } })));
  return bookings.map((booking) => booking.id);
}

/**
 * Gives places that have become free to those who wait longest. After the end of booking nobody moves up any
 * more: a place that one learns of too late is none.
 */
export async function promoteWaiting(tx: Tx, sitting: Sitting): Promise<void> {
  if (sitting.state !== 'planned' || tx.now >= sitting.bookUntil) return;
  const { booked } = await countBookings(tx, sitting.id);
  const waiting = await firstWaiting(tx, sitting.id, Math.max(0, sitting.capacity - booked));
  const seats = await seatsFor(tx, sitting, waiting.length);
  const promoted = waiting.slice(0, seats.length);
  for (const [i, booking] of promoted.entries()) {
    await markPromoted(tx, booking.id, { roomId: seats[i]?.roomId ?? null, seat: seats[i]?.seat ?? null });
  }
  await appendEvents(tx, promoted.map((booking, i) => ({
    kind: 'booking.promoted', subject: { kind: 'booking', id: booking.id }, personId: booking.personId, by: 'system:waiting list' as const, cause: 'rule',
    body: { sittingId: sitting.id, roomId: seats[i]?.roomId ?? null, seat: seats[i]?.seat ?? null },
  })));
  await addJobs(tx, promoted.map((booking) => ({ name: 'exams.promoted', payload: { bookingId: booking.id } })));
}
