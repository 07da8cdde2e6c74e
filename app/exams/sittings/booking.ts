import type { Instant } from '~/kernel/clock';
import type { ExamRoom, Sitting } from './sitting';

export const BOOKING_STATES = ['booked', 'waiting', 'cancelled', 'moved', 'excused'] as const;
export const BOOKING_SOURCES = ['assigned', 'self', 'excused'] as const;
export const EXEMPTIONS = ['seb', 'network', 'late'] as const;
/** What an invigilator let pass at the door: no browser key, another network, too late. */
export type Exemption = (typeof EXEMPTIONS)[number];

/** A place that somebody has, waits for, or had. */
export interface Booking {
  id: string;
  sittingId: string;
  personId: string;
  /** Null: remote, or still waiting. */
  roomId: string | null;
  seat: number | null;
  /** Number on the admission ticket. */
  ticket: string;
  state: (typeof BOOKING_STATES)[number];
  source: (typeof BOOKING_SOURCES)[number];
  bookedAt: Instant;
  bookedBy: string;
  promotedAt: Instant | null;
  endedAt: Instant | null;
  endReason: string | null;
  checkedInAt: Instant | null;
  identity: 'admitted' | 'refused' | null;
  identityAt: Instant | null;
  identityReason: string | null;
  version: number;
}

/** A booking with where and when it is. */
export interface Place {
  booking: Booking;
  sitting: Sitting;
  /** Null: remote, or still waiting. */
  room: ExamRoom | null;
  /** Those in force. */
  exemptions: Exemption[];
}
