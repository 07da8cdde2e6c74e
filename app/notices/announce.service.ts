import { eventsOfCredential, findCredential, successorOf } from '~/certification';
import { inTransaction } from '~/db';
import { findExam, findFinding, findLateDecision } from '~/exams';
import { passedBefore, resultOf } from '~/marking';
import { plannedAssignment, type PlannedAssignment } from './assignments.repository';
import { tell } from './tell.service';

/** Tells somebody what was assigned, or that its dates have moved: once per version of the assignment. */
export async function announceAssignment(assignmentId: string): Promise<void> {
  await inTransaction(async (tx) => {
    const assignment = await plannedAssignment(tx, assignmentId);
    if (!assignment) return;
    await tell(tx, [{
      personId: assignment.person_id,
      content: { kind: assignment.version === 1 ? 'assigned' : 'replanned', params: paramsOf(assignment) },
      step: `assigned:${assignment.version}:${assignmentId}`,
    }]);
  });
}

/** Tells somebody that their credential is issued. */
export async function announceCredential(credentialId: string): Promise<void> {
  await inTransaction(async (tx) => {
    const credential = await findCredential(tx, credentialId);
    if (!credential) return;
    const { number, mayStartOn } = credential.snapshot;
    await tell(tx, [{
      personId: credential.person_id, content: { kind: 'credential', params: { number, mayStartOn } }, step: `credential:${credentialId}`,
    }]);
  });
}

const CHANGES = {
  suspend: 'credential-suspended', reinstate: 'credential-reinstated', revoke: 'credential-revoked', supersede: 'credential-corrected',
} as const;

/** Tells somebody what was done to their credential. What was done since then has a notice of its own. */
export async function announceCredentialChange(credentialId: string, change: keyof typeof CHANGES): Promise<void> {
  await inTransaction(async (tx) => {
    const credential = await findCredential(tx, credentialId);
    if (!credential) return;
    const successor = (await successorOf(tx, credentialId))?.number ?? '';
    const [event] = (await eventsOfCredential(tx, { id: credentialId, personId: credential.person_id })).filter(({ what }) => what === WHAT[change]);
    if (!event) return;
    await tell(tx, [{
      personId: credential.person_id, content: { kind: CHANGES[change], params: { number: credential.number, reasonCode: event.reason ?? '', successor } },
      step: `credential-${change}:${event.at}:${credentialId}`,
    }]);
  });
}

const WHAT = { suspend: 'suspended', reinstate: 'reinstated', revoke: 'revoked', supersede: 'superseded' } as const;

/**
 * Tells a candidate where a finding about them stands. What is decided by now may be further on than `step`: then the
 * later step has a notice of its own.
 */
export async function announceFinding(findingId: string, step: 'proposed' | 'decided' | 'appeal-decided'): Promise<void> {
  await inTransaction(async (tx) => {
    const finding = await findFinding(tx, findingId);
    if (!finding) return;
    const kind = step === 'proposed' ? 'finding-proposed' : step === 'appeal-decided' ? (finding.state === 'appeal-upheld' ? 'finding-appeal-upheld' : 'finding-appeal-dismissed')
      : finding.state === 'dismissed' ? 'finding-dismissed' : 'finding-upheld';
    const untilAt = step === 'proposed' ? finding.hearUntil : kind === 'finding-upheld' ? finding.appealUntil ?? 0 : 0;
    const params = { findingId, examZh: finding.examTitle.zh, examEn: finding.examTitle.en, untilAt };
    await tell(tx, [{ personId: finding.personId, content: { kind, params }, step: `finding:${step}:${findingId}` }]);
  });
}

/** Tells a candidate what an adjudicator decided on their late answers: once per decision, of which there may be several. */
export async function announceLateDecision(attemptId: string, decisionId: string): Promise<void> {
  await inTransaction(async (tx) => {
    const decision = await findLateDecision(tx, attemptId, decisionId);
    if (!decision) return;
    const { personId, examTitle, accepted, refused, receipt, replaced } = decision;
    const params = { attemptId, examZh: examTitle.zh, examEn: examTitle.en, accepted, refused, receipt };
    await tell(tx, [{ personId, content: { kind: replaced ? 'late-replaced' : 'late-decided', params }, step: `late-decided:${decisionId}` }]);
  });
}

/** Tells a candidate that a result they knew was marked again by a corrected key: once per correction. */
export async function announceCorrectedResult(attemptId: string, correctionId: string): Promise<void> {
  await inTransaction(async (tx) => {
    const result = await resultOf(tx, attemptId);
    const exam = result && await findExam(tx, result.examId);
    if (!result || !exam) return;
    const before = await passedBefore(tx, attemptId, correctionId);
    const kind = before === null || before === result.passed ? 'result-corrected' : result.passed ? 'result-corrected-pass' : 'result-corrected-fail';
    const params = { attemptId, examZh: exam.title.zh, examEn: exam.title.en, percent: result.percent, cutScore: result.cutScore };
    await tell(tx, [{ personId: result.personId, content: { kind, params }, step: `corrected:${correctionId}:${attemptId}` }]);
  });
}

const paramsOf = ({ assignment_id: assignmentId, due_on: dueOn, start_of_duty: startOn, title_zh, title_en }: PlannedAssignment) =>
  ({ assignmentId, dueOn, startOn, programmeZh: title_zh, programmeEn: title_en });
