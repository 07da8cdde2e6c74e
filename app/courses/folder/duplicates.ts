import { plainText, type ItemBody, type WrittenItem } from '../item';

/** From this share of common pairs of characters on, two items are taken for the same one reworded. */
const NEARLY_EQUAL = 0.7;

/** Two items that ask the same; indices, the earlier one first. */
export interface Duplicate {
  first: number;
  second: number;
  /** True: the stems are equal but for spaces and punctuation. False: nearly equal. */
  equal: boolean;
}

/**
 * Finds items whose stems are equal, or which are nearly equal by the Dice coefficient of the pairs of
 * neighbouring characters in stem and options. Each later item is reported once, with the closest case first.
 */
export function duplicates(items: readonly WrittenItem[]): Duplicate[] {
  const stems = items.map((item) => plainText(item.body.stem));
  const wholes = items.map((item) => pairs(plainText(wordingOf(item.body))));
  return items.flatMap((_, second): Duplicate[] => {
    const same = stems.indexOf(stems[second] ?? '');
    if (same < second) return [{ first: same, second, equal: true }];
    for (let first = 0; first < second; first += 1) {
      if (likeness(wholes[first], wholes[second]) >= NEARLY_EQUAL) return [{ first, second, equal: false }];
    }
    return [];
  });
}

function wordingOf(body: ItemBody): string {
  const parts = 'options' in body ? Object.values(body.options) : 'left' in body ? [...Object.values(body.left), ...Object.values(body.right)] : [];
  // Sorted, so that the same options in another order are the same.
  return [body.stem, ...parts.sort()].join('');
}

const pairs = (text: string): Set<string> => new Set(Array.from({ length: Math.max(0, text.length - 1) }, (_, i) => text.slice(i, i + 2)));

/** Dice coefficient: 0 nothing in common, 1 the same pairs. */
function likeness(a: Set<string> = new Set(), b: Set<string> = new Set()): number {
  if (a.size + b.size === 0) return 0;
  let common = 0;
  for (const pair of a) if (b.has(pair)) common += 1;
  return (2 * common) / (a.size + b.size);
}
