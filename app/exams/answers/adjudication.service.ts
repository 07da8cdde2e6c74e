import { addJob, appendEvent, commitIfOk, reader, type Reader, type Tx } from '~/db';
import { authorise, type Actor } from '~/identity';
import type { Instant } from '~/kernel/clock';
import { newId } from '~/kernel/id';
import { err, ok, type Result } from '~/kernel/result';
import { findAttempt, type Attempt } from '../attempt.repository';
import { isHandedIn } from '../attempt-state';
import { holdsOver } from '../candidate-scope.repository';
import { findExam, type Exam } from '../exam.repository';
import { paperItems, type PaperItem } from '../player.service';
import { storedResponses, type Receipt } from '../response.repository';
import { answerFilesOf, type StoredAnswerFile } from './answer-file.repository';
import { candidateOf, lockEnded } from './ended.repository';
import { isNewer, replacedBy, withoutRepeats, type Counting, type LateChange } from './late';
import { contactGaps, decideOn, lateChanges, namesOf, waitingAttempts, type LateFilter, type WaitingAttempt } from './late.repository';
import { replaceResponses } from './replace.service';

/** Attempts of the actor's candidates with late answers that wait for a decision. */
export async function lateToDecide(actor: Actor, filter: LateFilter): Promise<WaitingAttempt[]> {
  authorise(actor, 'adjudicate');
  return waitingAttempts(reader(), actor, filter);
}

/** Whether the actor may decide on an attempt: the candidate's organisation is in scope, and it is not their own. */
export const mayAdjudicate = async (from: Reader, actor: Actor, attempt: { personId: string }): Promise<boolean> =>
  attempt.personId !== actor.personId && holdsOver(from, actor, 'adjudicator', attempt.personId);

/** A late change as an adjudicator sees it. */
export interface ShownChange extends LateChange {
  /** Accepting it would change what counts. */
  newer: boolean;
  /** Who decided, if a person did. */
  decidedBy: string | null;
}

export interface LateItem {
  item: PaperItem;
  /** What counts now; seq 0 when nothing does. */
  counts: Counting;
  changes: ShownChange[];
}

export interface LateEvidence {
  attempt: Attempt;
  exam: Exam;
  candidate: { name: string; organisation: string | null };
  /** Items with late changes, in the order of the paper. */
  items: LateItem[];
  /** When the device was silent for longer than usual. */
  gaps: { from: Instant; to: Instant }[];
  files: StoredAnswerFile[];
}

/** Everything that came late for an attempt, item by item, with what counts. Never a key. */
export async function lateEvidence(actor: Actor, attemptId: string): Promise<Result<LateEvidence>> {
  authorise(actor, 'adjudicate');
  const attempt = await findAttempt(reader(), attemptId);
  const exam = attempt && await findExam(reader(), attempt.examId);
  if (!attempt || !exam || !(await mayAdjudicate(reader(), actor, attempt))) return err('not-found');
  const counting = await countingNow(reader(), attemptId);
  const changes = withoutRepeats(await lateChanges(reader(), attemptId));
  const names = await namesOf(reader(), changes.flatMap(({ countedBy }) => countedBy ?? []));
  const shown = changes.map((change): ShownChange => ({ ...change, newer: isNewer(change, counting), decidedBy: names.get(change.countedBy ?? '') ?? null }));
  const items = (await paperItems(reader(), attempt.paperId)).flatMap((item): LateItem[] => {
    const about = shown.filter((change) => change.item === item.item);
    return about.length === 0 ? [] : [{ item, counts: counting.get(item.item) ?? { item: item.item, seq: 0, text: 'null' }, changes: about }];
  });
  return ok({
    attempt, exam, items, candidate: await candidateOf(reader(), attempt.personId), gaps: await contactGaps(reader(), attemptId), files: await answerFilesOf(reader(), attemptId),
  });
}

async function countingNow(from: Reader, attemptId: string): Promise<Map<string, Counting>> {
  const stored = await storedResponses(from, attemptId);
  return new Map(stored.map(({ item, seq, response }) => [item, { item, seq, text: response }]));
}

export interface LateDecision {
  /** Ids of changes. */
  accept: string[];
  refuse: string[];
  reason: string;
}

/** What would count after a decision: the responses that accepting would replace, and all that would count then. */
export async function lateOutcome(actor: Actor, attemptId: string, accept: string[]): Promise<Result<{ replaced: Counting[]; after: Counting[] }>> {
  const found = await lateEvidence(actor, attemptId);
  if (!found.ok) return found;
  const counting = await countingNow(reader(), attemptId);
  const chosen = found.value.items.flatMap(({ changes }) => changes.filter(({ id, counted }) => accept.includes(id) && counted === null));
  const replaced = replacedBy(chosen, counting);
  for (const one of replaced) counting.set(one.item, one);
  return ok({ replaced, after: [...counting.values()] });
}

export interface Decided {
  receipt: Receipt;
  replaced: boolean;
}

/**
 * Accepts and refuses late changes, with a reason, for good. What is accepted counts by its sequence number; then the
 * receipt is replaced and marking told to grade again.
 * @returns the receipt that holds now, and whether it is another one than before; `conflict.changed` when somebody
 * decided on one of them meanwhile
 */
export async function decideLate(actor: Actor, attemptId: string, decision: LateDecision): Promise<Result<Decided>> {
  authorise(actor, 'adjudicate');
  if (decision.accept.length + decision.refuse.length === 0) return err('late.nothing-chosen');
  const attempt = await findAttempt(reader(), attemptId);
  if (!attempt || !(await mayAdjudicate(reader(), actor, attempt))) return err('not-found');
  if (!isHandedIn(attempt.state)) return err(attempt.state === 'void' ? 'attempt.void' : 'attempt.not-handed-in');
  return commitIfOk((tx) => decide(tx, actor, attemptId, decision));
}

async function decide(tx: Tx, actor: Actor, attemptId: string, { accept, refuse, reason }: LateDecision): Promise<Result<Decided>> {
  const attempt = await lockEnded(tx, attemptId);
  if (!attempt) return err('conflict.changed');
  const known = new Map((await lateChanges(tx, attemptId)).map((change) => [change.id, change]));
  const accepted = accept.flatMap((id) => known.get(id) ?? []);
  const refused = refuse.flatMap((id) => known.get(id) ?? []);
  if (accepted.length < accept.length || refused.length < refuse.length) return err('conflict.changed');
  for (const change of accepted) if ((await decideOn(tx, attemptId, change, 'accepted', actor.by)) === 0) return err('conflict.changed');
  for (const change of refused) if ((await decideOn(tx, attemptId, change, 'refused', actor.by)) === 0) return err('conflict.changed');
  const replaced = replacedBy(accepted, await countingNow(tx, attemptId));
  const receipt = await replaceResponses(tx, attempt, replaced, 'late-accepted');
  if (!receipt.ok) return receipt;
  const named = ({ item, seq }: { item: string; seq: number }) => ({ item, seq });
  const decisionId = newId();
  await appendEvent(tx, {
    id: decisionId, kind: 'attempt.late-decided', subject: { kind: 'attempt', id: attemptId }, personId: attempt.personId, by: actor.by, cause: 'adjudicator',
    body: { accepted: accepted.map(named), refused: refused.map(named), replaced: replaced.map(named), receipt: receipt.value.number, hash: receipt.value.hash },
    personal: { reason },
  });
  await addJob(tx, 'exams.late-decided', { attemptId, decisionId });
  return ok({ receipt: receipt.value, replaced: replaced.length > 0 });
}
