import { z } from 'zod';
import { Blueprint } from '~/courses';
import { execute, Flag, flag, insert, json, maybeOne, one, rows, type Bindable, type Reader, type Tx } from '~/db';
import type { Instant } from '~/kernel/clock';
import { ExamSection } from './exam-section';
import { OBSERVATION_KINDS } from './observation-kind';

const Row = z.object({
  id: z.string(), slug: z.string(), course_id: z.string().nullable(), bank_id: z.string().nullable(),
  title_zh: z.string(), title_en: z.string(), minutes: z.number(), cut_score: z.number(), max_attempts: z.number(),
  cooling_off_hours: z.number(), tolerance_seconds: z.number(), opens_at: z.number().nullable(), closes_at: z.number().nullable(),
  release: z.enum(['automatic', 'by-person']), requires_course: Flag, blueprint: json(Blueprint), version: z.number(),
  delivery: z.enum(['open', 'sittings']), practice_of: z.string().nullable(), window_cuts_extra: Flag, own_takeover: Flag,
  observed: json(z.array(z.enum(OBSERVATION_KINDS))), idle_minutes: z.number().nullable(), sections: json(z.array(ExamSection)),
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
  /** open: anybody may start within the window; sittings: only with a place in a sitting. */
  delivery: row.delivery,
  /** The exam that this one is the practice of; null for a real exam. */
  practiceOf: row.practice_of,
  /** The window's end also cuts personal extra time. */
  windowCutsExtra: row.window_cuts_extra,
  /** The candidate may move to another device with the password alone. */
  ownTakeover: row.own_takeover,
  observed: row.observed,
  /** Minutes without any input after which the candidate is warned; null: never. */
  idleMinutes: row.idle_minutes,
  /** Empty: one section without a limit. */
  sections: row.sections,
}));
export type Exam = z.infer<typeof Row>;

const COLUMNS = `id, slug, course_id, bank_id, title_zh, title_en, minutes, cut_score, max_attempts, cooling_off_hours,
  tolerance_seconds, opens_at, closes_at, release, requires_course, blueprint, version, delivery, practice_of, window_cuts_extra,
  own_takeover, observed, idle_minutes, sections`;

const findBy = (column: 'id' | 'slug' | 'course_id' | 'practice_of') => (from: Reader, value: string): Promise<Exam | null> =>
  maybeOne(from, Row, `SELECT ${COLUMNS} FROM exams WHERE ${column} = $value`, { value });

export const findExam = findBy('id');
export const findExamBySlug = findBy('slug');
/** The exam that belongs to a course, or null. */
export const examForCourse = findBy('course_id');
/** The practice exam of an exam, or null. */
export const findPracticeOf = findBy('practice_of');

/** All real exams. */
export const listExams = (from: Reader): Promise<Exam[]> =>
  rows(from, Row, `SELECT ${COLUMNS} FROM exams WHERE practice_of IS NULL ORDER BY slug`);

export const insertExam = (tx: Tx, exam: Record<string, Bindable>): Promise<number> =>
  insert(tx, 'exams', [exam], 'ON CONFLICT (slug) DO NOTHING');

/** Titles follow the course; what an administrator may have set stays. The blueprint follows while no bank is chosen. */
export const followCourse = (tx: Tx, exam: { id: string; titleZh: string; titleEn: string; blueprint: string }): Promise<number> =>
  execute(tx, `UPDATE exams SET title_zh = $titleZh, title_en = $titleEn,
      blueprint = CASE WHEN bank_id IS NULL THEN $blueprint ELSE blueprint END, version = version + 1
    WHERE id = $id AND (title_zh <> $titleZh OR title_en <> $titleEn OR (bank_id IS NULL AND blueprint <> $blueprint))`, exam);

/** Brings a practice exam up to the real one; leaves it alone when nothing differs. */
export const followReal = (tx: Tx, examId: string, follows: {
  bank_id: string | null; title_zh: string; title_en: string; minutes: number; cut_score: number; blueprint: string; sections: string;
}): Promise<number> =>
  execute(tx, `UPDATE exams SET bank_id = $bank_id, title_zh = $title_zh, title_en = $title_en, minutes = $minutes, cut_score = $cut_score,
      blueprint = $blueprint, sections = $sections, version = version + 1
    WHERE practice_of = $examId AND (COALESCE(bank_id, '') <> COALESCE(CAST($bank_id AS TEXT), '') OR title_zh <> $title_zh OR title_en <> $title_en
      OR minutes <> $minutes OR cut_score <> $cut_score OR blueprint <> $blueprint OR sections <> $sections)`, { ...follows, examId });

/** Sets what the exam draws from; 0 rows when somebody else changed the exam meanwhile. */
export const setBank = (tx: Tx, examId: string, bankId: string, version: number): Promise<number> =>
  execute(tx, 'UPDATE exams SET bank_id = $bankId, version = version + 1 WHERE id = $examId AND version = $version', { examId, bankId, version });

export interface ExamSettings {
  opensAt: Instant | null;
  closesAt: Instant | null;
  maxAttempts: number;
  coolingOffHours: number;
  release: Exam['release'];
  delivery: Exam['delivery'];
  toleranceSeconds: number;
  windowCutsExtra: boolean;
  ownTakeover: boolean;
  observed: Exam['observed'];
  idleMinutes: number | null;
  sections: Exam['sections'];
}

export const setSettings = (tx: Tx, examId: string, version: number, settings: ExamSettings): Promise<number> =>
  execute(tx, `UPDATE exams SET opens_at = $opensAt, closes_at = $closesAt, max_attempts = $maxAttempts,
      cooling_off_hours = $coolingOffHours, release = $release, delivery = $delivery, tolerance_seconds = $toleranceSeconds,
      window_cuts_extra = $windowCutsExtra, own_takeover = $ownTakeover, observed = $observed, idle_minutes = $idleMinutes,
      sections = $sections, version = version + 1
    WHERE id = $examId AND version = $version`, {
    examId, version, opensAt: settings.opensAt, closesAt: settings.closesAt, maxAttempts: settings.maxAttempts,
    coolingOffHours: settings.coolingOffHours, release: settings.release, delivery: settings.delivery, toleranceSeconds: settings.toleranceSeconds,
    windowCutsExtra: flag(settings.windowCutsExtra), ownTakeover: flag(settings.ownTakeover),
    observed: JSON.stringify(settings.observed), idleMinutes: settings.idleMinutes, sections: JSON.stringify(settings.sections),
  });

const Count = z.object({ n: z.number() });

/** How many are writing an exam now. */
export const runningCount = async (from: Reader, examId: string): Promise<number> =>
  (await one(from, Count, `SELECT COUNT(*) AS n FROM attempts WHERE exam_id = $examId AND state = 'in-progress'`, { examId })).n;
