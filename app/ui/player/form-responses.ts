import type { PlayerItem, Response } from './types';

/** Names of form fields: shared by the page, the script on it and the server that reads the posted form. */
export const field = {
  response: (item: string): string => `r.${item}`,
  part: (item: string, part: string | number): string => `r.${item}.${part}`,
  seq: (item: string): string => `seq.${item}`,
  flag: (item: string): string => `flag.${item}`,
};

/** What `item`'s fields say, in the shape that saving expects; null when nothing is answered. */
export function readResponse(form: FormData, item: PlayerItem): Response {
  switch (item.type) {
    case 'single': return textOf(form, field.response(item.item));
    case 'short': return typed(form, field.response(item.item));
    case 'true-false': return truth(textOf(form, field.response(item.item)));
    case 'multiple': return some(form.getAll(field.response(item.item)).map(String).sort());
    case 'order': return anySet(item.options.map((_, place) => textOf(form, field.part(item.item, place + 1)) ?? ''));
    case 'match': return pairs(form, item.item, item.lefts.map((left) => left.value));
  }
}

function textOf(form: FormData, name: string): string | null {
  const value = form.get(name);
  return typeof value === 'string' && value !== '' ? value : null;
}

function typed(form: FormData, name: string): string | null {
  const text = textOf(form, name);
  return text === null || text.trim() === '' ? null : text;
}

const truth = (value: string | null): boolean | null => (value === null ? null : value === 'true');

const some = (values: string[]): string[] | null => (values.length > 0 ? values : null);

const anySet = (places: string[]): string[] | null => (places.some((place) => place !== '') ? places : null);

function pairs(form: FormData, item: string, lefts: string[]): Record<string, string> | null {
  const made: Record<string, string> = {};
  for (const left of lefts) {
    const right = textOf(form, field.part(item, left));
    if (right !== null) made[left] = right;
  }
  return Object.keys(made).length > 0 ? made : null;
}

/** Whether two responses are the same; both come from `readResponse` or from the server, where parts have a fixed order. */
export const sameResponse = (a: Response | undefined, b: Response | undefined): boolean => JSON.stringify(a ?? null) === JSON.stringify(b ?? null);

/** Whether an order has every place filled, none twice; a match every left; anything else any answer. */
export function isComplete(item: PlayerItem, response: Response | undefined): boolean {
  if (response === null || response === undefined) return false;
  if (item.type === 'order' && Array.isArray(response)) return new Set(response.filter((one) => one !== '')).size === item.options.length;
  if (item.type === 'match' && typeof response === 'object') return Object.keys(response).length === item.lefts.length;
  return true;
}
