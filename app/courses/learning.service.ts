import { addJob, appendEvent, inTransaction, reader, type By, type Reader, type Tx } from '~/db';
import { dateAt } from '~/kernel/calendar';
import { clock, type Instant } from '~/kernel/clock';
import { config } from '~/kernel/config';
import { err, ok, type Result } from '~/kernel/result';
import type { Course } from './catalogue.repository';
import { mayEnrol } from './enrolment-rule';
import {
  findEnrolment, insertCompletion, insertEnrolment, insertOpened, insertRound, leadsOn, lessonStates, lockEnrolment, setAssigned, setRead,
  unreadLessons, type EnrolmentSource,
} from './learning.repository';

/** Who learns what, and on whose account it is recorded. */
export interface Learning {
  personId: string;
  courseId: string;
  by: By;
}

/**
 * Enrols a person. Idempotent: an enrolment that exists is kept, and counts as assigned from then on if
 * it was chosen and is now assigned.
 * @returns the enrolment's id
 */
export async function enrolTx(tx: Tx, { personId, courseId, source, by }: Learning & { source: EnrolmentSource }): Promise<string> {
  const made = await insertEnrolment(tx, { personId, courseId, source });
  const id = made ?? (await findEnrolment(tx, personId, courseId))?.id;
  if (id === undefined) throw new Error(`the course ${courseId} has no version to enrol in`);
  const changed = made !== null || (source === 'assigned' && (await setAssigned(tx, id)) > 0);
  if (changed) {
    await appendEvent(tx, {
      kind: made ? 'enrolment.made' : 'enrolment.assigned', subject: { kind: 'enrolment', id }, personId, by,
      cause: source === 'assigned' ? 'rule' : 'learner', body: { courseId, source },
    });
  }
  return id;
}

/**
 * Enrols in a course for a renewal: what was completed before `since` is not enough, so it is learned once more, in a
 * round of its own. Who completed it since then, or is still at it, goes on as they are.
 */
export async function enrolAgainTx(tx: Tx, { personId, courseId, since, by }: Learning & { since: Instant }): Promise<void> {
  await enrolTx(tx, { personId, courseId, source: 'assigned', by });
  const id = await insertRound(tx, { personId, courseId, since });
  if (id === null) return;
  await appendEvent(tx, { kind: 'enrolment.made', subject: { kind: 'enrolment', id }, personId, by, cause: 'rule', body: { courseId, source: 'assigned', again: true } });
}

/** Enrols whoever the rules allow to choose the course for themselves. @returns the enrolment's id */
export async function chooseCourse(course: Pick<Course, 'id' | 'access' | 'audience'>, learner: { personId: string; by: By }): Promise<Result<string>> {
  const allowed = mayEnrol(course, await isLeader(reader(), learner.personId));
  if (!allowed.ok) return allowed;
  return ok(await inTransaction((tx) => enrolTx(tx, { ...learner, courseId: course.id, source: 'chosen' })));
}

/** Whether the person holds a leading appointment today. */
export const isLeader = (from: Reader, personId: string): Promise<boolean> =>
  leadsOn(from, personId, dateAt(clock.now(), config().TIME_ZONE));

/** Notes that a lesson was opened, the first time. Does nothing for those who are not enrolled. */
export async function openLesson({ personId, courseId, by }: Learning, lesson: string): Promise<void> {
  const enrolment = await findEnrolment(reader(), personId, courseId);
  if (!enrolment) return;
  const states = await lessonStates(reader(), enrolment.id, enrolment.course_version_id);
  // Asked first, so that reading again costs no transaction.
  if (states.some((state) => state.slug === lesson && state.opened_at !== null)) return;
  await inTransaction(async (tx) => {
    if (!await insertOpened(tx, enrolment.id, lesson)) return;
    await appendEvent(tx, { kind: 'lesson.opened', subject: { kind: 'enrolment', id: enrolment.id }, personId, by, cause: 'learner', body: { courseId, lesson } });
  });
}

/**
 * Notes that a lesson was read. With the last one the course is completed, once: a completion, its event
 * and the job that tells certification.
 * @returns whether the course is completed now
 */
export async function markLessonRead({ personId, courseId, by }: Learning, lesson: string): Promise<Result<{ completed: boolean }>> {
  return inTransaction(async (tx): Promise<Result<{ completed: boolean }>> => {
    const enrolment = await lockEnrolment(tx, personId, courseId);
    if (!enrolment) return err('courses.not-enrolled');
    const states = await lessonStates(tx, enrolment.id, enrolment.course_version_id);
    const completed = enrolment.completed_at !== null;
    // A lesson that came or went with another version counts for nothing here.
    if (!states.some((state) => state.slug === lesson)) return ok({ completed });
    await insertOpened(tx, enrolment.id, lesson);
    if (await setRead(tx, enrolment.id, lesson)) {
      await appendEvent(tx, { kind: 'lesson.read', subject: { kind: 'enrolment', id: enrolment.id }, personId, by, cause: 'learner', body: { courseId, lesson } });
    }
    if (completed || (await unreadLessons(tx, enrolment.id, enrolment.course_version_id)) > 0) return ok({ completed });
    await completeEnrolment(tx, { enrolmentId: enrolment.id, personId, courseId, by });
    return ok({ completed: true });
  });
}

/** Completes an enrolment, once, whatever calls it twice. */
export async function completeEnrolment(tx: Tx, { enrolmentId, personId, courseId, by }: Learning & { enrolmentId: string }): Promise<void> {
  const completionId = await insertCompletion(tx, enrolmentId);
  if (completionId === null) return;
  await appendEvent(tx, {
    kind: 'course.completed', subject: { kind: 'enrolment', id: enrolmentId }, personId, by, cause: 'learner', body: { courseId, completionId },
  });
  await addJob(tx, 'courses.completed', { completionId });
}
