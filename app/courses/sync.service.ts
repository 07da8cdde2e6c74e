import { appendEvent, inTransaction, type By, type Tx } from '~/db';
import type { Instant } from '~/kernel/clock';
import type { CourseContent } from './content';
import { readCourseFolders, type CourseFolder } from './folder/read';
import type { ContentProblem } from './folder/yaml';
import { completeEnrolment } from './learning.service';
import { contentHash, currentVersion, finishedByMove, insertVersion, lockCourse, moveEnrolments } from './publish.repository';

const BY: By = 'system:course sync';

/** What became of the course folders. */
export interface SyncOutcome {
  /** Slugs of the courses whose folders are in order and served as they are there. */
  loaded: string[];
  /** Those among them that got a new version. */
  published: string[];
  /** What keeps the others from being served, or from being served anew: an earlier version stays. */
  problems: ContentProblem[];
}

/**
 * Brings the stored courses up to the folders in `dir`. A version is added only when content changed;
 * running enrolments then go on with it, and what was read stays read. Runs as often as one likes.
 */
export async function syncCourses(dir: string, now: Instant): Promise<SyncOutcome> {
  const outcome: SyncOutcome = { loaded: [], published: [], problems: [] };
  for (const { content, problems } of await foldersIn(dir)) {
    outcome.problems.push(...problems);
    if (!content) continue;
    outcome.loaded.push(content.slug);
    if (await inTransaction((tx) => publish(tx, content, now))) outcome.published.push(content.slug);
  }
  return outcome;
}

async function foldersIn(dir: string): Promise<Pick<CourseFolder, 'content' | 'problems'>[]> {
  try {
    return await readCourseFolders(dir);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    return [{ content: null, problems: [{ file: dir, line: 1, message: `the folder of courses cannot be read: ${reason}` }] }];
  }
}

/** @returns false when the stored version is the same */
async function publish(tx: Tx, content: CourseContent, now: Instant): Promise<boolean> {
  const courseId = await lockCourse(tx, content);
  const current = await currentVersion(tx, courseId);
  if (current?.content_hash === contentHash(content)) return false;
  const number = (current?.number ?? 0) + 1;
  const versionId = await insertVersion(tx, courseId, number, content, now);
  const moved = await moveEnrolments(tx, courseId, versionId);
  await appendEvent(tx, {
    kind: 'course.published', subject: { kind: 'course', id: courseId }, by: BY, cause: 'import', at: now,
    body: { slug: content.slug, version: number, contentHash: contentHash(content), enrolmentsMoved: moved },
  });
  for (const enrolment of await finishedByMove(tx, versionId)) {
    await completeEnrolment(tx, { enrolmentId: enrolment.id, personId: enrolment.person_id, courseId, by: BY });
  }
  return true;
}
