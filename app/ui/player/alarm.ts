/** The browser's timers; tests have their own. */
export interface Timers {
  later(run: () => void, ms: number): number;
  cancel(timer: number): void;
}

/** One appointment at a time: an earlier one takes the place of a later one. */
export class Alarm {
  private timer: number | null = null;
  private at = Infinity;

  /** @param now any clock that runs evenly, in milliseconds */
  constructor(private readonly timers: Timers, private readonly now: () => number, private readonly run: () => void) {}

  /** Rings in `ms` at the latest. */
  within(ms: number): void {
    const at = this.now() + ms;
    if (this.timer !== null && this.at <= at) return;
    this.off();
    this.at = at;
    this.timer = this.timers.later(() => {
      this.off();
      this.run();
    }, ms);
  }

  off(): void {
    if (this.timer !== null) this.timers.cancel(this.timer);
    this.timer = null;
    this.at = Infinity;
  }
}
