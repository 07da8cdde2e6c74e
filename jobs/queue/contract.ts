/**
 * Where the queue lives. `embedded`: a PostgreSQL inside this process, stored in `folder`, used by this
 * process alone. `postgres`: the schema `bullmq` of that database. `redis`: Redis 6.2 or newer.
 */
export type QueueChoice =
  { kind: 'embedded'; folder: string } | { kind: 'postgres'; url: string } | { kind: 'redis'; url: string };

/** The part of the application's logger that the queue uses. */
export interface QueueLog {
  info(fields: object, sentence: string): void;
  warn(fields: object, sentence: string): void;
  error(fields: object, sentence: string): void;
}

export interface QueueDeps {
  log: QueueLog;
  /** Milliseconds since 1970. */
  now: () => number;
  /**
   * Called whenever the store turns out to have been made anew or emptied: at the first opening, when it
   * becomes reachable late, or while running (Redis emptied, embedded store replaced). The caller adds again
   * what its outbox still remembers. Must not throw.
   */
  onEmptied?: () => void;
  /** Separates several queues in one store; only tests need it. No `:`. Default `shanggang`. */
  name?: string;
}

/** A job as the outbox hands it over. */
export interface JobToAdd {
  /** The outbox row's id, without `:`. Adding an id that the queue still knows changes nothing. */
  id: string;
  name: string;
  /** Ids only; stored as JSON. */
  payload: unknown;
  /** Milliseconds from now; 0 runs at once. */
  delayMs: number;
  /** How often it may run in all, at least 1. */
  attempts: number;
  /** Wait after the first failure in milliseconds; doubled after each further one. */
  backoffMs: number;
}

/** A job that is being run. A scheduled one has an id of the queue's own and the payload `{}`. */
export interface RunningJob {
  id: string;
  name: string;
  payload: unknown;
  /** 1 for the first run. */
  attempt: number;
  /** True when a failure now would be final. */
  lastAttempt: boolean;
}

export interface WorkOptions {
  /** How many jobs run at a time in this process. */
  concurrency: number;
  /**
   * Told of each failed run before the queue forgets or repeats the job. `final`: it will not run again.
   * Its own failure is logged and changes nothing.
   */
  onFailure(job: RunningJob, error: Error, final: boolean): Promise<void>;
}

export interface RunningWork {
  /** Takes no further job, and resolves when the running ones have ended. */
  close(): Promise<void>;
}

export interface Queue {
  readonly kind: QueueChoice['kind'];
  /** True when this process found the store made anew, emptied or unusable: it must be refilled. */
  readonly startedEmpty: boolean;
  /** False while the store cannot be reached. */
  readonly reachable: boolean;
  /**
   * Adds the jobs; resolves when the store has them.
   * @throws QueueUnreachable within 2 s for each 500 jobs; some of them may have been added all the same.
   */
  add(jobs: JobToAdd[]): Promise<void>;
  /**
   * Runs `name` every `everyMs`, the first time at once; one schedule per name, across processes and
   * restarts; a changed interval replaces. While the store is unreachable it is remembered and done later.
   */
  schedule(name: string, everyMs: number): Promise<void>;
  /** Removes all schedules but these, as above at once or later. */
  keepSchedules(names: string[]): Promise<void>;
  /** Runs jobs, from now on or from when the store is reachable. A job may run twice: `run` reads state first. */
  work(run: (job: RunningJob) => Promise<void>, options: WorkOptions): Promise<RunningWork>;
  /** @throws QueueUnreachable within 2 s. */
  counts(): Promise<{ waiting: number; delayed: number; active: number }>;
  /** Whether the queue still knows the job: waiting, delayed or running. @throws QueueUnreachable within 2 s. */
  has(id: string): Promise<boolean>;
  /** @throws QueueUnreachable within 2 s. */
  ping(): Promise<void>;
  /** Ends the running work as its `close` does, then the connections. */
  close(): Promise<void>;
}

/** The store cannot be reached or used at present; what it was asked to do stays in the outbox. */
export class QueueUnreachable extends Error {
  readonly code = 'queue-unreachable';

  constructor(reason: unknown) {
    super(`The job queue cannot be reached: ${messageOf(reason)}`, { cause: reason });
    this.name = 'QueueUnreachable';
  }
}

/** What an error says, also one without words of its own (Node's AggregateError of all addresses tried). */
export function messageOf(error: unknown): string {
  if (error instanceof AggregateError && error.message === '') return error.errors.map(messageOf).join('; ');
  return error instanceof Error ? error.message || error.name : String(error);
}
