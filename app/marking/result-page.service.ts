import { findCourseById, type Bilingual } from '~/courses';
import { reader } from '~/db';
import { examState, findAttempt, type ExamForPerson } from '~/exams';
import { authorise, type Actor } from '~/identity';
import { lessonsForPaper } from '~/itembank';
import type { Instant } from '~/kernel/clock';
import { err, ok, type Result } from '~/kernel/result';
import type { Mark } from './grade';
import { marksOf, resultOf, type ExamResult } from './result.repository';

/** Points in the items of one lesson. */
interface LessonPoints {
  slug: string;
  /** Null when the course no longer has the lesson. */
  title: Bilingual | null;
  points: number;
  maxPoints: number;
}

export interface ResultPage {
  /** Null until it is released. */
  result: ExamResult | null;
  lessons: LessonPoints[];
  /** Where the person stands with the exam now: whether and when there is a next attempt. */
  standing: ExamForPerson;
  attemptNumber: number;
  courseSlug: string | null;
}

/** A candidate's result: where points were lost, lesson by lesson, and never what the keys are. */
export async function resultPage(actor: Actor, attemptId: string, now: Instant): Promise<Result<ResultPage>> {
  const attempt = await findAttempt(reader(), attemptId);
  if (!attempt) return err('not-found');
  authorise(actor, 'take an exam', { personId: attempt.personId });
  const standing = await examState(reader(), attempt.examId, attempt.personId, now);
  if (!standing) return err('not-found');
  const found = await resultOf(reader(), attemptId);
  const result = found === null || found.releasedAt === null ? null : found;
  const course = standing.exam.courseId === null ? null : await findCourseById(reader(), standing.exam.courseId);
  const titles = new Map((course?.lessons ?? []).map((lesson) => [lesson.slug, lesson.title]));
  return ok({
    result,
    lessons: result ? await byLesson(await marksOf(reader(), attemptId), titles) : [],
    standing,
    attemptNumber: attempt.number,
    courseSlug: course?.slug ?? null,
  });
}

async function byLesson(marks: Mark[], titles: Map<string, Bilingual>): Promise<LessonPoints[]> {
  const lessonOf = await lessonsForPaper(reader(), marks.map((mark) => mark.item));
  const sums = new Map<string, LessonPoints>();
  for (const mark of marks) {
    const slug = lessonOf.get(mark.item) ?? '';
    const sum = sums.get(slug) ?? { slug, title: titles.get(slug) ?? null, points: 0, maxPoints: 0 };
    sum.points += mark.points;
    sum.maxPoints += mark.maxPoints;
    sums.set(slug, sum);
  }
  return [...sums.values()].sort((a, b) => (a.slug < b.slug ? -1 : 1));
}
