import { dateAt, type PlainDate } from '~/kernel/calendar';
import type { Instant } from '~/kernel/clock';
import type { Reason, RequirementOutcome } from './clearance';

/** How far somebody is with a required course. */
export interface CourseProgress {
  kind: 'course';
  lessonsRead: number;
  lessons: number;
}

/** How somebody stands with a required exam, as the exams say it. */
export interface ExamProgress {
  kind: 'exam';
  state:
    | 'not-ready' | 'not-open' | 'closed' | 'course-first' | 'may-start' | 'in-progress'
    | 'cooling-off' | 'no-attempts-left' | 'passed' | 'awaiting-result';
  /** When that changes by itself: the opening, the next possible attempt, the end of the running one. */
  nextAt: Instant | null;
}

/** The last thing that was handed in for a kind of external evidence, and has not become evidence. */
export interface ExternalProgress {
  kind: 'external';
  state: 'asked' | 'refused';
  /** When it was handed in, or refused. */
  on: PlainDate;
}

/** The next classroom event of a series on whose list somebody stands. */
export interface EventProgress {
  kind: 'event';
  title: string;
  fromOn: PlainDate;
  place: string;
}

/** Somebody's own assignment of the programme whose credential is asked for. */
export interface CredentialProgress {
  kind: 'credential';
  assignmentId: string;
}

export type Progress = CourseProgress | ExamProgress | ExternalProgress | EventProgress | CredentialProgress;

/**
 * The plainest reason why a requirement is not met yet. Evidence decides the clearance; progress only says
 * more about what is still open, so a requirement that is met keeps its reason.
 */
export function openReason(outcome: RequirementOutcome, progress: Progress | null, zone: string): Reason {
  if (outcome.state === 'met' || outcome.state === 'waived' || outcome.state === 'expired' || !progress) return outcome.reason;
  switch (progress.kind) {
    case 'course': return courseReason(outcome.reason, progress);
    case 'exam': return examReason(outcome, progress, zone);
    case 'external': return { code: `external-${progress.state}`, params: { on: progress.on } };
    case 'event': return { code: 'event-listed', params: { fromOn: progress.fromOn, title: progress.title, place: progress.place } };
    case 'credential': return outcome.reason;
  }
}

function courseReason(known: Reason, { lessonsRead, lessons }: CourseProgress): Reason {
  if (lessons === 0) return known;
  if (lessonsRead === 0) return { code: 'course-not-begun', params: { lessons } };
  return { code: 'course-lessons-left', params: { read: lessonsRead, lessons, left: lessons - lessonsRead } };
}

function examReason({ reason, at }: RequirementOutcome, { state, nextAt }: ExamProgress, zone: string): Reason {
  switch (state) {
    case 'in-progress': return nextAt === null
      ? { code: 'exam-in-progress', params: {} }
      : { code: 'exam-in-progress-until', params: { untilAt: nextAt } };
    // A passed result whose evidence is on its way reads as a result that is awaited.
    case 'awaiting-result': case 'passed': return { code: 'exam-awaits-result', params: {} };
    case 'no-attempts-left': return { code: 'exam-no-attempts-left', params: reason.params };
    case 'cooling-off': return nextAt === null ? reason : failedUntil(reason, at, nextAt, zone);
    case 'may-start': return reason;
    default: return reason.code === 'exam-failed' ? reason : notYet(state, nextAt);
  }
}

/** The evidence may still be on its way when the cooling-off has begun; then there is no figure to tell. */
function failedUntil(reason: Reason, at: Instant | null, nextAt: Instant, zone: string): Reason {
  if (at === null) return { code: 'exam-not-open', params: { fromAt: nextAt } };
  return { code: 'exam-failed-next', params: { ...reason.params, on: dateAt(at, zone), nextAt } };
}

function notYet(state: 'not-ready' | 'not-open' | 'closed' | 'course-first', nextAt: Instant | null): Reason {
  switch (state) {
    case 'not-open': return nextAt === null
      ? { code: 'exam-not-ready', params: {} }
      : { code: 'exam-not-open', params: { fromAt: nextAt } };
    case 'closed': return { code: 'exam-closed', params: {} };
    case 'course-first': return { code: 'exam-course-first', params: {} };
    case 'not-ready': return { code: 'exam-not-ready', params: {} };
  }
}
