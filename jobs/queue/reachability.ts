import { messageOf } from './contract';
import type { QueueDeps } from './contract';
import type { StoreSignals } from './store';

const SAME_TROUBLE_AGAIN_AFTER_MS = 60_000;

/** Whether the store can be reached: one sentence in the log for each change, not for each attempt. */
export class Reachability implements StoreSignals {
  /** Why the store cannot be reached; null while it can. */
  reason: unknown = new Error('it is being opened');
  #said: 'nothing' | 'up' | 'down' = 'nothing';
  readonly #troubles = new Map<string, number>();

  constructor(
    private readonly place: string,
    private readonly deps: Pick<QueueDeps, 'log' | 'now'>,
    /** Told when the store is reachable again by its own means. */
    private readonly onBack: () => void,
  ) {}

  readonly up = (): void => {
    this.reason = null;
    if (this.#said === 'up') return;
    const back = this.#said === 'down';
    this.#said = 'up';
    const sentence = back ? 'The job queue is reachable again' : 'The job queue is open';
    this.deps.log.info({ queue: this.place }, sentence);
    if (back) this.onBack();
  };

  readonly down = (reason: unknown): void => {
    this.reason = reason;
    if (this.#said === 'down') return;
    this.#said = 'down';
    this.deps.log.error(
      { queue: this.place, reason: messageOf(reason) },
      'The job queue cannot be reached. Jobs stay in the outbox; it is tried again every few seconds.',
    );
  };

  /** Something else that BullMQ reports; the same one at most once a minute. */
  trouble(error: unknown): void {
    const message = messageOf(error);
    const now = this.deps.now();
    if (now - (this.#troubles.get(message) ?? -Infinity) < SAME_TROUBLE_AGAIN_AFTER_MS) return;
    // Messages with ids in them must not pile up.
    if (this.#troubles.size > 100) this.#troubles.clear();
    this.#troubles.set(message, now);
    this.deps.log.warn({ queue: this.place, reason: message }, 'The job queue reports trouble');
  }
}
