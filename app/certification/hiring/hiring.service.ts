import type { Reader } from '~/db';
import { comingPlaces, findExam, heldPlaces, type ComingPlace, type Exam, type Held } from '~/exams';
import { dateAt, type PlainDate } from '~/kernel/calendar';
import type { Instant } from '~/kernel/clock';
import { config } from '~/kernel/config';
import { gateOn, grouped, judgeAll, type JudgedAssignment, type KnownAssignment } from '../known';
import { assignmentsKnown } from '../known.repository';
import { explainAll, type ExplainedRequirement } from '../progress.service';
import { attemptsOfAll, type AttemptRow } from '../progress.repository';
import { released } from '../starts/earliest-start';
import type { Pending } from '../starts/provisional';
import { waiversAskedOfAll, type AskedWaiverRow } from './hiring.repository';
import { hiringAnswer, type HiringAnswer, type HiringProgramme, type Resit } from './status';

/** Of whom it is asked, under which appointment, and for which day. */
export interface HiringAsked {
  personId: string;
  appointmentId: string;
  on: PlainDate;
}

/** So many people are judged with one set of queries. */
const STEP = 500;

/** Whether each may start on the day; a fixed number of queries for every 500 people. @returns the answers in the order asked */
export async function hiringAnswers(from: Reader, asked: readonly HiringAsked[], now: Instant): Promise<HiringAnswer[]> {
  const answers: HiringAnswer[] = [];
  for (let at = 0; at < asked.length; at += STEP) answers.push(...await answersOf(from, asked.slice(at, at + STEP), now));
  return answers;
}

/** What one person's programmes say about the day, before the rest is known. */
interface Judged extends HiringAsked {
  programmes: (JudgedAssignment & Pick<HiringProgramme, 'lastExpiry' | 'since'>)[];
}

async function answersOf(from: Reader, asked: readonly HiringAsked[], now: Instant): Promise<HiringAnswer[]> {
  const zone = config().TIME_ZONE;
  const today = dateAt(now, zone);
  const known = await assignmentsKnown(from, [...new Set(asked.map(({ personId }) => personId))]);
  const judged = asked.map((one) => judgedOn(one, known.get(one.personId) ?? [], { today, zone }));
  const outlook = await outlooks(from, judged, { now, today, zone });
  return judged.map((one) => hiringAnswer({ on: one.on, today, zone, programmes: one.programmes.map((programme) => outlook(programme, one.on)) }));
}

function judgedOn(asked: HiringAsked, all: readonly KnownAssignment[], { today, zone }: Pick<At, 'today' | 'zone'>): Judged {
  const known = all.filter(({ appointmentId }) => appointmentId === asked.appointmentId);
  const then = judgeAll(known, asked.on, zone);
  // What was assigned only after the day is told as well, or it would look as if nothing were required.
  const guarding = [asked.on, today].map((day) => gateOn(known, 'before-start-of-duty', day, zone).programmes).find((found) => found.length > 0) ?? [];
  return {
    ...asked, programmes: guarding.map(({ assignment }) => ({
      assignment, clearance: judgedIn(then, assignment.id), since: dateAt(assignment.madeAt, zone),
      lastExpiry: assignment.follows === null ? null : judgedIn(then, assignment.follows).ruleExpiry,
    })),
  };
}

function judgedIn(judged: ReadonlyMap<string, JudgedAssignment>, assignmentId: string): JudgedAssignment['clearance'] {
  const found = judged.get(assignmentId);
  if (!found) throw new Error(`assignment ${assignmentId} was not judged`);
  return found.clearance;
}

interface At {
  now: Instant;
  today: PlainDate;
  zone: string;
}

interface Known extends At {
  exams: Map<string, Exam>;
  attempts: Map<string, AttemptRow[]>;
  held: Map<string, Held[]>;
  coming: ComingPlace[];
  waivers: Map<string, AskedWaiverRow[]>;
}

/** Looks ahead for those who are not permitted on their day: what is open, what is on its way, when a failed exam can be taken again. */
async function outlooks(from: Reader, judged: readonly Judged[], at: At) {
  const behind = judged.flatMap(({ on, programmes }) => programmes.filter(({ clearance: { periods } }) => !periods.some((one) => one.from <= on && (one.until === null || one.until >= on))));
  const explained = await explainAll(from, behind.map(({ assignment, clearance: { requirements } }) => ({ personId: assignment.personId, requirements })), at.now);
  const open = new Map(behind.map(({ assignment }, i) => [assignment.id, (explained[i] ?? []).filter(({ state }) => state !== 'met')]));
  const people = [...new Set(behind.map(({ assignment }) => assignment.personId))];
  const examIds = [...new Set([...open.values()].flat().filter(({ kind }) => kind === 'exam').map(({ targetId }) => targetId))];
  const exams = await Promise.all(examIds.map((id) => findExam(from, id)));
  const known: Known = {
    ...at, exams: new Map(exams.flatMap((exam) => (exam ? [[exam.id, exam]] : []))),
    attempts: grouped(await attemptsOfAll(from, people, examIds), (row) => row.person_id),
    held: await heldPlaces(from, examIds.length === 0 ? [] : people, at.now),
    coming: await comingPlaces(from, examIds, at.now),
    waivers: grouped(await waiversAskedOfAll(from, people, at.today), (row) => row.assignment_id),
  };
  return (programme: Judged['programmes'][number], on: PlainDate): HiringProgramme => {
    const left = open.get(programme.assignment.id) ?? [];
    // What is on its way today cannot have opened a gate on an earlier day.
    const pending = on < at.today ? [] : [...left.flatMap((one) => pendingOf(programme.assignment.personId, one, known)), ...waiversOf(programme.assignment.id, known)];
    const failed = left.filter(({ kind, state }) => kind === 'exam' && state === 'failed');
    return { ...programme, open: left, pending, resits: Object.fromEntries(failed.map((one) => [one.code, resitOf(programme.assignment.personId, one, known)])) };
  };
}

/** What is on its way for one requirement, without anything being done but waiting and passing. */
function pendingOf(personId: string, { code, kind, targetId, progress }: ExplainedRequirement, known: Known): Pending[] {
  const { now, today, zone } = known;
  if (kind === 'course') {
    return progress?.kind === 'course' && progress.lessons > 0 && progress.lessonsRead === progress.lessons ? [{ kind: 'completion', code, of: today, on: today }] : [];
  }
  const exam = kind === 'exam' ? known.exams.get(targetId) : undefined;
  if (!exam || progress?.kind !== 'exam') return [];
  switch (progress.state) {
    case 'passed': case 'awaiting-result': return [resultOf(dateAt(handedIn(personId, exam, known), zone))];
    case 'in-progress': return [resultOf(dateAt(progress.nextAt ?? now, zone))];
    case 'no-attempts-left': case 'closed': case 'not-ready': return [];
    default: return placed(personId, exam, known).map((one) => ({ kind: 'sitting', code, of: dateAt(one.startsAt, zone), on: released(dateAt(one.startsAt, zone), exam.release), title: one.title }));
  }

  function resultOf(of: PlainDate): Pending {
    const on = exam ? released(of, exam.release) : of;
    return { kind: 'result', code, of, on: on > today ? on : today };
  }
}

const handedIn = (personId: string, exam: Exam, { attempts, now }: Known): Instant =>
  Math.max(0, ...(attempts.get(personId) ?? []).filter((one) => one.exam_id === exam.id).map((one) => one.handed_in_at ?? 0)) || now;

/** The earliest place of an exam that somebody has, if any. */
const placed = (personId: string, exam: Exam, { held }: Known): Held[] =>
  (held.get(personId) ?? []).filter((one) => one.examId === exam.id && one.state === 'booked').sort((a, b) => a.startsAt - b.startsAt).slice(0, 1);

const waiversOf = (assignmentId: string, { waivers, today }: Known): Pending[] =>
  (waivers.get(assignmentId) ?? []).map((one) => ({
    kind: 'waiver', code: one.requirement_code, waiverId: one.id, on: one.asked_from > today ? one.asked_from : today, until: one.asked_until,
  }));

/** When a failed exam can be taken again. */
function resitOf(personId: string, { targetId, progress }: ExplainedRequirement, known: Known): Resit {
  const { now, today, zone } = known;
  const exam = known.exams.get(targetId);
  if (!exam || progress?.kind !== 'exam' || ['no-attempts-left', 'closed', 'not-ready'].includes(progress.state)) return { kind: 'none' };
  const [own] = placed(personId, exam, known);
  if (own) return { kind: 'booked', on: dateAt(own.startsAt, zone) };
  const notBefore = progress.nextAt ?? now;
  if (exam.delivery === 'open') return { kind: 'from', on: notBefore > now ? dateAt(notBefore, zone) : today };
  const next = known.coming.find((one) => one.examId === exam.id && one.free > 0 && one.endsAt > notBefore);
  return next ? { kind: 'sitting', on: dateAt(next.startsAt, zone) } : { kind: 'from', on: notBefore > now ? dateAt(notBefore, zone) : today };
}
