import type { Tx } from '~/db';
import { minutes, type Instant } from '~/kernel/clock';
import { newId } from '~/kernel/id';
import type { TimeBasis } from './basis';
import { recomputeDeadlines, type Recomputed } from './recompute.service';
import { insertTimes } from './time.repository';

/** Nobody who is writing is left with less than this by something that is taken back. */
export const LEAST_LEFT = minutes(1);

/**
 * Whole minutes that must stay of what is taken back, so that the deadline does not come nearer than a minute from
 * now. A deadline that was nearer already stays about where it was.
 */
export function minutesToKeep(before: Instant, after: Instant, now: Instant): number {
  const least = Math.min(before, now + LEAST_LEFT);
  return after >= least ? 0 : Math.ceil((least - after) / minutes(1));
}

/** Computes deadlines again after something was taken back, and leaves to each what the last minute needs. */
export async function clampedUndo(tx: Tx, attemptIds: readonly string[], actId: string, bases?: ReadonlyMap<string, TimeBasis>): Promise<Recomputed[]> {
  const moved = await recomputeDeadlines(tx, attemptIds, bases);
  const kept = moved.flatMap(({ attempt, before, at }) => {
    // While it stands still no time runs out; the minute counts from the resumption.
    const keep = minutesToKeep(before, at, attempt.pausedAt ?? tx.now);
    return keep === 0 ? [] : [{ id: newId(), attemptId: attempt.id, code: 'grant' as const, actId: `${actId}:kept`, minutes: keep, from: null, to: null, cap: null }];
  });
  if (kept.length === 0) return moved;
  await insertTimes(tx, kept);
  const again = new Map((await recomputeDeadlines(tx, kept.map(({ attemptId }) => attemptId))).map((one) => [one.attempt.id, one.at]));
  return moved.map((one) => ({ ...one, at: again.get(one.attempt.id) ?? one.at }));
}
