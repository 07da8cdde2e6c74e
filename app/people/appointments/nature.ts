import type { PlainDate } from '~/kernel/calendar';

/** main 主职 · concurrent 兼职, beside the main one · secondment 借调或挂职, away from it for a time. */
export const NATURES = ['main', 'concurrent', 'secondment'] as const;
export type Nature = (typeof NATURES)[number];

/** The days of an appointment; `until` null: no end is planned. */
export interface Term {
  from: PlainDate;
  until: PlainDate | null;
}

/** Whether two terms have days in common. The day of the handover may belong to both. */
export const overlap = (a: Term, b: Term): boolean => (b.until === null || a.from < b.until) && (a.until === null || b.from < a.until);

/** What an appointment is when nobody said: the main one, or beside the main one that the person has already. */
export const natureBeside = (mains: readonly Term[], term: Term): Nature => (mains.some((one) => overlap(one, term)) ? 'concurrent' : 'main');
