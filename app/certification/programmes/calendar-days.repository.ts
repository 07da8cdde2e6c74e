import { z } from 'zod';
import { execute, Flag, flag, insert, places, rows, type Reader, type Tx } from '~/db';
import type { PlainDate } from '~/kernel/calendar';

const DayRow = z.object({ day: z.string(), working: Flag, note: z.string(), set_at: z.number(), set_by: z.string() })
  .transform(({ set_at: setAt, set_by: setBy, ...row }) => ({ ...row, setAt, setBy }));
export type CalendarDay = z.infer<typeof DayRow>;

/** The days that this deployment sets itself, the latest first. */
export const calendarDays = (from: Reader): Promise<CalendarDay[]> =>
  rows(from, DayRow, 'SELECT day, working, note, set_at, set_by FROM calendar_days ORDER BY day DESC');

export const setDays = (tx: Tx, days: readonly PlainDate[], one: { working: boolean; note: string; by: string }): Promise<number> =>
  insert(tx, 'calendar_days', days.map((day) => ({ day, working: flag(one.working), note: one.note, set_at: tx.now, set_by: one.by })),
    'ON CONFLICT (day) DO UPDATE SET working = excluded.working, note = excluded.note, set_at = excluded.set_at, set_by = excluded.set_by');

export function dropDays(tx: Tx, days: readonly PlainDate[]): Promise<number> {
  const { list, params } = places([...days]);
  return execute(tx, `DELETE FROM calendar_days WHERE day IN (${list})`, params);
}
