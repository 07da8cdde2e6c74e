import { addDays, type PlainDate } from '~/kernel/calendar';
import { ladder, type Rung, type Step } from '../planning/ladder';

/** So many days before its last day is told that a clearance ends, each on a working day. */
export const ENDING_RUNGS = [-30, -7, -1] as const satisfies readonly Rung[];

/** So near, managers and HR hear of it too. */
const TOLD_ABOVE: Rung = -7;

/** What is known of a clearance that ends. */
export interface EndingClearance {
  until: PlainDate;
  /** Since when it holds: what was too short from the beginning is not announced as ending on its first day. */
  since: PlainDate;
  /** The first days of what is permitted later. */
  later: readonly PlainDate[];
}

/** What `today` brings of the steps before an end: none, or the latest whose day has come. Where another permission follows at once, nothing ends. */
export function endingStep({ until, since, later }: EndingClearance, today: PlainDate): Step | null {
  if (later.some((from) => from > until && from <= addDays(until, 1))) return null;
  let current: Step | null = null;
  for (const step of ladder(until, ENDING_RUNGS)) if (step.sendOn <= today) current = step;
  return current !== null && current.sendOn > since ? current : null;
}

export const isToldAbove = ({ offset }: Step): boolean => offset === TOLD_ABOVE;
