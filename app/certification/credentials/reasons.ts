/** For which kinds of reason a credential is suspended, reinstated or corrected; everybody who checks it reads them. */
export const SUSPEND_REASONS = ['inquiry', 'result-in-doubt', 'identity-in-doubt'] as const;
export type SuspendReason = (typeof SUSPEND_REASONS)[number];

export const REINSTATE_REASONS = ['inquiry-closed', 'suspended-in-error'] as const;
export type ReinstateReason = (typeof REINSTATE_REASONS)[number];

/** What can be put right without anything being judged anew. */
export const CORRECTABLE = ['name', 'recruitmentNumber', 'organisation', 'post'] as const;
export type Correction = Partial<Record<(typeof CORRECTABLE)[number], string>>;
