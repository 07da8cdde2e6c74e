import { messageOf } from './contract';
import type { QueueLog, RunningJob, RunningWork, WorkOptions } from './contract';
import { endsWithin, within } from './failure';
import type { BullJob, BullWorker, Store } from './store';

const GETTING_READY_MAY_TAKE_MS = 10_000;
const ENDING_MAY_TAKE_MS = 5_000;

/** What a piece of work needs besides its store. */
export interface WorkDeps {
  log: QueueLog;
  /** BullMQ's errors that are not about a job. */
  onError(error: unknown): void;
  /** The worker has stopped although nobody asked it to. */
  onStopped(error: unknown): void;
}

/** Runs jobs, on one worker of BullMQ after another when the store has to be opened anew. */
export class Work implements RunningWork {
  #worker: BullWorker | null = null;
  #closing: Promise<void> | null = null;
  readonly #running = new Set<Promise<void>>();
  readonly #told = new WeakSet<BullJob>();

  constructor(
    private readonly run: (job: RunningJob) => Promise<void>,
    private readonly options: WorkOptions,
    private readonly deps: WorkDeps,
  ) {}

  /** Starts on this store. Rejects when the store does not answer. */
  async start(store: Store, queueName: string): Promise<void> {
    if (this.#closing || this.#worker) return;
    const { concurrency } = this.options;
    const worker = store.newWorker(queueName, (job) => this.#track(this.#process(job)), { concurrency });
    this.#worker = worker;
    worker.on('error', (error) => {
      this.deps.onError(error);
    });
    worker.on('failed', (job, error) => {
      this.#failedUnrun(job, error);
    });
    await within(GETTING_READY_MAY_TAKE_MS, 'starting a worker', worker.waitUntilReady());
    // Asked to close meanwhile, it ends by itself.
    worker.run().catch((error: unknown) => {
      if (this.#worker === worker && !this.#closing) this.deps.onStopped(error);
    });
  }

  /** Lets go of a store that is lost. Runs that have begun go on; they are waited for in `close`. */
  async drop(): Promise<void> {
    const worker = this.#worker;
    this.#worker = null;
    if (worker) await endsWithin(ENDING_MAY_TAKE_MS, worker.close(true));
  }

  close(): Promise<void> {
    this.#closing ??= this.#end();
    return this.#closing;
  }

  async #end(): Promise<void> {
    // Closing stops the fetching at once. It never ends when the store is away: then the runs alone count.
    const ended = this.#worker?.close() ?? Promise.resolve();
    while (!(await endsWithin(ENDING_MAY_TAKE_MS, ended)) && this.#running.size > 0) await this.#idle();
    await this.#idle();
    this.#worker = null;
  }

  async #idle(): Promise<void> {
    while (this.#running.size > 0) await Promise.allSettled([...this.#running]);
  }

  #track(run: Promise<void>): Promise<void> {
    this.#running.add(run);
    const forget = () => this.#running.delete(run);
    run.then(forget, forget);
    return run;
  }

  async #process(job: BullJob): Promise<void> {
    const running = runningJob(job);
    try {
      await this.run(running);
    } catch (thrown) {
      const error = thrown instanceof Error ? thrown : new Error(String(thrown));
      // Before BullMQ forgets the job: a crash in between repeats the job rather than losing its failure.
      this.#told.add(job);
      await this.#tell(running, error, running.lastAttempt);
      throw error;
    }
  }

  /** A job that BullMQ gives up without a run: it has killed its process too often. */
  #failedUnrun(job: BullJob | undefined, error: Error): void {
    if (job && !this.#told.has(job)) void this.#track(this.#tell(runningJob(job), error, true));
  }

  async #tell(job: RunningJob, error: Error, final: boolean): Promise<void> {
    try {
      await this.options.onFailure(job, error, final);
    } catch (second) {
      const fields = { job: job.id, name: job.name, failure: messageOf(error), reason: messageOf(second) };
      this.deps.log.error(fields, 'The failure of a job could not be recorded');
    }
  }
}

function runningJob(job: BullJob): RunningJob {
  const attempt = job.attemptsMade + 1;
  const { id = '', name, data: payload } = job;
  return { id, name, payload, attempt, lastAttempt: attempt >= (job.opts.attempts ?? 1) };
}
