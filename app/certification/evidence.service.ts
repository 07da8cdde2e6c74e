import { appendEvent, inTransaction, type By, type Tx } from '~/db';
import { dateAt } from '~/kernel/calendar';
import { config } from '~/kernel/config';
import { lockPerson } from './assignments.repository';
import type { Evidence } from './clearance';
import { findCompletion, findReleasedResult, insertEvidence, insertHours } from './evidence.repository';
import { refreshPerson } from './refresh.service';

const BY: By = 'system:certification';

/**
 * A completed course becomes evidence and learning hours, for everybody and whether it was required or
 * chosen. Does nothing the second time.
 */
export async function recordCompletion(completionId: string): Promise<void> {
  await inTransaction(async (tx) => {
    const completion = await findCompletion(tx, completionId);
    if (!completion) return;
    const { person_id: personId, course_id: targetId, minutes, completed_at: at } = completion;
    await record(tx, personId, { kind: 'course-completion', ref: completionId, targetId, passed: true, at, facts: {} });
    const year = Number(dateAt(at, config().TIME_ZONE).slice(0, 4));
    if (!await insertHours(tx, { personId, completionId, minutes, year, at })) return;
    await appendEvent(tx, {
      kind: 'hours.entered', subject: { kind: 'completion', id: completionId }, personId, at, by: BY, cause: 'rule', body: { minutes, year },
    });
  });
}

/** A released result becomes evidence, passed or not; before the release it counts for nothing. */
export async function recordResult(attemptId: string): Promise<void> {
  await inTransaction(async (tx) => {
    const result = await findReleasedResult(tx, attemptId);
    if (!result) return;
    await record(tx, result.person_id, {
      kind: 'exam-result', ref: attemptId, targetId: result.exam_id, passed: result.passed, at: result.released_at,
      facts: { percent: result.percent, cutScore: result.cut_score, attempt: result.number },
    });
  });
}

async function record(tx: Tx, personId: string, evidence: Evidence): Promise<void> {
  await lockPerson(tx, personId);
  if (!await insertEvidence(tx, personId, evidence)) return;
  const { at, ...body } = evidence;
  await appendEvent(tx, {
    kind: 'evidence.recorded', subject: { kind: 'evidence', id: evidence.ref }, personId, at, by: BY, cause: 'rule', body,
  });
  await refreshPerson(tx, personId);
}
