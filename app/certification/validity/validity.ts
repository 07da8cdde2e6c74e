import { addMonths, addWorkingDays, dayInYear, endOfMonth, type PlainDate } from '~/kernel/calendar';
import type { Period, Validity } from '../requirement';

export interface ExpiryInput {
  validity: Validity;
  /** The day on which the last requirement was met. */
  completedOn: PlainDate;
  /** The last day of the former cycle by rule: an extension of it does not move the one after. Null for a first cycle. */
  lastExpiry: PlainDate | null;
}

/**
 * The last day on which what was completed holds, that day included; null when it holds for ever.
 *
 * The last day is the corresponding day itself, not the day before it: two years from 1 July 2026 hold until and
 * including 1 July 2028. That is how the law counts years and months (Civil Code, articles 201 and 202: the first day
 * is not counted, the last is the corresponding day, or the end of a month that has no such day), how identity cards
 * and driving licences are printed, and what people mean by 至…日. Working days are counted the same way: the first
 * is the one after the completion.
 */
export function expiryOf({ validity, completedOn, lastExpiry }: ExpiryInput): PlainDate | null {
  switch (validity.kind) {
    case 'for-ever':
      return null;
    case 'from-completion':
      return after(completedOn, validity.period);
    case 'from-last-expiry':
      return lastExpiry !== null && completedOn <= lastExpiry ? renewed(lastExpiry, validity.period) : after(completedOn, validity.period);
    case 'fixed-date':
      return nextFixedDate(validity, completedOn, lastExpiry);
  }
}

/** The first day on which a renewal may begin; null when nothing expires. */
export function windowOpensOn({ validity, expiry }: { validity: Validity; expiry: PlainDate | null }): PlainDate | null {
  return validity.kind === 'for-ever' || expiry === null ? null : before(expiry, validity.window);
}

/**
 * Whether a window is shorter than what it renews. A window that is not would open before the completion, and one
 * completion would count twice.
 */
export function isWindowSound(validity: Validity): boolean {
  if (validity.kind === 'for-ever') return true;
  return longestDays(validity.window) < shortestDays(validity.kind === 'fixed-date' ? validity.least : validity.period);
}

/** `period` after `date`: the corresponding day, the end of the month where there is none. */
export const after = (date: PlainDate, { count, unit }: Period): PlainDate =>
  unit === 'working-days' ? addWorkingDays(date, count) : addMonths(date, monthsOf(count, unit));

const before = (date: PlainDate, { count, unit }: Period): PlainDate =>
  unit === 'working-days' ? addWorkingDays(date, -count) : addMonths(date, -monthsOf(count, unit));

const monthsOf = (count: number, unit: 'months' | 'years'): number => (unit === 'years' ? count * 12 : count);

/**
 * What ends with a month goes on ending with months. Otherwise one 28 February would shorten all that follow: 31
 * August, 28 February, 28 August, and so on.
 */
function renewed(expiry: PlainDate, period: Period): PlainDate {
  const next = after(expiry, period);
  return period.unit !== 'working-days' && expiry === endOfMonth(expiry) ? endOfMonth(next) : next;
}

/**
 * The fixed day moved by whole periods until it leaves enough and is later than the former expiry. The years are those
 * of the former expiry, whenever the renewal was completed; a first cycle takes the first such day that leaves enough.
 */
function nextFixedDate(
  { day, every, least }: Extract<Validity, { kind: 'fixed-date' }>, completedOn: PlainDate, lastExpiry: PlainDate | null,
): PlainDate {
  const enough = after(completedOn, least);
  const base = lastExpiry ?? enough;
  let year = yearOf(base);
  // An expiry that is not such a day (the rule was another one then) leads to the next that is.
  if (dayInYear(day, year) < base) year += 1;
  while (dayInYear(day, year) < enough || (lastExpiry !== null && dayInYear(day, year) <= lastExpiry)) year += every;
  return dayInYear(day, year);
}

const yearOf = (date: PlainDate): number => Number(date.slice(0, 4));

/** Bounds of a length in days, whatever the month and the holidays: at most 8 days of national holidays are in a row. */
const longestDays = ({ count, unit }: Period): number => (unit === 'years' ? count * 366 : unit === 'months' ? count * 31 : count * 2 + 10);
const shortestDays = ({ count, unit }: Period): number => (unit === 'years' ? count * 365 : unit === 'months' ? Math.floor(count * 30.4) - 3 : count);
