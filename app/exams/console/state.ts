import type { Instant } from '~/kernel/clock';
import type { AttemptState } from '../attempt-state';
import type { Exemption } from '../sittings/booking';
import type { Need } from './attention';

/** One candidate on the console: the place, and how far they are with it. */
export interface ConsoleRow {
  /** The booking. */
  id: string;
  /** Null: not started. */
  attempt: string | null;
  room: string | null;
  seat: number | null;
  ticket: string;
  name: string;
  organisation: string | null;
  identity: 'admitted' | 'refused' | null;
  checkedInAt: Instant | null;
  /** What was let pass at the door. */
  exempt: Exemption[];
  state: AttemptState | null;
  /** Counted from 1: the item before their eyes at the last contact. */
  item: number | null;
  contactAt: Instant | null;
  saved: number;
  total: number;
  observed: number;
  deadlineAt: Instant | null;
  pausedAt: Instant | null;
  handedInAt: Instant | null;
  /** Messages they have not seen. */
  unread: number;
  /** Another device may take over now. */
  permit: boolean;
  needs: Need[];
  /** Since when the first need holds. */
  since: Instant | null;
}

/** The code that candidates enter, and when the next one takes its place. */
export interface ShownCode {
  room: string | null;
  code: string;
  until: Instant;
}

/** Everything on the console that moves. */
export interface ConsoleState {
  now: Instant;
  codes: ShownCode[];
  rows: ConsoleRow[];
}

/** What moved since the state before. */
export interface ConsoleChanges {
  now: Instant;
  codes: ShownCode[];
  rows: ConsoleRow[];
  /** Ids of rows that are no longer there. */
  gone: string[];
}

/** What somebody who knows `before` must be told to know `after`. */
export function changesBetween(before: ReadonlyMap<string, string>, after: ConsoleState): ConsoleChanges {
  const ids = new Set(after.rows.map(({ id }) => id));
  return {
    now: after.now,
    codes: after.codes,
    rows: after.rows.filter((row) => before.get(row.id) !== JSON.stringify(row)),
    gone: [...before.keys()].filter((id) => !ids.has(id)),
  };
}

/** The rows as texts, to be compared with later ones. */
export const remembered = (state: ConsoleState): Map<string, string> => new Map(state.rows.map((row) => [row.id, JSON.stringify(row)]));
