import { appendEvent, inTransaction } from '~/db';
import { authorise, type Actor } from '~/identity';
import { dateAt } from '~/kernel/calendar';
import { config } from '~/kernel/config';
import { err, ok, type Result } from '~/kernel/result';
import { runningRuns } from './runs.repository';
import { startRun } from './runs.service';
import { askYear, closedYears, decideYear, listYears, yearsWithEntries } from './years.repository';

/** Proposes to close a year that is over. Another administrator decides. */
export async function askToClose(actor: Actor, year: number, reason: string): Promise<Result<null>> {
  authorise(actor, 'close hour years');
  return inTransaction(async (tx) => {
    if (year >= Number(dateAt(tx.now, config().TIME_ZONE).slice(0, 4))) return err('hours.year-runs', { year }, 'year');
    const closed = await closedYears(tx);
    const earlier = (await yearsWithEntries(tx)).find((one) => one < year && !closed.includes(one));
    if (earlier !== undefined) return err('hours.year-order', { year: earlier }, 'year');
    if (!await askYear(tx, year, reason, actor.by)) return err('hours.year-asked', { year }, 'year');
    await appendEvent(tx, { kind: 'hours.close-asked', subject: { kind: 'hour-year', id: String(year) }, by: actor.by, body: { year, reason } });
    return ok(null);
  });
}

/**
 * Closes a year, or leaves it open; never decided by whoever proposed it. From then on its entries stay as they are,
 * and what it passes on is frozen, in steps by a job.
 */
export async function decideToClose(actor: Actor, year: number, decision: 'close' | 'refuse'): Promise<Result<null>> {
  authorise(actor, 'close hour years');
  return inTransaction(async (tx) => {
    const asked = (await listYears(tx)).find((one) => one.year === year && one.state === 'asked');
    if (!asked) return err('conflict.changed');
    if (asked.askedBy === actor.by) return err('hours.year-own');
    // A recount that is under way would be cut off in the middle.
    if (decision === 'close' && (await runningRuns(tx)).some((run) => run.kind !== 'difference')) return err('hours.run-first');
    if (!await decideYear(tx, year, decision === 'close' ? 'closed' : 'refused', actor.by)) return err('conflict.changed');
    await appendEvent(tx, {
      kind: decision === 'close' ? 'hours.closed' : 'hours.close-refused', subject: { kind: 'hour-year', id: String(year) }, by: actor.by, cause: 'decision', body: { year },
    });
    if (decision === 'close') await startRun(tx, { kind: 'close', year, by: actor.by });
    return ok(null);
  });
}
