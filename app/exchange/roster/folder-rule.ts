import type { RowCounts } from './rows.repository';

/** Why a roster from the folder waits for somebody; null: it may apply itself. */
export type WaitsFor = 'faults' | 'decisions' | 'share';

/**
 * Whether a roster from the watched folder may be applied without anybody looking at it: no fault in it, nothing to decide,
 * and no more than so many of a hundred rows would change anything.
 */
export function letApplyByItself({ kinds, open, total }: Pick<RowCounts, 'kinds' | 'open' | 'total'>, share: number): WaitsFor | null {
  if (kinds.wrong > 0) return 'faults';
  if (open > 0) return 'decisions';
  const changing = kinds.created + kinds.changed + kinds.moved + kinds.left;
  return changing * 100 > total * share ? 'share' : null;
}
