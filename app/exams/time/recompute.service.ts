import type { Tx } from '~/db';
import type { Instant } from '~/kernel/clock';
import { closesAfter } from '../answers/closing';
import { deadlineOfBasis, type TimeBasis } from './basis';
import { moveSectionEnds } from './sections.service';
import { timedAttempts, timesOf, writeDeadlines, type TimedAttempt } from './time.repository';

export interface Recomputed {
  attempt: TimedAttempt;
  before: Instant;
  at: Instant;
}

/**
 * Computes the deadlines of running attempts again, from their basis and all that they were given. Run twice it
 * changes nothing more. Whoever moved something locks the attempts first (`lockAttempts`).
 * @param bases new bases for some, where an incident moved the window
 * @returns the running ones, with their deadlines before and now
 */
export async function recomputeDeadlines(tx: Tx, attemptIds: readonly string[], bases: ReadonlyMap<string, TimeBasis> = new Map()): Promise<Recomputed[]> {
  const running = (await timedAttempts(tx, attemptIds)).filter((attempt) => attempt.state === 'in-progress').map((attempt): TimedAttempt => {
    const basis = bases.get(attempt.id);
    return basis ? { ...attempt, basis, basisKept: false } : attempt;
  });
  const times = await timesOf(tx, running.map(({ id }) => id));
  const computed = running.map((attempt): Recomputed => ({
    attempt, before: attempt.deadlineAt, at: deadlineOfBasis(attempt.basis, times.get(attempt.id) ?? []).at,
  }));
  await writeDeadlines(tx, computed.map(written).filter((next) => next.changed));
  await moveSectionEnds(tx, computed.map(({ attempt, at }) => ({ ...attempt, deadlineAt: at })));
  return computed;
}

function written({ attempt, before, at }: Recomputed) {
  // A page's last answers may still arrive within the tolerance; an attempt that stands still is closed by nobody.
  const nextCheckAt = attempt.pausedAt === null ? closesAfter(at, attempt.toleranceSeconds) : null;
  return {
    id: attempt.id, deadlineAt: at, nextCheckAt, basis: attempt.basis, checkMoved: nextCheckAt !== attempt.nextCheckAt,
    changed: at !== before || nextCheckAt !== attempt.nextCheckAt || !attempt.basisKept,
  };
}

/** The same for one attempt; null when it does not run. */
export async function recomputeDeadline(tx: Tx, attemptId: string): Promise<Recomputed | null> {
  return (await recomputeDeadlines(tx, [attemptId]))[0] ?? null;
}
