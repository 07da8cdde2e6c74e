import { addDays, addMonths, addWorkingDays, workingDayOnOrBefore, type PlainDate } from '~/kernel/calendar';
import type { Validity } from '../requirement';
import { windowOpensOn } from './validity';

export interface CycleInput {
  /** The validity under which the former cycle was earned: its window is the one that was promised. */
  validity: Validity;
  /** The last day of the former cycle by rule. An extension gives more time, it does not move the window. */
  ruleExpiry: PlainDate | null;
  /** Its last day as it is now, extensions and limits counted. */
  expiry: PlainDate | null;
  /** The first day on which the former cycle held. */
  heldFrom: PlainDate;
  today: PlainDate;
}

export interface NextCycle {
  countsFrom: PlainDate;
  dueOn: PlainDate;
}

/**
 * The cycle that follows, once its window has opened; null before, and when nothing expires. Nothing that made the
 * former cycle counts for the next, so a window as long as the validity does not renew by itself. It is due on the last
 * working day of the former one; who comes to it late still gets a working day.
 */
export function nextCycle({ validity, ruleExpiry, expiry, heldFrom, today }: CycleInput): NextCycle | null {
  const opensOn = windowOpensOn({ validity, expiry: ruleExpiry });
  if (opensOn === null || expiry === null || opensOn > today) return null;
  const afterIt = addDays(heldFrom, 1);
  return { countsFrom: opensOn > afterIt ? opensOn : afterIt, dueOn: renewalDueOn(expiry, today) };
}

/** The day by which a renewal must be done so that nobody stands without a clearance. */
export function renewalDueOn(expiry: PlainDate, today: PlainDate): PlainDate {
  const wished = workingDayOnOrBefore(expiry);
  const earliest = addWorkingDays(today, 1);
  return wished > earliest ? wished : earliest;
}

/** The latest expiry of which the window is open on `today`: what ends later need not be looked at. */
export function lastExpiryInWindow(validity: Validity, today: PlainDate): PlainDate | null {
  if (validity.kind === 'for-ever') return null;
  const { count, unit } = validity.window;
  // Ends of months let several expiries share an opening; working days are followed by free ones.
  let day = addDays(unit === 'working-days' ? addWorkingDays(today, count) : addMonths(today, unit === 'years' ? count * 12 : count), 12);
  for (;;) {
    const opensOn = windowOpensOn({ validity, expiry: day });
    if (opensOn !== null && opensOn <= today) return day;
    day = addDays(day, -1);
  }
}
