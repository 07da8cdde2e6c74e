import { findCourseById } from '~/courses';
import { appendEvent, commitIfOk, reader, type Tx } from '~/db';
import { authorise, type Actor } from '~/identity';
import { loadShippedItems } from '~/itembank';
import { newId } from '~/kernel/id';
import { err, ok, type Result } from '~/kernel/result';
import { findExam, findPracticeOf, followReal, insertExam, type Exam } from '../exam.repository';
import { startAttempt } from '../start.service';

/**
 * Practice is an exam of its own beside the real one: the same player, time and blueprint, as often as one
 * likes, drawn from the course's public items only. Its attempts belong to another exam row, so they cannot
 * be evidence, use up no attempt and reveal no item of the deployment's own bank.
 */

/** Practising is not limited; the column wants a number. */
const AS_OFTEN_AS_ONE_LIKES = 1_000_000;

/** Lets candidates practise an exam, or no longer. What was practised stays. */
export async function setPractice(actor: Actor, examId: string, on: boolean): Promise<Result<null>> {
  authorise(actor, 'set exams');
  const exam = await findExam(reader(), examId);
  if (!exam || exam.practiceOf !== null) return err('not-found');
  const bank = on ? await publicBank(actor, exam) : ok(null);
  if (!bank.ok) return bank;
  return commitIfOk(async (tx) => {
    await keepPractice(tx, exam, bank.value);
    await appendEvent(tx, { kind: on ? 'exam.practice-opened' : 'exam.practice-closed', subject: { kind: 'exam', id: exam.id }, by: actor.by });
    return ok(null);
  });
}

async function publicBank(actor: Actor, exam: Exam): Promise<Result<string>> {
  const course = exam.courseId === null ? null : await findCourseById(reader(), exam.courseId);
  if (!course) return err('itembank.nothing-shipped');
  const loaded = await loadShippedItems(actor, course.slug);
  return loaded.ok ? ok(loaded.value.bankId) : loaded;
}

/** Makes the practice exam, or brings it up to what the real exam is now. */
async function keepPractice(tx: Tx, exam: Exam, bankId: string | null): Promise<void> {
  const follows = {
    bank_id: bankId, title_zh: exam.title.zh, title_en: exam.title.en, minutes: exam.minutes, cut_score: exam.cutScore,
    blueprint: JSON.stringify(exam.blueprint), sections: JSON.stringify(exam.sections),
  };
  const made = await insertExam(tx, {
    id: newId(), slug: `${exam.slug}-practice`, course_id: null, practice_of: exam.id, max_attempts: AS_OFTEN_AS_ONE_LIKES, cooling_off_hours: 0,
    release: 'automatic', requires_course: 0, own_takeover: 1, created_at: tx.now, ...follows,
  });
  if (made > 0) return;
  await followReal(tx, exam.id, follows);
}

/** The practice exam when candidates may practise now, or null. */
export async function openPractice(examId: string): Promise<Exam | null> {
  const practice = await findPracticeOf(reader(), examId);
  return practice && practice.bankId !== null ? practice : null;
}

/** Begins a practice attempt, or goes on with the one that runs. @returns the attempt's id */
export async function startPractice(actor: Actor, examId: string, device: string): Promise<Result<string>> {
  authorise(actor, 'take an exam', { personId: actor.personId });
  const [exam, practice] = [await findExam(reader(), examId), await openPractice(examId)];
  if (!exam || !practice) return err('not-found');
  await commitIfOk(async (tx) => {
    await keepPractice(tx, exam, practice.bankId);
    return ok(null);
  });
  return startAttempt(actor, practice.id, device);
}
