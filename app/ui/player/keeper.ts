import type { KeptAnswers, KeptChange } from './kept-answers';

export interface Wish {
  item: string;
  /** The answer's turn, to tell its change from later ones. */
  turn: number;
  change: KeptChange;
  /** The lowest number that it may get. */
  atLeast: number;
}

export interface KeeperParts {
  kept: KeptAnswers;
  /** The change is durable under this number; null: the device could not keep it (yet). */
  done(wish: Wish, seq: number | null): void;
  later(run: () => void, ms: number): number;
  cancel(timer: number): void;
}

/** A device that has not kept a change by then will not hold up the saving any longer. */
const PATIENCE_MS = 3000;

/**
 * Brings changes to the device's storage without ever making the page wait. Of one item only the latest change
 * waits: whoever types fast does not queue up a transaction for each letter.
 */
export class Keeper {
  private readonly running = new Set<string>();
  private readonly waiting = new Map<string, Wish>();

  constructor(private readonly parts: KeeperParts) {}

  keep(wish: Wish): void {
    if (this.running.has(wish.item)) this.waiting.set(wish.item, wish);
    else void this.run(wish);
  }

  private async run(wish: Wish): Promise<void> {
    const { kept, done, later, cancel } = this.parts;
    this.running.add(wish.item);
    const timer = later(() => done(wish, null), PATIENCE_MS);
    const seq = await kept.keep(wish.item, wish.change, wish.atLeast).catch(() => null);
    cancel(timer);
    this.running.delete(wish.item);
    done(wish, seq);
    const next = this.waiting.get(wish.item);
    this.waiting.delete(wish.item);
    if (next) void this.run(next);
  }
}
