import type { By } from '~/db';
import { addDays, type PlainDate } from '~/kernel/calendar';
import type { Instant } from '~/kernel/clock';
import { err, ok, type Result } from '~/kernel/result';
import type { Ground } from './ground';

export const START_BASES = ['clearance', 'waiver', 'emergency'] as const;
export type StartBasis = (typeof START_BASES)[number];
export const START_STATES = ['proposed', 'recorded', 'refused', 'cancelled'] as const;
export type StartState = (typeof START_STATES)[number];

/** So many days ahead an emergency start may be proposed. */
export const EMERGENCY_AHEAD_DAYS = 30;

/** That somebody started work (or is to start in an emergency), on what ground, as it was known then. */
export interface Start {
  id: string;
  personId: string;
  appointmentId: string;
  startedOn: PlainDate;
  basis: StartBasis;
  state: StartState;
  ground: Ground;
  reason: string;
  askedAt: Instant;
  askedBy: By;
  /** The second person of an emergency. */
  decidedAt: Instant | null;
  decidedBy: By | null;
  decisionReason: string | null;
  cancelledAt: Instant | null;
  cancelledBy: By | null;
  cancelReason: string | null;
  version: number;
}

export type StartAct =
  | { kind: 'confirm'; by: By; at: Instant; reason: string }
  | { kind: 'refuse'; by: By; at: Instant; reason: string }
  | { kind: 'cancel'; by: By; at: Instant; reason: string };

/**
 * The start after an act, or why that act is not possible. An emergency is confirmed or refused by another person than
 * proposed it; who proposed it may take it back. A record is cancelled by another person than made it, and stays.
 */
export function actOnStart(start: Start, { kind, by, at, reason }: StartAct): Result<Start> {
  if (kind === 'cancel') {
    const cancelled: Start = { ...start, state: 'cancelled', cancelledAt: at, cancelledBy: by, cancelReason: reason };
    if (start.state === 'proposed') return start.askedBy === by ? ok(cancelled) : err('start.not-proposer');
    if (start.state !== 'recorded') return err('start.decided');
    return start.askedBy === by ? err('start.own-record') : ok(cancelled);
  }
  if (start.state !== 'proposed') return err('start.decided');
  if (start.askedBy === by) return err('start.own-proposal');
  return ok({ ...start, state: kind === 'confirm' ? 'recorded' : 'refused', decidedAt: at, decidedBy: by, decisionReason: reason });
}

/** Why a start on this day cannot be recorded or proposed, by the day alone. */
export function checkStartDay(on: PlainDate, today: PlainDate, emergency: boolean): Result<null> {
  if (!emergency) return on > today ? err('start.future', {}, 'startedOn') : ok(null);
  return on > addDays(today, EMERGENCY_AHEAD_DAYS) ? err('start.too-far', { days: EMERGENCY_AHEAD_DAYS }, 'startedOn') : ok(null);
}
