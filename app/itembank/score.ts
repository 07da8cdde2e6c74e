import { z } from 'zod';
import type { ItemKey, ItemType } from '~/courses';

/**
 * A candidate's response to an item: single `"b"`, multiple `["a","c"]`, true-false `true`, order
 * `["c","a","b"]` (an empty place is `""`), match `{"1":"b"}`, short text; null when it was cleared.
 */
export const ResponseValue = z.union([
  z.boolean(), z.string().max(2000), z.array(z.string().max(10)).max(50), z.record(z.string().max(10), z.string().max(10)), z.null(),
]);
export type ResponseValue = z.infer<typeof ResponseValue>;

/**
 * The share of an item's points that a response earns: 1 or 0, as every type is all or nothing.
 * What cannot be a response to the type (or is null) earns nothing.
 * @throws when the key is not of the type's form, which is a defect
 */
export function scoreItem(type: ItemType, key: ItemKey, response: ResponseValue): number {
  return isRight(type, key, response) ? 1 : 0;
}

function isRight(type: ItemType, key: ItemKey, response: ResponseValue): boolean {
  switch (type) {
    case 'single': return textKey(key) === response;
    case 'true-false': return flagKey(key) === response;
    case 'multiple': return Array.isArray(response) && sameSet(listKey(key), response);
    case 'order': return Array.isArray(response) && sameList(listKey(key), response);
    case 'match': return isRecord(response) && samePairs(pairsKey(key), response);
    case 'short': return typeof response === 'string' && accepted(listKey(key), response);
  }
}

/**
 * Text as short answers are compared: width (NFKC), case, spaces and punctuation folded. A point between
 * digits and a minus in front of a number stay: 3.5 is not 35, and -5 is not 5.
 */
export function foldAnswer(text: string): string {
  const bare = text.normalize('NFKC').toLowerCase().normalize('NFKC').replace(/[\s\p{Z}\p{C}]/gu, '').replaceAll('−', '-');
  const sign = /^-\d/.test(bare) ? '-' : '';
  return sign + bare.replace(/(?<!\d)\.|\.(?!\d)|[^\P{P}.]/gu, '');
}

function accepted(answers: string[], response: string): boolean {
  const folded = foldAnswer(response);
  return folded !== '' && answers.some((answer) => foldAnswer(answer) === folded);
}

const isRecord = (value: ResponseValue): value is Record<string, string> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const sameList = (a: string[], b: string[]): boolean => a.length === b.length && a.every((value, i) => value === b[i]);
const sameSet = (a: string[], b: string[]): boolean => sameList([...new Set(a)].sort(), [...new Set(b)].sort());
const samePairs = (a: Record<string, string>, b: Record<string, string>): boolean =>
  sameList(Object.keys(a).sort(), Object.keys(b).sort()) && Object.entries(a).every(([left, right]) => b[left] === right);

const defect = (key: ItemKey): never => {
  throw new Error(`the key ${JSON.stringify(key)} is not of the form that the item's type needs`);
};
const textKey = (key: ItemKey): string => (typeof key === 'string' ? key : defect(key));
const flagKey = (key: ItemKey): boolean => (typeof key === 'boolean' ? key : defect(key));
const listKey = (key: ItemKey): string[] => (Array.isArray(key) ? key : defect(key));
const pairsKey = (key: ItemKey): Record<string, string> => (typeof key === 'object' && !Array.isArray(key) ? key : defect(key));
