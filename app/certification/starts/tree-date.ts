import type { PlainDate } from '~/kernel/calendar';
import type { Tree } from '../requirement';

/** When something can be met at the earliest, and through which requirements; null: nobody can say. */
export interface TreeDate {
  on: PlainDate;
  codes: string[];
}

/**
 * The earliest day on which the tree can be met, given the earliest day of each requirement: of all the latest, of any
 * the earliest, of n the nth.
 * @param dates a requirement without a date cannot be planned
 */
export function earliestOf(tree: Tree, order: readonly string[], dates: ReadonlyMap<string, PlainDate>): TreeDate | null {
  switch (tree.kind) {
    case 'requirement': {
      const on = dates.get(tree.code);
      return on === undefined ? null : { on, codes: [tree.code] };
    }
    case 'all': {
      const parts = tree.of ?? order.map((code): Tree => ({ kind: 'requirement', code }));
      return latest(parts.map((one) => earliestOf(one, order, dates)), parts.length);
    }
    case 'any': return latest(tree.of.map((one) => earliestOf(one, order, dates)), 1);
    case 'some': return latest(tree.of.map((one) => earliestOf(one, order, dates)), tree.least);
  }
}

/** The day on which the `least` earliest of the parts are all met. */
function latest(parts: (TreeDate | null)[], least: number): TreeDate | null {
  const possible = parts.filter((one) => one !== null).sort((a, b) => (a.on < b.on ? -1 : a.on > b.on ? 1 : 0)).slice(0, least);
  const last = possible.at(-1);
  if (!last || possible.length < least) return null;
  return { on: last.on, codes: possible.flatMap(({ codes }) => codes) };
}
