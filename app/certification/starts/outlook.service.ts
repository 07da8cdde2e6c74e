import { findCourseById, findEnrolment, lessonStates } from '~/courses';
import type { Reader } from '~/db';
import { findExam, offersFor, type Exam } from '~/exams';
import { dateAt, type PlainDate } from '~/kernel/calendar';
import type { Instant } from '~/kernel/clock';
import { config } from '~/kernel/config';
import type { JudgedAssignment } from '../known';
import { explainAll, type ExplainedRequirement } from '../progress.service';
import { attemptsOfAll } from '../progress.repository';
import { earliestStart, released, type Earliest, type Need, type PossibleSitting } from './earliest-start';
import { provisional, type Pending, type Provisional } from './provisional';
import { waiversOf } from './waivers.repository';

/** What will be if all goes well, and the soonest that can be. */
export interface Outlook {
  provisional: Provisional | null;
  earliest: Earliest;
}

interface Asked {
  from: Reader;
  personId: string;
  now: Instant;
  today: PlainDate;
  zone: string;
}

/** Looks ahead for one assignment; null when evidence permits already or nothing but an office can help. */
export async function outlookOf(from: Reader, { assignment, clearance }: JudgedAssignment, now: Instant): Promise<Outlook | null> {
  if (clearance.status === 'cleared' || clearance.withdrawnOn !== null || clearance.suspendedOn !== null) return null;
  const zone = config().TIME_ZONE;
  const asked: Asked = { from, personId: assignment.personId, now, today: dateAt(now, zone), zone };
  const [explained = []] = await explainAll(from, [{ personId: asked.personId, requirements: clearance.requirements }], now);
  const open = explained.filter(({ state }) => state !== 'met');
  const needs: Need[] = [];
  for (const one of open) needs.push(await needOf(asked, one, open));
  const { input } = assignment;
  return {
    provisional: provisional({ ...input, zone }, [...pendingOf(asked, needs), ...await waiversAsked(asked, assignment.id)], asked.today),
    earliest: earliestStart({
      today: asked.today, startOfDuty: input.startOfDuty, zone, tree: input.tree ?? { kind: 'all' }, codes: input.requirements.map(({ code }) => code),
      met: explained.filter(({ state }) => state === 'met').map(({ code }) => code), needs,
    }),
  };
}

function needOf(asked: Asked, one: ExplainedRequirement, open: readonly ExplainedRequirement[]): Promise<Need> | Need {
  const { code, kind, targetId } = one;
  switch (kind) {
    case 'course': return courseNeed(asked, code, targetId);
    case 'exam': return examNeed(asked, one, open);
    case 'declaration': return { kind: 'today', code, done: false };
    case 'hours': return { kind: 'unknown', code, why: 'learning-hours' };
    default: return { kind: 'unknown', code, why: 'office-decides' };
  }
}

async function courseNeed({ from, personId }: Asked, code: string, courseId: string): Promise<Need> {
  const left = await studyLeft(from, personId, courseId);
  return left.completed ? { kind: 'today', code, done: true } : { kind: 'study', code, targetId: courseId, minutesLeft: left.minutes };
}

async function studyLeft(from: Reader, personId: string, courseId: string): Promise<{ completed: boolean; minutes: number }> {
  const course = await findCourseById(from, courseId);
  const enrolment = await findEnrolment(from, personId, courseId);
  if (!course || !enrolment) return { completed: false, minutes: course?.minutes ?? 0 };
  if (enrolment.completed_at !== null) return { completed: true, minutes: 0 };
  const unread = new Set((await lessonStates(from, enrolment.id, enrolment.course_version_id)).flatMap((one) => (one.read_at === null ? [one.slug] : [])));
  return { completed: false, minutes: course.lessons.reduce((sum, { slug, minutes }) => sum + (unread.has(slug) ? minutes : 0), 0) };
}

async function examNeed(asked: Asked, { code, targetId, progress }: ExplainedRequirement, open: readonly ExplainedRequirement[]): Promise<Need> {
  const { from, personId, now } = asked;
  const exam = await findExam(from, targetId);
  if (!exam || progress?.kind !== 'exam') return { kind: 'unknown', code, why: 'exam-not-ready' };
  switch (progress.state) {
    case 'passed': case 'awaiting-result': return { kind: 'result', code, handedInAt: await handedInAt(asked, exam), release: exam.release };
    case 'in-progress': return { kind: 'result', code, handedInAt: progress.nextAt ?? now, release: exam.release };
    case 'no-attempts-left': return { kind: 'unknown', code, why: 'no-attempts-left' };
    case 'closed': return { kind: 'unknown', code, why: 'exam-closed' };
    case 'not-ready': return { kind: 'unknown', code, why: 'exam-not-ready' };
    default: break;
  }
  const course = exam.requiresCourse && exam.courseId !== null && (progress.state === 'course-first' || open.some((one) => one.targetId === exam.courseId)) ? exam.courseId : null;
  const left = course === null ? null : await studyLeft(from, personId, course);
  return {
    kind: 'exam', code, release: exam.release, closesAt: exam.closesAt, notBefore: latest(progress.nextAt, exam.opensAt !== null && exam.opensAt > now ? exam.opensAt : null),
    courseFirst: course === null || !left || left.completed ? null : { targetId: course, minutesLeft: left.minutes },
    sittings: exam.delivery === 'sittings' ? await sittingsFor(asked, exam) : null,
  };
}

const latest = (a: Instant | null, b: Instant | null): Instant | null => (a === null ? b : b === null ? a : Math.max(a, b));

async function handedInAt({ from, personId, now }: Asked, exam: Exam): Promise<Instant> {
  const attempts = await attemptsOfAll(from, [personId], [exam.id]);
  return Math.max(0, ...attempts.map((one) => one.handed_in_at ?? 0)) || now;
}

async function sittingsFor({ from, personId, now }: Asked, exam: Exam): Promise<PossibleSitting[]> {
  return (await offersFor(from, exam, personId, now)).map(({ sitting, phase, free, own, problem }) => ({
    id: sitting.id, title: sitting.title, startsAt: sitting.startsAt, endsAt: sitting.endsAt,
    free: phase === 'open' && problem === null ? free : 0, own: own?.state === 'booked',
  }));
}

/** What is on its way already, without anything being done but waiting and passing. */
function pendingOf({ today, zone }: Asked, needs: readonly Need[]): Pending[] {
  return needs.flatMap((need): Pending[] => {
    if (need.kind === 'result') {
      const of = dateAt(need.handedInAt, zone);
      return [{ kind: 'result', code: need.code, of, on: later(released(of, need.release), today) }];
    }
    if (need.kind === 'exam') {
      const own = need.sittings?.find((one) => one.own);
      return own ? [{ kind: 'sitting', code: need.code, of: dateAt(own.startsAt, zone), on: released(dateAt(own.startsAt, zone), need.release), title: own.title }] : [];
    }
    return need.kind === 'today' && need.done ? [{ kind: 'completion', code: need.code, of: today, on: today }] : [];
  });
}

async function waiversAsked({ from, today }: Asked, assignmentId: string): Promise<Pending[]> {
  return (await waiversOf(from, assignmentId)).filter((one) => one.state === 'asked' && one.askedUntil >= today)
    .map((one) => ({ kind: 'waiver', code: one.requirementCode, waiverId: one.id, on: later(one.askedFrom, today), until: one.askedUntil }));
}

const later = (a: PlainDate, b: PlainDate): PlainDate => (a > b ? a : b);
