import { z } from 'zod';
import { Blueprint } from '~/courses';
import { execute, Flag, insert, json, maybeOne, rows, type Bindable, type Reader, type Tx } from '~/db';
import type { Instant } from '~/kernel/clock';

const Row = z.object({
  id: z.string(), slug: z.string(), course_id: z.string().nullable(), bank_id: z.string().nullable(),
  title_zh: z.string(), title_en: z.string(), minutes: z.number(), cut_score: z.number(), max_attempts: z.number(),
  cooling_off_hours: z.number(), tolerance_seconds: z.number(), opens_at: z.number().nullable(), closes_at: z.number().nullable(),
  release: z.enum(['automatic', 'by-person']), requires_course: Flag, blueprint: json(Blueprint), version: z.number(),
}).transform((row) => ({
  id: row.id,
  slug: row.slug,
  courseId: row.course_id,
  /** The bank that papers are drawn from; null until an administrator has chosen one. */
  bankId: row.bank_id,
  title: { zh: row.title_zh, en: row.title_en },
  minutes: row.minutes,
  /** Per cent of all points, compared with the unrounded score. */
  cutScore: row.cut_score,
  maxAttempts: row.max_attempts,
  coolingOffHours: row.cooling_off_hours,
  toleranceSeconds: row.tolerance_seconds,
  opensAt: row.opens_at,
  closesAt: row.closes_at,
  release: row.release,
  requiresCourse: row.requires_course,
  blueprint: row.blueprint,
  version: row.version,
}));
export type Exam = z.infer<typeof Row>;

const COLUMNS = `id, slug, course_id, bank_id, title_zh, title_en, minutes, cut_score, max_attempts, cooling_off_hours,
  tolerance_seconds, opens_at, closes_at, release, requires_course, blueprint, version`;

const findBy = (column: 'id' | 'slug' | 'course_id') => (from: Reader, value: string): Promise<Exam | null> =>
  maybeOne(from, Row, `SELECT ${COLUMNS} FROM exams WHERE ${column} = $value`, { value });

export const findExam = findBy('id');
export const findExamBySlug = findBy('slug');
/** The exam that belongs to a course, or null. */
export const examForCourse = findBy('course_id');

export const listExams = (from: Reader): Promise<Exam[]> => rows(from, Row, `SELECT ${COLUMNS} FROM exams ORDER BY slug`);

export const insertExam = (tx: Tx, exam: Record<string, Bindable>): Promise<number> =>
  insert(tx, 'exams', [exam], 'ON CONFLICT (slug) DO NOTHING');

/** Titles follow the course; what an administrator may have set stays. The blueprint follows while no bank is chosen. */
export const followCourse = (tx: Tx, exam: { id: string; titleZh: string; titleEn: string; blueprint: string }): Promise<number> =>
  execute(tx, `UPDATE exams SET title_zh = $titleZh, title_en = $titleEn,
      blueprint = CASE WHEN bank_id IS NULL THEN $blueprint ELSE blueprint END, version = version + 1
    WHERE id = $id AND (title_zh <> $titleZh OR title_en <> $titleEn OR (bank_id IS NULL AND blueprint <> $blueprint))`, exam);

/** Sets what the exam draws from; 0 rows when somebody else changed the exam meanwhile. */
export const setBank = (tx: Tx, examId: string, bankId: string, version: number): Promise<number> =>
  execute(tx, 'UPDATE exams SET bank_id = $bankId, version = version + 1 WHERE id = $examId AND version = $version', { examId, bankId, version });

export interface ExamSettings {
  opensAt: Instant | null;
  closesAt: Instant | null;
  maxAttempts: number;
  coolingOffHours: number;
  release: Exam['release'];
}

export const setSettings = (tx: Tx, examId: string, version: number, settings: ExamSettings): Promise<number> =>
  execute(tx, `UPDATE exams SET opens_at = $opensAt, closes_at = $closesAt, max_attempts = $maxAttempts,
      cooling_off_hours = $coolingOffHours, release = $release, version = version + 1
    WHERE id = $examId AND version = $version`, { examId, version, ...settings });
