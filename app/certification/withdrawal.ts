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
