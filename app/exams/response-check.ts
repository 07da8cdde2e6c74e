import type { ItemType } from '~/courses';

/** What is needed to judge whether a value can be a response to an item of a paper; never its key. */
export interface ItemShape {
  type: ItemType;
  /** Letters of the options; for a match, of the right side. */
  letters: readonly string[];
  /** Left side of a match; empty otherwise. */
  lefts: readonly string[];
}

/** Why a change was refused. */
export type RefusalReason = 'unknown-item' | 'wrong-shape' | 'unknown-option' | 'too-long' | 'section-closed';

export type CheckedResponse = { ok: true; text: string } | { ok: false; reason: RefusalReason };

/** Longest short answer, in characters. */
const MAX_SHORT = 500;

const good = (value: unknown): CheckedResponse => ({ ok: true, text: JSON.stringify(value) });
const bad = (reason: RefusalReason): CheckedResponse => ({ ok: false, reason });
const isText = (value: unknown): value is string => typeof value === 'string';

/**
 * Checks a response against its item and gives its canonical JSON text, so that equal responses are equal
 * texts. Unfinished work is a response too: an order with places still empty (`""`), a match with lefts
 * left out. `null`, an empty list and an empty text all mean that the response was cleared.
 *
 * Written by hand and without a schema: it runs for each change of each save.
 */
export function checkResponse(shape: ItemShape, value: unknown): CheckedResponse {
  if (value === null) return good(null);
  switch (shape.type) {
    case 'true-false': return typeof value === 'boolean' ? good(value) : bad('wrong-shape');
    case 'single': return single(shape, value);
    case 'multiple': return multiple(shape, value);
    case 'order': return order(shape, value);
    case 'match': return match(shape, value);
    case 'short': return short(value);
  }
}

function single({ letters }: ItemShape, value: unknown): CheckedResponse {
  if (!isText(value)) return bad('wrong-shape');
  return letters.includes(value) ? good(value) : bad('unknown-option');
}

function multiple({ letters }: ItemShape, value: unknown): CheckedResponse {
  if (!Array.isArray(value) || !value.every(isText)) return bad('wrong-shape');
  if (!value.every((letter) => letters.includes(letter))) return bad('unknown-option');
  const chosen = [...new Set(value)].sort();
  return good(chosen.length === 0 ? null : chosen);
}

function order({ letters }: ItemShape, value: unknown): CheckedResponse {
  if (!Array.isArray(value) || !value.every(isText) || value.length > letters.length) return bad('wrong-shape');
  if (!value.every((letter) => letter === '' || letters.includes(letter))) return bad('unknown-option');
  if (value.every((letter) => letter === '')) return good(null);
  return good(letters.map((_, place) => value[place] ?? ''));
}

function match({ lefts, letters }: ItemShape, value: unknown): CheckedResponse {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return bad('wrong-shape');
  const pairs: [string, unknown][] = Object.entries(value);
  if (!pairs.every(([, right]) => isText(right))) return bad('wrong-shape');
  if (!pairs.every(([left, right]) => lefts.includes(left) && (right === '' || letters.includes(String(right))))) {
    return bad('unknown-option');
  }
  const made = pairs.filter(([, right]) => right !== '').sort(([a], [b]) => (a < b ? -1 : 1));
  return good(made.length === 0 ? null : Object.fromEntries(made));
}

function short(value: unknown): CheckedResponse {
  if (!isText(value)) return bad('wrong-shape');
  if (value.length > MAX_SHORT) return bad('too-long');
  return good(value.trim() === '' ? null : value);
}
