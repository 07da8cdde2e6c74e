import { seededRandom, shuffled } from '~/itembank';
import type { ExamRoom } from './sitting';

export interface Seat {
  roomId: string;
  /** From 1 in each room. */
  seat: number;
}

type Room = Pick<ExamRoom, 'id' | 'seats'>;

const key = ({ roomId, seat }: Seat): string => `${roomId} ${seat}`;

/** All seats, in the order in which they are given: room by room, or as the seed draws them. */
export function seatOrder(rooms: readonly Room[], seed: string | null): Seat[] {
  const seats = rooms.flatMap((room) => Array.from({ length: room.seats }, (_, i) => ({ roomId: room.id, seat: i + 1 })));
  return seed === null ? seats : shuffled(seats, seededRandom(seed));
}

/** The first `count` seats of that order that nobody has; fewer when there are no more. */
export function freeSeats(order: readonly Seat[], taken: readonly Seat[], count: number): Seat[] {
  const gone = new Set(taken.map(key));
  const free: Seat[] = [];
  for (const seat of order) {
    if (free.length === count) break;
    if (!gone.has(key(seat))) free.push(seat);
  }
  return free;
}

/** The bookings whose seat would not exist with these rooms. */
export function unseated<B extends { roomId: string | null; seat: number | null }>(bookings: readonly B[], rooms: readonly Room[]): B[] {
  const seats = new Map(rooms.map((room) => [room.id, room.seats]));
  return bookings.filter(({ roomId, seat }) => roomId === null || seat === null || seat > (seats.get(roomId) ?? 0));
}
