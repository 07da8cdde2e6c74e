import { z } from 'zod';
import { Flag, places, rows, type Bindable, type Reader } from '~/db';
import { ATTEMPT_STATES } from '~/exams';
import type { PlainDate } from '~/kernel/calendar';

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

const ExternalRow = z.object({
  person_id: z.string(), code: z.string(), state: z.enum(['asked', 'refused']), asked_at: z.number(), decided_at: z.number().nullable(),
});
export type ExternalRow = z.infer<typeof ExternalRow>;

/** What the people handed in of these kinds that is waiting or was refused, the last one last. */
export async function externalOfAll(from: Reader, personIds: string[], codes: string[]): Promise<ExternalRow[]> {
  if (personIds.length === 0 || codes.length === 0) return [];
  const { persons, targets, params } = both(personIds, codes);
  return rows(from, ExternalRow, `SELECT person_id, code, state, asked_at, decided_at FROM external_evidence
    WHERE person_id IN (${persons}) AND code IN (${targets}) AND state IN ('asked', 'refused') ORDER BY asked_at, id`, params);
}

const EventRow = z.object({ person_id: z.string(), series: z.string(), title: z.string(), from_on: z.string(), place: z.string() });
export type EventRow = z.infer<typeof EventRow>;

/** The events of these series, from today on, on whose lists the people stand; the next one first. */
export async function eventsOfAll(from: Reader, personIds: string[], series: string[], today: PlainDate): Promise<EventRow[]> {
  if (personIds.length === 0 || series.length === 0) return [];
  const { persons, targets, params } = both(personIds, series);
  return rows(from, EventRow, `SELECT t.person_id, e.series, e.title, e.from_on, e.place FROM event_attendance t JOIN classroom_events e ON e.id = t.event_id
    WHERE t.person_id IN (${persons}) AND e.series IN (${targets}) AND t.state = 'expected' AND e.state = 'planned' AND e.until_on >= $today
    ORDER BY e.from_on, e.id`, { ...params, today });
}

const ProgrammeRow = z.object({ person_id: z.string(), programme_id: z.string(), assignment_id: z.string() });
export type ProgrammeRow = z.infer<typeof ProgrammeRow>;

/** The people's assignments of these programmes, the newest cycle last. */
export async function programmesOfAll(from: Reader, personIds: string[], programmeIds: string[]): Promise<ProgrammeRow[]> {
  if (personIds.length === 0 || programmeIds.length === 0) return [];
  const { persons, targets, params } = both(personIds, programmeIds);
  return rows(from, ProgrammeRow, `SELECT a.person_id, v.programme_id, a.id AS assignment_id FROM assignments a JOIN programme_versions v ON v.id = a.programme_version_id
    WHERE a.person_id IN (${persons}) AND v.programme_id IN (${targets}) AND a.ended_at IS NULL ORDER BY a.cycle, a.id`, params);
}
