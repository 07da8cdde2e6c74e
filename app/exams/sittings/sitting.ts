import { minutes, type Instant } from '~/kernel/clock';

/**
 * - `window`: start whenever you like between the beginning and the end.
 * - `fixed`: everybody starts together.
 */
export const SITTING_MODES = ['window', 'fixed'] as const;
export const SITTING_STATES = ['planned', 'closed', 'cancelled'] as const;

/** An occasion on which an exam is held. */
export interface Sitting {
  id: string;
  examId: string;
  organisationId: string;
  /** Short, unique, in every ticket number: `26112501`. */
  code: string;
  title: string;
  mode: (typeof SITTING_MODES)[number];
  startsAt: Instant;
  /** window: nobody starts later; fixed: when the last one has finished. */
  endsAt: Instant;
  place: 'rooms' | 'remote';
  booking: 'assigned' | 'self';
  capacity: number;
  /** Self-booking opens; null: at once. */
  bookFrom: Instant | null;
  /** Booking, moving, cancelling and automatic promotion end. */
  bookUntil: Instant;
  /** Minutes after the beginning in which one may still start; null: until the end. */
  lateMinutes: number | null;
  /** full: who starts late has the whole time; cut: the sitting's end cuts it. */
  lateRule: 'full' | 'cut';
  /** Only who was admitted by an identity check may start. */
  admission: boolean;
  /** The code that the invigilator shows must be entered. */
  checkIn: boolean;
  seb: 'off' | 'required';
  sebSalt: string;
  sebKeys: string[];
  /** For rooms that have none of their own, and for remote sittings; empty: from anywhere. */
  networks: string[];
  /** Seats are given in an order drawn from it; null: in the order of their numbers. */
  seatSeed: string | null;
  state: (typeof SITTING_STATES)[number];
  createdAt: Instant;
  closedAt: Instant | null;
  endReason: string | null;
  version: number;
}

export interface ExamRoom {
  id: string;
  sittingId: string;
  name: string;
  seats: number;
  seatsPerRow: number;
  /** CIDR; empty: the sitting's. */
  networks: string[];
  position: number;
}

/** The last instant at which somebody may start, without an exemption. */
export const lastStart = ({ startsAt, endsAt, lateMinutes }: Pick<Sitting, 'startsAt' | 'endsAt' | 'lateMinutes'>): Instant =>
  (lateMinutes === null ? endsAt : Math.min(endsAt, startsAt + minutes(lateMinutes)));

/** The networks from which a candidate may write; empty: from anywhere. */
export const networksFor = (sitting: Pick<Sitting, 'networks'>, room: Pick<ExamRoom, 'networks'> | null): string[] =>
  (room && room.networks.length > 0 ? room.networks : sitting.networks);

/** Whether two spans of time touch; one that ends when the other begins does not. */
export const overlap = (a: { startsAt: Instant; endsAt: Instant }, b: { startsAt: Instant; endsAt: Instant }): boolean =>
  a.startsAt < b.endsAt && b.startsAt < a.endsAt;

/** What may be done with bookings of a sitting at `now` by the candidates themselves. */
export function bookingPhase(
  { state, bookFrom, bookUntil, startsAt }: Pick<Sitting, 'state' | 'bookFrom' | 'bookUntil' | 'startsAt'>, now: Instant,
): 'not-yet' | 'open' | 'over' {
  if (state !== 'planned' || now >= bookUntil || now >= startsAt) return 'over';
  return bookFrom !== null && now < bookFrom ? 'not-yet' : 'open';
}
