import type { ItemKey, ItemType } from '~/courses';
import { scoreItem, type ResponseValue } from '~/itembank';

export interface Keyed {
  type: ItemType;
  key: ItemKey;
}

export interface Mark {
  item: string;
  points: number;
  maxPoints: number;
}

/** What can be done about an item whose key was wrong: another key, full points for everybody, or as if it had not been asked. */
export const CORRECTION_KINDS = ['key', 'credit', 'leave-out'] as const;
export type CorrectionKind = (typeof CORRECTION_KINDS)[number];

export interface Correction {
  kind: CorrectionKind;
  /** The right key, for `key`; else null. */
  key: ItemKey | null;
  /** Whoever answered by the key that was published keeps the points: nobody is worse off for our mistake. */
  favourable: boolean;
}

/** The mark for a response to an item, with what was corrected about its key. @param points what the item is worth on the paper */
export function markOf(item: string, { type, key }: Keyed, response: ResponseValue, points: number, correction: Correction | undefined): Mark {
  const former = () => scoreItem(type, key, response) * points;
  switch (correction?.kind) {
    case undefined: return { item, points: former(), maxPoints: points };
    case 'credit': return { item, points, maxPoints: points };
    case 'leave-out': return { item, points: 0, maxPoints: 0 };
    case 'key': {
      const corrected = scoreItem(type, correction.key ?? key, response) * points;
      return { item, points: correction.favourable ? Math.max(corrected, former()) : corrected, maxPoints: points };
    }
  }
}
