import { markDone, markSent, reader, waitingJobs } from '~/db';
import { clock } from '~/kernel/clock';
import { JOBS } from './registry';

const BATCH = 500;

/**
 * Runs in this process what waits in the outbox and is due by the clock: for seeding and for tests, which
 * move the clock and have no queue. A failing job rejects.
 */
export async function drainOutbox(): Promise<void> {
  for (;;) {
    const due = await waitingJobs(reader(), BATCH, clock.now());
    if (due.length === 0) return;
    for (const row of due) {
      const job = JOBS[row.name];
      if (!job) throw new Error(`no job is called ${row.name}`);
      await job.run(JSON.parse(row.payload), { now: clock.now() });
      await markSent([row.id]);
      await markDone(row.id);
    }
  }
}
