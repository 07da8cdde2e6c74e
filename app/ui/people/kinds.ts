/** Kinds of appointment, in the order in which they are offered. */
export const KINDS = ['recruit', 'staff', 'leader'] as const;
