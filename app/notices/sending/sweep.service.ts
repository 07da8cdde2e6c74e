import { addJobs, inTransaction, reader } from '~/db';
import type { Instant } from '~/kernel/clock';
import { checkAgainAt, settle, unsettled } from './dispatches.repository';
import { markUncertain } from './send-log.repository';
import { CHECK_EVERY, CUT_OFF_AFTER, GIVEN_UP_AFTER } from './sweep';

const CHUNK = 500;

/**
 * Finds what was to be sent and is not settled, whatever became of its job, and hands it in again. What could not be sent
 * for days is given up and shown as such: old news helps nobody.
 * @returns how many were handed in again
 */
export async function sweepDispatches(now: Instant): Promise<number> {
  await inTransaction((tx) => markUncertain(tx, now - CUT_OFF_AFTER));
  let again = 0;
  for (;;) {
    const open = await unsettled(reader(), now, CHUNK);
    if (open.length === 0) return again;
    const old = open.filter(({ made_at }) => made_at < now - GIVEN_UP_AFTER);
    const rest = open.filter((one) => !old.includes(one)).map(({ id }) => id);
    await inTransaction(async (tx) => {
      for (const { id } of old) await settle(tx, id, 'given-up');
      await checkAgainAt(tx, rest, now + CHECK_EVERY);
      await addJobs(tx, rest.map((dispatchId) => ({ name: 'notices.send', payload: { dispatchId } })));
    });
    again += rest.length;
  }
}
