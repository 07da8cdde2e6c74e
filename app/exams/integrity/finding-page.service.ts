import { namesOf } from '~/audit';
import { reader, type Reader } from '~/db';
import { authorise, type Actor } from '~/identity';
import { clock } from '~/kernel/clock';
import { err, ok, type Result } from '~/kernel/result';
import { findAttempt, type Attempt } from '../attempt.repository';
import { findExam, type Exam } from '../exam.repository';
import { isClosed, isHeard, mayAppeal, mayDecide, mayDecideAppeal, mayState } from './finding';
import { findFinding, findingsAbout, findingsFor, findingsOfAttempt, type StoredFinding } from './finding.repository';
import { adjudicates, watchesOver } from './finding.service';
import { recordedObservations, type RecordedObservation } from './observation.repository';

export interface FindingPage {
  finding: StoredFinding;
  /** The observations that it rests on. */
  evidence: RecordedObservation[];
  heard: boolean;
  closed: boolean;
}

async function pageOf(from: Reader, finding: StoredFinding): Promise<FindingPage> {
  const rests = new Set(finding.observations);
  const evidence = (await recordedObservations(from, finding.attemptId)).filter(({ id }) => rests.has(id));
  const now = clock.now();
  return { finding, evidence, heard: isHeard(finding, now) || !['proposed', 'heard'].includes(finding.state), closed: isClosed(finding, now) };
}

/** A finding for the candidate. */
export async function ownFinding(actor: Actor, findingId: string): Promise<Result<FindingPage & { mayState: boolean; mayAppeal: boolean }>> {
  const finding = await findFinding(reader(), findingId);
  if (!finding) return err('not-found');
  authorise(actor, 'answer a finding', { personId: finding.personId });
  return ok({ ...await pageOf(reader(), finding), mayState: mayState(finding) === null, mayAppeal: mayAppeal(finding, clock.now()) === null });
}

/** All findings about the actor. */
export async function ownFindings(actor: Actor): Promise<StoredFinding[]> {
  authorise(actor, 'answer a finding', { personId: actor.personId });
  return findingsAbout(reader(), actor.personId ?? '');
}

export interface JudgedFinding extends FindingPage {
  /** Why this reader may not decide now; null: may. */
  decision: ReturnType<typeof mayDecide>;
  appealDecision: ReturnType<typeof mayDecideAppeal>;
  /** Names of those who acted, by `by`. */
  names: Record<string, string>;
  /** The reader adjudicates here; else they proposed it. */
  adjudicator: boolean;
}

/** A finding for adjudicators of the candidate's organisation, and for whoever proposed it. */
export async function judgedFinding(actor: Actor, findingId: string): Promise<Result<JudgedFinding>> {
  authorise(actor, 'see findings');
  const finding = await findFinding(reader(), findingId);
  if (!finding) return err('not-found');
  const adjudicator = await adjudicates(reader(), actor, finding.personId);
  if (!adjudicator && finding.proposedBy !== actor.by) return err('not-found');
  const acted = [finding.proposedBy, finding.decidedBy, finding.appealDecidedBy].flatMap((by) => by ?? []);
  return ok({
    ...await pageOf(reader(), finding), adjudicator, decision: mayDecide(finding, actor, clock.now()), appealDecision: mayDecideAppeal(finding, actor),
    names: Object.fromEntries(await namesOf(reader(), acted)),
  });
}

/** Findings for whoever adjudicates or proposes: those that somebody must still do something about, or those that are settled. */
export async function listFindings(actor: Actor, open: boolean): Promise<(StoredFinding & { heard: boolean })[]> {
  authorise(actor, 'see findings');
  const now = clock.now();
  return (await findingsFor(reader(), actor, open)).map((finding) => ({ ...finding, heard: isHeard(finding, now) }));
}

export interface ProposalPage {
  attempt: Attempt;
  exam: Exam;
  observations: RecordedObservation[];
  /** Findings that there are about this attempt. */
  earlier: StoredFinding[];
}

/** What a proposal can rest on. */
export async function proposalPage(actor: Actor, attemptId: string): Promise<Result<ProposalPage>> {
  authorise(actor, 'propose findings');
  const attempt = await findAttempt(reader(), attemptId);
  const exam = attempt && await findExam(reader(), attempt.examId);
  if (!attempt || !exam || !(await watchesOver(reader(), actor, attempt))) return err('not-found');
  return ok({ attempt, exam, observations: await recordedObservations(reader(), attemptId), earlier: await findingsOfAttempt(reader(), attemptId) });
}

/** What was recorded about the candidate during an attempt, and the findings that are not settled, for the candidate. */
export async function ownRecord(actor: Actor, attemptId: string): Promise<{ observations: RecordedObservation[]; findings: { id: string }[] }> {
  const attempt = await findAttempt(reader(), attemptId);
  authorise(actor, 'take an exam', { personId: attempt?.personId ?? null });
  // Notes of invigilators are shown with a finding that rests on them, when the candidate is heard.
  const observations = (await recordedObservations(reader(), attemptId)).filter(({ kind }) => kind !== 'note');
  const open = (await findingsOfAttempt(reader(), attemptId)).filter((finding) => !isClosed(finding, clock.now()));
  return { observations, findings: open.map(({ id }) => ({ id })) };
}

