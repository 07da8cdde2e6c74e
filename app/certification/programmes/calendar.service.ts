import { reader, type Reader } from '~/db';
import { useOwnDays } from '~/kernel/calendar';
import { clock, minutes, type Instant } from '~/kernel/clock';
import { calendarDays } from './calendar-days.repository';

export { calendarDays, type CalendarDay } from './calendar-days.repository';

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
