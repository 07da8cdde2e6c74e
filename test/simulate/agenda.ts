const TICK_MS = 10;

/**
 * Lets thousands wait at the same time with a single timer of the machine: whoever sleeps is woken with the
 * tick in which their time is up.
 */
export class Agenda {
  private readonly due = new Map<number, (() => void)[]>();
  private tick = this.current();
  private readonly timer = setInterval(() => this.wake(), TICK_MS);

  /** @param ms real milliseconds */
  sleep(ms: number): Promise<void> {
    const at = Math.max(this.tick + 1, Math.ceil((performance.now() + ms) / TICK_MS));
    return new Promise((resolve) => {
      const there = this.due.get(at);
      if (there) there.push(resolve);
      else this.due.set(at, [resolve]);
    });
  }

  close(): void {
    clearInterval(this.timer);
  }

  private current(): number {
    return Math.floor(performance.now() / TICK_MS);
  }

  private wake(): void {
    const now = this.current();
    while (this.tick < now) {
      this.tick += 1;
      const woken = this.due.get(this.tick);
      this.due.delete(this.tick);
      woken?.forEach((resolve) => resolve());
    }
  }
}
