import { findCourseById, findEnrolment, lessonStates, type Bilingual } from '~/courses';
import type { Reader } from '~/db';
import { findExam } from '~/exams';
import type { Instant } from '~/kernel/clock';
import { liveAssignments, type Assignment } from './assignments.repository';
import { findClearance } from './clearances.repository';
import { credentialOfAssignment } from './credentials.repository';
import { nextStep, type NextStep } from './next-step';
import { findVersion } from './programme.repository';
import { explainAll, type ExplainedRequirement } from './progress.service';

export interface DutyRequirement extends ExplainedRequirement {
  title: Bilingual;
  slug: string;
}

/** The next lesson to read. */
export interface LessonToRead {
  courseSlug: string;
  lessonSlug: string;
  /** Counted from 1. */
  position: number;
  title: Bilingual;
}

/** One assignment as the person concerned sees it: what must be done, by when, how far it is. */
export interface Duty {
  assignmentId: string;
  personId: string;
  programme: Bilingual;
  status: 'cleared' | 'not-cleared';
  mayStartOn: string | null;
  /** The day on which the permission was taken back. */
  withdrawnOn: string | null;
  /** A rule took it back: it is given again, with a new credential, as soon as every requirement is met. */
  mayRegain: boolean;
  startOfDuty: string;
  dueOn: string;
  assignedAt: Instant;
  done: number;
  total: number;
  requirements: DutyRequirement[];
  next: NextStep;
  lesson: LessonToRead | null;
  credential: { number: string; state: 'valid' | 'revoked'; issuedAt: Instant } | null;
}

/** What a person must do before work may start, the nearest due date first. */
export async function myDuties(from: Reader, personId: string, now: Instant): Promise<Duty[]> {
  const duties: Duty[] = [];
  for (const assignment of await liveAssignments(from, personId)) {
    const duty = await dutyOf(from, assignment, now);
    if (duty) duties.push(duty);
  }
  return duties;
}

/** One assignment with everything that it depends on; null when it is not judged yet. */
export async function dutyOf(from: Reader, assignment: Assignment, now: Instant): Promise<Duty | null> {
  const judged = await findClearance(from, assignment.id);
  const version = await findVersion(from, assignment.programme_version_id);
  if (!judged || !version) return null;
  const [explained = []] = await explainAll(from, [{ personId: assignment.person_id, requirements: judged.requirements }], now);
  const requirements = await Promise.all(explained.map((one) => named(from, one)));
  const credential = await credentialOfAssignment(from, assignment.id);
  const mayRegain = judged.withdrawnOn !== null && credential?.state_cause === 'rule';
  const next = judged.withdrawnOn === null || mayRegain ? nextStep(explained) : { kind: 'ask-hr' as const };
  return {
    assignmentId: assignment.id, personId: assignment.person_id, programme: { zh: version.title_zh, en: version.title_en },
    status: judged.status, mayStartOn: judged.mayStartOn, withdrawnOn: judged.withdrawnOn, mayRegain, startOfDuty: judged.startOfDuty, dueOn: judged.dueOn,
    assignedAt: assignment.assigned_at, done: judged.done, total: judged.total, requirements, next,
    lesson: next.kind === 'learn' ? await lessonToRead(from, assignment.person_id, next.targetId) : null,
    credential: credential && { number: credential.number, state: credential.state, issuedAt: credential.issued_at },
  };
}

async function named(from: Reader, one: ExplainedRequirement): Promise<DutyRequirement> {
  const target = one.kind === 'course' ? await findCourseById(from, one.targetId) : await findExam(from, one.targetId);
  if (!target) throw new Error(`requirement ${one.code} names a ${one.kind} that is gone`);
  return { ...one, title: target.title, slug: target.slug };
}

async function lessonToRead(from: Reader, personId: string, courseId: string): Promise<LessonToRead | null> {
  const course = await findCourseById(from, courseId);
  const enrolment = await findEnrolment(from, personId, courseId);
  if (!course || !enrolment) return null;
  const states = await lessonStates(from, enrolment.id, enrolment.course_version_id);
  const index = states.findIndex((state) => state.read_at === null);
  const slug = states[index]?.slug;
  // A lesson that the newest version no longer has keeps its number but has no title to show.
  const lesson = course.lessons.find((one) => one.slug === slug);
  if (slug === undefined || !lesson) return null;
  return { courseSlug: course.slug, lessonSlug: slug, position: index + 1, title: lesson.title };
}
