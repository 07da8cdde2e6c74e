import { minutes, type Instant } from '~/kernel/clock';
import type { Problem } from '~/kernel/result';
import { readNetwork, splitNetworks } from './network';
import type { ExamRoom, Sitting } from './sitting';

/** What a planner typed, times as instants. */
export interface TypedPlan {
  title: string;
  mode: Sitting['mode'];
  startsAt: Instant;
  /** May stay open for a fixed start: then the exam's minutes decide. */
  endsAt: Instant | null;
  place: Sitting['place'];
  booking: Sitting['booking'];
  /** Null: as many as there are seats. */
  capacity: number | null;
  bookFrom: Instant | null;
  /** Null: until the beginning. */
  bookUntil: Instant | null;
  lateMinutes: number | null;
  lateRule: Sitting['lateRule'];
  admission: boolean;
  checkIn: boolean;
  seb: Sitting['seb'];
  networks: string;
  rooms: TypedRoom[];
}

export interface TypedRoom {
  /** Of a room that exists. */
  id?: string;
  name?: string;
  seats?: number;
  seatsPerRow?: number;
  networks?: string;
}

export type PlannedRoom = Omit<ExamRoom, 'id' | 'sittingId' | 'position'> & { id: string | null };

export interface CheckedPlan {
  plan: Pick<Sitting,
    'title' | 'mode' | 'startsAt' | 'endsAt' | 'place' | 'booking' | 'capacity' | 'bookFrom' | 'bookUntil' | 'lateMinutes' | 'lateRule'
    | 'admission' | 'checkIn' | 'seb' | 'networks'>;
  rooms: PlannedRoom[];
}

type Checked<T> = { ok: true; value: T } | { ok: false; error: Problem };
const wrong = (code: Problem['code'], field: string, params?: Problem['params']): { ok: false; error: Problem } =>
  ({ ok: false, error: { code, field, ...(params && { params }) } });

/**
 * Whether what was typed makes a sitting, and the sitting it makes; the first thing that is wrong otherwise, with
 * its field. Whether it fits the bookings there are is another question (`unseated`).
 */
export function checkPlan(typed: TypedPlan, exam: { minutes: number }): Checked<CheckedPlan> {
  const endsAt = typed.endsAt ?? impliedEnd(typed, exam);
  if (endsAt === null) return wrong('field.required', 'endsAt');
  if (endsAt <= typed.startsAt) return wrong('sitting.ends-before-start', 'endsAt');
  if (endsAt < typed.startsAt + minutes(exam.minutes)) return wrong('sitting.too-short', 'endsAt', { minutes: exam.minutes });
  const bookUntil = typed.bookUntil ?? typed.startsAt;
  if (bookUntil > typed.startsAt) return wrong('sitting.book-until', 'bookUntil');
  if (typed.bookFrom !== null && typed.bookFrom >= bookUntil) return wrong('sitting.book-window', 'bookFrom');
  const networks = checkNetworks(typed.networks, 'networks');
  if (!networks.ok) return networks;
  const rooms = typed.place === 'rooms' ? checkRooms(typed.rooms) : { ok: true as const, value: [] };
  if (!rooms.ok) return rooms;
  const seats = rooms.value.reduce((sum, room) => sum + room.seats, 0);
  const capacity = typed.capacity ?? seats;
  if (typed.place === 'remote' && typed.capacity === null) return wrong('field.required', 'capacity');
  if (typed.place === 'rooms' && capacity > seats) return wrong('sitting.capacity-seats', 'capacity', { seats });
  return { ok: true, value: { plan: { ...typed, endsAt, bookUntil, capacity, networks: networks.value }, rooms: rooms.value } };
}

/** Everybody starts together: the end is the exam's time later, and whole time for the late ones later still. */
function impliedEnd({ mode, startsAt, lateMinutes, lateRule }: TypedPlan, exam: { minutes: number }): Instant | null {
  if (mode === 'window') return null;
  return startsAt + minutes(exam.minutes + (lateRule === 'full' ? lateMinutes ?? 0 : 0));
}

function checkNetworks(typed: string, field: string): Checked<string[]> {
  const networks: string[] = [];
  for (const part of splitNetworks(typed)) {
    const network = readNetwork(part);
    if (network === null) return wrong('sitting.network', field, { value: part });
    networks.push(network);
  }
  return { ok: true, value: [...new Set(networks)] };
}

/** Lines left empty are no rooms. Field names are those of the form's lines. */
function checkRooms(typed: TypedRoom[]): Checked<PlannedRoom[]> {
  const rooms: PlannedRoom[] = [];
  for (const [i, { id, name, seats, seatsPerRow, networks = '' }] of typed.entries()) {
    if (name === undefined && seats === undefined && networks === '') continue;
    if (name === undefined) return wrong('sitting.room-incomplete', `rooms[${i}].name`);
    if (seats === undefined) return wrong('sitting.room-incomplete', `rooms[${i}].seats`);
    if (rooms.some((room) => room.name === name)) return wrong('sitting.room-twice', `rooms[${i}].name`, { value: name });
    const own = checkNetworks(networks, `rooms[${i}].networks`);
    if (!own.ok) return own;
    rooms.push({ id: id ?? null, name, seats, seatsPerRow: Math.min(seatsPerRow ?? DEFAULT_PER_ROW, seats), networks: own.value });
  }
  return rooms.length > 0 ? { ok: true, value: rooms } : wrong('sitting.rooms-missing', 'rooms[0].name');
}

const DEFAULT_PER_ROW = 6;
