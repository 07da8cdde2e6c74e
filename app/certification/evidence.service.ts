import { inTransaction, type Reader, type Tx } from '~/db';
import type { Instant } from '~/kernel/clock';
import { liveAssignments, lockPerson } from './assignments.repository';
import { findClearance } from './clearances.repository';
import type { Evidence } from './evidence';
import { revokeUnfounded } from './credential.service';
import { credentialOfAssignment } from './credentials.repository';
import { findCompletion, findEvidence, findReleasedResult } from './evidence.repository';
import { enterCompletion } from './hours/sources.service';
import { changeEvidenceTo, recordEvidence, type Recording } from './record-evidence.service';
import { survivorOf } from './records/merge/merge.repository';

const BY_RULE: Recording = { by: 'system:certification', cause: 'rule' };

/**
 * A completed course becomes evidence and learning hours, for everybody and whether it was required or
 * chosen. Does nothing the second time.
 */
export async function recordCompletion(completionId: string): Promise<void> {
  await inTransaction(async (tx) => {
    const completion = await findCompletion(tx, completionId);
    if (!completion) return;
    const { course_id: targetId, completed_at: at } = completion;
    // The enrolment of a merged record may have stayed with it; that the course was completed counts all the same.
    const personId = await survivorOf(tx, completion.person_id) ?? completion.person_id;
    await recordEvidence(tx, personId, { kind: 'course-completion', ref: completionId, targetId, passed: true, at, facts: {} }, BY_RULE);
    await enterCompletion(tx, completionId);
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
    if (!await recordEvidence(tx, result.person_id, evidence, BY_RULE)) await change(tx, result.person_id, evidence, result.graded_at);
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
    await changeEvidenceTo(tx, personId, { ...evidence, passed: false, at: tx.now, facts: { ...evidence.facts, void: true } }, BY_RULE);
    if (evidence.passed) await revokeUnfounded(tx, personId, 'attempt-voided');
  });
}

/** @param changedAt when the result became what it is now */
async function change(tx: Tx, personId: string, { at: _, ...now }: Evidence, changedAt: Instant): Promise<void> {
  const known = await findEvidence(tx, now.kind, now.ref);
  if (!known || (known.passed === now.passed && known.facts.percent === now.facts.percent)) return;
  const at = known.passed === now.passed ? known.at : Math.max(known.at, changedAt);
  await changeEvidenceTo(tx, personId, { ...now, at }, BY_RULE);
  if (known.passed && !now.passed) await revokeUnfounded(tx, personId, 'result-annulled');
}

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
