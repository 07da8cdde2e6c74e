import path from 'node:path';
import { inTransaction, jobStatus, markDone, markFailed, reader, saveSetting } from '~/db';
import { clock, realDelay } from '~/kernel/clock';
import type { Config } from '~/kernel/config';
import { log } from '~/kernel/log';
import { jobDuration, jobFailures } from '~/start/metrics';
import { openQueue, type Queue, type QueueChoice, type RunningJob } from './queue';
import { JOBS, SWEEPS } from './registry';
import { Relay } from './relay';

/** Redis when it is set; else PostgreSQL when it is the database; else the one inside this process. */
export function queueChoice(config: Config): QueueChoice {
  if (config.REDIS_URL) return { kind: 'redis', url: config.REDIS_URL };
  if (config.DATABASE_URL) return { kind: 'postgres', url: config.DATABASE_URL };
  return { kind: 'embedded', folder: path.join(config.DATA_DIR, 'queue') };
}

export interface RunningJobs {
  queue: Queue;
  stop(): Promise<void>;
}

/**
 * Starts the relay and, unless `work` is false, the workers and schedules. Stopping waits for running
 * jobs; what was not begun stays in the queue.
 */
export async function startJobs(config: Config, work: boolean): Promise<RunningJobs> {
  let relay: Relay | null = null;
  const queue = await openQueue(queueChoice(config), {
    log: log(),
    now: clock.now,
    onEmptied: () => void relay?.refill().catch((error: unknown) => log().error({ err: error }, 'the queue could not be refilled yet')),
  });
  const running = new Relay(queue);
  relay = running;
  await running.start();
  const workers = work ? await queue.work(runJob, { concurrency: config.WORKER_CONCURRENCY, onFailure: noteFailure }) : null;
  if (work) void schedule(queue);
  return {
    queue,
    stop: async () => {
      await running.stop();
      await workers?.close();
      await queue.close();
    },
  };
}

const SCHEDULE_RETRY_MS = 5000;
/** However fast the clock runs, no sweep comes round more often. */
const SHORTEST_ROUND_MS = 250;

/** Keeps trying: an unreachable queue must not stop the program from starting. */
async function schedule(queue: Queue): Promise<void> {
  try {
    for (const [name, sweep] of Object.entries(SWEEPS)) {
      await queue.schedule(name, Math.max(SHORTEST_ROUND_MS, realDelay(sweep.everyMs)));
    }
    await queue.keepSchedules(Object.keys(SWEEPS));
  } catch {
    setTimeout(() => void schedule(queue), SCHEDULE_RETRY_MS).unref();
  }
}

/** Runs one message of the queue. The outbox row decides whether there is still something to do. */
export async function runJob(job: RunningJob): Promise<void> {
  const stop = jobDuration.startTimer({ job: job.name });
  const sweep = SWEEPS[job.name];
  try {
    if (sweep) await runSweep(job.name, sweep.run);
    else await runOnce(job);
  } finally {
    stop();
  }
}

async function runOnce(job: RunningJob): Promise<void> {
  const status = await jobStatus(reader(), job.id);
  if (status === null || status === 'done') return;
  const definition = JOBS[job.name];
  if (!definition) throw new Error(`no job is called ${job.name}`);
  await definition.run(job.payload, { now: clock.now() });
  await markDone(job.id);
}

const failing = new Set<string>();

/** A sweep comes round again by itself; its last failure is shown to administrators until it succeeds. */
async function runSweep(name: string, run: (now: number) => Promise<unknown>): Promise<void> {
  try {
    await run(clock.now());
    if (failing.delete(name)) await inTransaction((tx) => saveSetting(tx, `sweep.${name}`, ''));
  } catch (error) {
    failing.add(name);
    jobFailures.inc({ job: name });
    log().error({ job: name, err: error }, 'a sweep failed and will come round again');
    await inTransaction((tx) => saveSetting(tx, `sweep.${name}`, `${new Date(clock.now()).toISOString()} ${String(error)}`));
  }
}

/** Notes a failed run: retried by the queue, or in the visible list once it is final. */
export async function noteFailure(job: RunningJob, error: Error, final: boolean): Promise<void> {
  jobFailures.inc({ job: job.name });
  log()[final ? 'error' : 'warn']({ job: job.name, id: job.id, attempt: job.attempt, err: error }, final ? 'a job failed for good' : 'a job failed and will be retried');
  if (!(job.name in SWEEPS)) await markFailed(job.id, error.message, final);
}
