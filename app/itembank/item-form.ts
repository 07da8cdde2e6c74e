import { z } from 'zod';
import { ORDER_SIZE, type ItemBody, type ItemKey, type ItemType } from '~/courses';
import type { ItemDraft } from './author.service';

/** How many fields the form offers of each kind; what is left empty counts for nothing. */
export const FORM_SIZE = { options: 6, steps: ORDER_SIZE.max, pairs: 6, extras: 2 } as const;

const Line = z.string().trim().max(500).optional();

/** The fields of the form for items of every type; a type shows only its own. */
export const ItemForm = z.object({
  stem: z.string().trim().max(2000),
  /** Options, or for an ordering the steps in their right order. */
  options: z.array(Line).default([]),
  /** Places of the right options (`0` is the first), or `true` / `false`. */
  key: z.array(z.string()).default([]),
  lefts: z.array(Line).default([]),
  rights: z.array(Line).default([]),
  /** Belongs to nothing on the left. */
  extras: z.array(Line).default([]),
  /** Accepted answers, one a line. */
  accept: z.string().max(4000).optional(),
  explanation: z.string().trim().max(4000),
  lesson: z.string().max(200),
  difficulty: z.number().int().min(1).max(3),
  /** The version that the author saw; absent for a new item. */
  version: z.number().int().optional(),
});
export type ItemForm = z.infer<typeof ItemForm>;

const letter = (i: number): string => String.fromCharCode(97 + i);
/** Letters that do not follow the order of writing, so that what is stored does not give the key away. */
const mixedLetter = (i: number, of: number): string => letter((i + 1) % of);
const record = (entries: [string, string][]): Record<string, string> => Object.fromEntries(entries.sort(([a], [b]) => (a < b ? -1 : 1)));

/** What was typed, as a draft. It may still break the rules of its type: `draftProblem` tells. */
export function draftOf(type: ItemType, form: ItemForm): ItemDraft {
  const { lesson, difficulty, explanation } = form;
  return { lesson, difficulty, explanation, ...contentOf(type, form) };
}

function contentOf(type: ItemType, form: ItemForm): { body: ItemBody; key: ItemKey } {
  const { stem } = form;
  switch (type) {
    case 'single': return { body: { type, stem, ...choices(form).body }, key: choices(form).key[0] ?? '' };
    case 'multiple': return { body: { type, stem, ...choices(form).body }, key: choices(form).key };
    case 'true-false': return { body: { type, stem }, key: form.key[0] === undefined ? '' : form.key[0] === 'true' };
    case 'order': return steps(form);
    case 'match': return pairs(form);
    case 'short': return { body: { type, stem }, key: (form.accept ?? '').split(/\r?\n/).map((line) => line.trim()).filter(Boolean) };
  }
}

function choices({ options, key }: ItemForm): { body: { options: Record<string, string> }; key: string[] } {
  const places = options.flatMap((text, place) => (text ? [{ text, place: String(place) }] : []));
  // A place that was left empty stays a letter that no option has, so that the fault is named.
  const letterAt = (place: string): string => {
    const at = places.findIndex((one) => one.place === place);
    return at < 0 ? '-' : letter(at);
  };
  return { body: { options: record(places.map(({ text }, i) => [letter(i), text])) }, key: key.map(letterAt).sort() };
}

function steps({ stem, options }: ItemForm): { body: ItemBody; key: ItemKey } {
  const texts = options.flatMap((text) => text ?? []);
  const key = texts.map((_, i) => mixedLetter(i, texts.length));
  return { body: { type: 'order', stem, options: record(texts.map((text, i) => [mixedLetter(i, texts.length), text])) }, key };
}

function pairs({ stem, lefts, rights, extras }: ItemForm): { body: ItemBody; key: ItemKey } {
  const rows = lefts.flatMap((left, i) => (left ? [{ left, right: rights[i] }] : []));
  const lonely = rights.filter((_, i) => !lefts[i]);
  const texts = [...new Set([...rows.map((row) => row.right), ...lonely, ...extras].flatMap((text) => text ?? []))];
  const letterFor = (text: string) => mixedLetter(texts.indexOf(text), texts.length);
  return {
    body: {
      type: 'match', stem, left: record(rows.map(({ left }, i) => [String(i + 1), left])),
      right: record(texts.map((text) => [letterFor(text), text])),
    },
    key: Object.fromEntries(rows.flatMap(({ right }, i) => (right ? [[String(i + 1), letterFor(right)]] : []))),
  };
}

/** An item as the form shows it, the inverse of `draftOf`. */
export function formOf({ body, key, ...item }: ItemDraft & { version: number }): Partial<ItemForm> {
  const common = { stem: body.stem, explanation: item.explanation, lesson: item.lesson, difficulty: item.difficulty, version: item.version };
  const listed = Array.isArray(key) ? key : typeof key === 'string' ? [key] : [];
  switch (body.type) {
    case 'single': case 'multiple': {
      const letters = Object.keys(body.options);
      return { ...common, options: Object.values(body.options), key: listed.map((one) => String(letters.indexOf(one))) };
    }
    case 'true-false': return { ...common, key: [key === true ? 'true' : 'false'] };
    case 'order': return { ...common, options: listed.map((one) => body.options[one]) };
    case 'match': {
      const made = typeof key === 'object' && !Array.isArray(key) ? key : {};
      const used = new Set(Object.values(made));
      return {
        ...common, lefts: Object.values(body.left), rights: Object.keys(body.left).map((left) => body.right[made[left] ?? '']),
        extras: Object.entries(body.right).flatMap(([one, text]) => (used.has(one) ? [] : [text])),
      };
    }
    case 'short': return { ...common, accept: listed.join('\n') };
  }
}
