import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { QueueUnreachable } from './contract';
import type { JobToAdd, Queue, QueueChoice, QueueDeps, RunningJob, RunningWork, WorkOptions } from './contract';
import { endsWithin, within } from './failure';
import { Reachability } from './reachability';
import { Schedules } from './schedules';
import type { BullQueue, OpenStore, Store } from './store';
import { Work } from './work';

const ANSWER_MAY_TAKE_MS = 2_000;
const GETTING_READY_MAY_TAKE_MS = 10_000;
const ENDING_MAY_TAKE_MS = 2_000;
const PAUSE_BEFORE_OPENING_AGAIN_MS = 2_000;
/** How often it is looked whether the store still has what it had, and is back if it was away. */
const LOOK_EVERY_MS = 30_000;
const BULK = 500;
/** A field of the queue's own, set when it is first seen; without it the store is new or was emptied. */
const MARK = 'shanggang-known';

interface Attached {
  store: Store;
  bull: BullQueue;
}

/** The queue on whichever store: opens it, opens it again when it is lost, and says how it goes. */
export class StoredQueue implements Queue {
  readonly kind: QueueChoice['kind'];
  startedEmpty = false;
  readonly #name: string;
  readonly #reach: Reachability;
  readonly #schedules = new Schedules();
  readonly #works = new Set<Work>();
  readonly #closed = new AbortController();
  #attached: Attached | null = null;
  #schedulesLate = false;
  #kept: Promise<void> = Promise.resolve();
  #giveUp: (reason: unknown) => void = () => undefined;

  constructor(
    choice: QueueChoice,
    place: string,
    private readonly openStore: OpenStore,
    private readonly deps: QueueDeps,
  ) {
    this.kind = choice.kind;
    this.#name = deps.name ?? 'shanggang';
    this.#reach = new Reachability(place, deps, () => void this.#look());
  }

  get reachable(): boolean {
    return this.#attached !== null && this.#reach.reason === null;
  }

  /** Resolves after the first attempt, successful or not; further ones follow in the background. */
  async open(): Promise<void> {
    await new Promise<void>((tried) => {
      this.#kept = this.#keepOpen(tried);
    });
  }

  async add(jobs: JobToAdd[]): Promise<void> {
    jobs.forEach(refuseUnfit);
    for (let from = 0; from < jobs.length; from += BULK) {
      const part = jobs.slice(from, from + BULK).map(forBullmq);
      const [first] = part;
      // PostgreSQL makes temporary tables for a bulk, which a single job need not pay.
      await this.#ask(({ bull }) =>
        first && part.length === 1 ? bull.add(first.name, first.data, first.opts) : bull.addBulk(part),
      );
      this.#reach.up();
    }
  }

  async schedule(name: string, everyMs: number): Promise<void> {
    this.#schedules.want(name, everyMs);
    await this.#scheduleOrLater((bull) => this.#schedules.apply(bull, name));
  }

  async keepSchedules(names: string[]): Promise<void> {
    this.#schedules.wantOnly(names);
    await this.#scheduleOrLater((bull) => this.#schedules.removeOthers(bull));
  }

  async work(run: (job: RunningJob) => Promise<void>, options: WorkOptions): Promise<RunningWork> {
    const work = new Work(run, options, {
      log: this.deps.log,
      onError: (error) => {
        this.#heard(error);
      },
      onStopped: (error) => {
        this.#giveUp(error);
      },
    });
    this.#works.add(work);
    // A worker that cannot start takes the store with it, and is started again with the next.
    if (this.#attached) await work.start(this.#attached.store, this.#name).catch(this.#giveUp);
    return work;
  }

  async counts(): Promise<{ waiting: number; delayed: number; active: number }> {
    const found = await this.#ask(({ bull }) => bull.getJobCounts('waiting', 'prioritized', 'delayed', 'active'));
    const { waiting = 0, prioritized = 0, delayed = 0, active = 0 } = found;
    return { waiting: waiting + prioritized, delayed, active };
  }

  async has(id: string): Promise<boolean> {
    const state = await this.#ask(({ bull }) => bull.getJobState(id));
    return !['unknown', 'completed', 'failed'].includes(state);
  }

  async ping(): Promise<void> {
    await this.#ask(({ store }) => store.ping());
  }

  async close(): Promise<void> {
    await Promise.all([...this.#works].map((work) => work.close()));
    this.#closed.abort();
    await this.#kept;
  }

  async #ask<T>(call: (attached: Attached) => Promise<T>): Promise<T> {
    const attached = this.#attached;
    if (!attached) throw new QueueUnreachable(this.#reach.reason);
    try {
      return await within(ANSWER_MAY_TAKE_MS, 'an answer', call(attached));
    } catch (error) {
      if (!attached.store.isAway(error)) throw error;
      if (this.#attached === attached) this.#reach.down(error);
      throw new QueueUnreachable(error);
    }
  }

  /** Changes the schedules now, or with all others when the store is attached or back. */
  async #scheduleOrLater(change: (bull: BullQueue) => Promise<unknown>): Promise<void> {
    if (!this.#attached) return;
    try {
      await this.#ask(({ bull }) => change(bull));
    } catch (error) {
      if (!(error instanceof QueueUnreachable)) throw error;
      this.#schedulesLate = true;
    }
  }

  async #keepOpen(tried: () => void): Promise<void> {
    while (!this.#closed.signal.aborted) {
      try {
        const lost = await this.#openOnce(tried);
        if (lost) this.#reach.down(lost);
      } catch (error) {
        this.#reach.down(error);
      }
      tried();
      await sleep(PAUSE_BEFORE_OPENING_AGAIN_MS, undefined, { signal: this.#closed.signal }).catch(() => undefined);
    }
  }

  /** Opens the store and stays until it is lost (returns why) or the queue is closed (returns null). */
  async #openOnce(tried: () => void): Promise<unknown> {
    const store = await this.openStore(this.#reach);
    const bull = store.newQueue(this.#name);
    bull.on('error', (error) => {
      this.#heard(error);
    });
    const { signal } = this.#closed;
    const ended = signal.aborted ? Promise.resolve(null) : once(signal, 'abort').then(() => null);
    const givenUp = new Promise<unknown>((resolve) => (this.#giveUp = resolve));
    const looking = setInterval(() => void this.#look(), LOOK_EVERY_MS);
    try {
      await this.#attach({ store, bull });
      tried();
      return await Promise.race([ended, store.lost, givenUp]);
    } finally {
      clearInterval(looking);
      this.#attached = null;
      await Promise.all([...this.#works].map((work) => work.drop()));
      await endsWithin(ENDING_MAY_TAKE_MS, bull.close());
      await store.close();
    }
  }

  async #attach({ store, bull }: Attached): Promise<void> {
    await within(GETTING_READY_MAY_TAKE_MS, 'getting ready', bull.waitUntilReady());
    if (store.exclusive) await releaseDeadRuns(bull);
    const emptied = await this.#wasEmptied(bull);
    await this.#schedules.applyAll(bull);
    this.#attached = { store, bull };
    for (const work of this.#works) await work.start(store, this.#name);
    this.#reach.up();
    if (emptied) this.deps.onEmptied?.();
  }

  /** A store elsewhere may be emptied while it is away, or under our hands. */
  async #look(): Promise<void> {
    if (!this.#attached) return;
    const { bull } = this.#attached;
    try {
      const emptied = await within(GETTING_READY_MAY_TAKE_MS, 'looking', this.#wasEmptied(bull));
      if (emptied || this.#schedulesLate) await this.#schedules.applyAll(bull);
      this.#schedulesLate = false;
      if (emptied) this.deps.onEmptied?.();
      this.#reach.up();
    } catch (error) {
      this.#heard(error);
    }
  }

  async #wasEmptied(bull: BullQueue): Promise<boolean> {
    const backend = bull.getBackend();
    if (await backend.hasQueueMetaField(MARK)) return false;
    await backend.setQueueMeta({ [MARK]: 1 });
    this.startedEmpty = true;
    return true;
  }

  /** That the store is away is known from itself. */
  #heard(error: unknown): void {
    if (!this.#attached?.store.isAway(error)) this.#reach.trouble(error);
  }
}

/** In a store of this process alone, what was running when it is opened runs no more. */
async function releaseDeadRuns(bull: BullQueue): Promise<void> {
  const backend = bull.getBackend();
  // Token 0 stands for whoever holds the lock.
  for (const { id } of await bull.getActive()) if (id !== undefined) await backend.moveJobFromActiveToWait(id, '0');
}

/** BullMQ reads meaning into such ids, or ignores them. */
function refuseUnfit({ id, attempts, delayMs }: JobToAdd): void {
  if (id === '' || id.includes(':') || /^\d+$/.test(id)) throw new TypeError(`Not an id for a job: "${id}"`);
  if (!(attempts >= 1) || !(delayMs >= 0)) throw new TypeError(`Job ${id}: attempts ${attempts}, delay ${delayMs} ms`);
}

function forBullmq({ id, name, payload, delayMs, attempts, backoffMs }: JobToAdd) {
  const backoff = { type: 'exponential', delay: backoffMs };
  const opts = { jobId: id, delay: delayMs, attempts, backoff, removeOnComplete: true, removeOnFail: true };
  return { name, data: payload, opts };
}
