import { appendEvent, inTransaction, reader, type By, type Tx } from '~/db';
import { attemptForGrading, markGraded, openFinding, ungradedAttempts, type AttemptForGrading } from '~/exams';
import { keysForPaper } from '~/itembank';
import { minutes, type Instant } from '~/kernel/clock';
import { log } from '~/kernel/log';
import { correctionsOf } from './correction.repository';
import { gradePaper, reaches, type Grade } from './grade';
import { release } from './release.service';
import { insertResult } from './result.repository';

const BY: By = 'system:marking';

/**
 * Grades an attempt that was handed in, exactly once however often this is run; does nothing otherwise.
 * An exam whose results are released automatically releases in the same transaction.
 */
export async function gradeAttempt(attemptId: string): Promise<void> {
  for (let tries = 0; tries < MOST_TRIES; tries += 1) {
    const found = await attemptForGrading(reader(), attemptId);
    if (found?.attempt.state !== 'handed-in') return;
    const grade = await gradeOf(found);
    if (await inTransaction((tx) => record(tx, found, grade))) return;
  }
  throw new Error(`attempt ${attemptId} changed each time it was graded`);
}

/** How often an attempt is graded anew because it changed meanwhile: late answers were accepted at that moment. */
export const MOST_TRIES = 5;

export async function gradeOf({ entries, responses }: AttemptForGrading): Promise<Grade> {
  const items = entries.map((entry) => entry.item);
  return gradePaper(entries, await keysForPaper(reader(), items), responses, await correctionsOf(reader(), items));
}

/** @returns false when another run of this job was faster, whose result stands, or the responses have changed */
async function record(tx: Tx, { attempt, exam }: AttemptForGrading, grade: Grade): Promise<boolean> {
  if ((await markGraded(tx, attempt.id, attempt.version)) === 0) return false;
  const passed = reaches(grade.points, grade.maxPoints, exam.cutScore);
  await insertResult(tx, { attemptId: attempt.id, examId: exam.id, personId: attempt.personId, grade, cutScore: exam.cutScore, passed });
  await appendEvent(tx, {
    kind: 'attempt.graded', subject: { kind: 'attempt', id: attempt.id }, personId: attempt.personId, by: BY, cause: 'rule',
    body: { examId: exam.id, points: grade.points, maxPoints: grade.maxPoints, percent: grade.percent, cutScore: exam.cutScore, passed },
  });
  // While nobody knows whether the attempt will count, its result waits: `exams.result-let-go` releases it.
  if (exam.release === 'automatic' && !(await openFinding(tx, attempt.id))) await release(tx, { attemptId: attempt.id, personId: attempt.personId, by: BY, cause: 'rule' });
  return true;
}

const SWEEP_LIMIT = 500;

/** Grades what was handed in a minute ago and is not graded yet: its job was lost, or is out of retries. */
export async function sweep(now: Instant): Promise<void> {
  for (const id of await ungradedAttempts(reader(), now - minutes(1), SWEEP_LIMIT)) {
    try {
      await gradeAttempt(id);
    } catch (error) {
      log().error({ attemptId: id, err: error }, 'an attempt could not be graded');
    }
  }
}
