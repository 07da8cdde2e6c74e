import type { Reader } from '~/db';
import type { Instant } from '~/kernel/clock';
import type { Booking, Place } from './booking';
import { comingBookings, exemptionsOf, presentBooking } from './booking.repository';
import { findRoom, findSitting } from './sitting.repository';

/** A booking with its sitting, room and exemptions. */
export async function placeWith(from: Reader, booking: Booking): Promise<Place> {
  // One after the other: a transaction on PostgreSQL has one connection.
  const sitting = await findSitting(from, booking.sittingId);
  const room = booking.roomId === null ? null : await findRoom(from, booking.roomId);
  const exemptions = await exemptionsOf(from, booking.id);
  if (!sitting) throw new Error(`the booking ${booking.id} has no sitting`);
  return { booking, sitting, room, exemptions };
}

/** The place that counts for an exam now: not used up by an attempt, in a sitting that is not over; or null. */
export async function placeOf(from: Reader, examId: string, personId: string, now: Instant): Promise<Place | null> {
  const booking = await presentBooking(from, examId, personId, now);
  return booking && placeWith(from, booking);
}

/** Where a person has to be next, for any exam; a place before a wait. Null when nowhere. */
export async function nextPlace(from: Reader, personId: string, now: Instant): Promise<Place | null> {
  const [booking] = await comingBookings(from, personId, now);
  return booking ? placeWith(from, booking) : null;
}
