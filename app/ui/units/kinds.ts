/** How an organisation can change, and what can become of the roles over one that is merged, in the order in which they are offered. */
export const CHANGES = ['move', 'merge', 'close'] as const;
export const FATES = ['end', 'carry'] as const;
