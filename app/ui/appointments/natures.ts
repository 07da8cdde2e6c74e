/** Natures of appointments, in the order in which they are offered. */
export const NATURE_CHOICES = ['main', 'concurrent', 'secondment'] as const;
