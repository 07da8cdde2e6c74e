import type { Instant } from '~/kernel/clock';

export interface Span {
  from: Instant;
  to: Instant;
}

/** Milliseconds that are covered by at least one of the spans. */
export function coveredBy(spans: readonly Span[]): number {
  let covered = 0;
  let until = -Infinity;
  for (const { from, to } of [...spans].sort((a, b) => a.from - b.from)) {
    covered += Math.max(0, to - Math.max(from, until));
    until = Math.max(until, to);
  }
  return covered;
}

/**
 * The end of a sitting's window for somebody who starts at `startedAt`: what stood still before must not cost
 * them the window. What is lost after the start is credited to the attempt itself.
 */
export const windowAfter = (endsAt: Instant, incidents: readonly Span[], startedAt: Instant): Instant =>
  endsAt + coveredBy(incidents.map(({ from, to }) => ({ from, to: Math.min(to, startedAt) })));
