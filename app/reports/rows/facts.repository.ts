import { z } from 'zod';
import { Flag, json, places, rows, type Reader } from '~/db';
import type { Instant } from '~/kernel/clock';
import type { Title } from './row';

const VersionRow = z.object({ id: z.string(), programme_id: z.string(), title_zh: z.string(), title_en: z.string() });

/** The programmes of versions, with their titles. */
export async function programmesOfVersions(from: Reader, versionIds: readonly string[]): Promise<Map<string, { programmeId: string; title: Title }>> {
  const ids = [...new Set(versionIds)];
  if (ids.length === 0) return new Map();
  const { list, params } = places(ids);
  const found = await rows(from, VersionRow, `SELECT id, programme_id, title_zh, title_en FROM programme_versions WHERE id IN (${list})`, params);
  return new Map(found.map((row) => [row.id, { programmeId: row.programme_id, title: { zh: row.title_zh, en: row.title_en } }]));
}

/** A course that somebody had been enrolled in by an instant, and how far they had come. */
export interface Learning {
  personId: string;
  courseId: string;
  title: Title;
  enrolledAt: Instant;
  lessons: number;
  lessonsRead: number;
  completedAt: Instant | null;
  minutes: number | null;
}

const LearningRow = z.object({
  person_id: z.string(), course_id: z.string(), title_zh: z.string(), title_en: z.string(), enrolled_at: z.number(), lessons: z.number(), lessons_read: z.number(),
  completed_at: z.number().nullable(), minutes: z.number().nullable(),
}).transform((row): Learning => ({
  personId: row.person_id, courseId: row.course_id, title: { zh: row.title_zh, en: row.title_en }, enrolledAt: row.enrolled_at, lessons: row.lessons, lessonsRead: row.lessons_read,
  completedAt: row.completed_at, minutes: row.minutes,
}));

/** What these people had been learning by an instant: each round of a course for itself. */
export async function learningOf(from: Reader, personIds: readonly string[], end: Instant): Promise<Learning[]> {
  if (personIds.length === 0) return [];
  const { list, params } = places([...personIds]);
  return rows(from, LearningRow, `SELECT e.person_id, e.course_id, v.title_zh, v.title_en, e.enrolled_at, c.completed_at, c.minutes,
      (SELECT COUNT(*) FROM lessons l WHERE l.course_version_id = e.course_version_id) AS lessons,
      (SELECT COUNT(*) FROM lesson_progress r WHERE r.enrolment_id = e.id AND r.read_at < $end) AS lessons_read
    FROM enrolments e JOIN course_versions v ON v.id = e.course_version_id LEFT JOIN completions c ON c.enrolment_id = e.id AND c.completed_at < $end
    WHERE e.person_id IN (${list}) AND e.enrolled_at < $end ORDER BY e.person_id, e.enrolled_at, e.id`, { ...params, end });
}

/** The result of an attempt as it was known to the candidate. */
export interface KnownResult {
  attemptId: string;
  personId: string;
  examId: string;
  title: Title;
  attempt: number;
  handedInAt: Instant | null;
  percent: number;
  cutScore: number;
  passed: boolean;
  releasedAt: Instant;
}

const ResultRow = z.object({
  attempt_id: z.string(), person_id: z.string(), exam_id: z.string(), title_zh: z.string(), title_en: z.string(), number: z.number(), handed_in_at: z.number().nullable(),
  percent: z.number(), cut_score: z.number(), passed: Flag, released_at: z.number().nullable(), state: z.string(),
});
export type ResultRow = z.infer<typeof ResultRow>;

/** Everything that was marked for these people, whatever became of it. Practice is nobody's result. */
export async function resultsOfPeople(from: Reader, personIds: readonly string[]): Promise<ResultRow[]> {
  if (personIds.length === 0) return [];
  const { list, params } = places([...personIds]);
  return rows(from, ResultRow, `SELECT r.attempt_id, r.person_id, r.exam_id, x.title_zh, x.title_en, t.number, t.handed_in_at, r.percent, r.cut_score, r.passed, r.released_at, t.state
    FROM results r JOIN attempts t ON t.id = r.attempt_id JOIN exams x ON x.id = r.exam_id
    WHERE r.person_id IN (${list}) AND x.practice_of IS NULL ORDER BY r.person_id, t.number, r.attempt_id`, params);
}

const Figures = z.object({ percent: z.number(), passed: z.boolean() });
const EventRow = z.object({
  subject_id: z.string(), kind: z.enum(['attempt.graded', 'attempt.regraded', 'result.released', 'attempt.voided']), at: z.number(),
  body: json(z.object({ percent: z.number().optional(), cutScore: z.number().optional(), passed: z.boolean().optional(), after: Figures.optional() })),
});
export type MarkingEvent = z.infer<typeof EventRow>;

/** What the ledger tells about the marking of attempts up to an instant, in the order of recording. */
export async function markingOf(from: Reader, attemptIds: readonly string[], end: Instant): Promise<MarkingEvent[]> {
  if (attemptIds.length === 0) return [];
  const { list, params } = places([...attemptIds]);
  return rows(from, EventRow, `SELECT subject_id, kind, at, body FROM ledger_events WHERE subject_kind = 'attempt' AND subject_id IN (${list})
      AND kind IN ('attempt.graded', 'attempt.regraded', 'result.released', 'attempt.voided') AND at < $end ORDER BY recorded_at, id`, { ...params, end });
}
