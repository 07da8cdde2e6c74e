import type { BullQueue } from './store';

/** The schedules that this process wants; kept here so that a store that is made anew gets them too. */
export class Schedules {
  readonly #wanted = new Map<string, number>();
  #only: ReadonlySet<string> | null = null;

  want(name: string, everyMs: number): void {
    if (!(everyMs >= 1)) throw new TypeError(`Schedule ${name}: every ${everyMs} ms`);
    this.#wanted.set(name, everyMs);
  }

  wantOnly(names: string[]): void {
    this.#only = new Set(names);
    for (const name of this.#wanted.keys()) if (!this.#only.has(name)) this.#wanted.delete(name);
  }

  async applyAll(bull: BullQueue): Promise<void> {
    for (const name of this.#wanted.keys()) await this.apply(bull, name);
    await this.removeOthers(bull);
  }

  /**
   * Keeps the next time of a schedule that has this interval already. One with another interval is made anew: BullMQ
   * 6.7 keeps its offset, and adds it to the next time whenever a run comes late, so that a schedule that was once
   * hourly would pause for up to an hour.
   */
  async apply(bull: BullQueue, name: string): Promise<void> {
    const every = this.#wanted.get(name);
    if (every === undefined) return;
    const opts = { attempts: 1, removeOnComplete: true, removeOnFail: true };
    const before = await bull.getJobScheduler(name);
    if (before && before.every !== every) await bull.removeJobScheduler(name);
    await bull.upsertJobScheduler(name, { every }, { name, opts });
  }

  async removeOthers(bull: BullQueue): Promise<void> {
    const only = this.#only;
    if (!only) return;
    for (const { key } of await bull.getJobSchedulers()) if (!only.has(key)) await bull.removeJobScheduler(key);
  }
}
