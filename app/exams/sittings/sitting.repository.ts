import { z } from 'zod';
import { execute, Flag, flag, insert, json, maybeOne, rows, type Reader, type Tx } from '~/db';
import type { Instant } from '~/kernel/clock';
import { SITTING_MODES, SITTING_STATES, type ExamRoom, type Sitting } from './sitting';

const Networks = json(z.array(z.string()));

const SittingRow = z.object({
  id: z.string(), exam_id: z.string(), organisation_id: z.string(), code: z.string(), title: z.string(), mode: z.enum(SITTING_MODES),
  starts_at: z.number(), ends_at: z.number(), place: z.enum(['rooms', 'remote']), booking: z.enum(['assigned', 'self']), capacity: z.number(),
  book_from: z.number().nullable(), book_until: z.number(), late_minutes: z.number().nullable(), late_rule: z.enum(['full', 'cut']),
  admission: Flag, check_in: Flag, seb: z.enum(['off', 'required']), seb_salt: z.string(), seb_keys: Networks, networks: Networks,
  seat_seed: z.string().nullable(), state: z.enum(SITTING_STATES), created_at: z.number(), closed_at: z.number().nullable(),
  end_reason: z.string().nullable(), version: z.number(),
}).transform((row): Sitting => ({
  id: row.id, examId: row.exam_id, organisationId: row.organisation_id, code: row.code, title: row.title, mode: row.mode,
  startsAt: row.starts_at, endsAt: row.ends_at, place: row.place, booking: row.booking, capacity: row.capacity,
  bookFrom: row.book_from, bookUntil: row.book_until, lateMinutes: row.late_minutes, lateRule: row.late_rule,
  admission: row.admission, checkIn: row.check_in, seb: row.seb, sebSalt: row.seb_salt, sebKeys: row.seb_keys, networks: row.networks,
  seatSeed: row.seat_seed, state: row.state, createdAt: row.created_at, closedAt: row.closed_at, endReason: row.end_reason, version: row.version,
}));

const COLUMNS = `s.id, s.exam_id, s.organisation_id, s.code, s.title, s.mode, s.starts_at, s.ends_at, s.place, s.booking, s.capacity,
  s.book_from, s.book_until, s.late_minutes, s.late_rule, s.admission, s.check_in, s.seb, s.seb_salt, s.seb_keys, s.networks,
  s.seat_seed, s.state, s.created_at, s.closed_at, s.end_reason, s.version`;

export const findSitting = (from: Reader, id: string): Promise<Sitting | null> =>
  maybeOne(from, SittingRow, `SELECT ${COLUMNS} FROM sittings s WHERE s.id = $id`, { id });

/** A sitting, kept from all other changes of its bookings until the transaction ends. */
export const lockSitting = (tx: Tx, id: string): Promise<Sitting | null> =>
  maybeOne(tx, SittingRow, `UPDATE sittings SET state = state WHERE id = $id RETURNING ${COLUMNS.replaceAll('s.', '')}`, { id });

/** Sittings of an exam that are not over and not cancelled, first to last. */
export const comingSittings = (from: Reader, examId: string, now: Instant): Promise<Sitting[]> =>
  rows(from, SittingRow, `SELECT ${COLUMNS} FROM sittings s WHERE s.exam_id = $examId AND s.state = 'planned' AND s.ends_at > $now
    ORDER BY s.starts_at, s.code`, { examId, now });

const RoomRow = z.object({
  id: z.string(), sitting_id: z.string(), name: z.string(), seats: z.number(), seats_per_row: z.number(), networks: Networks, position: z.number(),
}).transform((row): ExamRoom => ({
  id: row.id, sittingId: row.sitting_id, name: row.name, seats: row.seats, seatsPerRow: row.seats_per_row, networks: row.networks, position: row.position,
}));
const ROOM = 'id, sitting_id, name, seats, seats_per_row, networks, position';

export const findRoom = (from: Reader, id: string): Promise<ExamRoom | null> =>
  maybeOne(from, RoomRow, `SELECT ${ROOM} FROM exam_rooms WHERE id = $id`, { id });

/** The rooms of a sitting, in their order. */
export const roomsOf = (from: Reader, sittingId: string): Promise<ExamRoom[]> =>
  rows(from, RoomRow, `SELECT ${ROOM} FROM exam_rooms WHERE sitting_id = $sittingId ORDER BY position, name`, { sittingId });

/** What a planner sets. */
export type SittingPlan = Pick<Sitting,
  'title' | 'mode' | 'startsAt' | 'endsAt' | 'place' | 'booking' | 'capacity' | 'bookFrom' | 'bookUntil' | 'lateMinutes' | 'lateRule'
  | 'admission' | 'checkIn' | 'seb' | 'networks'>;

const planColumns = (plan: SittingPlan) => ({
  title: plan.title, mode: plan.mode, starts_at: plan.startsAt, ends_at: plan.endsAt, place: plan.place, booking: plan.booking,
  capacity: plan.capacity, book_from: plan.bookFrom, book_until: plan.bookUntil, late_minutes: plan.lateMinutes, late_rule: plan.lateRule,
  admission: flag(plan.admission), check_in: flag(plan.checkIn), seb: plan.seb, networks: JSON.stringify(plan.networks),
});

export interface NewSitting extends SittingPlan {
  id: string;
  examId: string;
  organisationId: string;
  code: string;
  sebSalt: string;
  seatSeed: string | null;
  createdBy: string;
}

/** 0 rows: another sitting has this code. */
export const insertSitting = (tx: Tx, sitting: NewSitting): Promise<number> =>
  insert(tx, 'sittings', [{
    id: sitting.id, exam_id: sitting.examId, organisation_id: sitting.organisationId, code: sitting.code, seb_salt: sitting.sebSalt,
    seat_seed: sitting.seatSeed, state: 'planned', created_at: tx.now, created_by: sitting.createdBy, ...planColumns(sitting),
  }], 'ON CONFLICT (code) DO NOTHING');

/** Zero rows: somebody else changed it after `version`, or it is no longer planned. */
export const updateSitting = (tx: Tx, id: string, version: number, plan: SittingPlan): Promise<number> => {
  const columns = planColumns(plan);
  const set = Object.keys(columns).map((column) => `${column} = $${column}`).join(', ');
  return execute(tx, `UPDATE sittings SET ${set}, version = version + 1 WHERE id = $id AND version = $version AND state = 'planned'`, { id, version, ...columns });
};

export const setSeatSeed = (tx: Tx, id: string, seed: string | null): Promise<number> =>
  execute(tx, 'UPDATE sittings SET seat_seed = $seed, version = version + 1 WHERE id = $id', { id, seed });

/** planned → cancelled or closed; 0 rows: somebody was faster. */
export const endSitting = (tx: Tx, id: string, end: { state: 'cancelled' | 'closed'; by: string; reason: string | null }): Promise<number> =>
  execute(tx, `UPDATE sittings SET state = $state, closed_at = $now, closed_by = $by, end_reason = $reason, version = version + 1
    WHERE id = $id AND state = 'planned'`, { id, now: tx.now, ...end });

export async function insertRooms(tx: Tx, rooms: ExamRoom[]): Promise<void> {
  await insert(tx, 'exam_rooms', rooms.map((room) => ({
    id: room.id, sitting_id: room.sittingId, name: room.name, seats: room.seats, seats_per_row: room.seatsPerRow,
    networks: JSON.stringify(room.networks), position: room.position,
  })));
}

export const updateRoom = (tx: Tx, room: ExamRoom): Promise<number> =>
  execute(tx, `UPDATE exam_rooms SET name = $name, seats = $seats, seats_per_row = $seatsPerRow, networks = $networks, position = $position
    WHERE id = $id`, { id: room.id, name: room.name, seats: room.seats, seatsPerRow: room.seatsPerRow, networks: JSON.stringify(room.networks), position: room.position });

/** Removes a room in which nobody has a seat. Who once had one there keeps the room in the ledger only; its invigilators watch over the whole sitting. */
export async function dropRoom(tx: Tx, roomId: string): Promise<void> {
  await execute(tx, `UPDATE bookings SET room_id = NULL, seat = NULL WHERE room_id = $roomId AND state <> 'booked'`, { roomId });
  await execute(tx, 'UPDATE sitting_invigilators SET room_id = NULL WHERE room_id = $roomId', { roomId });
  await execute(tx, 'DELETE FROM exam_rooms WHERE id = $roomId', { roomId });
}

/** How many sittings have a code that begins so. */
export async function countCodes(from: Reader, prefix: string): Promise<number> {
  const found = await maybeOne(from, z.object({ n: z.number() }), `SELECT COUNT(*) AS n FROM sittings WHERE code LIKE $prefix || '%'`, { prefix });
  return found?.n ?? 0;
}
