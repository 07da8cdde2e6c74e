import { z } from 'zod';
import { containing, json, maybeOne, one, rows, type Reader } from '~/db';
import type { Instant } from '~/kernel/clock';
import type { Access, Audience, Bilingual, ExamSection, LessonContent } from './content';
import { ACCESSES, AUDIENCES, Checks, ExamSection as ExamDocument } from './folder/format';
import { ItemBody, ItemKey, type WrittenItem } from './item';

type Lang = keyof Bilingual;

/** A course as lists show it, worded in one language. */
export interface CourseSummary {
  id: string;
  slug: string;
  audience: Audience;
  access: Access;
  title: string;
  summary: string;
  /** Learning time that counts. */
  minutes: number;
  lessons: number;
  hasExam: boolean;
}

type LessonSummary = Pick<LessonContent, 'slug' | 'position' | 'title' | 'summary' | 'minutes'>;

/** A course in its current version. */
export interface Course {
  id: string;
  slug: string;
  audience: Audience;
  access: Access;
  versionId: string;
  /** Counts up with every change of content. */
  version: number;
  publishedAt: Instant;
  title: Bilingual;
  summary: Bilingual;
  descriptionHtml: string;
  minutes: number;
  exam: ExamSection | null;
  lessons: LessonSummary[];
}

/** The version of a course with the highest number is the current one. */
const CURRENT = 'JOIN course_versions v ON v.course_id = c.id AND v.number = (SELECT MAX(number) FROM course_versions WHERE course_id = c.id)';

const SummaryRow = z.object({
  id: z.string(), slug: z.string(), audience: z.enum(AUDIENCES), access: z.enum(ACCESSES),
  title_zh: z.string(), title_en: z.string(), summary_zh: z.string(), summary_en: z.string(),
  minutes: z.number(), lessons: z.number(), has_exam: z.number(),
});

interface CourseFilter {
  audience?: Audience;
  access?: Access;
  /** Words that title or summary must hold, in either language. */
  search?: string;
  lang: Lang;
}

/** Courses in their current versions, those for recruits first. */
export async function courseList(from: Reader, { audience, access, search = '', lang }: CourseFilter): Promise<CourseSummary[]> {
  const found = await rows(from, SummaryRow, `SELECT c.id, c.slug, c.audience, c.access, v.title_zh, v.title_en, v.summary_zh, v.summary_en,
      v.minutes, (SELECT COUNT(*) FROM lessons l WHERE l.course_version_id = v.id) AS lessons,
      CASE WHEN v.exam IS NULL THEN 0 ELSE 1 END AS has_exam
    FROM courses c ${CURRENT}
    WHERE ($audience = '' OR c.audience = $audience) AND ($access = '' OR c.access = $access)
      AND lower(v.title_zh || ' ' || v.title_en || ' ' || v.summary_zh || ' ' || v.summary_en) LIKE $search ESCAPE '!'
    ORDER BY CASE c.audience WHEN 'recruits' THEN 1 WHEN 'leaders' THEN 2 ELSE 3 END, c.slug`,
  { audience: audience ?? '', access: access ?? '', search: containing(search) });
  return found.map((row) => ({
    id: row.id, slug: row.slug, audience: row.audience, access: row.access, minutes: row.minutes, lessons: row.lessons,
    title: lang === 'zh' ? row.title_zh : row.title_en, summary: lang === 'zh' ? row.summary_zh : row.summary_en,
    hasExam: row.has_exam === 1,
  }));
}

const CourseRow = SummaryRow.omit({ lessons: true, has_exam: true }).extend({
  version_id: z.string(), number: z.number(), published_at: z.number(), description_html: z.string(),
  exam: json(ExamDocument).nullable(),
});

const COURSE = `SELECT c.id, c.slug, c.audience, c.access, v.id AS version_id, v.number, v.published_at, v.title_zh, v.title_en,
    v.summary_zh, v.summary_en, v.description_html, v.minutes, v.exam FROM courses c ${CURRENT}`;

/** The course with this slug in its current version, with its lessons but without their texts; or null. */
export async function findCourse(from: Reader, slug: string): Promise<Course | null> {
  const row = await maybeOne(from, CourseRow, `${COURSE} WHERE c.slug = $slug`, { slug });
  return row && courseOf(from, row);
}

export async function findCourseById(from: Reader, id: string): Promise<Course | null> {
  const row = await maybeOne(from, CourseRow, `${COURSE} WHERE c.id = $id`, { id });
  return row && courseOf(from, row);
}

async function courseOf(from: Reader, row: z.infer<typeof CourseRow>): Promise<Course> {
  return {
    id: row.id, slug: row.slug, audience: row.audience, access: row.access, versionId: row.version_id, version: row.number,
    publishedAt: row.published_at, title: { zh: row.title_zh, en: row.title_en }, summary: { zh: row.summary_zh, en: row.summary_en },
    descriptionHtml: row.description_html, minutes: row.minutes, exam: row.exam,
    lessons: await lessonSummaries(from, row.version_id),
  };
}

const LessonRow = z.object({
  slug: z.string(), position: z.number(), title_zh: z.string(), title_en: z.string(), summary_zh: z.string(), summary_en: z.string(),
  minutes: z.number(),
});
const summaryOf = (row: z.infer<typeof LessonRow>): LessonSummary => ({
  slug: row.slug, position: row.position, title: { zh: row.title_zh, en: row.title_en },
  summary: { zh: row.summary_zh, en: row.summary_en }, minutes: row.minutes,
});

async function lessonSummaries(from: Reader, versionId: string): Promise<LessonSummary[]> {
  const found = await rows(from, LessonRow, `SELECT slug, position, title_zh, title_en, summary_zh, summary_en, minutes
    FROM lessons WHERE course_version_id = $versionId ORDER BY position`, { versionId });
  return found.map(summaryOf);
}

const Texts = json(z.array(z.string()));
const FullLessonRow = LessonRow.extend({ html: z.string(), aims: Texts, takeaways: Texts, checks: json(Checks), sources: Texts });

/** A lesson with its text, or null. */
export async function findLesson(from: Reader, versionId: string, slug: string): Promise<LessonContent | null> {
  const row = await maybeOne(from, FullLessonRow, `SELECT slug, position, title_zh, title_en, summary_zh, summary_en, minutes, html,
      aims, takeaways, checks, sources FROM lessons WHERE course_version_id = $versionId AND slug = $slug`, { versionId, slug });
  if (!row) return null;
  const { html, aims, takeaways, checks, sources } = row;
  return { ...summaryOf(row), html, aims, takeaways, checks, sources };
}

const ItemRow = z.object({
  code: z.string(), lesson_slug: z.string(), difficulty: z.number(), body: json(ItemBody), key: json(ItemKey), explanation: z.string(),
});
const itemOf = (row: z.infer<typeof ItemRow>): WrittenItem => ({
  code: row.code, lesson: row.lesson_slug, difficulty: row.difficulty, body: row.body, key: row.key, explanation: row.explanation,
});

/** The public items that came with a version of a course, with their keys, in the order of the files. */
export async function shippedItems(from: Reader, versionId: string, page: { lesson?: string; limit: number; offset: number }): Promise<WrittenItem[]> {
  const found = await rows(from, ItemRow, `SELECT code, lesson_slug, difficulty, body, key, explanation FROM shipped_items
    WHERE course_version_id = $versionId AND ($lesson = '' OR lesson_slug = $lesson)
    ORDER BY position LIMIT $limit OFFSET $offset`, { versionId, lesson: page.lesson ?? '', limit: page.limit, offset: page.offset });
  return found.map(itemOf);
}

const Count = z.object({ n: z.number() });

export async function countShippedItems(from: Reader, versionId: string, lesson = ''): Promise<number> {
  return (await one(from, Count, `SELECT COUNT(*) AS n FROM shipped_items
    WHERE course_version_id = $versionId AND ($lesson = '' OR lesson_slug = $lesson)`, { versionId, lesson })).n;
}
