import { createHash } from 'node:crypto';
import { z } from 'zod';
import { execute, insert, maybeOne, one, rows, type Tx } from '~/db';
import type { Instant } from '~/kernel/clock';
import { newId } from '~/kernel/id';
import type { CourseContent } from './content';

/** Equal for equal content, whatever the files look like. */
export const contentHash = (content: CourseContent): string => createHash('sha256').update(JSON.stringify(content)).digest('hex');

const IdRow = z.object({ id: z.string() });

/**
 * Makes the course or brings it up to date. The row stays locked until the transaction ends, so that
 * processes which start together do not publish the same version twice.
 */
export async function lockCourse(tx: Tx, { slug, audience, access }: CourseContent): Promise<string> {
  const row = await one(tx, IdRow, `INSERT INTO courses (id, slug, audience, access, created_at)
    VALUES ($id, $slug, $audience, $access, CAST($now AS BIGINT))
    ON CONFLICT (slug) DO UPDATE SET audience = excluded.audience, access = excluded.access
    RETURNING id`, { id: newId(), slug, audience, access, now: tx.now });
  return row.id;
}

const CurrentRow = z.object({ number: z.number(), content_hash: z.string() });

export const currentVersion = (tx: Tx, courseId: string): Promise<z.infer<typeof CurrentRow> | null> =>
  maybeOne(tx, CurrentRow, `SELECT number, content_hash FROM course_versions WHERE course_id = $courseId
    ORDER BY number DESC LIMIT 1`, { courseId });

/** Stores a version with its lessons and items. */
export async function insertVersion(tx: Tx, courseId: string, number: number, content: CourseContent, publishedAt: Instant): Promise<string> {
  const id = newId();
  await insert(tx, 'course_versions', [{
    id, course_id: courseId, number, content_hash: contentHash(content), title_zh: content.title.zh, title_en: content.title.en,
    summary_zh: content.summary.zh, summary_en: content.summary.en, description_html: content.descriptionHtml,
    minutes: content.minutes, exam: content.exam && JSON.stringify(content.exam), published_at: publishedAt,
  }]);
  await insert(tx, 'lessons', content.lessons.map((lesson) => ({
    id: newId(), course_version_id: id, slug: lesson.slug, position: lesson.position, title_zh: lesson.title.zh,
    title_en: lesson.title.en, summary_zh: lesson.summary.zh, summary_en: lesson.summary.en, minutes: lesson.minutes,
    html: lesson.html, aims: JSON.stringify(lesson.aims), takeaways: JSON.stringify(lesson.takeaways),
    checks: JSON.stringify(lesson.checks), sources: JSON.stringify(lesson.sources),
  })));
  await insert(tx, 'shipped_items', content.items.map((item, i) => ({
    course_version_id: id, code: item.code, position: i + 1, lesson_slug: item.lesson, type: item.body.type,
    difficulty: item.difficulty, body: JSON.stringify(item.body), key: JSON.stringify(item.key), explanation: item.explanation,
  })));
  return id;
}

/** Running enrolments go on with the new version; what was completed stays with the version it was completed in. */
export const moveEnrolments = (tx: Tx, courseId: string, versionId: string): Promise<number> =>
  execute(tx, `UPDATE enrolments SET course_version_id = $versionId
    WHERE course_id = $courseId AND completed_at IS NULL`, { courseId, versionId });

const FinishedRow = z.object({ id: z.string(), person_id: z.string() });

/** Running enrolments whose owner has read every lesson of the version already: it has dropped the others. */
export const finishedByMove = (tx: Tx, versionId: string): Promise<z.infer<typeof FinishedRow>[]> =>
  rows(tx, FinishedRow, `SELECT e.id, e.person_id FROM enrolments e
    WHERE e.course_version_id = $versionId AND e.completed_at IS NULL AND NOT EXISTS (
      SELECT 1 FROM lessons l LEFT JOIN lesson_progress p
        ON p.enrolment_id = e.id AND p.lesson_slug = l.slug AND p.read_at IS NOT NULL
      WHERE l.course_version_id = $versionId AND p.lesson_slug IS NULL)`, { versionId });
