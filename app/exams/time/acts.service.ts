import { appendEvents, commitIfOk, type Tx } from '~/db';
import { authorise, type Actor } from '~/identity';
import type { Instant } from '~/kernel/clock';
import { newId } from '~/kernel/id';
import { err, ok, type Result } from '~/kernel/result';
import { findAct, recordAct, undoAct, type Act } from '../console/act.repository';
import { clampedUndo } from './clamp.service';
import { recomputeDeadlines, type Recomputed } from './recompute.service';
import { settleSections } from './sections.service';
import { targeted, type Targeted, type TimeTarget } from './target.service';
import { insertTimes, lockAttempts, markPaused, markResumed, timedAttempts, timesOfAct, undoTimes, type TimedAttempt } from './time.repository';

/** The most that is given at once: more is another exam. */
export const MOST_MINUTES = 240;

export interface TimeAct {
  actId: string;
  /** The attempts that it was done to. */
  attempts: string[];
}

interface Asked {
  reason: string;
  /** Id that the page chose: the same form sent twice acts once. */
  key: string | undefined;
}

/**
 * Gives minutes to those who are writing. Nobody's deadline comes nearer by it, no window cuts it. Somebody whose
 * time has just run out and who is not handed in yet goes on writing.
 */
export function giveTime(actor: Actor, target: TimeTarget, minutes: number, reason: string, key?: string): Promise<Result<TimeAct>> {
  if (!Number.isInteger(minutes) || minutes < 1) return Promise.resolve(err('field.too-low', { min: 1 }, 'minutes'));
  if (minutes > MOST_MINUTES) return Promise.resolve(err('field.too-high', { max: MOST_MINUTES }, 'minutes'));
  return acting(actor, target, { reason, key }, async (tx, found, record) => {
    const actId = await record('time', found.attempts, minutes);
    await insertTimes(tx, found.attempts.map(({ id }) => ({ id: newId(), attemptId: id, code: 'grant', actId, minutes, from: null, to: null, cap: null })));
    const moved = await recomputeDeadlines(tx, idsOf(found.attempts));
    await tell(tx, { kind: 'attempt.time-given', actor, actId, moved, body: { minutes } });
    return ok({ actId, attempts: idsOf(found.attempts) });
  });
}

/**
 * Lets exams stand still: nothing can be written or handed in, nothing closes them, and the time counts for nobody.
 * Whose time is up cannot be stopped any more, and who stands still already is left as they are.
 */
export function pause(actor: Actor, target: TimeTarget, reason: string, key?: string): Promise<Result<TimeAct>> {
  return acting(actor, target, { reason, key }, async (tx, found, record) => {
    const paused = await markPaused(tx, idsOf(found.attempts));
    if (paused.length === 0) return err('act.nobody');
    const attempts = found.attempts.filter(({ id }) => paused.includes(id));
    const actId = await record('pause', attempts);
    await insertTimes(tx, paused.map((id) => ({ id: newId(), attemptId: id, code: 'pause', actId, minutes: null, from: tx.now, to: null, cap: null })));
    await tell(tx, { kind: 'attempt.paused', actor, actId, moved: attempts.map((attempt) => ({ attempt, before: attempt.deadlineAt, at: attempt.deadlineAt })) });
    return ok({ actId, attempts: paused });
  });
}

/** Lets exams go on that stand still; their deadlines move by exactly the time that they stood. */
export function resume(actor: Actor, target: TimeTarget, reason: string, key?: string): Promise<Result<TimeAct>> {
  return acting(actor, target, { reason, key }, async (tx, found, record) => {
    const resumed = await markResumed(tx, idsOf(found.attempts));
    if (resumed.length === 0) return err('act.nobody');
    const actId = await record('resume', found.attempts.filter(({ id }) => resumed.includes(id)));
    const moved = await recomputeDeadlines(tx, resumed);
    await tell(tx, { kind: 'attempt.resumed', actor, actId, moved });
    return ok({ actId, attempts: resumed });
  });
}

/**
 * Takes back time that was given. Somebody who is writing always keeps at least one more minute, so that nobody is
 * handed in by a click: what that needs of the minutes given stays with them.
 */
export function undoGrant(actor: Actor, actId: string, reason: string): Promise<Result<TimeAct>> {
  return commitIfOk(async (tx): Promise<Result<TimeAct>> => {
    const act = await findAct(tx, actId);
    if (act?.kind !== 'time') return err('not-found');
    if (!(await mayUndo(tx, actor, act))) return err('not-found');
    const attempts = (await timesOfAct(tx, actId)).map(({ attemptId }) => attemptId);
    const locked = [...await lockAttempts(tx, attempts)];
    if (await undoAct(tx, { actId, reason, by: actor.by }) === 0) return err('act.undone');
    await settleSections(tx, locked);
    await undoTimes(tx, actId, locked);
    const moved = await clampedUndo(tx, locked, actId);
    await tell(tx, { kind: 'attempt.time-taken-back', actor, actId, moved });
    return ok({ actId, attempts: locked });
  });
}

/** Whoever gave it, and everybody who might give it to all of them. */
async function mayUndo(tx: Tx, actor: Actor, act: Act): Promise<boolean> {
  authorise(actor, 'invigilate');
  if (act.doneBy === actor.by) return true;
  const found = await targeted(tx, actor, { attempts: act.body.attempts ?? [] });
  return found.ok || found.error.code === 'act.nobody';
}

type Recorder = (kind: 'time' | 'pause' | 'resume', attempts: readonly TimedAttempt[], minutes?: number) => Promise<string>;

/** Locks those who are meant, lets their sections be where they are, and does it; sent twice with one key it was done once. */
function acting(
  actor: Actor, target: TimeTarget, { reason, key }: Asked,
  work: (tx: Tx, found: Targeted, record: Recorder) => Promise<Result<TimeAct>>,
): Promise<Result<TimeAct>> {
  return commitIfOk(async (tx): Promise<Result<TimeAct>> => {
    const found = await targeted(tx, actor, target);
    const done = key === undefined ? null : await findAct(tx, key);
    if (done) return done.doneBy === actor.by ? ok({ actId: done.id, attempts: done.body.attempts ?? [] }) : err('conflict.changed');
    if (!found.ok) return found;
    const locked = await lockAttempts(tx, idsOf(found.value.attempts));
    await settleSections(tx, [...locked]);
    // Read again: what was read before the lock may have changed since.
    const attempts = await timedAttempts(tx, [...locked]);
    if (attempts.length === 0) return err('act.nobody');
    const { sittingId, roomId } = found.value;
    return work(tx, { attempts, sittingId, roomId }, (kind, whom, minutes) => recordAct(tx, {
      ...(key !== undefined && { id: key }), kind, sittingId, roomId, reason, by: actor.by,
      body: { attempts: idsOf(whom), ...(minutes !== undefined && { minutes }) },
    }));
  });
}

const idsOf = (attempts: readonly { id: string }[]): string[] => attempts.map(({ id }) => id);

interface Told {
  kind: string;
  actor: Actor;
  actId: string;
  moved: readonly { attempt: Recomputed['attempt']; before: Instant; at: Instant }[];
  body?: Record<string, number>;
}

/** One event for each person concerned, with the deadline before and after. */
const tell = (tx: Tx, { kind, actor, actId, moved, body = {} }: Told): Promise<void> =>
  appendEvents(tx, moved.map(({ attempt, before, at }) => ({
    kind, subject: { kind: 'attempt', id: attempt.id }, personId: attempt.personId, by: actor.by, cause: 'invigilator',
    body: { actId, ...body, deadlineBefore: before, deadlineAt: at },
  })));
