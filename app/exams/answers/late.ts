import type { Instant } from '~/kernel/clock';

/** Why something that arrived does not count by itself. */
export const LATE_KINDS = ['late-within-tolerance', 'late', 'handed-in', 'other-device'] as const;
export type LateKind = (typeof LATE_KINDS)[number];

/** Evidence: a change that arrived too late, after the end, or from a device that was not the active one. */
export interface LateChange {
  id: string;
  item: string;
  seq: number;
  /** Canonical JSON text. */
  text: string;
  device: string;
  receivedAt: Instant;
  /** When it was changed, as the device says; null: it does not say. */
  changedAt: Instant | null;
  kind: LateKind;
  /** Null: nobody has decided and no rule counts it. */
  counted: 'by-rule' | 'accepted' | 'refused' | null;
  countedAt: Instant | null;
  countedBy: string | null;
  answerFileId: string | null;
}

/** The response that counts for an item; seq 0 and `null` when there is none. */
export interface Counting {
  item: string;
  seq: number;
  text: string;
}

/**
 * What counts once these changes are accepted: for each item the one with the highest sequence number, and only if
 * that is higher than what counts already, so that an older response never replaces a newer one. Of two with one
 * number the one that arrived last, then the one with the later id.
 * @returns the responses to be replaced; empty when accepting changes nothing
 */
export function replacedBy(accepted: readonly LateChange[], current: ReadonlyMap<string, Counting>): Counting[] {
  const best = new Map<string, LateChange>();
  for (const change of accepted) {
    const other = best.get(change.item);
    if (!other || isAfter(change, other)) best.set(change.item, change);
  }
  return [...best.values()]
    .filter((change) => isNewer(change, current))
    .map(({ item, seq, text }) => ({ item, seq, text }));
}

const isAfter = (a: LateChange, b: LateChange): boolean =>
  a.seq !== b.seq ? a.seq > b.seq : a.receivedAt !== b.receivedAt ? a.receivedAt > b.receivedAt : a.id > b.id;

/** Whether accepting a change would change what counts for its item. */
export const isNewer = ({ item, seq }: { item: string; seq: number }, current: ReadonlyMap<string, Counting>): boolean =>
  seq > (current.get(item)?.seq ?? 0);

/** The same change may have been sent again and again; it is decided on once. */
export function withoutRepeats(changes: readonly LateChange[]): LateChange[] {
  const first = new Map<string, LateChange>();
  for (const change of changes) {
    const key = JSON.stringify([change.item, change.seq, change.text]);
    if (!first.has(key)) first.set(key, change);
  }
  return [...first.values()];
}
