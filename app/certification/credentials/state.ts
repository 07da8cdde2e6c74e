import type { PlainDate } from '~/kernel/calendar';

export const CREDENTIAL_STATES = ['valid', 'suspended', 'revoked', 'superseded'] as const;
export type CredentialState = (typeof CREDENTIAL_STATES)[number];

export const CREDENTIAL_CHANGES = ['suspend', 'reinstate', 'revoke', 'supersede'] as const;
export type CredentialChange = (typeof CREDENTIAL_CHANGES)[number];

/** What may follow what: a revoked or superseded credential stays so for ever. */
const NEXT: Record<CredentialState, Partial<Record<CredentialChange, CredentialState>>> = {
  valid: { suspend: 'suspended', revoke: 'revoked', supersede: 'superseded' },
  suspended: { reinstate: 'valid', revoke: 'revoked', supersede: 'superseded' },
  revoked: {},
  superseded: {},
};

/** The state after a change; null when the change cannot be made. */
export const stateAfter = (state: CredentialState, change: CredentialChange): CredentialState | null => NEXT[state][change] ?? null;

/** The states from which a change can be made. */
export const statesBefore = (change: CredentialChange): CredentialState[] => CREDENTIAL_STATES.filter((state) => stateAfter(state, change) !== null);

/** Whether a credential counts now, or may count again: no other is issued for its assignment meanwhile. */
export const isLive = (state: CredentialState): boolean => state === 'valid' || state === 'suspended';

/** What somebody who asks today is told. Validity is a matter of dates, so that nothing has to happen for it to end. */
export type Standing = CredentialState | 'not-yet' | 'expired';

export function standingOn(on: PlainDate, { state, validFrom, validUntil }: { state: CredentialState; validFrom: PlainDate | null; validUntil: PlainDate | null }): Standing {
  if (state !== 'valid') return state;
  if (validUntil !== null && on > validUntil) return 'expired';
  return validFrom !== null && on < validFrom ? 'not-yet' : 'valid';
}

/** Who asks for a revocation or suspends never decides on it. */
export const isAnother = (askedBy: string, by: string): boolean => askedBy !== by;
