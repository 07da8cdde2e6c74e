import chineseDays from 'chinese-days';
import { Temporal } from 'temporal-polyfill';
import type { Instant } from './clock';

/** A date of law, `YYYY-MM-DD`, in the deployment's zone. Compares as text. */
export type PlainDate = string;

/** The date that it is in `zone` at `at`. */
export const dateAt = (at: Instant, zone: string): PlainDate =>
  Temporal.Instant.fromEpochMilliseconds(at).toZonedDateTimeISO(zone).toPlainDate().toString();

/** The instant at which `date` begins in `zone`. */
export const startOfDate = (date: PlainDate, zone: string): Instant =>
  Temporal.PlainDate.from(date).toZonedDateTime(zone).epochMilliseconds;

export const addDays = (date: PlainDate, n: number): PlainDate =>
  Temporal.PlainDate.from(date).add({ days: n }).toString();

/** Days from `from` to `to`; negative when `to` is earlier. */
export const daysBetween = (from: PlainDate, to: PlainDate): number =>
  Temporal.PlainDate.from(from).until(Temporal.PlainDate.from(to), { largestUnit: 'days' }).days;

/**
 * Whether people work on `date` by the national calendar, make-up days included. Years that the State
 * Council has not published yet fall back to Monday to Friday.
 */
export const isWorkingDay = (date: PlainDate): boolean => chineseDays.isWorkday(date);

/** The last working day on or before `date`. */
export function workingDayOnOrBefore(date: PlainDate): PlainDate {
  let day = date;
  while (!isWorkingDay(day)) day = addDays(day, -1);
  return day;
}

/** `n` working days after `date` (before it when `n` is negative). */
export function addWorkingDays(date: PlainDate, n: number): PlainDate {
  const step = n < 0 ? -1 : 1;
  let day = date;
  for (let left = Math.abs(n); left > 0; ) {
    day = addDays(day, step);
    if (isWorkingDay(day)) left -= 1;
  }
  return day;
}

/** True for a real calendar date written `YYYY-MM-DD`. */
export function isPlainDate(text: string): boolean {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(text)) return false;
  try {
    return Temporal.PlainDate.from(text, { overflow: 'reject' }).toString() === text;
  } catch {
    return false;
  }
}

/** The instant of a local time `YYYY-MM-DDTHH:MM` in `zone`, or null when there is no such date. */
export function instantAt(local: string, zone: string): Instant | null {
  try {
    return Temporal.PlainDateTime.from(local, { overflow: 'reject' }).toZonedDateTime(zone).epochMilliseconds;
  } catch {
    return null;
  }
}

/** The local time of an instant in `zone`, to the minute: `YYYY-MM-DDTHH:MM`. */
export const localTimeAt = (at: Instant, zone: string): string =>
  Temporal.Instant.fromEpochMilliseconds(at).toZonedDateTimeISO(zone).toPlainDateTime().toString({ smallestUnit: 'minute' });
