import { addDays, instantAt, isWorkingDay, localTimeAt, type PlainDate } from '~/kernel/calendar';
import { days, hours, type Instant } from '~/kernel/clock';

export interface QuietHours {
  quietFrom: string;
  quietUntil: string;
}

/** Whether a local time `HH:MM` lies in the quiet hours, which may go over midnight. */
export function isQuietTime(time: string, { quietFrom, quietUntil }: QuietHours): boolean {
  if (quietFrom === quietUntil) return false;
  return quietFrom < quietUntil ? quietFrom <= time && time < quietUntil : quietFrom <= time || time < quietUntil;
}

export const isQuietHour = (hour: number, quiet: QuietHours): boolean => isQuietTime(`${String(hour).padStart(2, '0')}:00`, quiet);

/** The hours at which a digest may be asked for. */
export const loudHours = (quiet: QuietHours): number[] => Array.from({ length: 24 }, (_, hour) => hour).filter((hour) => !isQuietHour(hour, quiet));

export interface LocalMoment {
  day: PlainDate;
  /** `HH:MM` */
  time: string;
  hour: number;
}

export function localMoment(at: Instant, zone: string): LocalMoment {
  const local = localTimeAt(at, zone);
  return { day: local.slice(0, 10), time: local.slice(11), hour: Number(local.slice(11, 13)) };
}

/** Whether what can wait may be sent now: on a working day outside the quiet hours. */
export function mayRemindAt(at: Instant, quiet: QuietHours, zone: string): boolean {
  const { day, time } = localMoment(at, zone);
  return isWorkingDay(day) && !isQuietTime(time, quiet);
}

/** The first instant from `at` on at which what can wait may be sent. */
export function nextReminding(at: Instant, quiet: QuietHours, zone: string): Instant {
  if (mayRemindAt(at, quiet, zone)) return at;
  const { day } = localMoment(at, zone);
  for (let ahead = 0; ; ahead += 1) {
    const opens = opening(addDays(day, ahead), quiet, zone);
    if (opens >= at && mayRemindAt(opens, quiet, zone)) return opens;
  }
}

/** When the quiet hours of a day end; without quiet hours over its beginning, its beginning. */
function opening(day: PlainDate, quiet: QuietHours, zone: string): Instant {
  const at = instantAt(`${day}T${isQuietTime('00:00', quiet) ? quiet.quietUntil : '00:00'}`, zone);
  if (at === null) throw new Error(`${day} has no such hour`);
  return at;
}

/** The end of the quiet hours that hold at `at`; `at` itself when none do. Rest days do not count here. */
export function quietEnds(at: Instant, quiet: QuietHours, zone: string): Instant {
  const { day, time } = localMoment(at, zone);
  if (!isQuietTime(time, quiet)) return at;
  const ends = instantAt(`${time < quiet.quietUntil ? day : addDays(day, 1)}T${quiet.quietUntil}`, zone);
  return ends ?? at + hours(1);
}

/**
 * When a notice that cannot wait goes out. In quiet hours it rests until they end, unless the house sends it anyway, or
 * less than a day would be left then before what it is about; `about` null: it is about now.
 */
export function urgentAt(at: Instant, about: Instant | null, house: QuietHours & { urgentInQuiet: 'when-needed' | 'send' | 'wait' }, zone: string): Instant {
  const ends = quietEnds(at, house, zone);
  if (house.urgentInQuiet === 'send') return at;
  if (house.urgentInQuiet === 'wait') return ends;
  return about === null || about - ends < days(1) ? at : ends;
}
