import { addDays, type PlainDate } from '~/kernel/calendar';
import type { House } from '../rules/house';
import { workingDayOnOrAfter } from './ladder';

/** 1 Monday to 7 Sunday. */
export const weekdayOf = (day: PlainDate): number => new Date(`${day}T00:00:00Z`).getUTCDay() || 7;

/**
 * The day of the weekly digest in the week of `day`: the weekday that the house has set, or the next working day when
 * that is a rest day; null when the whole rest of the week is off.
 */
export function weeklyDayOf(day: PlainDate, { weeklyOn }: Pick<House, 'weeklyOn'>): PlainDate | null {
  const monday = addDays(day, 1 - weekdayOf(day));
  const sent = workingDayOnOrAfter(addDays(monday, weeklyOn - 1));
  return sent <= addDays(monday, 6) ? sent : null;
}
