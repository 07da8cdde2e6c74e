/**
 * Answers that came faster than anybody reads. That is an observation and no more: somebody who knows the bank by heart,
 * or who ticks at random, does the same.
 *
 * Read aloud, Chinese runs at 255 ± 29 characters a minute (Trauzettel-Klosinski and Dietz, Investigative Ophthalmology
 * & Visual Science 53, 2012, doi:10.1167/iovs.11-8284). Silent reading is about 1.3 times as fast as reading aloud, and
 * fast adults are another quarter faster (238 against 183 words a minute, up to 300: Brysbaert, Journal of Memory and
 * Language 109, 2019, doi:10.1016/j.jml.2019.104047). That makes some 420 characters a minute for a fast silent reader;
 * the limit is almost three times that, so that it speaks of not reading, never of reading fast.
 */
export const CHARACTERS_A_MINUTE = 1200;

/** Only so many in a row are recorded: one item somebody may have met before. */
export const FAST_IN_A_ROW = 5;

/**
 * How much there is to read, in Chinese characters. A word or a number in Latin script counts as one and a half: fast
 * readers manage about 300 of them a minute, against 420 characters. Punctuation and spaces count nothing.
 */
export function toRead(texts: readonly string[]): number {
  const text = texts.join(' ');
  const words = text.match(/[\p{Script=Latin}\d]+/gu)?.length ?? 0;
  const characters = text.match(/[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}]/gu)?.length ?? 0;
  return characters + words * 1.5;
}

interface Answered {
  at: number;
  characters: number;
}

/**
 * Whether an item was answered faster than it can be read. Whoever reads a whole page first and then answers it in one
 * go is not fast: the time since the item came into sight is held against everything that was answered since then.
 * @param seenAt when the item was first in sight, in milliseconds
 * @param now when it was first answered
 * @param others what was answered between the two
 */
export function isFast({ seenAt, now, characters, others }: { seenAt: number; now: number; characters: number; others: readonly Answered[] }): boolean {
  const read = others.filter(({ at }) => at >= seenAt && at <= now).reduce((sum, one) => sum + one.characters, characters);
  return (now - seenAt) * CHARACTERS_A_MINUTE < read * 60_000;
}

/** Follows which items came into sight and were answered, and tells of rows of fast answers. */
export class ReadingPace {
  private readonly seen = new Map<string, number>();
  private readonly answered = new Map<string, Answered>();
  private row: { since: number; count: number } | null = null;

  /** Items that came into sight at `now`; the first time counts. */
  shown(items: readonly string[], now: number): void {
    for (const item of items) if (!this.seen.has(item)) this.seen.set(item, now);
  }

  /**
   * An item was answered. Only the first answer counts: changing one's mind takes no reading.
   * @returns the row of fast answers that this one belongs to, once it is long enough to be told
   */
  answer(item: string, characters: number, now: number): { since: number; count: number } | null {
    const seenAt = this.seen.get(item);
    if (seenAt === undefined || this.answered.has(item)) return null;
    const fast = isFast({ seenAt, now, characters, others: [...this.answered.values()] });
    this.answered.set(item, { at: now, characters });
    if (!fast) this.row = null;
    else this.row = { since: this.row?.since ?? now, count: (this.row?.count ?? 0) + 1 };
    return this.row && this.row.count >= FAST_IN_A_ROW ? { ...this.row } : null;
  }

  /** What was answered before this page was opened is known and read. */
  known(items: readonly string[], now: number): void {
    for (const item of items) this.answered.set(item, { at: now, characters: 0 });
  }
}
