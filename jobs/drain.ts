import { markDone, markSent, reader, waitingJobs, type OutboxRow } from '~/db';
import { clock } from '~/kernel/clock';
import { JOBS } from './registry';

const BATCH = 500;

/**
 * Runs in this process what waits in the outbox and is due by the clock: for seeding and for tests, which
 * move the clock and have no queue. A failing job rejects.
 * @param instead other handlers for some jobs, by name
 */
export async function drainOutbox(instead: Partial<Record<string, (payload: unknown) => Promise<unknown>>> = {}): Promise<void> {
  for (;;) {
    const due = await waitingJobs(reader(), BATCH, clock.now());
    if (due.length === 0) return;
    for (const row of due) {
      await runNow(row, instead[row.name]);
      await markSent([row.id]);
      await markDone(row.id);
    }
  }
}

async function runNow(row: OutboxRow, instead: ((payload: unknown) => Promise<unknown>) | undefined): Promise<void> {
  const payload: unknown = JSON.parse(row.payload);
  if (instead) {
    await instead(payload);
    return;
  }
  const job = JOBS[row.name];
  if (!job) throw new Error(`no job is called ${row.name}`);
  await job.run(payload, { now: clock.now() });
}
