import type { Reader } from '~/db';
import { findCourse, type Course } from './catalogue.repository';
import { findEnrolment, lessonStates, type Enrolment } from './learning.repository';

type LessonState = 'read' | 'opened' | 'new';

/** A course as one reader meets it. */
export interface CourseForReader {
  course: Course;
  /** Null for visitors and for those who are not enrolled. */
  enrolment: Enrolment | null;
  /** By lesson of the current version, whatever version the enrolment began with. */
  states: Record<string, LessonState>;
  lessonsRead: number;
  /** Slug of the first lesson not read yet; null when all are. */
  next: string | null;
}

/** The course with this slug as the person (null: a visitor) meets it; null when there is none. */
export async function courseForReader(from: Reader, slug: string, personId: string | null): Promise<CourseForReader | null> {
  const course = await findCourse(from, slug);
  if (!course) return null;
  const enrolment = personId ? await findEnrolment(from, personId, course.id) : null;
  const found = enrolment ? await lessonStates(from, enrolment.id, course.versionId) : [];
  const states = Object.fromEntries(found.map((row): [string, LessonState] =>
    [row.slug, row.read_at !== null ? 'read' : row.opened_at !== null ? 'opened' : 'new']));
  const unread = course.lessons.filter((lesson) => states[lesson.slug] !== 'read');
  return { course, enrolment, states, lessonsRead: course.lessons.length - unread.length, next: unread[0]?.slug ?? null };
}

/**
 * Whether the texts of a course may be read: open ones by everybody, others by those who are enrolled and
 * by those who look after courses.
 */
export const mayRead = ({ course, enrolment }: Pick<CourseForReader, 'course' | 'enrolment'>, previews: boolean): boolean =>
  course.access === 'open' || enrolment !== null || previews;
