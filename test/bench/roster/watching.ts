import { inTransaction, saveSetting } from '~/db';

/** Somebody saves, as in an exam, all the time: how long the longest of them had to wait, in each part of the import. */
export class Saver {
  private running = true;
  private waits: number[] = [];
  private readonly done: Promise<void>;

  constructor() {
    this.done = this.run();
  }

  async during<T>(part: string, work: () => Promise<T>): Promise<T> {
    this.waits = [];
    const began = performance.now();
    const result = await work();
    // A save that waits while the part ends belongs to it.
    const took = performance.now() - began;
    await new Promise((resolve) => setTimeout(resolve, 20));
    const sorted = [...this.waits].sort((x, y) => x - y);
    const at = (share: number) => Math.round(sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0);
    process.stderr.write(`  ${part}: ${Math.round(took)} ms; ${sorted.length} saves meanwhile, p50 ${at(0.5)} ms, p99 ${at(0.99)} ms, longest ${at(1)} ms\n`);
    return result;
  }

  async stop(): Promise<void> {
    this.running = false;
    await this.done;
  }

  private async run(): Promise<void> {
    for (let n = 0; this.running; n += 1) {
      const began = performance.now();
      await inTransaction((tx) => saveSetting(tx, 'bench.save', String(n)));
      this.waits.push(performance.now() - began);
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
  }
}

/** The most memory that the process held beyond what it held at first. */
export function watchMemory(): () => number {
  global.gc?.();
  const idle = process.memoryUsage.rss();
  let most = idle;
  const timer = setInterval(() => { most = Math.max(most, process.memoryUsage.rss()); }, 20);
  return () => {
    clearInterval(timer);
    return (most - idle) / 1024 / 1024;
  };
}
