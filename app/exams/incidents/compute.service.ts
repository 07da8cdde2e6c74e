import type { Reader } from '~/db';
import type { Instant } from '~/kernel/clock';
import { newId } from '~/kernel/id';
import { deadlineOfBasis, type AttemptTime, type TimeBasis } from '../time/basis';
import { timedAttempts, timesOf, type TimedAttempt } from '../time/time.repository';
import { assess, type Assessed, type Effect, type LostTime } from './credit';
import { hitAttempts, type CreditLine, type HitAttempt, type Incident } from './incident.repository';
import { coveredBy, type Span } from './window';
import { appliedIncidents } from './window.repository';

/** What an incident does to one attempt, or would do. */
export interface Computed {
  hit: HitAttempt;
  attempt: TimedAttempt;
  line: CreditLine;
  /** What is to be written for it; empty when nothing was lost. */
  times: AttemptTime[];
  /** Set where the incident moves the window for who started during or after it. */
  basis: TimeBasis | null;
}

/**
 * What the incident costs each of these attempts and what giving it back does to their deadlines, with all that they
 * were given before: what several incidents and pauses cover counts once. Changes nothing.
 */
export async function computeCredits(from: Reader, incident: Incident, attemptIds: readonly string[], now: Instant): Promise<Computed[]> {
  const hits = await hitAttempts(from, attemptIds, incident);
  const attempts = new Map((await timedAttempts(from, attemptIds)).map((attempt) => [attempt.id, attempt]));
  const times = await timesOf(from, attemptIds);
  const windows = new Map<string | null, Span[]>();
  const computed: Computed[] = [];
  for (const hit of hits) {
    const attempt = attempts.get(hit.id);
    if (!attempt) continue;
    const others = windows.get(attempt.roomId) ?? await otherIncidents(from, incident, attempt.roomId);
    windows.set(attempt.roomId, others);
    const given = (times.get(hit.id) ?? []).filter(({ actId }) => !belongsTo(actId, incident.id));
    computed.push(computeOne({ incident, hit, attempt, given, others, now }));
  }
  return computed;
}

/** Acts that an incident's times are kept under: its own id, and numbered ones for further stretches. */
const belongsTo = (actId: string, incidentId: string): boolean => actId === incidentId || actId.startsWith(`${incidentId}:`);

async function otherIncidents(from: Reader, incident: Incident, roomId: string | null): Promise<Span[]> {
  return (await appliedIncidents(from, incident.sittingId, roomId)).filter(({ id }) => id !== incident.id);
}

interface One {
  incident: Incident;
  hit: HitAttempt;
  attempt: TimedAttempt;
  given: AttemptTime[];
  others: Span[];
  now: Instant;
}

function computeOne({ incident, hit, attempt, given, others, now }: One): Computed {
  const assessed = assess(incident, hit, now);
  const running = attempt.state === 'in-progress';
  const times = assessed.lost.map((lost, i) => timeOf(incident.id, lost, i, now));
  const basis = running || assessed.effect === 'reopen' ? movedBasis(attempt.basis, [...others, incident], others) : null;
  const deadlineAt = deadlineOfBasis(basis ?? attempt.basis, [...given, ...times]).at;
  // Who has ended keeps the deadline that they had.
  const at = running || times.length > 0 ? deadlineAt : attempt.deadlineAt;
  return {
    hit, attempt, times, basis,
    line: lineOf(hit.id, assessed, running && at > attempt.deadlineAt, { before: attempt.deadlineAt, at }),
  };
}

function lineOf(attemptId: string, { effect, lost, lastBefore, firstAfter }: Assessed, moved: boolean, { before, at }: { before: Instant; at: Instant }): CreditLine {
  const window: Effect = moved && lost.length === 0 ? 'window' : effect;
  return {
    attemptId, effect: window, lastBefore, firstAfter, deadlineBefore: before, deadlineAt: at, credit: at - before,
    lost: coveredBy(lost.map(({ from, to, cap }) => ({ from, to: to ?? cap }))),
  };
}

const timeOf = (incidentId: string, { from, to, cap }: LostTime, i: number, now: Instant): AttemptTime => ({
  id: newId(), code: 'incident', actId: i === 0 ? incidentId : `${incidentId}:${i + 1}`, minutes: null, from, to, cap, madeAt: now,
});

/** The basis with a window that this list of incidents moves, where `before` moved it already; null when nothing changes. */
export function movedBasis(basis: TimeBasis, after: readonly Span[], before: readonly Span[]): TimeBasis | null {
  const { closesAt } = basis.window;
  const until = (spans: readonly Span[]): number => coveredBy(spans.map(({ from, to }) => ({ from, to: Math.min(to, basis.startedAt) })));
  const moved = until(after) - until(before);
  return closesAt === null || moved === 0 ? null : { ...basis, window: { ...basis.window, closesAt: closesAt + moved } };
}
