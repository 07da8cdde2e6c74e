import { addJobs, inTransaction, type Tx } from '~/db';
import { dateAt, type PlainDate } from '~/kernel/calendar';
import type { Instant } from '~/kernel/clock';
import { config } from '~/kernel/config';
import { GAPS, lost, type Gap } from './gaps.repository';
import { sweepCalendar } from './programmes/calendar-plan.service';
import { sweepExceptions } from './programmes/exceptions.service';
import { sweepMoves } from './programmes/move.service';
import { sweepProgrammes } from './programmes/publish.service';
import { turnClearances } from './turn.service';

const LIMIT = 500;

/**
 * Finds what got lost on its way here and puts its job into the outbox again: appointments that no programme
 * was assigned for, completions and released results that are no evidence yet, cleared people without a
 * credential, credentials without their PDF. What is waiting, under way or failed is left to the outbox.
 */
export async function sweep(now: Instant): Promise<void> {
  const today = dateAt(now, config().TIME_ZONE);
  await inTransaction(async (tx) => {
    for (const gap of GAPS) await fill(tx, gap, today);
  });
  await turnClearances(now);
  await sweepProgrammes(now);
  await sweepMoves();
  await sweepCalendar();
  await sweepExceptions(now);
}

async function fill(tx: Tx, gap: Gap, today: PlainDate): Promise<void> {
  const ids = await lost(tx, gap, today, LIMIT);
  await addJobs(tx, ids.map((id) => ({ name: gap.job, payload: { [gap.payload]: id } })));
}
