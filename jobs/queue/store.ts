import type { IQueueBackend, JobType, JobsOptions } from 'bullmq';

/** What our code uses of BullMQ's Queue, whichever store it stands on. */
export interface BullQueue {
  on(event: 'error', listener: (error: Error) => void): unknown;
  waitUntilReady(): Promise<unknown>;
  getBackend(): Pick<IQueueBackend, 'hasQueueMetaField' | 'setQueueMeta' | 'moveJobFromActiveToWait'>;
  add(name: string, payload: unknown, options: JobsOptions): Promise<unknown>;
  addBulk(jobs: { name: string; data: unknown; opts: JobsOptions }[]): Promise<unknown>;
  upsertJobScheduler(id: string, repeat: { every: number }, job: { name: string; opts: JobsOptions }): Promise<unknown>;
  getJobScheduler(id: string): Promise<{ every?: number | undefined } | undefined>;
  getJobSchedulers(): Promise<{ key: string }[]>;
  removeJobScheduler(id: string): Promise<boolean>;
  getJobState(id: string): Promise<string>;
  getJobCounts(...states: JobType[]): Promise<Partial<Record<string, number>>>;
  getActive(): Promise<{ id?: string | undefined }[]>;
  close(): Promise<void>;
}

/** What our code reads of BullMQ's Job. */
export interface BullJob {
  id?: string | undefined;
  name: string;
  data: unknown;
  attemptsMade: number;
  opts: { attempts?: number | undefined };
}

/** What our code uses of BullMQ's Worker. */
export interface BullWorker {
  on(event: 'error', listener: (error: Error) => void): unknown;
  on(event: 'failed', listener: (job: BullJob | undefined, error: Error) => void): unknown;
  waitUntilReady(): Promise<unknown>;
  run(): Promise<void>;
  close(force?: boolean): Promise<void>;
}

export type BullProcessor = (job: BullJob) => Promise<void>;

export interface BullWorkerOptions {
  concurrency: number;
}

/** One open connection to the place where jobs are kept; what differs between the three places. */
export interface Store {
  newQueue(name: string): BullQueue;
  newWorker(name: string, processor: BullProcessor, options: BullWorkerOptions): BullWorker;
  ping(): Promise<void>;
  /** Whether an error of a BullMQ call means that the store is away, rather than that the call was wrong. */
  isAway(error: unknown): boolean;
  /** Whether this process is the only one that runs jobs from here, so that running jobs of others are dead. */
  readonly exclusive: boolean;
  /** Resolves when this connection has ended for good by itself and another must be opened. */
  readonly lost: Promise<Error>;
  close(): Promise<void>;
}

/** How a store that reconnects by itself tells what it notices; called often, cheap. */
export interface StoreSignals {
  up: () => void;
  down: (reason: unknown) => void;
}

/** Rejects when the store cannot be reached or used; leaves nothing open then. */
export type OpenStore = (signals: StoreSignals) => Promise<Store>;

/**
 * What every worker has. Locks are prolonged at half their time as long as the event loop lives, so a run may
 * take minutes; the jobs of a killed process are taken up again after 30 to 45 s.
 */
export const WORKER_TIMES = {
  lockDuration: 30_000,
  stalledInterval: 15_000,
  // A job that kills its process each time must not do so for ever; a process that is killed often may.
  maxStalledCount: 5,
  maxStartedAttempts: 100,
  // How long a worker waits after its store was away.
  runRetryDelay: 2_000,
} as const;

/** Nothing reads BullMQ's event stream. */
export const EVENT_STREAM = { events: { maxLen: 100 } } as const;
