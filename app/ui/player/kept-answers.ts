import type { OutgoingChange, Response } from './types';

/** The part of the browser's storage that is needed. */
export interface TextStore {
  getItem(key: string): string | null;
  setItem(key: string, value: string): void;
  removeItem(key: string): void;
}

/** `response` is there as long as the server has not acknowledged it; the number stays, for the next change. */
type Kept = Record<string, { seq: number; response?: Response }>;

/**
 * Answers of one attempt on this device, until the server has acknowledged them. All tabs of the browser
 * share it, and with it the sequence numbers: a later change has a higher one, whichever tab made it.
 */
export class KeptAnswers {
  private readonly key: string;
  private memory: Kept = {};

  constructor(attemptId: string, private readonly store: TextStore | null) {
    this.key = `shanggang.answers.${attemptId}`;
  }

  /** Takes the next number of an item and keeps the response under it. */
  keep(item: string, response: Response, atLeast: number): number {
    const kept = this.read();
    const seq = Math.max(kept[item]?.seq ?? 0, atLeast - 1) + 1;
    kept[item] = { seq, response };
    this.write(kept);
    return seq;
  }

  /** The server has the response with this number; a newer one stays. */
  acknowledge(item: string, seq: number): void {
    const kept = this.read();
    if (kept[item]?.seq !== seq) return;
    kept[item] = { seq };
    this.write(kept);
  }

  /** The highest number that a tab of this device has given to the item. */
  lastOf(item: string): number {
    return this.read()[item]?.seq ?? 0;
  }

  unsent(): OutgoingChange[] {
    return Object.entries(this.read()).flatMap(([item, { seq, response }]) => (response === undefined ? [] : [{ item, seq, response }]));
  }

  /** Nothing of this attempt is needed on this device any more. */
  forget(): void {
    this.memory = {};
    try {
      this.store?.removeItem(this.key);
    } catch {
      // Storage that cannot be written holds nothing either.
    }
  }

  /** False when the answers live only as long as this page. */
  get durable(): boolean {
    if (!this.store) return false;
    try {
      const probe = `${this.key}.probe`;
      this.store.setItem(probe, '1');
      this.store.removeItem(probe);
      return true;
    } catch {
      return false;
    }
  }

  private read(): Kept {
    try {
      const text = this.store?.getItem(this.key);
      return text ? parse(text) : this.memory;
    } catch {
      return this.memory;
    }
  }

  private write(kept: Kept): void {
    this.memory = kept;
    try {
      this.store?.setItem(this.key, JSON.stringify(kept));
    } catch {
      // Full or forbidden (private windows): memory has it, and `durable` tells the page to say so.
    }
  }
}

/** What an older program or somebody else left there counts only as far as it has the right shape. */
function parse(text: string): Kept {
  const found: unknown = JSON.parse(text);
  if (typeof found !== 'object' || found === null) return {};
  const kept: Kept = {};
  const entries: [string, unknown][] = Object.entries(found);
  for (const [item, entry] of entries) {
    if (typeof entry !== 'object' || entry === null || !('seq' in entry) || typeof entry.seq !== 'number') continue;
    // Whether the response fits its item is for the server to judge.
    kept[item] = 'response' in entry ? { seq: entry.seq, response: entry.response as Response } : { seq: entry.seq };
  }
  return kept;
}
