import { courseList, courseProgress, findCourse, type Course } from '~/courses';
import { appendEvent, inTransaction, reader, type Reader } from '~/db';
import { authorise, type Actor } from '~/identity';
import type { Instant } from '~/kernel/clock';
import { newId } from '~/kernel/id';
import { err, ok, type Result } from '~/kernel/result';
import { attemptsOf, type TakenAttempt } from './attempt.repository';
import { examForCourse, findExam, followCourse, insertExam, runningCount, setBank, setSettings, type Exam, type ExamSettings } from './exam.repository';
import { bindingChange, settingsProblem } from './exam-settings';
import { stateOfExam, type StateOfExam } from './exam-state';

/**
 * Sees to it that each course with an exam section has its exam. What administrators set on an exam stays;
 * its title follows the course, its blueprint too as long as no bank was chosen.
 */
export async function syncExams(now: Instant): Promise<void> {
  for (const { slug, hasExam } of await courseList(reader(), { lang: 'zh' })) {
    const course = hasExam ? await findCourse(reader(), slug) : null;
    if (course) await syncExam(course, now);
  }
}

async function syncExam({ id: courseId, slug, title, exam }: Course, now: Instant): Promise<void> {
  if (!exam) return;
  const blueprint = JSON.stringify(exam.blueprint);
  await inTransaction(async (tx) => {
    const known = await examForCourse(tx, courseId);
    if (known) {
      await followCourse(tx, { id: known.id, titleZh: title.zh, titleEn: title.en, blueprint });
      return;
    }
    const id = newId();
    const made = await insertExam(tx, {
      id, slug, course_id: courseId, bank_id: null, title_zh: title.zh, title_en: title.en, minutes: exam.minutes,
      cut_score: exam.cutScore, max_attempts: exam.attempts, cooling_off_hours: exam.coolingOffHours, opens_at: null, closes_at: null,
      release: 'automatic', requires_course: 1, blueprint, created_at: now,
    });
    if (made === 0) return;
    await appendEvent(tx, { kind: 'exam.created', subject: { kind: 'exam', id }, at: now, by: 'system:exams', body: { slug, courseId } });
  });
}

export interface ExamForPerson extends StateOfExam {
  exam: Exam;
  attempts: TakenAttempt[];
  /** The deadline of the attempt that runs, or null. */
  runningUntil: Instant | null;
}

/** Where a person stands with an exam at `now`; null when there is no such exam. */
export async function examState(from: Reader, examId: string, personId: string, now: Instant): Promise<ExamForPerson | null> {
  const exam = await findExam(from, examId);
  if (!exam) return null;
  const attempts = await attemptsOf(from, examId, personId);
  const runningUntil = attempts.find((attempt) => attempt.state === 'in-progress')?.deadlineAt ?? null;
  // Held in sittings, the sitting says when; else the exam's own window.
  const window = exam.delivery === 'sittings' ? { opensAt: null, closesAt: null } : exam;
  const rules = { ...exam, opensAt: window.opensAt, closesAt: window.closesAt, hasBank: exam.bankId !== null, practice: exam.practiceOf !== null };
  return { exam, attempts, runningUntil, ...stateOfExam({ exam: rules, courseDone: await courseDone(from, exam, personId), attempts, now }) };
}

async function courseDone(from: Reader, exam: Exam, personId: string): Promise<boolean> {
  if (!exam.requiresCourse || exam.courseId === null) return true;
  const [progress] = await courseProgress(from, personId, [exam.courseId]);
  return (progress?.completedAt ?? null) !== null;
}

/** Chooses the bank that papers are drawn from from now on. Papers already drawn stay as they are. */
export async function chooseBank(actor: Actor, examId: string, bankId: string): Promise<Result<Exam>> {
  authorise(actor, 'choose item banks');
  return changeExam(examId, null, (tx, exam) => setBank(tx, exam.id, bankId, exam.version), {
    kind: 'exam.bank-chosen', by: actor.by, body: { bankId },
  });
}

/**
 * The rules of an exam. What somebody was promised at the start stays theirs: time and sections are kept with each
 * attempt; what is not (tolerance, what is observed) cannot be changed while somebody is writing.
 * @param version of the exam as it was shown
 */
export async function changeSettings(actor: Actor, examId: string, version: number, settings: ExamSettings): Promise<Result<Exam>> {
  authorise(actor, 'set exams');
  const exam = await findExam(reader(), examId);
  if (!exam) return err('not-found');
  const wrong = settingsProblem(settings, exam);
  if (wrong) return { ok: false, error: wrong };
  const binding = bindingChange(settings, exam);
  const writing = binding === null ? 0 : await runningCount(reader(), examId);
  if (binding !== null && writing > 0) return err('exam.being-written', { count: writing }, binding);
  return changeExam(examId, version, (tx, known) => setSettings(tx, known.id, version, settings), {
    kind: 'exam.settings-changed', by: actor.by, body: { ...settings },
  });
}

type Change = (tx: Parameters<typeof setBank>[0], exam: Exam) => Promise<number>;
type Told = { kind: string; by: Actor['by']; body: Record<string, unknown> };

function changeExam(examId: string, version: number | null, change: Change, told: Told): Promise<Result<Exam>> {
  return inTransaction(async (tx) => {
    const exam = await findExam(tx, examId);
    if (!exam) return err('not-found');
    const changed = exam.version === (version ?? exam.version) && (await change(tx, exam)) > 0;
    const after = changed ? await findExam(tx, examId) : null;
    if (!after) return err('conflict.changed');
    await appendEvent(tx, { ...told, subject: { kind: 'exam', id: examId } });
    return ok(after);
  });
}
