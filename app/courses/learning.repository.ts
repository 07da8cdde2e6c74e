import { z } from 'zod';
import { execute, insert, maybeOne, one, places, rows, type Reader, type Tx } from '~/db';
import type { PlainDate } from '~/kernel/calendar';
import type { Instant } from '~/kernel/clock';
import { newId } from '~/kernel/id';

const Source = z.enum(['assigned', 'chosen']);
export type EnrolmentSource = z.infer<typeof Source>;

const EnrolmentRow = z.object({
  id: z.string(), person_id: z.string(), course_id: z.string(), course_version_id: z.string(), source: Source,
  enrolled_at: z.number(), completed_at: z.number().nullable(),
});
export type Enrolment = z.infer<typeof EnrolmentRow>;
const COLUMNS = 'id, person_id, course_id, course_version_id, source, enrolled_at, completed_at';

/** The condition that an enrolment is the last of its owner in its course: those before it are history. */
const LAST_ROUND = (alias: string): string => `NOT EXISTS (SELECT 1 FROM enrolments later
  WHERE later.person_id = ${alias}.person_id AND later.course_id = ${alias}.course_id AND later.round > ${alias}.round)`;

/** The last enrolment of a person in a course. */
export const findEnrolment = (from: Reader, personId: string, courseId: string): Promise<Enrolment | null> =>
  maybeOne(from, EnrolmentRow, `SELECT ${COLUMNS} FROM enrolments WHERE person_id = $personId AND course_id = $courseId
    ORDER BY round DESC LIMIT 1`, { personId, courseId });

/** The same, keeping others from changing it until the transaction ends: two lessons may be read at once. */
export const lockEnrolment = (tx: Tx, personId: string, courseId: string): Promise<Enrolment | null> =>
  maybeOne(tx, EnrolmentRow, `UPDATE enrolments SET source = source WHERE person_id = $personId AND course_id = $courseId
    AND ${LAST_ROUND('enrolments')} RETURNING ${COLUMNS}`, { personId, courseId });

/** Enrols in the current version. @returns the new enrolment's id, or null when there is one already */
export async function insertEnrolment(tx: Tx, enrolment: { personId: string; courseId: string; source: EnrolmentSource }): Promise<string | null> {
  const made = await maybeOne(tx, z.object({ id: z.string() }), `INSERT INTO enrolments (${COLUMNS})
    SELECT $id, CAST($personId AS TEXT), course_id, id, CAST($source AS TEXT), CAST($now AS BIGINT), CAST(NULL AS BIGINT)
    FROM course_versions WHERE course_id = $courseId ORDER BY number DESC LIMIT 1
    ON CONFLICT (person_id, course_id, round) DO NOTHING RETURNING id`, { id: newId(), ...enrolment, now: tx.now });
  return made?.id ?? null;
}

/**
 * Enrols once more in the current version, when the last round was completed before `since`; what was learned then stays.
 * @returns the new enrolment's id, or null when there is none before that is completed, or one since
 */
export async function insertRound(tx: Tx, { personId, courseId, since }: { personId: string; courseId: string; since: Instant }): Promise<string | null> {
  const made = await maybeOne(tx, z.object({ id: z.string() }), `INSERT INTO enrolments (${COLUMNS}, round)
    SELECT $id, e.person_id, e.course_id, v.id, 'assigned', CAST($now AS BIGINT), CAST(NULL AS BIGINT), e.round + 1
    FROM enrolments e JOIN course_versions v ON v.course_id = e.course_id
    WHERE e.person_id = $personId AND e.course_id = $courseId AND e.completed_at < $since AND ${LAST_ROUND('e')}
    ORDER BY v.number DESC LIMIT 1
    ON CONFLICT (person_id, course_id, round) DO NOTHING RETURNING id`, { id: newId(), personId, courseId, since, now: tx.now });
  return made?.id ?? null;
}

/** What was chosen and is now demanded counts as demanded. */
export const setAssigned = (tx: Tx, enrolmentId: string): Promise<number> =>
  execute(tx, `UPDATE enrolments SET source = 'assigned' WHERE id = $enrolmentId AND source <> 'assigned'`, { enrolmentId });

/** @returns false when it was opened before */
export async function insertOpened(tx: Tx, enrolmentId: string, lesson: string): Promise<boolean> {
  return (await insert(tx, 'lesson_progress', [{ enrolment_id: enrolmentId, lesson_slug: lesson, opened_at: tx.now, read_at: null }],
    'ON CONFLICT (enrolment_id, lesson_slug) DO NOTHING')) > 0;
}

/** @returns false when it was read before */
export async function setRead(tx: Tx, enrolmentId: string, lesson: string): Promise<boolean> {
  return (await execute(tx, `UPDATE lesson_progress SET read_at = $now
    WHERE enrolment_id = $enrolmentId AND lesson_slug = $lesson AND read_at IS NULL`, { enrolmentId, lesson, now: tx.now })) > 0;
}

const StateRow = z.object({ slug: z.string(), opened_at: z.number().nullable(), read_at: z.number().nullable() });

/** How far the owner of an enrolment is with each lesson of a version, in the lessons' order. */
export const lessonStates = (from: Reader, enrolmentId: string, versionId: string): Promise<z.infer<typeof StateRow>[]> =>
  rows(from, StateRow, `SELECT l.slug, p.opened_at, p.read_at FROM lessons l
    LEFT JOIN lesson_progress p ON p.enrolment_id = $enrolmentId AND p.lesson_slug = l.slug
    WHERE l.course_version_id = $versionId ORDER BY l.position`, { enrolmentId, versionId });

/** @returns the completion's id, or null when somebody was faster */
export async function insertCompletion(tx: Tx, enrolmentId: string): Promise<string | null> {
  const closed = await execute(tx, 'UPDATE enrolments SET completed_at = $now WHERE id = $enrolmentId AND completed_at IS NULL', { enrolmentId, now: tx.now });
  if (closed === 0) return null;
  const id = newId();
  await execute(tx, `INSERT INTO completions (id, enrolment_id, person_id, course_id, course_version_id, minutes, completed_at)
    SELECT $id, e.id, e.person_id, e.course_id, e.course_version_id, v.minutes, e.completed_at
    FROM enrolments e JOIN course_versions v ON v.id = e.course_version_id WHERE e.id = $enrolmentId`, { id, enrolmentId });
  return id;
}

/** How far a person is with a course. */
export interface CourseProgress {
  courseId: string;
  enrolled: boolean;
  /** Null when not enrolled. */
  source: EnrolmentSource | null;
  lessonsRead: number;
  lessons: number;
  completedAt: number | null;
}

const ProgressRow = z.object({
  course_id: z.string(), enrolment_id: z.string().nullable(), source: Source.nullable(), completed_at: z.number().nullable(),
  lessons: z.number(), lessons_read: z.number(),
});

/** Progress in each of the courses, whether enrolled or not; counted over the lessons of the enrolment's version. */
export async function courseProgress(from: Reader, personId: string, courseIds: readonly string[]): Promise<CourseProgress[]> {
  if (courseIds.length === 0) return [];
  const { list, params } = places([...courseIds]);
  const found = await rows(from, ProgressRow, `SELECT c.id AS course_id, e.id AS enrolment_id, e.source, e.completed_at,
      COUNT(l.id) AS lessons, COUNT(p.read_at) AS lessons_read
    FROM courses c
    LEFT JOIN enrolments e ON e.course_id = c.id AND e.person_id = $personId AND ${LAST_ROUND('e')}
    LEFT JOIN lessons l ON l.course_version_id = COALESCE(e.course_version_id,
      (SELECT v.id FROM course_versions v WHERE v.course_id = c.id ORDER BY v.number DESC LIMIT 1))
    LEFT JOIN lesson_progress p ON p.enrolment_id = e.id AND p.lesson_slug = l.slug
    WHERE c.id IN (${list})
    GROUP BY c.id, e.id, e.source, e.completed_at`, { personId, ...params });
  return found.map((row) => ({
    courseId: row.course_id, enrolled: row.enrolment_id !== null, source: row.source, lessonsRead: row.lessons_read,
    lessons: row.lessons, completedAt: row.completed_at,
  }));
}

/** The number of lessons of a version that the owner of an enrolment has not read. */
export async function unreadLessons(from: Reader, enrolmentId: string, versionId: string): Promise<number> {
  return (await one(from, z.object({ n: z.number() }), `SELECT COUNT(*) AS n FROM lessons l
    LEFT JOIN lesson_progress p ON p.enrolment_id = $enrolmentId AND p.lesson_slug = l.slug AND p.read_at IS NOT NULL
    WHERE l.course_version_id = $versionId AND p.lesson_slug IS NULL`, { enrolmentId, versionId })).n;
}

/** Whether the person leads something on `date`: leaders' courses are for leaders. */
export async function leadsOn(from: Reader, personId: string, date: PlainDate): Promise<boolean> {
  const found = await maybeOne(from, z.object({ id: z.string() }), `SELECT id FROM appointments
    WHERE person_id = $personId AND kind = 'leader' AND (ended_on IS NULL OR ended_on >= $date) LIMIT 1`, { personId, date });
  return found !== null;
}
