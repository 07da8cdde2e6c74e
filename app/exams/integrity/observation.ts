import { seconds, type Instant } from '~/kernel/clock';
import type { ObservationKind } from '../observation-kind';

/** Noticed by the page; the other kinds are noticed by the server, which asks no page about them. */
export const PAGE_KINDS = ['left-page', 'paste', 'idle', 'fast-answers'] as const satisfies readonly ObservationKind[];
export type PageKind = (typeof PAGE_KINDS)[number];

export interface SentObservation {
  kind: PageKind;
  at: Instant;
  seconds?: number | undefined;
  count?: number | undefined;
}

export interface ObservationRow {
  id: string;
  kind: ObservationKind;
  at: Instant;
  seconds: number | null;
  count: number | null;
}

/** One request carries at most so many, and an attempt has at most so many: nobody can fill the disk with them. */
export const MOST_SENT = 40;
export const MOST_OF_ATTEMPT = 400;

/** The page reckons the server's time from answers that are on their way for a while. */
const AHEAD = seconds(5);

/** The same thing, told again with more seconds, has grown: kind and beginning name it. */
export const observationId = (attemptId: string, kind: ObservationKind, name: string | number): string => `${attemptId}/${kind}/${name}`;

/**
 * What of a page's observations is recorded: of kinds that are on, begun within the attempt, for no longer than it has
 * lasted. Sent twice, it is the same row.
 * @param observed the kinds that the author switched on
 */
export function toRecord(
  sent: readonly SentObservation[], attempt: { id: string; startedAt: Instant }, observed: readonly ObservationKind[], now: Instant,
): ObservationRow[] {
  const known = sent.filter(({ kind, at }) => observed.includes(kind) && at >= attempt.startedAt - AHEAD && at <= now + AHEAD);
  const rows = known.map(({ kind, at, seconds: lasted, count }): ObservationRow => ({
    id: observationId(attempt.id, kind, at), kind, at,
    seconds: lasted === undefined ? null : Math.min(lasted, Math.ceil((now + AHEAD - at) / 1000)),
    count: count ?? null,
  }));
  return [...new Map(rows.map((row) => [row.id, row])).values()];
}

export interface ObservationSum {
  kind: string;
  times: number;
  /** Together; null where the kind has no duration. */
  seconds: number | null;
  /** Together; null where nothing is counted. */
  count: number | null;
}

/** What was observed, kind by kind, in the order in which each first happened. Notes are told one by one. */
export function sumUp(observations: readonly { kind: string; seconds: number | null; count: number | null }[]): ObservationSum[] {
  const sums = new Map<string, ObservationSum>();
  for (const { kind, seconds: lasted, count } of observations) {
    if (kind === 'note') continue;
    const sum = sums.get(kind) ?? { kind, times: 0, seconds: null, count: null };
    sums.set(kind, { kind, times: sum.times + 1, seconds: added(sum.seconds, lasted), count: added(sum.count, count) });
  }
  return [...sums.values()];
}

const added = (sum: number | null, more: number | null): number | null => (more === null ? sum : (sum ?? 0) + more);

/**
 * The network that an address belongs to. A machine changes the last half of its IPv6 address by itself, for privacy;
 * that is no change of place.
 */
export function networkOf(address: string): string {
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(address);
  if (mapped?.[1]) return mapped[1];
  if (!address.includes(':')) return address;
  const [head = '', tail] = address.split('%')[0]?.split('::') ?? [];
  const first = head === '' ? [] : head.split(':');
  const last = tail === undefined || tail === '' ? [] : tail.split(':');
  const whole = tail === undefined ? first : [...first, ...Array<string>(Math.max(0, 8 - first.length - last.length)).fill('0'), ...last];
  return whole.slice(0, 4).map((part) => part.toLowerCase().replace(/^0+(?=.)/, '')).join(':');
}
