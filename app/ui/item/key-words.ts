import type { ItemBody, ItemKey } from '~/courses';

/** How "true" and "false" are said in the reader's language. */
export interface TruthWords {
  yes: string;
  no: string;
}

/**
 * A key in words, as candidates would say it: the right options, the steps in their order, the pairs. For
 * short answers the first accepted one.
 */
export function keyWords(body: ItemBody, key: ItemKey, { yes, no }: TruthWords): string[] {
  const listed = Array.isArray(key) ? key : typeof key === 'string' ? [key] : [];
  switch (body.type) {
    case 'single': return listed.flatMap((letter) => body.options[letter] ?? []);
    case 'multiple': return [...listed].sort().flatMap((letter) => body.options[letter] ?? []);
    case 'true-false': return [key === true ? yes : no];
    case 'order': return listed.map((letter, i) => `${i + 1}. ${body.options[letter] ?? ''}`);
    case 'match': return typeof key === 'object' && !Array.isArray(key) ? Object.entries(key).map(([left, right]) => `${body.left[left] ?? ''} → ${body.right[right] ?? ''}`) : [];
    case 'short': return listed.slice(0, 1);
  }
}
