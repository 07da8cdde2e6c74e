import { addJob, appendEvent, commitIfOk, inTransaction, reader, type Reader, type Tx } from '~/db';
import { authorise, can, type Actor } from '~/identity';
import type { Instant } from '~/kernel/clock';
import { config } from '~/kernel/config';
import { newId } from '~/kernel/id';
import { log } from '~/kernel/log';
import { err, ok, type Result } from '~/kernel/result';
import { pathsOfPerson } from '~/people';
import { findAttempt, type Attempt } from '../attempt.repository';
import { mayInvigilate } from '../invigilation.repository';
import { maySeeSitting } from '../sittings';
import {
  APPEAL_DAYS, endOfPeriod, HEARING_DAYS, isFinal, mayAppeal, mayDecide, mayDecideAppeal, mayState, type Consequence,
} from './finding';
import {
  dueFindings, findFinding, insertFinding, setAppeal, setAppealDecision, setDecision, setStatement, voidAttempt, type StoredFinding,
} from './finding.repository';
import { recordedObservations } from './observation.repository';

/** Whether the actor watches over this attempt: by sitting, or by the candidate's organisation. */
export const watchesOver = async (from: Reader, actor: Actor, attempt: Attempt): Promise<boolean> =>
  (attempt.sittingId !== null && await maySeeSitting(from, actor, attempt.sittingId)) || mayInvigilate(from, actor, attempt.personId);

/** Whether the actor adjudicates where the candidate serves. */
export const adjudicates = async (from: Reader, actor: Actor, personId: string): Promise<boolean> =>
  can(actor, 'adjudicate there', { organisationPath: await pathsOfPerson(from, personId) });

export interface Proposal {
  attemptId: string;
  allegation: string;
  /** Ids of observations that it rests on. */
  observations: string[];
}

/**
 * Proposes that what was observed is a violation, before the result is released: afterwards only the credential can be
 * revoked. The result waits from now on; the candidate is told and may answer.
 */
export async function proposeFinding(actor: Actor, proposal: Proposal): Promise<Result<string>> {
  authorise(actor, 'propose findings');
  const attempt = await findAttempt(reader(), proposal.attemptId);
  if (!attempt || !(await watchesOver(reader(), actor, attempt))) return err('not-found');
  if (attempt.personId === actor.personId) return err('finding.own');
  const known = new Set((await recordedObservations(reader(), attempt.id)).map(({ id }) => id));
  if (proposal.observations.some((id) => !known.has(id))) return err('request.invalid');
  return commitIfOk(async (tx) => {
    const now = await findAttempt(tx, attempt.id);
    if (!now || !['in-progress', 'handed-in', 'graded'].includes(now.state)) return err('finding.released');
    const id = newId();
    const hearUntil = endOfPeriod(tx.now, HEARING_DAYS, config().TIME_ZONE);
    await insertFinding(tx, { id, ...proposal, personId: attempt.personId, by: actor.by, hearUntil });
    await tell(tx, { id, personId: attempt.personId, attemptId: attempt.id }, 'finding.proposed', actor, { observations: proposal.observations, hearUntil }, { allegation: proposal.allegation });
    await addJob(tx, 'exams.finding-changed', { findingId: id, step: 'proposed' });
    return ok(id);
  });
}

/** What the candidate says to it. May be changed until somebody has decided; every version stays in the ledger. */
export async function answerFinding(actor: Actor, findingId: string, statement: string): Promise<Result<null>> {
  return asCandidate(actor, findingId, (finding) => mayState(finding), async (tx, finding) => {
    if ((await setStatement(tx, finding.id, statement)) === 0) return err('finding.decided');
    await tell(tx, finding, 'finding.answered', actor, {}, { statement });
    return ok(null);
  });
}

export async function appealFinding(actor: Actor, findingId: string, appeal: string): Promise<Result<null>> {
  return asCandidate(actor, findingId, (finding, now) => mayAppeal(finding, now), async (tx, finding) => {
    if ((await setAppeal(tx, finding.id, appeal)) === 0) return err('finding.too-late');
    await tell(tx, finding, 'finding.appealed', actor, {}, { appeal });
    return ok(null);
  });
}

type Judge = (finding: StoredFinding, now: Instant) => Parameters<typeof err>[0] | null;
type Work<T> = (tx: Tx, finding: StoredFinding) => Promise<Result<T>>;

async function asCandidate(actor: Actor, findingId: string, judge: Judge, work: Work<null>): Promise<Result<null>> {
  const finding = await findFinding(reader(), findingId);
  if (!finding) return err('not-found');
  authorise(actor, 'answer a finding', { personId: finding.personId });
  return judged(finding.id, judge, work);
}

/** Looks at the finding as it is within the transaction, then acts. */
function judged<T>(findingId: string, judge: Judge, work: Work<T>): Promise<Result<T>> {
  return commitIfOk(async (tx) => {
    const finding = await findFinding(tx, findingId);
    if (!finding) return err('not-found');
    const refusal = judge(finding, tx.now);
    return refusal ? err(refusal) : work(tx, finding);
  });
}

async function asAdjudicator(actor: Actor, findingId: string): Promise<Result<StoredFinding>> {
  authorise(actor, 'adjudicate');
  const finding = await findFinding(reader(), findingId);
  if (!finding || !(await adjudicates(reader(), actor, finding.personId))) return err('not-found');
  return ok(finding);
}

export interface GivenDecision {
  outcome: 'dismissed' | Consequence;
  reasons: string;
  /** The finding as it was shown. */
  version: number;
}

/** An adjudicator decides, with reasons, once the candidate was heard or had the time to be. */
export async function decideFinding(actor: Actor, findingId: string, { outcome, reasons, version }: GivenDecision): Promise<Result<null>> {
  const found = await asAdjudicator(actor, findingId);
  if (!found.ok) return found;
  return judged(findingId, (finding, now) => mayDecide(finding, actor, now), async (tx, finding) => {
    const consequence = outcome === 'dismissed' ? null : outcome;
    const appealUntil = consequence === null ? null : endOfPeriod(tx.now, APPEAL_DAYS, config().TIME_ZONE);
    const decision = { outcome: consequence === null ? 'dismissed' as const : 'upheld' as const, consequence, reasons, by: actor.by, appealUntil };
    if ((await setDecision(tx, findingId, version, decision)) === 0) return err('conflict.changed');
    await tell(tx, finding, 'finding.decided', actor, { outcome: decision.outcome, consequence, appealUntil }, { reasons });
    await addJob(tx, 'exams.finding-changed', { findingId, step: 'decided' });
    if (consequence === 'void' && appealUntil !== null) await addJob(tx, 'exams.finding-final', { findingId }, appealUntil + 1);
    else await letGo(tx, finding);
    return ok(null);
  });
}

/** Another adjudicator decides on the appeal. Upheld: the candidate was right, and nothing of it remains but the record. */
export async function decideAppeal(actor: Actor, findingId: string, given: { outcome: 'appeal-upheld' | 'appeal-dismissed'; reasons: string; version: number }): Promise<Result<null>> {
  const found = await asAdjudicator(actor, findingId);
  if (!found.ok) return found;
  return judged(findingId, (finding) => mayDecideAppeal(finding, actor), async (tx, finding) => {
    const { outcome, reasons, version } = given;
    if ((await setAppealDecision(tx, findingId, version, { outcome, reasons, by: actor.by })) === 0) return err('conflict.changed');
    await tell(tx, finding, 'finding.appeal-decided', actor, { outcome }, { reasons });
    await addJob(tx, 'exams.finding-changed', { findingId, step: 'appeal-decided' });
    if (outcome === 'appeal-dismissed' && finding.consequence === 'void') await carryOut(tx, finding);
    else await letGo(tx, finding);
    return ok(null);
  });
}

/** Carries out what was decided once no appeal is possible any more; does nothing before, or the second time. */
export async function settleFinding(findingId: string): Promise<void> {
  await inTransaction(async (tx) => {
    const finding = await findFinding(tx, findingId);
    if (finding?.consequence === 'void' && isFinal(finding, tx.now)) await carryOut(tx, finding);
  });
}

const SWEEP_LIMIT = 200;

/** Settles what is due and whose job was lost. */
export async function sweepFindings(now: Instant): Promise<void> {
  for (const id of await dueFindings(reader(), now, SWEEP_LIMIT)) {
    try {
      await settleFinding(id);
    } catch (error) {
      log().error({ findingId: id, err: error }, 'a finding could not be carried out');
    }
  }
}

async function carryOut(tx: Tx, finding: StoredFinding): Promise<void> {
  if ((await voidAttempt(tx, finding.attemptId)) === 0) return;
  await appendEvent(tx, {
    kind: 'attempt.voided', subject: { kind: 'attempt', id: finding.attemptId }, personId: finding.personId, by: finding.decidedBy as Actor['by'],
    cause: 'adjudicator', body: { findingId: finding.id, examId: finding.examId },
  });
}

/** The result no longer waits for this finding: marking releases it, unless another one holds it. */
const letGo = (tx: Tx, { attemptId }: StoredFinding): Promise<void> => addJob(tx, 'exams.result-let-go', { attemptId });

/** @param body ids and codes @param personal what people wrote */
const tell = (
  tx: Tx, { id, personId, attemptId }: { id: string; personId: string; attemptId: string }, kind: string, actor: Actor,
  body: Record<string, unknown>, personal: Record<string, unknown>,
): Promise<void> => appendEvent(tx, {
  kind, subject: { kind: 'finding', id }, personId, by: actor.by,
  cause: kind === 'finding.proposed' ? 'invigilator' : actor.personId === personId ? 'candidate' : 'adjudicator', body: { attemptId, ...body }, personal,
});

