import type { ItemBody } from '~/courses';
import type { Option, PlayerItem } from '../player/types';

/** How an item's parts are shown on a paper; without it they stand as they were written. */
export interface ShownOrder {
  order: string[];
  rightOrder?: string[] | undefined;
}

const inOrder = (texts: Record<string, string>, order: string[] = Object.keys(texts)): Option[] =>
  order.flatMap((value) => (texts[value] === undefined ? [] : [{ value, text: texts[value] }]));

/** An item with its parts as lists, in the order in which they are shown. */
export function playerItem(item: string, body: ItemBody, number: number, points = 0, shown?: ShownOrder): PlayerItem {
  const head = { item, number, points, stem: body.stem };
  switch (body.type) {
    case 'single': case 'multiple': case 'order': return { ...head, type: body.type, options: inOrder(body.options, shown?.order) };
    case 'match': return { ...head, type: 'match', lefts: inOrder(body.left, shown?.order), options: inOrder(body.right, shown?.rightOrder) };
    case 'true-false': case 'short': return { ...head, type: body.type };
  }
}
