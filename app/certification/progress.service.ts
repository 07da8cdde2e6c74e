import type { Reader } from '~/db';
import { findExam, stateOfExam, type Exam } from '~/exams';
import { dateAt } from '~/kernel/calendar';
import type { Instant } from '~/kernel/clock';
import { config } from '~/kernel/config';
import type { Reason, RequirementOutcome } from './clearance';
import { openReason, type Progress } from './progress';
import {
  attemptsOfAll, coursesOfAll, eventsOfAll, externalOfAll, programmesOfAll, type AttemptRow, type CourseProgressRow, type EventRow, type ExternalRow, type ProgrammeRow,
} from './progress.repository';
import type { RequirementKind } from './requirement';

/** A requirement with the reason in its plainest form, and what somebody would do next about it. */
export interface ExplainedRequirement extends Omit<RequirementOutcome, 'reason'> {
  reason: Reason;
  progress: Progress | null;
  /** The attempt that runs, if any. */
  runningAttemptId: string | null;
}

export interface ToExplain {
  personId: string;
  requirements: RequirementOutcome[];
}

/**
 * Says more about what is still open than evidence alone can: lessons read, the attempt that runs, when the
 * next one is possible. Asks a fixed number of queries however many people there are.
 * @returns the requirements of each, in the order given
 */
export async function explainAll(from: Reader, people: ToExplain[], now: Instant): Promise<ExplainedRequirement[][]> {
  const open = people.flatMap(({ requirements }) => requirements.filter(({ state }) => state !== 'met'));
  const targets = (kind: RequirementKind) => [...new Set(open.filter((one) => one.kind === kind).map((one) => one.targetId))];
  const behind = people.filter(({ requirements }) => requirements.some(({ state }) => state !== 'met')).map(({ personId }) => personId);
  const exams = await Promise.all(targets('exam').map((id) => findExam(from, id)));
  const known: Known = {
    now,
    exams: new Map(exams.flatMap((exam) => (exam ? [[exam.id, exam]] : []))),
    courses: grouped(await coursesOfAll(from, behind, [...targets('course'), ...exams.flatMap((exam) => exam?.courseId ?? [])])),
    attempts: grouped(await attemptsOfAll(from, behind, targets('exam'))),
    external: grouped(await externalOfAll(from, behind, targets('external'))),
    events: grouped(await eventsOfAll(from, behind, targets('event'), dateAt(now, config().TIME_ZONE))),
    programmes: grouped(await programmesOfAll(from, behind, targets('credential'))),
  };
  return people.map(({ personId, requirements }) => requirements.map((one) => explain(one, personId, known)));
}

interface Known {
  now: Instant;
  exams: Map<string, Exam>;
  courses: Map<string, CourseProgressRow[]>;
  attempts: Map<string, AttemptRow[]>;
  external: Map<string, ExternalRow[]>;
  events: Map<string, EventRow[]>;
  programmes: Map<string, ProgrammeRow[]>;
}

function explain(outcome: RequirementOutcome, personId: string, known: Known): ExplainedRequirement {
  if (outcome.state === 'met') return { ...outcome, progress: null, runningAttemptId: null };
  const attempts = (known.attempts.get(personId) ?? []).filter((attempt) => attempt.exam_id === outcome.targetId);
  const progress = progressOf(outcome, personId, attempts, known);
  const running = attempts.find((attempt) => attempt.state === 'in-progress');
  return { ...outcome, reason: openReason(outcome, progress, config().TIME_ZONE), progress, runningAttemptId: running?.id ?? null };
}

function progressOf({ kind, targetId }: RequirementOutcome, personId: string, attempts: AttemptRow[], known: Known): Progress | null {
  switch (kind) {
    case 'course': return courseProgress(targetId, personId, known);
    case 'exam': return examProgress(targetId, personId, attempts, known);
    case 'external': return externalProgress(targetId, personId, known);
    case 'event': return eventProgress(targetId, personId, known);
    case 'credential': return credentialProgress(targetId, personId, known);
    default: return null;
  }
}

function externalProgress(code: string, personId: string, { external }: Known): Progress | null {
  const last = external.get(personId)?.filter((row) => row.code === code).at(-1);
  if (!last) return null;
  return { kind: 'external', state: last.state, on: dateAt(last.decided_at ?? last.asked_at, config().TIME_ZONE) };
}

function eventProgress(series: string, personId: string, { events }: Known): Progress | null {
  const next = events.get(personId)?.find((row) => row.series === series);
  return next ? { kind: 'event', title: next.title, fromOn: next.from_on, place: next.place } : null;
}

function credentialProgress(programmeId: string, personId: string, { programmes }: Known): Progress | null {
  const own = programmes.get(personId)?.filter((row) => row.programme_id === programmeId).at(-1);
  return own ? { kind: 'credential', assignmentId: own.assignment_id } : null;
}

const courseRow = (courseId: string, personId: string, { courses }: Known): CourseProgressRow | undefined =>
  courses.get(personId)?.find((row) => row.course_id === courseId);

function courseProgress(courseId: string, personId: string, known: Known): Progress | null {
  const row = courseRow(courseId, personId, known);
  return row ? { kind: 'course', lessonsRead: row.lessons_read, lessons: row.lessons } : null;
}

function examProgress(examId: string, personId: string, attempts: AttemptRow[], known: Known): Progress | null {
  const exam = known.exams.get(examId);
  if (!exam) return null;
  const courseDone = !exam.requiresCourse || exam.courseId === null || (courseRow(exam.courseId, personId, known)?.completed_at ?? null) !== null;
  const { state, nextAt } = stateOfExam({
    exam: { ...exam, hasBank: exam.bankId !== null, practice: exam.practiceOf !== null }, courseDone, now: known.now,
    attempts: attempts.map(({ state: of, handed_in_at, passed, released_at, former }) => ({
      state: of, handedInAt: handed_in_at, passed: released_at === null ? null : passed, former,
    })),
  });
  const running = attempts.find((attempt) => attempt.state === 'in-progress');
  return { kind: 'exam', state, nextAt: running ? running.deadline_at : nextAt };
}

function grouped<Row extends { person_id: string }>(found: Row[]): Map<string, Row[]> {
  const groups = new Map<string, Row[]>();
  for (const row of found) {
    const group = groups.get(row.person_id);
    if (group) group.push(row);
    else groups.set(row.person_id, [row]);
  }
  return groups;
}
