/**
 * Writes what was thought out while the next is being thought out: one writing at a time, each after the one before it. Once a
 * writing said that it is to stop, or failed, no other is begun.
 */
export class OneBehind {
  private running: Promise<boolean> = Promise.resolve(true);

  /** Begins a writing when the one before it is over. @returns false when that one said to stop @throws what it threw */
  async next(write: () => Promise<boolean>): Promise<boolean> {
    if (!(await this.running)) return false;
    this.running = write();
    // Whoever asks next is told; until then nobody listens.
    this.running.catch(() => undefined);
    return true;
  }

  /** @returns false when the last writing said to stop @throws what it threw */
  end(): Promise<boolean> {
    return this.running;
  }

  /** Once nothing is being written any more, however it went. */
  async settled(): Promise<void> {
    await this.running.catch(() => undefined);
  }
}
