import type { Instant } from '~/kernel/clock';
import type { ReportRequest } from '~/reports';

/** A report that was asked for, as its owner sees it in a list. */
export function shownRequest(one: ReportRequest, now: Instant) {
  const { id, name, format, state, problem, askedAt, donePosts, totalPosts, lines, bytes, expiresAt, removedAt, downloads, scheduleId } = one;
  const isThere = state === 'done' && removedAt === null && expiresAt !== null && expiresAt > now;
  // Of numbers by groups it is not told how many people were looked at: the numbers say what may be said.
  const counted = one.query.layout === 'people';
  return {
    id, name, kind: one.query.kind, layout: one.query.layout, format, state, problem, askedAt, lines: counted ? lines : null, bytes, expiresAt, downloads, isThere,
    percent: totalPosts === null || totalPosts === 0 ? null : Math.round((100 * donePosts) / totalPosts), scheduled: scheduleId !== null,
  };
}

export type ShownRequest = ReturnType<typeof shownRequest>;
