import { z } from 'zod';
import { askRevocation, carryOutRevocation, ensureStandardProgramme, type RevokeReason } from '~/certification';
import { findCourse, markLessonRead, syncCourses, type Course } from '~/courses';
import { inTransaction, insert, one, reader, rows } from '~/db';
import { examForCourse, syncExams, type Exam } from '~/exams';
import { startOfDate } from '~/kernel/calendar';
import { clock, hours, setClock, type Instant } from '~/kernel/clock';
import { newId } from '~/kernel/id';
import { must } from '~/kernel/result';
import { appoint, createPerson, type AppointmentKind, type Organisation } from '~/people';
import { anOrganisation } from './actors';
import { addCourse, COURSE_MD, courseFolder } from './course-folder';

const BY = { by: 'system:a test' } as const;

/** A city with one organisation, the mandatory course of two lessons with its exam, and a course for leaders. */
export interface City {
  bureau: Organisation;
  course: Course;
  exam: Exam;
  leaders: Course;
}

export async function aCity(): Promise<City> {
  const dir = courseFolder();
  addCourse(dir, 'e-government-foundations', { 'course.md': COURSE_MD.replace('audience: leaders', 'audience: recruits').replace('access: enrol', 'access: assigned') });
  const { problems } = await syncCourses(dir, clock.now());
  if (problems.length > 0) throw new Error(JSON.stringify(problems));
  await syncExams(clock.now());
  await ensureStandardProgramme(clock.now());
  const course = await findCourse(reader(), 'e-government-foundations');
  const leaders = await findCourse(reader(), 'small');
  const exam = course && await examForCourse(reader(), course.id);
  if (!course || !exam || !leaders) throw new Error('the courses of the test are missing');
  return { bureau: await anOrganisation({ name: '云江市数据局' }), course, exam, leaders };
}

/** Sets the clock to an hour of a date in Shanghai. */
export const itIs = (date: string, hour = 10): Instant => {
  const at = startOfDate(date, 'Asia/Shanghai') + hours(hour);
  setClock(at);
  return at;
};

let made = 0;

/** A person with a recruitment number and an appointment; nothing is assigned yet. */
export async function somebody(city: City, given: { kind?: AppointmentKind; startOfDuty?: string; name?: string; email?: string; intakeId?: string } = {}): Promise<{ personId: string; appointmentId: string }> {
  const serial = (made += 1);
  return inTransaction(async (tx) => {
    const personId = must(await createPerson(tx, BY, {
      name: given.name ?? `沈知${serial}`, email: given.email ?? null, numbers: [{ kind: 'recruitment', value: `T${100_000 + serial}` }],
    }));
    const appointmentId = await appoint(tx, BY, {
      personId, organisationId: city.bureau.id, kind: given.kind ?? 'recruit', post: '科员', startOfDuty: given.startOfDuty ?? '2026-07-01',
      intakeId: given.intakeId ?? null,
    });
    return { personId, appointmentId };
  });
}

/** Reads the whole course; the person must be enrolled. @returns the id of this completion, the latest of several */
export async function completeCourse(personId: string, course: Course): Promise<string> {
  for (const lesson of course.lessons) must(await markLessonRead({ personId, courseId: course.id, ...BY }, lesson.slug));
  const found = await one(reader(), z.object({ id: z.string() }), 'SELECT id FROM completions WHERE person_id = $personId AND course_id = $courseId ORDER BY completed_at DESC, id DESC LIMIT 1', { personId, courseId: course.id });
  return found.id;
}

/** An attempt with its result, released now unless `released` is false. @returns the attempt's id */
export async function aResult(personId: string, exam: Exam, given: { percent: number; released?: boolean }): Promise<string> {
  const [attemptId, paperId] = [newId(), newId()];
  const released = given.released ?? true;
  const earlier = await rows(reader(), z.object({ id: z.string() }), 'SELECT id FROM attempts WHERE person_id = $personId AND exam_id = $examId', { personId, examId: exam.id });
  await inTransaction(async (tx) => {
    await insert(tx, 'papers', [{ id: paperId, exam_id: exam.id, seed: 'x', entries: '[]', created_at: tx.now }]);
    await insert(tx, 'attempts', [{
      id: attemptId, exam_id: exam.id, person_id: personId, number: earlier.length + 1, paper_id: paperId, state: released ? 'released' : 'graded',
      prepared_at: tx.now - hours(1), started_at: tx.now - hours(1), deadline_at: tx.now, handed_in_at: tx.now, hand_in_cause: 'candidate',
    }]);
    await insert(tx, 'results', [{
      attempt_id: attemptId, exam_id: exam.id, person_id: personId, points: given.percent, max_points: 100, percent: given.percent,
      cut_score: exam.cutScore, passed: given.percent >= exam.cutScore ? 1 : 0, graded_at: tx.now, released_at: released ? tx.now : null,
    }]);
  });
  return attemptId;
}

/** Runs something ten times at once, as a queue that delivers twice and several workers might. */
export const tenTimes = async (run: () => Promise<unknown>): Promise<void> => {
  await Promise.all(Array.from({ length: 10 }, run));
};

/** Rows of a table that belong to a person. */
export const countOf = async (table: string, where: string, params: Record<string, string | number> = {}): Promise<number> =>
  (await one(reader(), z.object({ n: z.number() }), `SELECT COUNT(*) AS n FROM ${table} WHERE ${where}`, params)).n;

/** Revokes as two people do: one asks, another carries it out. */
export async function revokedByTwo(number: string, reason: RevokeReason, explanation: string): Promise<void> {
  must(await carryOutRevocation('account:second', must(await askRevocation('account:hr', number, reason, explanation)), '情况属实。'));
}
