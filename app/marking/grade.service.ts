import { appendEvent, inTransaction, reader, type By, type Tx } from '~/db';
import { attemptForGrading, markGraded, ungradedAttempts, type AttemptForGrading } from '~/exams';
import { keysForPaper } from '~/itembank';
import { minutes, type Instant } from '~/kernel/clock';
import { log } from '~/kernel/log';
import { gradePaper, reaches, type Grade } from './grade';
import { release } from './release.service';
import { insertResult } from './result.repository';

const BY: By = 'system:marking';

/**
 * Grades an attempt that was handed in, exactly once however often this is run; does nothing otherwise.
 * An exam whose results are released automatically releases in the same transaction.
 */
export async function gradeAttempt(attemptId: string): Promise<void> {
  const found = await attemptForGrading(reader(), attemptId);
  if (found?.attempt.state !== 'handed-in') return;
  const keys = await keysForPaper(reader(), found.entries.map((entry) => entry.item));
  const grade = gradePaper(found.entries, keys, found.responses);
  await inTransaction((tx) => record(tx, found, grade));
}

async function record(tx: Tx, { attempt, exam }: AttemptForGrading, grade: Grade): Promise<void> {
  // Zero rows: another run of this job was faster, and its result stands.
  if ((await markGraded(tx, attempt.id)) === 0) return;
  const passed = reaches(grade.points, grade.maxPoints, exam.cutScore);
  await insertResult(tx, { attemptId: attempt.id, examId: exam.id, personId: attempt.personId, grade, cutScore: exam.cutScore, passed });
  await appendEvent(tx, {
    kind: 'attempt.graded', subject: { kind: 'attempt', id: attempt.id }, personId: attempt.personId, by: BY, cause: 'rule',
    body: { examId: exam.id, points: grade.points, maxPoints: grade.maxPoints, percent: grade.percent, cutScore: exam.cutScore, passed },
  });
  if (exam.release === 'automatic') await release(tx, { attemptId: attempt.id, personId: attempt.personId, by: BY, cause: 'rule' });
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
