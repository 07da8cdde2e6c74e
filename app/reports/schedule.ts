import { addDays, addMonths, dateAt, endOfMonth, isWorkingDay, startOfDate, type PlainDate } from '~/kernel/calendar';
import { hours, type Instant } from '~/kernel/clock';
import { weekday } from './period';

export const RHYTHMS = ['daily', 'weekly', 'monthly'] as const;

/** How often a report is made, always on working days. `day`: 1 to 7 from Monday, or the day of the month; 0 for every day. */
export interface Rhythm {
  rhythm: (typeof RHYTHMS)[number];
  day: number;
  hour: number;
}

/** Whether the day goes with the rhythm. */
export const isRhythm = ({ rhythm, day }: Pick<Rhythm, 'rhythm' | 'day'>): boolean =>
  (rhythm === 'daily' ? day === 0 : rhythm === 'weekly' ? day >= 1 && day <= 7 : day >= 1 && day <= 31);

/**
 * The first instant after `after` at which the report is to be made. What falls on a day off is made on the next working
 * day; months that have no such day take their last one.
 */
export function nextRun(rhythm: Rhythm, after: Instant, zone: string): Instant {
  const today = dateAt(after, zone);
  // Beginning before today: what was due on a day off may be made today.
  for (let n = -1; ; n += 1) {
    const at = startOfDate(onWorkingDay(nominal(rhythm, today, n)), zone) + hours(rhythm.hour);
    if (at > after) return at;
  }
}

/** The day that is meant, `n` rounds from today. */
function nominal({ rhythm, day }: Rhythm, today: PlainDate, n: number): PlainDate {
  switch (rhythm) {
    case 'daily': return addDays(today, n);
    case 'weekly': return addDays(today, n * 7 + day - 1 - weekday(today));
    case 'monthly': {
      const first = addMonths(`${today.slice(0, 7)}-01`, n);
      const last = endOfMonth(first);
      const meant = addDays(first, day - 1);
      return meant < last ? meant : last;
    }
  }
}

function onWorkingDay(date: PlainDate): PlainDate {
  let day = date;
  while (!isWorkingDay(day)) day = addDays(day, 1);
  return day;
}
