import { addJobs, type Tx } from '~/db';
import { dateAt } from '~/kernel/calendar';
import { config } from '~/kernel/config';
import { aboutWhen, isUrgent } from './category';
import type { NoticeContent } from './notice';
import { insertNotices, type MadeNotice } from './notices.repository';
import { houseRules } from './rules/house.service';
import { urgentAt } from './rules/quiet';
import { bindToOwn, insertDispatches } from './sending/dispatches.repository';
import { CHECK_AFTER } from './sending/sweep';

export interface ToTell {
  personId: string;
  content: NoticeContent;
  /** What the person is told once: a second notice with the same step is not made. */
  step: string;
}

/**
 * Tells people something: at once in the product, and outside of it with the digest of the day, or at once when it cannot
 * wait. What they were told before under the same step is left out.
 * @returns the notices that are new
 */
export async function tell(tx: Tx, told: readonly ToTell[]): Promise<MadeNotice[]> {
  const made = await insertNotices(tx, told.map((one) => ({ ...one, urgency: isUrgent(one.content, tx.now) ? 'at-once' : 'digest' })));
  await sendAtOnce(tx, made.filter(({ urgency }) => urgency === 'at-once'));
  return made;
}

async function sendAtOnce(tx: Tx, notices: readonly MadeNotice[]): Promise<void> {
  if (notices.length === 0) return;
  const house = await houseRules(tx);
  const zone = config().TIME_ZONE;
  const timed = notices.map((notice) => ({ ...notice, at: urgentAt(tx.now, aboutWhen(notice.content), house, zone) }));
  await insertDispatches(tx, timed.map(({ id, personId, at }) => ({ id, personId, kind: 'at-once', day: dateAt(at, zone), nextCheckAt: at + CHECK_AFTER })));
  await bindToOwn(tx, notices.map(({ id }) => id));
  await addJobs(tx, timed.map(({ id, at }) => ({ name: 'notices.send', payload: { dispatchId: id }, ...(at > tx.now && { notBefore: at }) })));
}
