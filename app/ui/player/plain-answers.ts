import type { Response } from './types';

/** The part of `localStorage` that is needed. */
export interface TextStore {
  getItem(key: string): string | null;
  removeItem(key: string): void;
}

/** What an older program kept of an item; without `response` only the number. */
export interface PlainAnswer {
  item: string;
  seq: number;
  response?: Response;
}

export interface PlainAnswers {
  read(): PlainAnswer[];
  remove(): void;
}

/** Answers that an older program kept in plain text: taken up once, then removed. */
export function plainAnswers(attemptId: string, store: () => TextStore): PlainAnswers {
  const key = `shanggang.answers.${attemptId}`;
  return {
    read() {
      try {
        const text = store().getItem(key);
        return text ? parse(JSON.parse(text)) : [];
      } catch {
        // Storage that cannot be looked at, or that somebody damaged, holds nothing.
        return [];
      }
    },
    remove() {
      try {
        store().removeItem(key);
      } catch {
        // What cannot be removed is older than what is kept now, and so does no harm.
      }
    },
  };
}

/** What was left there counts only as far as it has the right shape. */
function parse(found: unknown): PlainAnswer[] {
  if (typeof found !== 'object' || found === null) return [];
  const entries: [string, unknown][] = Object.entries(found);
  return entries.flatMap(([item, entry]): PlainAnswer[] => {
    if (typeof entry !== 'object' || entry === null || !('seq' in entry) || typeof entry.seq !== 'number') return [];
    return ['response' in entry ? { item, seq: entry.seq, response: entry.response as Response } : { item, seq: entry.seq }];
  });
}
