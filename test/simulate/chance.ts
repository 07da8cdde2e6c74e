/** Chance of one candidate, the same from run to run for the same seed. */
export class Chance {
  /** @param random a number below the one given */
  constructor(private readonly random: (below: number) => number) {}

  /** In [0, 1). */
  share(): number {
    return this.random(1_000_000) / 1_000_000;
  }

  happens(probability: number): boolean {
    return this.share() < probability;
  }

  between(from: number, to: number): number {
    return from + (to - from) * this.share();
  }

  pick<T>(from: readonly T[]): T {
    return from[this.random(from.length)] as T;
  }

  /** Log-normal, as the times are that people take: mostly near the median, now and then much longer. */
  time(median: number, spread = 0.8): number {
    const normal = Math.sqrt(-2 * Math.log(1 - this.share())) * Math.cos(2 * Math.PI * this.share());
    return Math.min(median * 12, Math.max(median / 12, median * Math.exp(spread * normal)));
  }
}
