import { z } from 'zod';
import { Flag, places, rows, type Bindable, type Reader } from '~/db';
import { ATTEMPT_STATES } from '~/exams';

const CourseRow = z.object({
  person_id: z.string(), course_id: z.string(), completed_at: z.number().nullable(), lessons: z.number(), lessons_read: z.number(),
});
export type CourseProgressRow = z.infer<typeof CourseRow>;

/** Both lists for `IN (…)`, with their parameters. */
function both(personIds: string[], targetIds: string[]): { persons: string; targets: string; params: Record<string, Bindable> } {
  const persons = places(personIds, 'p');
  const targets = places(targetIds, 't');
  return { persons: persons.list, targets: targets.list, params: { ...persons.params, ...targets.params } };
}

/** How far each of the people is with each of the courses that they are enrolled in: one query for a whole page. */
export async function coursesOfAll(from: Reader, personIds: string[], courseIds: string[]): Promise<CourseProgressRow[]> {
  if (personIds.length === 0 || courseIds.length === 0) return [];
  const { persons, targets, params } = both(personIds, courseIds);
  return rows(from, CourseRow, `SELECT e.person_id, e.course_id, e.completed_at, COUNT(l.id) AS lessons, COUNT(p.read_at) AS lessons_read
    FROM enrolments e JOIN lessons l ON l.course_version_id = e.course_version_id
    LEFT JOIN lesson_progress p ON p.enrolment_id = e.id AND p.lesson_slug = l.slug
    WHERE e.person_id IN (${persons}) AND e.course_id IN (${targets}) AND NOT EXISTS (SELECT 1 FROM enrolments later
      WHERE later.person_id = e.person_id AND later.course_id = e.course_id AND later.round > e.round)
    GROUP BY e.person_id, e.course_id, e.completed_at`, params);
}

const AttemptRow = z.object({
  id: z.string(), person_id: z.string(), exam_id: z.string(), state: z.enum(ATTEMPT_STATES), deadline_at: z.number().nullable(),
  handed_in_at: z.number().nullable(), passed: Flag.nullable(), released_at: z.number().nullable(), former: Flag,
});
export type AttemptRow = z.infer<typeof AttemptRow>;

/** All attempts of the people at the exams, first to last. */
export async function attemptsOfAll(from: Reader, personIds: string[], examIds: string[]): Promise<AttemptRow[]> {
  if (personIds.length === 0 || examIds.length === 0) return [];
  const { persons, targets, params } = both(personIds, examIds);
  return rows(from, AttemptRow, `SELECT a.id, a.person_id, a.exam_id, a.state, a.deadline_at, a.handed_in_at, r.passed, r.released_at,
      CASE WHEN a.handed_in_at < n.since THEN 1 ELSE 0 END AS former
    FROM attempts a LEFT JOIN results r ON r.attempt_id = a.id LEFT JOIN exam_renewals n ON n.exam_id = a.exam_id AND n.person_id = a.person_id
    WHERE a.person_id IN (${persons}) AND a.exam_id IN (${targets}) AND a.started_at IS NOT NULL
    ORDER BY a.person_id, a.number`, params);
}
