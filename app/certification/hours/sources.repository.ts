import { z } from 'zod';
import { Flag, maybeOne, rows, type Reader } from '~/db';

const CompletionRow = z.object({
  id: z.string(), person_id: z.string(), minutes: z.number(), completed_at: z.number(), title_zh: z.string(), title_en: z.string(), course_version_id: z.string(),
});
const Minutes = z.object({ minutes: z.number() });

/** A completed course with the minutes of its lessons. */
export async function completionToEnter(from: Reader, completionId: string) {
  const row = await maybeOne(from, CompletionRow, `SELECT d.id, d.person_id, d.minutes, d.completed_at, v.title_zh, v.title_en, d.course_version_id
    FROM completions d JOIN course_versions v ON v.id = d.course_version_id WHERE d.id = $completionId`, { completionId });
  if (!row) return null;
  const lessons = await rows(from, Minutes, 'SELECT minutes FROM lessons WHERE course_version_id = $id ORDER BY position', { id: row.course_version_id });
  return {
    personId: row.person_id, minutes: row.minutes, at: row.completed_at, title: { zh: row.title_zh, en: row.title_en }, lessons: lessons.map((one) => one.minutes),
  };
}

const ResultRow = z.object({
  person_id: z.string(), title_zh: z.string(), title_en: z.string(), minutes: z.number(), passed: Flag, released_at: z.number().nullable(), state: z.string(),
});

/** The result of an attempt at an exam that counts; null for practice. */
export async function resultToEnter(from: Reader, attemptId: string) {
  const row = await maybeOne(from, ResultRow, `SELECT r.person_id, e.title_zh, e.title_en, e.minutes, r.passed, r.released_at, a.state
    FROM results r JOIN attempts a ON a.id = r.attempt_id JOIN exams e ON e.id = r.exam_id
    WHERE r.attempt_id = $attemptId AND e.practice_of IS NULL`, { attemptId });
  return row && {
    personId: row.person_id, title: { zh: row.title_zh, en: row.title_en }, minutes: row.minutes, releasedAt: row.released_at,
    counts: row.passed && row.released_at !== null && row.state !== 'void',
  };
}
