import { appendEvent, inTransaction, reader, type Reader } from '~/db';
import type { Actor } from '~/identity';
import { addDays, daysBetween, useOwnDays, type PlainDate } from '~/kernel/calendar';
import { clock, minutes, type Instant } from '~/kernel/clock';
import { err, ok, type Result } from '~/kernel/result';
import { calendarDays, dropDay, setDays } from './calendar-days.repository';

export { calendarDays, type CalendarDay } from './calendar-days.repository';

const LONGEST = 60;
const FRESH_FOR = minutes(1);

let readAt: Instant | null = null;

/** Hands the days that this deployment sets itself to the calendar. At the start, and after each change. */
export async function loadCalendar(from: Reader = reader()): Promise<void> {
  useOwnDays(new Map((await calendarDays(from)).map(({ day, working }) => [day, working])));
  readAt = clock.now();
}

/** The same if it was not done within the last minute: another process may have changed them. */
export async function freshCalendar(): Promise<void> {
  if (readAt === null || Math.abs(clock.now() - readAt) > FRESH_FOR) await loadCalendar();
}

export interface DaysToSet {
  from: PlainDate;
  until: PlainDate;
  working: boolean;
  note: string;
}

/** Sets days off or days of work. Due dates that were assigned before do not move. */
export async function setCalendarDays(actor: Pick<Actor, 'by'>, { from, until, working, note }: DaysToSet): Promise<Result<null>> {
  if (until < from) return err('calendar.order', undefined, 'until');
  const count = daysBetween(from, until) + 1;
  if (count > LONGEST) return err('calendar.too-long', undefined, 'until');
  await inTransaction(async (tx) => {
    await setDays(tx, Array.from({ length: count }, (_, i) => addDays(from, i)), { working, note, by: actor.by });
    await appendEvent(tx, { kind: 'calendar.days-set', subject: { kind: 'calendar', id: from }, by: actor.by, body: { from, until, working, note } });
  });
  await loadCalendar();
  return ok(null);
}

/** Lets the built-in calendar decide about a day again. */
export async function clearCalendarDay(actor: Pick<Actor, 'by'>, day: PlainDate): Promise<void> {
  await inTransaction(async (tx) => {
    if (await dropDay(tx, day) === 0) return;
    await appendEvent(tx, { kind: 'calendar.day-cleared', subject: { kind: 'calendar', id: day }, by: actor.by, body: { day } });
  });
  await loadCalendar();
}
