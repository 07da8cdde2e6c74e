import { dateAt } from '~/kernel/calendar';
import type { Instant } from '~/kernel/clock';
import { config } from '~/kernel/config';

/** `?year=` of an address; this year when it names none. */
export function askedYear(url: string, now: Instant): number {
  const asked = Number(new URL(url).searchParams.get('year'));
  return Number.isInteger(asked) && asked > 1900 && asked < 3000 ? asked : Number(dateAt(now, config().TIME_ZONE).slice(0, 4));
}
