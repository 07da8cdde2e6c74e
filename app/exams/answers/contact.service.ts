import type { Tx } from '~/db';
import { seconds, type Instant } from '~/kernel/clock';
import { closeOpenCredit } from '../incidents/return.service';
import { insertGaps, withOpenCredit } from './contact.repository';

/** A page shows itself at least every 30 s; whoever was silent for longer than this may have lost time. */
const GAP = seconds(45);

/**
 * Records silences that have just ended: evidence of what an incident cost. Who was credited until they are back is
 * back now. Runs in the transaction that noted the new contact, which holds the attempts.
 */
export async function noteGaps(tx: Tx, contacts: { attemptId: string; previousAt: Instant | null }[]): Promise<void> {
  const gaps = contacts.flatMap(({ attemptId, previousAt }) =>
    (previousAt !== null && tx.now - previousAt > GAP ? [{ attemptId, from: previousAt, to: tx.now }] : []));
  if (gaps.length === 0) return;
  await insertGaps(tx, gaps);
  for (const attemptId of await withOpenCredit(tx, gaps.map((gap) => gap.attemptId))) await closeOpenCredit(tx, attemptId, tx.now);
}
