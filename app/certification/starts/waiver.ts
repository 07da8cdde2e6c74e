import type { By } from '~/db';
import { addDays, dateAt, daysBetween, type PlainDate } from '~/kernel/calendar';
import type { Instant } from '~/kernel/clock';
import { err, ok, type Result } from '~/kernel/result';
import type { GrantedWaiver } from '../withdrawal';

/** A waiver bridges a gap, it does not replace a requirement: so many days at the most, its first and last day counted. */
export const WAIVER_DAYS = 180;

/** Nobody asks for what begins later than this many days from now: by then it should be met. */
export const WAIVER_AHEAD_DAYS = 180;

export const WAIVER_STATES = ['asked', 'granted', 'refused', 'withdrawn', 'revoked'] as const;
export type WaiverState = (typeof WAIVER_STATES)[number];

/** That somebody need not show something for a time: asked for by one, decided by another. */
export interface Waiver {
  id: string;
  personId: string;
  assignmentId: string;
  /** What is waived; null: the whole clearance. */
  requirementCode: string | null;
  state: WaiverState;
  /** What was asked for; the decision may shorten it. */
  askedFrom: PlainDate;
  askedUntil: PlainDate;
  validFrom: PlainDate;
  validUntil: PlainDate;
  reason: string;
  /** Why one may believe it, in words. */
  proof: string;
  proofFile: string | null;
  conditions: string;
  askedAt: Instant;
  askedBy: By;
  decidedAt: Instant | null;
  decidedBy: By | null;
  decisionReason: string | null;
  revokedAt: Instant | null;
  revokedBy: By | null;
  revokeReason: string | null;
  version: number;
}

export interface Span {
  from: PlainDate;
  until: PlainDate;
}

/** Why a waiver cannot be asked for over this time; ok: it can. */
export function checkSpan({ from, until }: Span, today: PlainDate): Result<null> {
  if (until < from) return err('waiver.order', {}, 'until');
  if (until < today) return err('waiver.past', {}, 'until');
  if (daysBetween(from, until) + 1 > WAIVER_DAYS) return err('waiver.too-long', { days: WAIVER_DAYS }, 'until');
  if (from > addDays(today, WAIVER_AHEAD_DAYS)) return err('waiver.too-far', { days: WAIVER_AHEAD_DAYS }, 'from');
  return ok(null);
}

export type WaiverAct =
  | { kind: 'grant'; by: By; at: Instant; until: PlainDate; conditions: string; reason: string }
  | { kind: 'refuse'; by: By; at: Instant; reason: string }
  | { kind: 'withdraw'; by: By; at: Instant }
  | { kind: 'revoke'; by: By; at: Instant; reason: string };

/**
 * The waiver after an act, or why that act is not possible. Who asks never decides, only who asked takes the request
 * back, and a decision only ever shortens the time: it begins on the day of the decision at the earliest.
 */
export function actOn(waiver: Waiver, act: WaiverAct, zone: string): Result<Waiver> {
  switch (act.kind) {
    case 'grant': return grant(waiver, act, zone);
    case 'refuse': {
      const may = mayDecide(waiver, act.by);
      return may.ok ? ok({ ...waiver, state: 'refused', decidedAt: act.at, decidedBy: act.by, decisionReason: act.reason }) : may;
    }
    case 'withdraw': {
      if (waiver.state !== 'asked') return err('waiver.decided');
      return waiver.askedBy === act.by ? ok({ ...waiver, state: 'withdrawn' }) : err('waiver.not-asker');
    }
    case 'revoke': {
      if (waiver.state !== 'granted') return err('waiver.not-granted');
      return ok({ ...waiver, state: 'revoked', revokedAt: act.at, revokedBy: act.by, revokeReason: act.reason });
    }
  }
}

function mayDecide(waiver: Waiver, by: By): Result<null> {
  if (waiver.state !== 'asked') return err('waiver.decided');
  return waiver.askedBy === by ? err('waiver.own-request') : ok(null);
}

function grant(waiver: Waiver, { by, at, until, conditions, reason }: Extract<WaiverAct, { kind: 'grant' }>, zone: string): Result<Waiver> {
  const may = mayDecide(waiver, by);
  if (!may.ok) return may;
  const today = dateAt(at, zone);
  // What is already past was never permitted, whatever is decided today.
  const validFrom = waiver.askedFrom > today ? waiver.askedFrom : today;
  if (until > waiver.askedUntil) return err('waiver.longer', {}, 'until');
  if (until < validFrom) return err('waiver.past', {}, 'until');
  return ok({ ...waiver, state: 'granted', validFrom, validUntil: until, conditions, decidedAt: at, decidedBy: by, decisionReason: reason });
}

/** What the clearance needs to know of it; null: it was never granted. Revoked, the day of the revocation still counts. */
export function asGranted({ id, state, requirementCode, validFrom, validUntil, decidedAt, revokedAt }: Waiver): GrantedWaiver | null {
  if ((state !== 'granted' && state !== 'revoked') || decidedAt === null) return null;
  return { id, requirementCode, from: validFrom, until: validUntil, grantedAt: decidedAt, revokedAt };
}
