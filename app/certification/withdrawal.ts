import type { PlainDate } from '~/kernel/calendar';
import type { Instant } from '~/kernel/clock';

/** For which reasons the personnel office revokes a credential. */
export const REVOKE_REASONS = ['issued-in-error', 'result-annulled', 'misconduct', 'left-service'] as const;
export type RevokeReason = (typeof REVOKE_REASONS)[number];

/** Why credentials are revoked at all; that an attempt was declared void is found by rule alone. */
export type RevocationReason = RevokeReason | 'attempt-voided';

/** Who decided: the personnel office, or a rule because the evidence does not carry the credential any more. */
export type RevocationCause = 'personnel' | 'rule';

/** That a permission was taken back, and what gives it again. */
export interface Withdrawal {
  at: Instant;
  /**
   * `evidence`: a rule revoked because a requirement was not met any more; once it is met, nothing stands against it.
   * `later-result`: an office annulled what was shown; only exam results after that count.
   * `nothing`: it stays.
   */
  lifted: 'evidence' | 'later-result' | 'nothing';
}

/** What a revocation means for the clearance. */
export function withdrawalBy(at: Instant, cause: RevocationCause, reason: string): Withdrawal {
  if (cause === 'rule') return { at, lifted: 'evidence' };
  return { at, lifted: reason === 'result-annulled' ? 'later-result' : 'nothing' };
}

/** An interval in which a permission rests: its credential was suspended. The first day counts as resting, the day of the reinstatement does not. */
export interface Suspension {
  from: Instant;
  /** When it was reinstated; null while it rests. */
  until: Instant | null;
}

/** That an expiry was moved: never earlier, and this one only. */
export interface Extension {
  at: Instant;
  /** The last day on which it now holds. */
  until: PlainDate;
}

/** A decision that opens a gate for a time without what is missing. */
export interface GrantedWaiver {
  id: string;
  /** Null: for the whole clearance. */
  requirementCode: string | null;
  from: PlainDate;
  until: PlainDate;
  /** When it was decided: it never counts before that day. Left out where a decision is only supposed. */
  grantedAt?: Instant | undefined;
  /** When it was revoked: it still counts on that day, so that nobody at work that day was there without permission. */
  revokedAt?: Instant | null | undefined;
}
