import { findCourseById, findEnrolment, lessonStates, type Bilingual } from '~/courses';
import type { Reader } from '~/db';
import { findExam } from '~/exams';
import { dateAt, type PlainDate } from '~/kernel/calendar';
import type { Instant } from '~/kernel/clock';
import { config } from '~/kernel/config';
import { liveAssignments, type Assignment } from './assignments.repository';
import { findClearance, type StoredClearance } from './clearances.repository';
import { credentialOfAssignment } from './credentials.repository';
import { isOwnWork, nextRequirement, stepFor, type NextStep } from './next-step';
import { findProgrammeTitle, findVersion, requirementsOf } from './programme.repository';
import { explainAll, type ExplainedRequirement } from './progress.service';
import type { PermissionPeriod } from './clearance';
import type { CredentialState } from './credentials/state';
import type { Gate, RequirementParams, Tree } from './requirement';

export interface DutyRequirement extends ExplainedRequirement {
  title: Bilingual;
  /** Of the course or exam; null: it has no page of its own. */
  slug: string | null;
  params: RequirementParams;
  /** What the person can do about it, beside what comes next; null: nothing, or nothing need be done. */
  also: NextStep | null;
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
  gate: Gate;
  cycle: number;
  appointmentId: string;
  /** How the requirements combine. */
  tree: Tree;
  status: 'cleared' | 'waived' | 'not-cleared';
  mayStartOn: string | null;
  /** The last day of that permission; null: no end, or there is none. */
  until: string | null;
  /** Every permission there was, is and will be, as far as known. */
  periods: PermissionPeriod[];
  suspendedOn: string | null;
  expiredOn: string | null;
  /** The end, past or to come, when a change of law set it. */
  lawUntil: string | null;
  /** The day on which the permission was taken back. */
  withdrawnOn: string | null;
  /** A rule took it back: it is given again, with a new credential, as soon as every requirement is met. */
  mayRegain: boolean;
  /** A renewal: until when what it renews still holds; null: it renews nothing, or that has ended. */
  renewsUntil: string | null;
  startOfDuty: string;
  dueOn: string;
  assignedAt: Instant;
  done: number;
  total: number;
  requirements: DutyRequirement[];
  next: NextStep;
  /** The code of the requirement that the next step is about; null: none. */
  nextCode: string | null;
  lesson: LessonToRead | null;
  credential: { number: string; state: CredentialState; issuedAt: Instant } | null;
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
  const asked = new Map((await requirementsOf(from, version.id)).map(({ code, params = {} }) => [code, params]));
  const named = await Promise.all(explained.map((one) => namedFrom(from, one, asked.get(one.code) ?? {})));
  const standing = standingOn(judged, dateAt(now, config().TIME_ZONE));
  const renewsUntil = await formerUntil(from, assignment, dateAt(now, config().TIME_ZONE));
  const credential = await credentialOfAssignment(from, assignment.id);
  const mayRegain = judged.withdrawnOn !== null && credential?.state_cause === 'rule';
  const { next, nextCode } = nextOf(standing.status, judged.withdrawnOn !== null && !mayRegain, explained);
  const requirements = named.map((one) => ({ ...one, also: nextCode === null ? null : alsoOf(one, nextCode) }));
  return {
    assignmentId: assignment.id, personId: assignment.person_id, programme: { zh: version.title_zh, en: version.title_en },
    gate: judged.gate, cycle: assignment.cycle, appointmentId: assignment.appointment_id, tree: version.tree, ...standing, periods: judged.periods, suspendedOn: judged.suspendedOn, withdrawnOn: judged.withdrawnOn, mayRegain, renewsUntil, startOfDuty: judged.startOfDuty, dueOn: judged.dueOn,
    assignedAt: assignment.assigned_at, done: judged.done, total: judged.total, requirements, next, nextCode,
    lesson: next.kind === 'learn' ? await lessonToRead(from, assignment.person_id, next.targetId) : null,
    credential: credential && { number: credential.number, state: credential.state, issuedAt: credential.issued_at },
  };
}

/** Who is cleared need not do what another branch of the programme would have asked for. */
function nextOf(status: Duty['status'], takenBack: boolean, explained: ExplainedRequirement[]): Pick<Duty, 'next' | 'nextCode'> {
  if (status !== 'cleared' && takenBack) return { next: { kind: 'ask-hr' }, nextCode: null };
  const turn = status === 'cleared' ? null : nextRequirement(explained);
  return turn ? { next: stepFor(turn), nextCode: turn.code } : { next: { kind: 'collect-credential' }, nextCode: null };
}

function alsoOf(one: ExplainedRequirement, nextCode: string): NextStep | null {
  if (one.state === 'met' || one.code === nextCode) return null;
  const step = stepFor(one);
  return isOwnWork(step) ? step : null;
}

/** Until when the cycle before holds on `today`; null when it does not, or there is none. */
async function formerUntil(from: Reader, { follows }: Assignment, today: PlainDate): Promise<PlainDate | null> {
  const former = follows === null ? null : await findClearance(from, follows);
  const standing = former && standingOn(former, today);
  return standing?.status === 'cleared' ? standing.until : null;
}

/** The row tells what was judged; what has ended by its date since has ended. */
function standingOn({ status, mayStartOn, until, expiredOn, lawUntil }: StoredClearance, today: PlainDate): Pick<Duty, 'status' | 'mayStartOn' | 'until' | 'expiredOn' | 'lawUntil'> {
  if (status === 'not-cleared' || until === null || until >= today) return { status, mayStartOn, until, expiredOn, lawUntil };
  return { status: 'not-cleared', mayStartOn: null, until: null, expiredOn: status === 'cleared' ? until : expiredOn, lawUntil };
}

async function namedFrom(from: Reader, one: ExplainedRequirement, params: RequirementParams): Promise<Omit<DutyRequirement, 'also'>> {
  if (one.kind === 'course' || one.kind === 'exam') {
    const target = one.kind === 'course' ? await findCourseById(from, one.targetId) : await findExam(from, one.targetId);
    if (!target) throw new Error(`requirement ${one.code} names a ${one.kind} that is gone`);
    return { ...one, title: target.title, slug: target.slug, params };
  }
  const title = one.kind === 'credential' ? await findProgrammeTitle(from, one.targetId) : null;
  return { ...one, title: title ?? { zh: params.titleZh ?? one.targetId, en: params.titleEn ?? params.titleZh ?? one.targetId }, slug: null, params };
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
