import { findCourseById, type Bilingual } from '~/courses';
import { reader } from '~/db';
import { answersTo, examState, findAttempt, findExam, paperEntries, type Attempt, type Exam, type ExamForPerson } from '~/exams';
import { authorise, type Actor } from '~/identity';
import { itemsForPaper, keysForPaper, lessonsForPaper, scoreItem, type ItemBody, type ItemKey, type PaperEntry, type ResponseValue } from '~/itembank';
import type { Instant } from '~/kernel/clock';
import { err, ok, type Result } from '~/kernel/result';
import type { Mark } from './mark';
import { marksOf, resultOf, type ExamResult } from './result.repository';

/** Points in the items of one lesson. */
interface LessonPoints {
  slug: string;
  /** Null when the course no longer has the lesson. */
  title: Bilingual | null;
  points: number;
  maxPoints: number;
}

/** An item of a practice as it is shown afterwards: what was answered, what is right and why. */
export interface ReviewedItem {
  entry: PaperEntry;
  body: ItemBody;
  response: ResponseValue;
  right: boolean;
  key: ItemKey;
  explanation: string;
}

export interface ResultPage {
  /** Null until it is released. */
  result: ExamResult | null;
  lessons: LessonPoints[];
  /** Where the person stands with the exam now: whether and when there is a next attempt. */
  standing: ExamForPerson;
  attemptNumber: number;
  courseSlug: string | null;
  /** Of a practice: the exam that was practised, and all items with their keys. Null for a real exam. */
  practice: { of: Exam; items: ReviewedItem[] } | null;
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
  const practised = standing.exam.practiceOf === null ? null : await findExam(reader(), standing.exam.practiceOf);
  const { courseId } = practised ?? standing.exam;
  const course = courseId === null ? null : await findCourseById(reader(), courseId);
  const titles = new Map((course?.lessons ?? []).map((lesson) => [lesson.slug, lesson.title]));
  return ok({
    result,
    lessons: result ? await byLesson(await marksOf(reader(), attemptId), titles) : [],
    standing,
    attemptNumber: attempt.number,
    courseSlug: course?.slug ?? null,
    practice: practised && result ? { of: practised, items: await reviewed(attempt) } : null,
  });
}

/** Only for practice, which is drawn from public items. */
async function reviewed(attempt: Attempt): Promise<ReviewedItem[]> {
  const entries = await paperEntries(reader(), attempt.paperId);
  const ids = entries.map((entry) => entry.item);
  const [bodies, keys, answers] = [await itemsForPaper(reader(), ids), await keysForPaper(reader(), ids), await answersTo(reader(), attempt.id, entries)];
  const responses = new Map(answers.map((answer) => [answer.item, answer.response]));
  return entries.flatMap((entry) => {
    const [asked, keyed, response] = [bodies.get(entry.item), keys.get(entry.item), responses.get(entry.item) ?? null];
    if (!asked || !keyed) return [];
    return [{ entry, body: asked.body, response, right: scoreItem(keyed.type, keyed.key, response) === 1, key: keyed.key, explanation: keyed.explanation }];
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
