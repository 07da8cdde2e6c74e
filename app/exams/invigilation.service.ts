import { blueprintItems } from '~/courses';
import { appendEvent, inTransaction, reader } from '~/db';
import { authorise, type Actor } from '~/identity';
import { hours, type Instant } from '~/kernel/clock';
import { newId } from '~/kernel/id';
import { err, ok, type Result } from '~/kernel/result';
import { findAttempt } from './attempt.repository';
import type { AttemptState } from './attempt-state';
import { concerning, recordAct } from './console/act.repository';
import { findExamBySlug, type Exam } from './exam.repository';
import { candidates, insertObservation, mayInvigilate, observationsOf, runningExams, type Candidate, type Observation, type RunningExam } from './invigilation.repository';

/** The exams with what is going on in them, for those whom the actor invigilates. */
export async function examsToInvigilate(actor: Actor, now: Instant): Promise<RunningExam[]> {
  authorise(actor, 'invigilate');
  return runningExams(reader(), actor, now);
}

export interface InvigilatedExam {
  exam: Exam;
  /** Items on a paper. */
  items: number;
  candidates: Candidate[];
}

/** How long candidates stay on the list after they handed in. */
const SHOWN_AFTER_HAND_IN = hours(12);

/** The candidates of one exam as they stand now. */
export async function invigilatedExam(
  actor: Actor, slug: string, filter: { search: string; state: AttemptState | null }, now: Instant,
): Promise<Result<InvigilatedExam>> {
  authorise(actor, 'invigilate');
  const exam = await findExamBySlug(reader(), slug);
  if (!exam) return err('not-found');
  const found = await candidates(reader(), actor, { ...filter, attemptId: null, examId: exam.id, since: now - SHOWN_AFTER_HAND_IN }, now);
  return ok({ exam, items: blueprintItems(exam.blueprint), candidates: found });
}

/** Records what an invigilator saw, as an act like those at the console. An observation is no verdict: it decides nothing by itself. */
export async function recordNote(actor: Actor, attemptId: string, note: string): Promise<Result<null>> {
  authorise(actor, 'invigilate');
  const attempt = await findAttempt(reader(), attemptId);
  if (!attempt || !(await mayInvigilate(reader(), actor, attempt.personId))) return err('not-found');
  return inTransaction(async (tx) => {
    const id = newId();
    await insertObservation(tx, { id, attemptId, kind: 'note', body: note });
    const actId = await recordAct(tx, { kind: 'note', sittingId: attempt.sittingId, reason: note, by: actor.by, body: concerning(attempt) });
    await appendEvent(tx, {
      kind: 'observation.recorded', subject: { kind: 'attempt', id: attemptId }, personId: attempt.personId, by: actor.by,
      cause: 'invigilator', body: { observationId: id, actId }, personal: { note },
    });
    return ok(null);
  });
}

export interface InvigilatedAttempt {
  exam: Exam;
  items: number;
  candidate: Candidate;
  /** What was observed, oldest first. */
  observations: Observation[];
}

/** One candidate's attempt, with what was observed during it. */
export async function invigilatedAttempt(actor: Actor, slug: string, attemptId: string, now: Instant): Promise<Result<InvigilatedAttempt>> {
  authorise(actor, 'invigilate');
  const exam = await findExamBySlug(reader(), slug);
  if (!exam) return err('not-found');
  const [candidate] = await candidates(reader(), actor, { examId: exam.id, attemptId, search: '', state: null, since: now }, now);
  if (!candidate) return err('not-found');
  return ok({ exam, items: blueprintItems(exam.blueprint), candidate, observations: await observationsOf(reader(), attemptId) });
}
