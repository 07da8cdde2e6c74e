import { addJob, appendEvent, inTransaction, reader, type By, type Tx } from '~/db';
import { attemptForGrading, lockGraded, valuesOf, type AttemptForGrading, type Counting } from '~/exams';
import { authorise, type Actor } from '~/identity';
import { err, ok, type Result } from '~/kernel/result';
import { reaches, type Grade } from './grade';
import { gradeAttempt, gradeOf, MOST_TRIES } from './grade.service';
import { marksOf, replaceResult, resultOf, type ExamResult } from './result.repository';

const BY: By = 'system:marking';

/**
 * Grades an attempt again after its responses were replaced or a key was corrected. Marks and result are replaced, with the ledger keeping
 * what they were; a result that was known already stays known, and certification learns of the change. Does nothing
 * when the result is right already, so it may run at any time and twice.
 * @param correctionId the corrected key, when that is why
 */
export async function regradeAttempt(attemptId: string, correctionId: string | null = null): Promise<void> {
  for (let tries = 0; tries < MOST_TRIES; tries += 1) {
    const found = await attemptForGrading(reader(), attemptId);
    // Not graded yet: the first grading takes the responses as they are now.
    if (found?.attempt.state === 'handed-in') return gradeAttempt(attemptId);
    const before = found && await resultOf(reader(), attemptId);
    if (!found || !before) return;
    const grade = await gradeOf(found);
    if (sameMarks(grade, await marksOf(reader(), attemptId))) return;
    if (await inTransaction((tx) => replace(tx, found, { before, grade, correctionId }))) return;
  }
  throw new Error(`attempt ${attemptId} changed each time it was graded again`);
}

function sameMarks({ marks }: Grade, stored: Grade['marks']): boolean {
  const known = new Map(stored.map((mark) => [mark.item, mark]));
  return marks.length === stored.length && marks.every(({ item, points, maxPoints }) => known.get(item)?.points === points && known.get(item)?.maxPoints === maxPoints);
}

interface Regrade {
  before: ExamResult;
  grade: Grade;
  correctionId: string | null;
}

/** @returns false when the attempt has changed since it was read */
async function replace(tx: Tx, { attempt }: AttemptForGrading, { before, grade, correctionId }: Regrade): Promise<boolean> {
  if ((await lockGraded(tx, attempt.id, attempt.version)) === 0) return false;
  // The cut score of the first grading: what was promised then holds.
  const passed = reaches(grade.points, grade.maxPoints, before.cutScore);
  await replaceResult(tx, { attemptId: attempt.id, grade, passed });
  const figures = ({ points, maxPoints, percent }: Pick<Grade, 'points' | 'maxPoints' | 'percent'>) => ({ points, maxPoints, percent });
  await appendEvent(tx, {
    kind: 'attempt.regraded', subject: { kind: 'attempt', id: attempt.id }, personId: attempt.personId, by: BY, cause: correctionId === null ? 'adjudicator' : 'marking',
    body: {
      examId: attempt.examId, ...(correctionId !== null && { correctionId }), cutScore: before.cutScore, released: before.releasedAt !== null,
      before: { ...figures(before), passed: before.passed }, after: { ...figures(grade), passed },
    },
  });
  if (before.releasedAt === null) return true;
  await addJob(tx, 'marking.released', { attemptId: attempt.id });
  if (correctionId !== null) await addJob(tx, 'marking.result-corrected', { attemptId: attempt.id, correctionId });
  return true;
}

interface Standing {
  points: number;
  maxPoints: number;
  percent: number;
  passed: boolean;
}

export interface RegradePreview {
  before: Standing;
  after: Standing;
  cutScore: number;
  /** The candidate knows the result before. */
  released: boolean;
}

/** What a result would be with other responses; nothing is written. Who may ask is decided with the responses. */
export async function regradePreview(actor: Actor, attemptId: string, responses: Counting[]): Promise<Result<RegradePreview>> {
  authorise(actor, 'adjudicate');
  const found = await attemptForGrading(reader(), attemptId);
  if (!found) return err('not-found');
  const stored = await resultOf(reader(), attemptId);
  const cutScore = stored?.cutScore ?? found.exam.cutScore;
  const standing = ({ points, maxPoints, percent }: Grade): Standing => ({ points, maxPoints, percent, passed: reaches(points, maxPoints, cutScore) });
  const before = stored ?? standing(await gradeOf(found));
  return ok({
    before: { points: before.points, maxPoints: before.maxPoints, percent: before.percent, passed: before.passed },
    after: standing(await gradeOf({ ...found, responses: valuesOf(responses) })),
    cutScore,
    released: stored !== null && stored.releasedAt !== null,
  });
}
