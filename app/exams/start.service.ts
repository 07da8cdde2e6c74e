import { addJob, appendEvent, commitIfOk, reader, type Tx } from '~/db';
import { authorise, type Actor } from '~/identity';
import { drawPaper, newSeed, seededRandom, type PaperEntry } from '~/itembank';
import { clock, seconds } from '~/kernel/clock';
import { newId } from '~/kernel/id';
import { err, ok, type Result } from '~/kernel/result';
import { attemptsOf, insertAttempt, insertPaper, itemsMet } from './attempt.repository';
import { deadline } from './deadline';
import type { Exam } from './exam.repository';
import { examState } from './exam.service';

/**
 * Saves that arrived before the deadline may still be on their way to the disk when it passes: the
 * attempt is closed this much later, with the deadline as its time.
 */
export const CLOSE_AFTER = seconds(2);

/**
 * Starts the next attempt of the actor at an exam and binds it to `device`. Pressed twice, or while an
 * attempt runs, it answers with that attempt.
 * @returns the attempt's id, or why it cannot be started now
 */
export async function startAttempt(actor: Actor, examId: string, device: string): Promise<Result<string>> {
  authorise(actor, 'take an exam', { personId: actor.personId });
  const personId = actor.personId ?? '';
  const standing = await examState(reader(), examId, personId, clock.now());
  if (!standing) return err('not-found');
  const running = standing.attempts.find((attempt) => attempt.state === 'in-progress');
  if (running) return ok(running.id);
  if (standing.state !== 'may-start') return err(`exam.${standing.state}`);
  const { exam } = standing;
  if (exam.bankId === null) return err('exam.not-ready');
  // Drawn before the transaction: on SQLite it would keep everybody's saves waiting.
  const seed = newSeed();
  const avoid = await itemsMet(reader(), examId, personId);
  const drawn = await drawPaper(reader(), { bankId: exam.bankId, blueprint: exam.blueprint, random: seededRandom(seed), avoid });
  if (!drawn.ok) return drawn;
  const paper = { seed, entries: drawn.value };
  const begun = await commitIfOk((tx) => begin(tx, { actor, personId, exam, device, paper, taken: standing.attempts.length }));
  return begun.ok ? begun : runningOf(await attemptsOf(reader(), examId, personId));
}

interface Beginning {
  actor: Actor;
  personId: string;
  exam: Exam;
  device: string;
  paper: { seed: string; entries: PaperEntry[] };
  /** Attempts there were when it was decided that another may start. */
  taken: number;
}

/** Fails when the person has started another attempt since: then this one must leave nothing behind. */
async function begin(tx: Tx, { actor, personId, exam, device, paper, taken }: Beginning): Promise<Result<string>> {
  if ((await attemptsOf(tx, exam.id, personId)).length !== taken) return err('exam.in-progress');
  const end = deadline({ exam, window: exam, attempt: { startedAt: tx.now }, grants: [] });
  const [id, paperId] = [newId(), newId()];
  await insertPaper(tx, { id: paperId, examId: exam.id, ...paper });
  const begun = await insertAttempt(tx, {
    id, examId: exam.id, personId, number: taken + 1, paperId, startedAt: tx.now, deadlineAt: end.at, nextCheckAt: end.at + CLOSE_AFTER, device,
  });
  // Only on PostgreSQL, where the other start may commit between our look and our insert.
  if (begun === 0) return err('exam.in-progress');
  await appendEvent(tx, {
    kind: 'attempt.started', subject: { kind: 'attempt', id }, personId, by: actor.by, cause: 'candidate',
    body: { examId: exam.id, number: taken + 1, paperId, bankId: exam.bankId, deadlineAt: end.at, cutBy: end.cutBy, parts: end.parts },
  });
  await addJob(tx, 'exams.close', { attemptId: id }, end.at + CLOSE_AFTER);
  return ok(id);
}

function runningOf(attempts: { id: string; state: string }[]): Result<string> {
  const running = attempts.find((attempt) => attempt.state === 'in-progress');
  return running ? ok(running.id) : err('conflict.changed');
}
