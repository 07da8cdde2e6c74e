import { addDays, addMonths, endOfMonth, type PlainDate } from '~/kernel/calendar';
import type { ReportQuery } from './report';

export interface DateSpan {
  from: PlainDate;
  until: PlainDate;
}

/** The days that a period means on a day; null: any time. Weeks begin on Monday. */
export function spanOf({ period, from, until }: Pick<ReportQuery, 'period' | 'from' | 'until'>, on: PlainDate): DateSpan | null {
  const month = `${on.slice(0, 7)}-01`;
  const quarter = addMonths(month, -((Number(on.slice(5, 7)) - 1) % 3));
  const year = Number(on.slice(0, 4));
  switch (period) {
    case 'any': return null;
    case 'dates': return from && until ? { from, until } : null;
    case 'last-week': { const monday = addDays(on, -weekday(on)); return { from: addDays(monday, -7), until: addDays(monday, -1) }; }
    case 'this-month': return { from: month, until: endOfMonth(month) };
    case 'last-month': return { from: addMonths(month, -1), until: addDays(month, -1) };
    case 'this-quarter': return { from: quarter, until: endOfMonth(addMonths(quarter, 2)) };
    case 'last-quarter': return { from: addMonths(quarter, -3), until: addDays(quarter, -1) };
    case 'this-year': return { from: `${year}-01-01`, until: `${year}-12-31` };
    case 'last-year': return { from: `${year - 1}-01-01`, until: `${year - 1}-12-31` };
  }
}

/** 0 for Monday to 6 for Sunday. */
export const weekday = (date: PlainDate): number => (new Date(`${date}T00:00:00Z`).getUTCDay() + 6) % 7;
