import { addJob, appendEvent, commitIfOk, inTransaction, reader, type By, type Tx } from '~/db';
import { findAttempt, findExam, markReleased, mayInvigilate, openFinding, type Cause } from '~/exams';
import { authorise, can, type Actor } from '~/identity';
import { err, ok, type Result } from '~/kernel/result';
import { resultOf, setReleased, unreleasedOf } from './result.repository';

interface Release {
  attemptId: string;
  personId: string;
  by: By;
  cause: Cause;
}

/** Makes a result known and tells certification; does nothing when that was done before. */
export async function release(tx: Tx, { attemptId, personId, by, cause }: Release): Promise<boolean> {
  if ((await markReleased(tx, attemptId)) === 0) return false;
  await setReleased(tx, attemptId, by);
  await appendEvent(tx, { kind: 'result.released', subject: { kind: 'attempt', id: attemptId }, personId, by, cause });
  await addJob(tx, 'marking.released', { attemptId });
  return true;
}

/** A person releases a result by hand. Pressed twice, it is released once. */
export async function releaseResult(actor: Actor, attemptId: string): Promise<Result<null>> {
  authorise(actor, 'release results');
  const attempt = await findAttempt(reader(), attemptId);
  if (!attempt || !(await mayRelease(actor, attempt.personId))) return err('not-found');
  if (!(await resultOf(reader(), attemptId))) return err('attempt.not-graded');
  return commitIfOk(async (tx) => {
    if (await openFinding(tx, attemptId)) return err('finding.holds-result');
    await release(tx, { attemptId, personId: attempt.personId, by: actor.by, cause: 'invigilator' });
    return ok(null);
  });
}

/** A finding no longer holds the result: where results are released automatically, this one follows now. */
export async function releaseLetGo(attemptId: string): Promise<void> {
  await inTransaction(async (tx) => {
    const attempt = await findAttempt(tx, attemptId);
    const exam = attempt?.state === 'graded' ? await findExam(tx, attempt.examId) : null;
    if (!attempt || exam?.release !== 'automatic' || (await openFinding(tx, attemptId))) return;
    await release(tx, { attemptId, personId: attempt.personId, by: 'system:marking', cause: 'rule' });
  });
}

/** Releases every graded result of an exam that the actor may release. @returns how many */
export async function releaseAll(actor: Actor, examId: string): Promise<number> {
  authorise(actor, 'release results');
  let released = 0;
  for (const attemptId of await unreleasedOf(reader(), examId)) {
    if ((await releaseResult(actor, attemptId)).ok) released += 1;
  }
  return released;
}

/** Administrators of the whole deployment release everywhere, invigilators where they invigilate. */
const mayRelease = async (actor: Actor, personId: string): Promise<boolean> =>
  can(actor, 'set exams') || mayInvigilate(reader(), actor, personId);
