import { z } from 'zod';

/** The kinds of items, in the order in which lists and papers show them. */
export const ITEM_TYPES = ['single', 'multiple', 'true-false', 'order', 'match', 'short'] as const;
export const ItemType = z.enum(ITEM_TYPES);
export type ItemType = z.infer<typeof ItemType>;

const Stem = z.string().trim().min(1);
/** Letter → wording of the option. */
const Options = z.record(z.string().regex(/^[a-z]$/), z.string().trim().min(1));
/** Number → wording of what stands on the left of a match. */
const Lefts = z.record(z.string().regex(/^\d{1,2}$/), z.string().trim().min(1));

/** What a candidate sees of an item, without the key. */
export const ItemBody = z.discriminatedUnion('type', [
  z.object({ type: z.literal('single'), stem: Stem, options: Options }),
  z.object({ type: z.literal('multiple'), stem: Stem, options: Options }),
  z.object({ type: z.literal('true-false'), stem: Stem }),
  z.object({ type: z.literal('order'), stem: Stem, options: Options }),
  z.object({ type: z.literal('match'), stem: Stem, left: Lefts, right: Options }),
  z.object({ type: z.literal('short'), stem: Stem }),
]);
export type ItemBody = z.infer<typeof ItemBody>;

/**
 * The key, in the shape of a right response: single `"b"`, multiple `["a","c"]`, true-false `true`, order
 * `["c","a","b"]`, match `{"1":"b"}`; for short the list of accepted answers.
 */
export const ItemKey = z.union([z.boolean(), z.string(), z.array(z.string()), z.record(z.string(), z.string())]);
export type ItemKey = z.infer<typeof ItemKey>;

/** An item with everything that belongs to it, wherever it was written. */
export interface WrittenItem {
  /** Names the item for people: unique over all courses, never reused. */
  code: string;
  /** The slug of the lesson that it belongs to. */
  lesson: string;
  /** 1 easy, 2 medium, 3 hard. */
  difficulty: number;
  body: ItemBody;
  key: ItemKey;
  explanation: string;
}

export const MAX_OPTIONS = 8;
export const ORDER_SIZE = { min: 3, max: 6 } as const;

export type ItemFaultCode =
  | 'options-too-few' | 'options-too-many' | 'options-twice' | 'key-missing' | 'key-not-an-option' | 'key-twice'
  | 'multiple-one-right' | 'multiple-all-right' | 'order-size' | 'order-incomplete' | 'order-given-away'
  | 'match-too-few' | 'match-incomplete' | 'match-too-few-rights' | 'accept-blank';

/** A rule that an item breaks, and the part of it that is at fault. */
export interface ItemFault {
  code: ItemFaultCode;
  at: 'options' | 'left' | 'right' | 'key';
}

/**
 * Text without width, case, spaces and punctuation: what remains equal when only the writing differs. A
 * decimal point is kept (as 点): 36.0 is not 360.
 */
export const plainText = (text: string): string =>
  text.normalize('NFKC').toLowerCase().replace(/(\d)\.(?=\d)/g, '$1点').replace(/[\p{P}\p{Z}\p{C}\s]+/gu, '');

/** The rules that hold between an item and its key, whoever wrote them. Empty: nothing is wrong. */
export function itemFaults(body: ItemBody, key: ItemKey): ItemFault[] {
  switch (body.type) {
    case 'single': return [...optionFaults(body.options), ...singleFaults(body.options, key)];
    case 'multiple': return [...optionFaults(body.options), ...multipleFaults(body.options, key)];
    case 'true-false': return faultIf(typeof key !== 'boolean', 'key-missing', 'key');
    case 'order': return [...twice(body.options, 'options'), ...orderFaults(body.options, key)];
    case 'match': return matchFaults(body, key);
    case 'short': return shortFaults(key);
  }
}

const faultIf = (wrong: boolean, code: ItemFaultCode, at: ItemFault['at']): ItemFault[] => (wrong ? [{ code, at }] : []);

type Texts = Record<string, string>;

const twice = (texts: Texts, at: ItemFault['at']): ItemFault[] => {
  const written = Object.values(texts).map((text) => text.normalize('NFKC').replace(/\s+/g, ''));
  return faultIf(new Set(written).size < written.length, 'options-twice', at);
};

const optionFaults = (options: Texts): ItemFault[] => [
  ...faultIf(Object.keys(options).length < 2, 'options-too-few', 'options'),
  ...faultIf(Object.keys(options).length > MAX_OPTIONS, 'options-too-many', 'options'),
  ...twice(options, 'options'),
];

function singleFaults(options: Texts, key: ItemKey): ItemFault[] {
  if (typeof key !== 'string' || key === '') return faultIf(true, 'key-missing', 'key');
  return faultIf(!(key in options), 'key-not-an-option', 'key');
}

function multipleFaults(options: Texts, key: ItemKey): ItemFault[] {
  if (!Array.isArray(key) || key.length === 0) return faultIf(true, 'key-missing', 'key');
  const right = new Set(key);
  return [
    ...faultIf(key.some((letter) => !(letter in options)), 'key-not-an-option', 'key'),
    ...faultIf(right.size < key.length, 'key-twice', 'key'),
    ...faultIf(right.size < 2, 'multiple-one-right', 'key'),
    ...faultIf(Object.keys(options).every((letter) => right.has(letter)), 'multiple-all-right', 'key'),
  ];
}

function orderFaults(options: Texts, key: ItemKey): ItemFault[] {
  const letters = Object.keys(options);
  const size = faultIf(letters.length < ORDER_SIZE.min || letters.length > ORDER_SIZE.max, 'order-size', 'options');
  if (!Array.isArray(key) || key.length === 0) return [...size, ...faultIf(true, 'key-missing', 'key')];
  if (key.some((letter) => !(letter in options))) return [...size, ...faultIf(true, 'key-not-an-option', 'key')];
  const complete = new Set(key).size === letters.length && key.length === letters.length;
  return [
    ...size,
    ...faultIf(!complete, 'order-incomplete', 'key'),
    ...faultIf(complete && key.every((letter, i) => letter === [...letters].sort()[i]), 'order-given-away', 'key'),
  ];
}

function matchFaults(body: { left: Texts; right: Texts }, key: ItemKey): ItemFault[] {
  const lefts = Object.keys(body.left);
  const rights = Object.keys(body.right);
  const sizes = [
    ...faultIf(lefts.length < 2, 'match-too-few', 'left'),
    ...faultIf(rights.length < lefts.length, 'match-too-few-rights', 'right'),
    ...twice(body.left, 'left'),
    ...twice(body.right, 'right'),
  ];
  if (typeof key !== 'object' || Array.isArray(key)) return [...sizes, ...faultIf(true, 'key-missing', 'key')];
  const known = Object.keys(key).every((left) => left in body.left) && Object.values(key).every((right) => right in body.right);
  return [
    ...sizes,
    ...faultIf(!known, 'key-not-an-option', 'key'),
    ...faultIf(lefts.some((left) => !(left in key)), 'match-incomplete', 'key'),
  ];
}

function shortFaults(key: ItemKey): ItemFault[] {
  if (!Array.isArray(key) || key.length === 0) return faultIf(true, 'key-missing', 'key');
  return faultIf(key.some((answer) => plainText(answer) === ''), 'accept-blank', 'key');
}
