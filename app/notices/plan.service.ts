import type { Instant } from '~/kernel/clock';
import { planEndings } from './office/endings.service';
import { planDay } from './planning/plan.service';
import { planDigests } from './sending/digest.service';

/** What is done again and again: plans the day once its hour has come, and makes the digests whose hour has come. */
export async function planNotices(now: Instant): Promise<void> {
  // First: word to managers and HR of what ends goes out with that of the day.
  await planEndings(now);
  await planDay(now);
  await planDigests(now);
}
