import { z } from 'zod';
import { execute, insert, maybeOne, one, rows, type Reader, type Tx } from '~/db';
import type { Instant } from '~/kernel/clock';
import { BOOKING_SOURCES, BOOKING_STATES, EXEMPTIONS, type Booking, type Exemption } from './booking';

const BookingRow = z.object({
  id: z.string(), sitting_id: z.string(), person_id: z.string(), room_id: z.string().nullable(), seat: z.number().nullable(), ticket: z.string(),
  state: z.enum(BOOKING_STATES), source: z.enum(BOOKING_SOURCES), booked_at: z.number(), booked_by: z.string(), promoted_at: z.number().nullable(),
  ended_at: z.number().nullable(), end_reason: z.string().nullable(), checked_in_at: z.number().nullable(),
  identity: z.enum(['admitted', 'refused']).nullable(), identity_at: z.number().nullable(), identity_reason: z.string().nullable(), version: z.number(),
}).transform((row): Booking => ({
  id: row.id, sittingId: row.sitting_id, personId: row.person_id, roomId: row.room_id, seat: row.seat, ticket: row.ticket, state: row.state,
  source: row.source, bookedAt: row.booked_at, bookedBy: row.booked_by, promotedAt: row.promoted_at, endedAt: row.ended_at, endReason: row.end_reason,
  checkedInAt: row.checked_in_at, identity: row.identity, identityAt: row.identity_at, identityReason: row.identity_reason, version: row.version,
}));

const COLUMNS = `b.id, b.sitting_id, b.person_id, b.room_id, b.seat, b.ticket, b.state, b.source, b.booked_at, b.booked_by, b.promoted_at, b.ended_at,
  b.end_reason, b.checked_in_at, b.identity, b.identity_at, b.identity_reason, b.version`;

export const findBooking = (from: Reader, id: string): Promise<Booking | null> =>
  maybeOne(from, BookingRow, `SELECT ${COLUMNS} FROM bookings b WHERE b.id = $id`, { id });

export const findBookingByTicket = (from: Reader, ticket: string): Promise<Booking | null> =>
  maybeOne(from, BookingRow, `SELECT ${COLUMNS} FROM bookings b WHERE b.ticket = $ticket`, { ticket });

/** A condition on bookings `b`: an attempt was made with it that is over. */
const USED = `EXISTS (SELECT 1 FROM attempts a WHERE a.booking_id = b.id AND a.state NOT IN ('prepared', 'in-progress'))`;

/** The booking that counts for an exam: not used up, in a sitting that is not over; a place before a wait, the earliest first. */
export const presentBooking = (from: Reader, examId: string, personId: string, now: Instant): Promise<Booking | null> =>
  maybeOne(from, BookingRow, `SELECT ${COLUMNS} FROM bookings b JOIN sittings s ON s.id = b.sitting_id
    WHERE b.person_id = $personId AND b.state IN ('booked', 'waiting') AND s.exam_id = $examId AND s.state <> 'cancelled' AND s.ends_at > $now
      AND NOT ${USED}
    ORDER BY CASE WHEN b.state = 'booked' THEN 0 ELSE 1 END, s.starts_at LIMIT 1`, { examId, personId, now });

/** All bookings of a person in sittings that are not over and not used up, first to last. */
export const comingBookings = (from: Reader, personId: string, now: Instant): Promise<Booking[]> =>
  rows(from, BookingRow, `SELECT ${COLUMNS} FROM bookings b JOIN sittings s ON s.id = b.sitting_id
    WHERE b.person_id = $personId AND b.state IN ('booked', 'waiting') AND s.state <> 'cancelled' AND s.ends_at > $now AND NOT ${USED}
    ORDER BY CASE WHEN b.state = 'booked' THEN 0 ELSE 1 END, s.starts_at`, { personId, now });

/** Who has a place in a sitting, or waits for one: places first, then in the order of waiting. */
export const bookingsOf = (from: Reader, sittingId: string): Promise<Booking[]> =>
  rows(from, BookingRow, `SELECT ${COLUMNS} FROM bookings b WHERE b.sitting_id = $sittingId AND b.state IN ('booked', 'waiting')
    ORDER BY CASE WHEN b.state = 'booked' THEN 0 ELSE 1 END, b.booked_at, b.id`, { sittingId });

const Kinds = z.object({ kind: z.enum(EXEMPTIONS) });

/** Exemptions in force. */
export const exemptionsOf = async (from: Reader, bookingId: string): Promise<Exemption[]> =>
  (await rows(from, Kinds, 'SELECT DISTINCT kind FROM door_exemptions WHERE booking_id = $bookingId AND ended_at IS NULL', { bookingId })).map(({ kind }) => kind);

export const insertExemption = (tx: Tx, exemption: { id: string; bookingId: string; kind: Exemption; reason: string; by: string }): Promise<number> =>
  insert(tx, 'door_exemptions', [{
    id: exemption.id, booking_id: exemption.bookingId, kind: exemption.kind, reason: exemption.reason, granted_by: exemption.by, granted_at: tx.now, ended_at: null,
  }]);

export const endExemptions = (tx: Tx, bookingId: string, kind: Exemption): Promise<number> =>
  execute(tx, 'UPDATE door_exemptions SET ended_at = $now WHERE booking_id = $bookingId AND kind = $kind AND ended_at IS NULL', { bookingId, kind, now: tx.now });

const Count = z.object({ n: z.number() });

/** Whether an attempt was begun with the booking, over or not. */
export const hasStarted = async (from: Reader, bookingId: string): Promise<boolean> =>
  (await one(from, Count, 'SELECT COUNT(*) AS n FROM attempts WHERE booking_id = $bookingId AND started_at IS NOT NULL', { bookingId })).n > 0;

/** The code was entered; 0 rows: it was before, or the booking does not count any more. */
export const markCheckedIn = (tx: Tx, bookingId: string): Promise<number> =>
  execute(tx, `UPDATE bookings SET checked_in_at = $now, version = version + 1
    WHERE id = $bookingId AND state = 'booked' AND checked_in_at IS NULL`, { bookingId, now: tx.now });

/** Records the identity check, or takes it back; never once an attempt was begun. */
export const setIdentity = (tx: Tx, bookingId: string, decision: { identity: Booking['identity']; by: string; reason: string | null }): Promise<number> =>
  execute(tx, `UPDATE bookings SET identity = $identity, identity_at = $now, identity_by = $by, identity_reason = $reason, version = version + 1
    WHERE id = $bookingId AND state = 'booked'
      AND NOT EXISTS (SELECT 1 FROM attempts a WHERE a.booking_id = bookings.id AND a.started_at IS NOT NULL)`, { bookingId, now: tx.now, ...decision });

export interface BookingCounts {
  booked: number;
  waiting: number;
  /** Ever made, ended ones too: the number of the last ticket. */
  made: number;
}
const Counts = z.object({ booked: z.number().nullable(), waiting: z.number().nullable(), made: z.number() })
  .transform(({ booked, waiting, made }): BookingCounts => ({ booked: booked ?? 0, waiting: waiting ?? 0, made }));

export const countBookings = (from: Reader, sittingId: string): Promise<BookingCounts> =>
  one(from, Counts, `SELECT SUM(CASE WHEN state = 'booked' THEN 1 ELSE 0 END) AS booked, SUM(CASE WHEN state = 'waiting' THEN 1 ELSE 0 END) AS waiting,
      COUNT(*) AS made FROM bookings WHERE sitting_id = $sittingId`, { sittingId });

/** How many wait longer than this one. */
export const waitingBefore = async (from: Reader, booking: Pick<Booking, 'id' | 'sittingId' | 'bookedAt'>): Promise<number> =>
  (await one(from, Count, `SELECT COUNT(*) AS n FROM bookings WHERE sitting_id = $sittingId AND state = 'waiting'
    AND (booked_at < $bookedAt OR (booked_at = $bookedAt AND id < $id))`, { id: booking.id, sittingId: booking.sittingId, bookedAt: booking.bookedAt })).n;

/** Those who wait, the longest first. */
export const firstWaiting = (from: Reader, sittingId: string, limit: number): Promise<Booking[]> =>
  rows(from, BookingRow, `SELECT ${COLUMNS} FROM bookings b WHERE b.sitting_id = $sittingId AND b.state = 'waiting'
    ORDER BY b.booked_at, b.id LIMIT $limit`, { sittingId, limit });

/** The place that somebody has in a sitting or waits for. */
export const activeIn = (from: Reader, sittingId: string, personId: string): Promise<Booking | null> =>
  maybeOne(from, BookingRow, `SELECT ${COLUMNS} FROM bookings b WHERE b.sitting_id = $sittingId AND b.person_id = $personId AND b.state IN ('booked', 'waiting')`,
    { sittingId, personId });

const SeatRow = z.object({ room_id: z.string(), seat: z.number() }).transform((row) => ({ roomId: row.room_id, seat: row.seat }));

export const takenSeats = (from: Reader, sittingId: string): Promise<{ roomId: string; seat: number }[]> =>
  rows(from, SeatRow, `SELECT room_id, seat FROM bookings WHERE sitting_id = $sittingId AND state = 'booked' AND room_id IS NOT NULL AND seat IS NOT NULL`, { sittingId });

export type NewBooking = Pick<Booking, 'id' | 'sittingId' | 'personId' | 'roomId' | 'seat' | 'ticket' | 'source'> & { state: 'booked' | 'waiting'; by: string };

export const insertBookings = (tx: Tx, bookings: readonly NewBooking[]): Promise<number> =>
  insert(tx, 'bookings', bookings.map((booking) => ({
    id: booking.id, sitting_id: booking.sittingId, person_id: booking.personId, room_id: booking.roomId, seat: booking.seat, ticket: booking.ticket,
    state: booking.state, source: booking.source, booked_at: tx.now, booked_by: booking.by,
  })));

/** waiting → booked; 0 rows: it does not wait any more. */
export const markPromoted = (tx: Tx, bookingId: string, { roomId, seat }: { roomId: string | null; seat: number | null }): Promise<number> =>
  execute(tx, `UPDATE bookings SET state = 'booked', room_id = $roomId, seat = $seat, promoted_at = $now, version = version + 1
    WHERE id = $bookingId AND state = 'waiting'`, { bookingId, roomId, seat, now: tx.now });

/** Ends a place or a wait; 0 rows: it was ended before, or an attempt was begun with it. */
export const endBooking = (tx: Tx, bookingId: string, end: { state: 'cancelled' | 'moved' | 'excused'; by: string; reason: string | null }): Promise<number> =>
  execute(tx, `UPDATE bookings SET state = $state, ended_at = $now, ended_by = $by, end_reason = $reason, version = version + 1
    WHERE id = $bookingId AND state IN ('booked', 'waiting')
      AND NOT EXISTS (SELECT 1 FROM attempts a WHERE a.booking_id = bookings.id AND a.started_at IS NOT NULL)`, { bookingId, now: tx.now, ...end });

export const setSeat = (tx: Tx, bookingId: string, { roomId, seat }: { roomId: string | null; seat: number | null }): Promise<number> =>
  execute(tx, `UPDATE bookings SET room_id = $roomId, seat = $seat, version = version + 1 WHERE id = $bookingId AND state = 'booked'`, { bookingId, roomId, seat });

/** Everybody of a sitting stands up, before they sit down in another order. */
export const clearSeats = (tx: Tx, sittingId: string): Promise<number> =>
  execute(tx, `UPDATE bookings SET room_id = NULL, seat = NULL WHERE sitting_id = $sittingId AND state = 'booked'`, { sittingId });

/** Whether anybody has begun an attempt in the sitting. */
export const anyStarted = async (from: Reader, sittingId: string): Promise<boolean> =>
  (await one(from, Count, 'SELECT COUNT(*) AS n FROM attempts WHERE sitting_id = $sittingId AND started_at IS NOT NULL', { sittingId })).n > 0;
