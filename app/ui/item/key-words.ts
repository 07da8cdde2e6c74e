import type { ItemBody, ItemKey } from '~/courses';
import { letterOf } from '../player/item-view';
import type { Option, PlayerItem } from '../player/types';

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
    case 'order': return [listed.map((letter) => body.options[letter] ?? '').join(' → ')];
    case 'match': return typeof key === 'object' && !Array.isArray(key) ? Object.entries(key).map(([left, right]) => `${body.left[left] ?? ''} → ${body.right[right] ?? ''}`) : [];
    case 'short': return listed.slice(0, 1);
  }
}

/**
 * A key by the letters under which the item is shown: `C. …`, for an ordering `C → A → B`, for pairs the left side and its letter.
 * What has no letters stands in words.
 */
export function shownKey(item: PlayerItem, body: ItemBody, key: ItemKey, truth: TruthWords): string[] {
  if (!('options' in item)) return keyWords(body, key, truth);
  const { options } = item;
  const letterFor = (value: string): string => letterOf(options.findIndex((option) => option.value === value));
  const listed = Array.isArray(key) ? key : typeof key === 'string' ? [key] : [];
  if (item.type === 'order') return [listed.map(letterFor).join(' → ')];
  if (item.type === 'match') return pairsOf(item.lefts, key, letterFor);
  return options.flatMap((option, i) => (listed.includes(option.value) ? [`${letterOf(i)}. ${option.text}`] : []));
}

const pairsOf = (lefts: Option[], key: ItemKey, letterFor: (value: string) => string): string[] =>
  lefts.map((left) => `${left.text} → ${typeof key === 'object' && !Array.isArray(key) ? letterFor(key[left.value] ?? '') : ''}`);
