import { addDays, daysBetween, type PlainDate } from '~/kernel/calendar';

/** A span of days; `until` null: no end. */
export interface ChartPeriod {
  from: PlainDate;
  until: PlainDate | null;
  kind: string;
}

export interface PeriodsChart {
  width: number;
  bars: { x: number; width: number; kind: string; open: boolean }[];
  /** First days of months, quarters or years, as many as there is room for. */
  ticks: { x: number; date: PlainDate }[];
  marker: number;
}

const WIDTH = 640;
const LABEL = 96;

/**
 * Where the bars of a time line lie, from the first period (or the marked day) to a little after the last.
 * @param marked the day that is looked at
 */
export function periodsChart(periods: readonly ChartPeriod[], marked: PlainDate): PeriodsChart {
  const ends = periods.flatMap(({ from, until }) => [from, until ?? from]);
  const days = [...ends, marked].sort();
  const first = addDays(days[0] ?? marked, -15);
  const length = Math.max(60, daysBetween(first, days.at(-1) ?? marked) + 45);
  const at = (day: PlainDate): number => Math.round((daysBetween(first, day) / length) * WIDTH);
  return {
    width: WIDTH, marker: at(marked), ticks: ticksIn(first, length, at),
    bars: periods.map(({ from, until, kind }) => {
      const x = at(from);
      return { x, width: Math.max(3, (until === null ? WIDTH : at(addDays(until, 1))) - x), kind, open: until === null };
    }),
  };
}

function ticksIn(first: PlainDate, length: number, at: (day: PlainDate) => number): PeriodsChart['ticks'] {
  const months: PlainDate[] = [];
  const end = addDays(first, length);
  for (let year = Number(first.slice(0, 4)); year <= Number(end.slice(0, 4)); year += 1) {
    for (let month = 1; month <= 12; month += 1) months.push(`${year}-${String(month).padStart(2, '0')}-01`);
  }
  const inside = months.filter((day) => day >= first && at(day) <= WIDTH - LABEL / 2);
  const every = [1, 3, 6, 12, 24, 60].find((step) => inside.length / step <= WIDTH / LABEL) ?? 120;
  return inside.filter((day) => ((Number(day.slice(0, 4)) * 12 + Number(day.slice(5, 7)) - 1) % every) === 0).map((date) => ({ x: at(date), date }));
}
