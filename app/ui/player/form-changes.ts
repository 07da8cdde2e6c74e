import { field, readResponse, sameResponse } from './form-responses';
import type { OutgoingChange, PlayerItem, StoredAnswer } from './types';

/**
 * The changes in a posted page of items: what differs from what is stored, one number above the one that
 * the page was drawn with. An answer changed elsewhere since then has a higher number, and wins.
 */
export function changesIn(form: FormData, items: PlayerItem[], stored: StoredAnswer[]): Pick<OutgoingChange, 'item' | 'seq' | 'response'>[] {
  const posted = new Set(form.getAll('item').map(String));
  const cleared = form.get('clear');
  const before = new Map(stored.map((answer) => [answer.item, answer]));
  return items.filter(({ item }) => posted.has(item)).flatMap((item) => {
    const response = item.item === cleared ? null : readResponse(form, item);
    if (sameResponse(response, before.get(item.item)?.response)) return [];
    return [{ item: item.item, seq: drawnWith(form, item.item) + 1, response }];
  });
}

function drawnWith(form: FormData, item: string): number {
  const seq = Number(form.get(field.seq(item)));
  return Number.isSafeInteger(seq) && seq >= 0 ? seq : 0;
}

/** Which of the posted items are marked to be looked at again. */
export function flagsIn(form: FormData, items: PlayerItem[]): { item: string; flagged: boolean }[] {
  const posted = new Set(form.getAll('item').map(String));
  return items.filter(({ item }) => posted.has(item)).map(({ item }) => ({ item, flagged: form.has(field.flag(item)) }));
}
