import { markAllWaiting, markFailed, markSent, markWaiting, inTransaction, onOutboxCommitted, overdueJobs, reader, waitingJobs, type OutboxRow } from '~/db';
import { clock, minutes, realDelay, seconds } from '~/kernel/clock';
import { log } from '~/kernel/log';
import type { JobToAdd, Queue } from './queue';
import { JOBS } from './registry';

const BATCH = 200;
const POLL_MS = seconds(1);
/** However fast the clock runs, the database is not asked more often. */
const SHORTEST_POLL_MS = 100;
/** Longer than any job runs, so that what is running is not started twice. */
const LOST_AFTER_MS = minutes(10);
const LOOK_FOR_LOST_EVERY_MS = seconds(60);

/**
 * Hands what waits in the outbox to the queue: at once when this process committed something, every
 * second for what other processes committed. While the queue is down the rows simply wait.
 */
export class Relay {
  private timer: NodeJS.Timeout | null = null;
  private pumping: Promise<void> | null = null;
  private again = false;
  private stopped = false;
  private queueDown = false;
  private lookedForLostAt = 0;

  constructor(private readonly queue: Queue) {}

  async start(): Promise<void> {
    if (this.queue.startedEmpty) await this.refill();
    onOutboxCommitted(() => void this.kick());
    this.timer = setInterval(() => void this.kick(), Math.max(SHORTEST_POLL_MS, realDelay(POLL_MS)));
    await this.kick();
  }

  async stop(): Promise<void> {
    this.stopped = true;
    if (this.timer) clearInterval(this.timer);
    onOutboxCommitted(() => undefined);
    await this.pumping;
  }

  /** The queue lost what it had: hand it everything that is not done once more. */
  async refill(): Promise<void> {
    const refilled = await markAllWaiting();
    if (refilled > 0) log().warn({ refilled }, 'the queue was empty or unusable and is filled again from the outbox');
  }

  private kick(): Promise<void> {
    if (this.pumping) {
      this.again = true;
      return this.pumping;
    }
    this.pumping = this.pump().finally(() => {
      this.pumping = null;
      if (this.again && !this.stopped) {
        this.again = false;
        void this.kick();
      }
    });
    return this.pumping;
  }

  private async pump(): Promise<void> {
    try {
      for (;;) {
        if (this.stopped) return;
        const waiting = await waitingJobs(reader(), BATCH);
        await this.send(waiting);
        if (waiting.length < BATCH) break;
      }
      await this.lookForLost();
      this.queueDown = false;
    } catch (error) {
      // Said once: the rows stay in the outbox and the next tick tries again.
      if (!this.queueDown) log().error({ reason: String(error) }, 'the outbox cannot be handed to the queue for now; nothing is lost');
      this.queueDown = true;
    }
  }

  private async send(waiting: OutboxRow[]): Promise<void> {
    const known = waiting.filter((row) => row.name in JOBS);
    for (const row of waiting) {
      if (!(row.name in JOBS)) await markFailed(row.id, `no job is called ${row.name}`, true);
    }
    if (known.length === 0) return;
    await this.queue.add(known.map(toJob));
    await markSent(known.map((row) => row.id));
  }

  /** Rows that the queue should have run long ago and does not know any more. */
  private async lookForLost(): Promise<void> {
    const now = clock.now();
    // In both directions: a clock that was set back must not keep it from looking.
    if (Math.abs(now - this.lookedForLostAt) < LOOK_FOR_LOST_EVERY_MS) return;
    this.lookedForLostAt = now;
    for (const row of await overdueJobs(reader(), now - LOST_AFTER_MS, BATCH)) {
      if (!(await this.queue.has(row.id))) await inTransaction((tx) => markWaiting(tx, row.id));
    }
  }
}

function toJob(row: OutboxRow): JobToAdd {
  const definition = JOBS[row.name];
  if (!definition) throw new Error(`no job is called ${row.name}`);
  return {
    id: row.id,
    name: row.name,
    payload: JSON.parse(row.payload),
    delayMs: realDelay(Math.max(0, row.not_before - clock.now())),
    attempts: definition.attempts,
    backoffMs: realDelay(definition.backoffMs),
  };
}
