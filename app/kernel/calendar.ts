import chineseDays from 'chinese-days';
import { Temporal } from 'temporal-polyfill';
import type { Instant } from './clock';

/** A date of law, `YYYY-MM-DD`, in the deployment's zone. Compares as text. */
export type PlainDate = string;

/** Since 1973 every zone differs from UTC by whole quarters of an hour, so that within one the date is the same. */
const QUARTER = 15 * 60 * 1000;
const SINCE_1973 = Date.UTC(1973, 0, 1);
const KEPT_DATES = 20_000;
const dates = new Map<string, Map<number, PlainDate>>();

/** The date that it is in `zone` at `at`. Asked for millions of times when clearances are judged, so dates are kept. */
export function dateAt(at: Instant, zone: string): PlainDate {
  if (at < SINCE_1973) return computedDateAt(at, zone);
  const quarter = Math.floor(at / QUARTER);
  const kept = dates.get(zone) ?? new Map<number, PlainDate>();
  const known = kept.get(quarter);
  if (known !== undefined) return known;
  if (kept.size >= KEPT_DATES) kept.clear();
  const date = computedDateAt(at, zone);
  kept.set(quarter, date);
  dates.set(zone, kept);
  return date;
}

const computedDateAt = (at: Instant, zone: string): PlainDate =>
  Temporal.Instant.fromEpochMilliseconds(at).toZonedDateTimeISO(zone).toPlainDate().toString();

/** The instant at which `date` begins in `zone`. */
export const startOfDate = (date: PlainDate, zone: string): Instant =>
  Temporal.PlainDate.from(date).toZonedDateTime(zone).epochMilliseconds;

/** Plain arithmetic, for it is done for every span of every clearance; whatever is no date of our time is left to the library. */
export function addDays(date: PlainDate, n: number): PlainDate {
  const at = Date.parse(date) + n * DAY;
  if (date.length !== 10 || !(at >= YEAR_1000 && at < YEAR_9999)) return Temporal.PlainDate.from(date).add({ days: n }).toString();
  return new Date(at).toISOString().slice(0, 10);
}

const DAY = 24 * 60 * 60 * 1000;
const YEAR_1000 = Date.UTC(1000, 0, 1);
const YEAR_9999 = Date.UTC(9999, 0, 1);

/** The same day `n` months later (earlier when negative); the last day of the month where that month has no such day. */
export const addMonths = (date: PlainDate, n: number): PlainDate =>
  Temporal.PlainDate.from(date).add({ months: n }, { overflow: 'constrain' }).toString();

/** The last day of the month of `date`. */
export function endOfMonth(date: PlainDate): PlainDate {
  const day = Temporal.PlainDate.from(date);
  return day.with({ day: day.daysInMonth }).toString();
}

/** Month and day (`MM-DD`) in that year; 29 February is the 28th in common years. */
export const dayInYear = (monthDay: string, year: number): PlainDate =>
  Temporal.PlainMonthDay.from(monthDay).toPlainDate({ year }).toString();

/** Days from `from` to `to`; negative when `to` is earlier. */
export const daysBetween = (from: PlainDate, to: PlainDate): number =>
  Temporal.PlainDate.from(from).until(Temporal.PlainDate.from(to), { largestUnit: 'days' }).days;

/**
 * Whether people work on `date`: as an administrator has set it, else by the national calendar, make-up days
 * included. Years that the State Council has not published yet fall back to Monday to Friday.
 */
export const isWorkingDay = (date: PlainDate): boolean => ownDays.get(date) ?? isNationalWorkingDay(date);

/** The same by the built-in calendar alone. */
export const isNationalWorkingDay = (date: PlainDate): boolean => chineseDays.isWorkday(date);

let ownDays: ReadonlyMap<PlainDate, boolean> = new Map();

/** The days that this deployment sets itself: true where people work. Takes the place of those set before. */
export function useOwnDays(days: ReadonlyMap<PlainDate, boolean>): void {
  ownDays = days;
}

/** Answers as if these were the days that the deployment sets itself. `ask` must not wait for anything. */
export function supposing<T>(days: ReadonlyMap<PlainDate, boolean>, ask: () => T): T {
  const before = ownDays;
  ownDays = days;
  try {
    return ask();
  } finally {
    ownDays = before;
  }
}

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

const DAYS_OF_MONTH = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];
const isLeapYear = (year: number): boolean => (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0;

/** True for a real calendar date written `YYYY-MM-DD`. Reckoned here: long lists of people ask it several times a line. */
export function isPlainDate(text: string): boolean {
  const parts = /^(\d{4})-(\d{2})-(\d{2})$/.exec(text);
  if (!parts) return false;
  const [year, month, day] = [Number(parts[1]), Number(parts[2]), Number(parts[3])];
  const days = (DAYS_OF_MONTH[month - 1] ?? 0) + (month === 2 && isLeapYear(year) ? 1 : 0);
  return day >= 1 && day <= days;
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
