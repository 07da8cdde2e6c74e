import type { Instant } from '~/kernel/clock';
import { planDay } from './planning/plan.service';
import { planDigests } from './sending/digest.service';

/** What is done again and again: plans the day once its hour has come, and makes the digests whose hour has come. */
export async function planNotices(now: Instant): Promise<void> {
  await planDay(now);
  await planDigests(now);
}
