import { appendEvent, inTransaction, type By, type Reader, type Tx } from '~/db';
import { dateAt } from '~/kernel/calendar';
import type { Instant } from '~/kernel/clock';
import { config } from '~/kernel/config';
import { liveAssignments, lockPerson } from './assignments.repository';
import { findClearance } from './clearances.repository';
import type { Evidence } from './clearance';
import { revokeUnfounded } from './credential.service';
import { credentialOfAssignment } from './credentials.repository';
import { changeEvidence, findCompletion, findEvidence, findReleasedResult, insertEvidence, insertHours } from './evidence.repository';
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

/**
 * A released result becomes evidence, passed or not; before the release it counts for nothing. A result that was
 * changed since, because late answers were accepted, changes the evidence: from then on, if it is the outcome that
 * changed. A credential that rests on it and on nothing else is revoked then.
 */
export async function recordResult(attemptId: string): Promise<void> {
  await inTransaction(async (tx) => {
    const result = await findReleasedResult(tx, attemptId);
    if (!result) return;
    const evidence: Evidence = {
      kind: 'exam-result', ref: attemptId, targetId: result.exam_id, passed: result.passed, at: result.released_at,
      facts: { percent: result.percent, cutScore: result.cut_score, attempt: result.number },
    };
    if (!await record(tx, result.person_id, evidence)) await change(tx, result.person_id, evidence, result.graded_at);
  });
}

/**
 * A result whose attempt was declared void proves nothing from now on, passed or not. A credential that rests on it
 * and on nothing else is revoked. Does nothing when the result was never released, or the second time.
 */
export async function withdrawResult(attemptId: string): Promise<void> {
  await inTransaction(async (tx) => {
    const personId = (await findEvidence(tx, 'exam-result', attemptId))?.personId;
    if (personId === undefined) return;
    await lockPerson(tx, personId);
    const evidence = await findEvidence(tx, 'exam-result', attemptId);
    if (!evidence || evidence.facts.void === true) return;
    const { kind, ref, targetId, facts } = evidence;
    const gone: Evidence = { kind, ref, targetId, passed: false, at: tx.now, facts: { ...facts, void: true, revision: (facts.revision ?? 0) + 1 } };
    await changeEvidence(tx, gone);
    await tellEvidence(tx, personId, gone);
    await refreshPerson(tx, personId);
    if (evidence.passed) await revokeUnfounded(tx, personId, 'attempt-voided');
  });
}

/** @param changedAt when the result became what it is now */
async function change(tx: Tx, personId: string, { at: _, ...now }: Evidence, changedAt: Instant): Promise<void> {
  const known = await findEvidence(tx, now.kind, now.ref);
  if (!known || (known.passed === now.passed && known.facts.percent === now.facts.percent)) return;
  const at = known.passed === now.passed ? known.at : Math.max(known.at, changedAt);
  const changed: Evidence = { ...now, at, facts: { ...now.facts, revision: (known.facts.revision ?? 0) + 1 } };
  await changeEvidence(tx, changed);
  await tellEvidence(tx, personId, changed);
  await refreshPerson(tx, personId);
  if (known.passed && !now.passed) await revokeUnfounded(tx, personId, 'result-annulled');
}

/** @returns false when it was recorded before */
async function record(tx: Tx, personId: string, evidence: Evidence): Promise<boolean> {
  await lockPerson(tx, personId);
  if (!await insertEvidence(tx, personId, evidence)) return false;
  await tellEvidence(tx, personId, evidence);
  await refreshPerson(tx, personId);
  return true;
}

const tellEvidence = (tx: Tx, personId: string, { at, ...body }: Evidence): Promise<void> =>
  appendEvent(tx, { kind: 'evidence.recorded', subject: { kind: 'evidence', id: body.ref }, personId, at, by: BY, cause: 'rule', body });

/** The valid credentials that a person holds because of this result: what a worse result would revoke. */
export async function credentialsRestingOn(from: Reader, personId: string, attemptId: string): Promise<string[]> {
  const resting: string[] = [];
  for (const assignment of await liveAssignments(from, personId)) {
    const cleared = await findClearance(from, assignment.id);
    const credential = await credentialOfAssignment(from, assignment.id);
    if (credential?.state === 'valid' && cleared?.requirements.some((one) => one.evidenceRef === attemptId)) resting.push(credential.number);
  }
  return resting;
}
