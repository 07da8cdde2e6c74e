/** What the console shows of the candidates: filters, order, and the state that updates flow into. No React here. */
import type { ConsoleChanges, ConsoleRow, ConsoleState } from '~/exams';

export const ROW_STATES = ['waiting', 'admitted', 'in-progress', 'paused', 'handed-in', 'void'] as const;
export type RowState = (typeof ROW_STATES)[number];

export const SORTS = ['seat', 'name', 'contact', 'left', 'saved'] as const;
export type Sort = (typeof SORTS)[number];

export interface Filter {
  search: string;
  room: string;
  state: RowState | '';
  /** Only those who need attention. */
  need: boolean;
  sort: Sort;
}

/** The filter that an address holds. */
export function filterOf(query: URLSearchParams): Filter {
  return {
    search: query.get('search') ?? '',
    room: query.get('room') ?? '',
    state: ROW_STATES.find((one) => one === query.get('state')) ?? '',
    need: query.get('need') === 'on',
    sort: SORTS.find((one) => one === query.get('sort')) ?? 'seat',
  };
}

export function rowState(row: ConsoleRow): RowState {
  if (row.state === null || row.state === 'prepared') return row.identity === 'admitted' ? 'admitted' : 'waiting';
  if (row.state === 'in-progress') return row.pausedAt === null ? 'in-progress' : 'paused';
  return row.state === 'void' || row.state === 'abandoned' ? 'void' : 'handed-in';
}

/** The rows that a filter lets through, in its order. What was typed may be a part of the name, the seat or the ticket. */
export function shownRows(rows: readonly ConsoleRow[], filter: Filter): ConsoleRow[] {
  const words = filter.search.trim().toLowerCase();
  const found = rows.filter((row) =>
    (filter.room === '' || row.room === filter.room)
    && (filter.state === '' || rowState(row) === filter.state)
    && (!filter.need || row.needs.length > 0)
    && (words === '' || row.name.toLowerCase().includes(words) || String(row.seat ?? '') === words || row.ticket.toLowerCase().includes(words)));
  const order = ORDERS[filter.sort];
  // As they come they are by room and seat.
  return order ? [...found].sort(order) : found;
}

const LAST = Number.MAX_SAFE_INTEGER;
const writes = (row: ConsoleRow): boolean => row.state === 'in-progress';

const ORDERS: Record<Sort, ((a: ConsoleRow, b: ConsoleRow) => number) | null> = {
  seat: null,
  name: (a, b) => a.name.localeCompare(b.name, 'zh'),
  contact: (a, b) => (writes(a) ? (a.contactAt ?? 0) : LAST) - (writes(b) ? (b.contactAt ?? 0) : LAST),
  left: (a, b) => (writes(a) ? (a.deadlineAt ?? LAST) : LAST) - (writes(b) ? (b.deadlineAt ?? LAST) : LAST),
  saved: (a, b) => (writes(a) ? a.saved : LAST) - (writes(b) ? b.saved : LAST),
};

/** Those who need somebody: the most pressing need first, whoever waits longest on top. */
export function inNeed(rows: readonly ConsoleRow[], order: readonly string[]): ConsoleRow[] {
  const rank = (row: ConsoleRow): number => order.indexOf(row.needs[0] ?? '');
  return rows.filter((row) => row.needs.length > 0).sort((a, b) => rank(a) - rank(b) || (a.since ?? 0) - (b.since ?? 0));
}

/** The state after something moved; rows that did not are the same objects, so that they are not drawn again. */
export function after(state: ConsoleState, { now, codes, rows, gone }: ConsoleChanges): ConsoleState {
  if (rows.length === 0 && gone.length === 0) return { ...state, now, codes };
  const changed = new Map(rows.map((row) => [row.id, row]));
  const left = new Set(gone);
  const known = state.rows.filter(({ id }) => !left.has(id)).map((row) => changed.get(row.id) ?? row);
  const ids = new Set(known.map(({ id }) => id));
  return { now, codes, rows: [...known, ...rows.filter(({ id }) => !ids.has(id))] };
}

export interface Totals {
  expected: number;
  admitted: number;
  writing: number;
  done: number;
  absent: number;
}

export function totals(rows: readonly ConsoleRow[]): Totals {
  const count = (holds: (row: ConsoleRow) => boolean): number => rows.filter(holds).length;
  const began = (row: ConsoleRow): boolean => row.state !== null && row.state !== 'prepared';
  return {
    expected: rows.length,
    admitted: count((row) => row.identity === 'admitted'),
    writing: count(writes),
    done: count((row) => rowState(row) === 'handed-in'),
    absent: count((row) => !began(row)),
  };
}

/** How long ago, in the steps in which it is shown: the words change seldom, and so do the rows. */
export function ago(at: number, now: number): { unit: 'now' | 'seconds' | 'minutes' | 'hours'; n: number } {
  const seconds = Math.max(0, Math.round((now - at) / 1000));
  if (seconds < 20) return { unit: 'now', n: 0 };
  if (seconds < 120) return { unit: 'seconds', n: Math.floor(seconds / 10) * 10 };
  if (seconds < 7200) return { unit: 'minutes', n: Math.floor(seconds / 60) };
  return { unit: 'hours', n: Math.floor(seconds / 3600) };
}
