import { z } from 'zod';
import { execute, Flag, flag, insert, json, maybeOne, rows, type Reader, type Tx } from '~/db';
import type { Grade } from './grade';
import type { Mark } from './mark';

const Row = z.object({
  attempt_id: z.string(), exam_id: z.string(), person_id: z.string(), points: z.number(), max_points: z.number(),
  percent: z.number(), cut_score: z.number(), passed: Flag, graded_at: z.number(), released_at: z.number().nullable(),
}).transform((row) => ({
  attemptId: row.attempt_id,
  examId: row.exam_id,
  personId: row.person_id,
  points: row.points,
  maxPoints: row.max_points,
  /** Unrounded. */
  percent: row.percent,
  cutScore: row.cut_score,
  passed: row.passed,
  gradedAt: row.graded_at,
  /** Null: not known to the candidate yet. */
  releasedAt: row.released_at,
}));
export type ExamResult = z.infer<typeof Row>;

const RESULT = 'SELECT attempt_id, exam_id, person_id, points, max_points, percent, cut_score, passed, graded_at, released_at FROM results';

/** The result of an attempt, released or not; or null. */
export const resultOf = (from: Reader, attemptId: string): Promise<ExamResult | null> =>
  maybeOne(from, Row, `${RESULT} WHERE attempt_id = $attemptId`, { attemptId });

/** All results of a person, oldest first. */
export const resultsOf = (from: Reader, personId: string): Promise<ExamResult[]> =>
  rows(from, Row, `${RESULT} WHERE person_id = $personId ORDER BY graded_at`, { personId });

export interface NewResult {
  attemptId: string;
  examId: string;
  personId: string;
  grade: Grade;
  cutScore: number;
  passed: boolean;
}

const writeMarks = (tx: Tx, attemptId: string, marks: Mark[]): Promise<number> =>
  insert(tx, 'marks', marks.map((mark) => ({
    attempt_id: attemptId, item: mark.item, points: mark.points, max_points: mark.maxPoints,
  })), 'ON CONFLICT (attempt_id, item) DO UPDATE SET points = excluded.points, max_points = excluded.max_points');

/** Writes the marks and the result, in place of those of an attempt that was opened again before they were released. */
export async function insertResult(tx: Tx, { attemptId, examId, personId, grade, cutScore, passed }: NewResult): Promise<void> {
  await writeMarks(tx, attemptId, grade.marks);
  await insert(tx, 'results', [{
    attempt_id: attemptId, exam_id: examId, person_id: personId, points: grade.points, max_points: grade.maxPoints,
    percent: grade.percent, cut_score: cutScore, passed: flag(passed), graded_at: tx.now,
  }], `ON CONFLICT (attempt_id) DO UPDATE SET points = excluded.points, max_points = excluded.max_points, percent = excluded.percent,
    cut_score = excluded.cut_score, passed = excluded.passed, graded_at = excluded.graded_at WHERE results.released_at IS NULL`);
}

export interface ChangedResult {
  attemptId: string;
  grade: Grade;
  passed: boolean;
}

/** Puts new marks and a new result in the place of those there are; when it was released stays. */
export async function replaceResult(tx: Tx, { attemptId, grade, passed }: ChangedResult): Promise<void> {
  await writeMarks(tx, attemptId, grade.marks);
  await execute(tx, `UPDATE results SET points = $points, max_points = $maxPoints, percent = $percent, passed = $passed, graded_at = $now
    WHERE attempt_id = $attemptId`, {
    attemptId, points: grade.points, maxPoints: grade.maxPoints, percent: grade.percent, passed: flag(passed), now: tx.now,
  });
}

export const setReleased = (tx: Tx, attemptId: string, by: string): Promise<number> =>
  execute(tx, 'UPDATE results SET released_at = $now, released_by = $by WHERE attempt_id = $attemptId AND released_at IS NULL', { attemptId, by, now: tx.now });

const MarkRow = z.object({ item: z.string(), points: z.number(), max_points: z.number() })
  .transform((row): Mark => ({ item: row.item, points: row.points, maxPoints: row.max_points }));

export const marksOf = (from: Reader, attemptId: string): Promise<Mark[]> =>
  rows(from, MarkRow, 'SELECT item, points, max_points FROM marks WHERE attempt_id = $attemptId ORDER BY item', { attemptId });

const Id = z.object({ attempt_id: z.string() });

/** Graded attempts of an exam that wait for their release. */
export async function unreleasedOf(from: Reader, examId: string): Promise<string[]> {
  const found = await rows(from, Id, 'SELECT attempt_id FROM results WHERE exam_id = $examId AND released_at IS NULL ORDER BY graded_at', { examId });
  return found.map((row) => row.attempt_id);
}

const Before = z.object({ body: json(z.object({ correctionId: z.string().optional(), before: z.object({ passed: z.boolean() }) })) });

/** Whether an attempt counted as passed before it was marked again for a correction; null when it never was. */
export async function passedBefore(from: Reader, attemptId: string, correctionId: string): Promise<boolean | null> {
  const found = await rows(from, Before, `SELECT body FROM ledger_events WHERE subject_kind = 'attempt' AND subject_id = $attemptId
    AND kind = 'attempt.regraded' ORDER BY recorded_at, id`, { attemptId });
  return found.find(({ body }) => body.correctionId === correctionId)?.body.before.passed ?? null;
}
