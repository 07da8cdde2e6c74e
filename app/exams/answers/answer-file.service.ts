import { createHash } from 'node:crypto';
import { appendEvent, commitIfOk, reader, type Reader, type Tx } from '~/db';
import { authorise, type Actor } from '~/identity';
import { clock, type Instant } from '~/kernel/clock';
import { newId } from '~/kernel/id';
import { err, ok, type Result } from '~/kernel/result';
import { findAttempt, type Attempt } from '../attempt.repository';
import { findExam, type Exam } from '../exam.repository';
import { closeRunning } from '../hand-in.service';
import { paperShape } from '../paper-shape.repository';
import { checkResponse } from '../response-check';
import { storedResponses } from '../response.repository';
import { judgeChange, type AttemptAtSave } from '../save-rules';
import { storeResponses } from '../save.repository';
import { openAnswerFile, type AnswerFile } from './answer-file';
import { fileByHash, insertAnswerFile, type FileOutcome } from './answer-file.repository';
import { candidateOf, lockEnded, lockForFile, logFiled, type FiledChange } from './ended.repository';
import { couldHandOver, judgeFileChange, type FileVerdict } from './file-rules';
import type { Counting } from './late';
import { replaceResponses } from './replace.service';
import { maySupervise } from './supervision.service';

export interface FilePreview {
  attempt: Attempt;
  exam: Exam;
  candidate: { name: string; organisation: string | null };
  madeAt: Instant;
  /** Items with an answer in the file. */
  answers: number;
  /** What accepting it would bring about now. */
  outcome: FileOutcome;
  /** Nothing can count any more: the attempt was handed in otherwise, is void, or runs on another device. */
  nothing: 'handed-in' | 'void' | 'other-device' | null;
}

/**
 * Opens an answer file for an invigilator of its candidate, and says what accepting it would do; nothing is written.
 * @param handedOverAt when it was handed to the invigilator, by their word; null: just now
 */
export async function previewAnswerFile(actor: Actor, text: string, handedOverAt: Instant | null): Promise<Result<FilePreview>> {
  authorise(actor, 'invigilate');
  const read = await readFile(actor, text, handedOverAt, clock.now());
  if (!read.ok) return read;
  const { file, attempt, exam } = read.value;
  const judged = await judge(reader(), file, standing(attempt, exam), handedOverAt ?? clock.now());
  const nothing = attempt.state === 'void' ? 'void'
    : attempt.device !== file.device ? 'other-device'
    : attempt.state !== 'in-progress' && attempt.handInCause !== 'deadline' ? 'handed-in' : null;
  return ok({
    attempt, exam, candidate: await candidateOf(reader(), attempt.personId), madeAt: file.madeAt,
    answers: file.changes.length, outcome: outcomeOf(judged, handedOverAt, file.handIn && attempt.state === 'in-progress' && nothing === null), nothing,
  });
}

interface ReadFile {
  file: AnswerFile;
  hash: string;
  attempt: Attempt;
  exam: Exam;
}

async function readFile(actor: Actor, text: string, handedOverAt: Instant | null, now: Instant): Promise<Result<ReadFile>> {
  const opened = openAnswerFile(text);
  if (!opened.ok) return opened;
  const file = opened.value;
  const attempt = await findAttempt(reader(), file.attemptId);
  const exam = attempt && await findExam(reader(), attempt.examId);
  if (!attempt || !exam) return err('answer-file.foreign', {}, 'file');
  if (attempt.personId === actor.personId || !(await maySupervise(reader(), actor, attempt))) return err('answer-file.not-yours', {}, 'file');
  const hash = fileHash(file);
  const taken = await fileByHash(reader(), hash);
  if (taken) return err('answer-file.taken', {}, 'file');
  if (handedOverAt !== null && !couldHandOver(handedOverAt, file.madeAt, now)) return err('answer-file.handed-over', {}, 'handedOverAt');
  return ok({ file, hash, attempt, exam });
}

/** Names the content of a file, however its outside is written: the same answers made at the same instant. */
const fileHash = (file: AnswerFile): string => createHash('sha256').update(JSON.stringify(file)).digest('hex');

interface Judged {
  item: string;
  seq: number;
  text: string;
  changedAt: Instant | null;
  verdict: FileVerdict | 'known' | 'stale';
}

/** Each change of a file with what becomes of it; null for those that do not fit their item. */
async function judge(from: Reader, file: AnswerFile, attempt: AttemptAtSave, arrivedAt: Instant): Promise<(Judged | null)[]> {
  const shape = await paperShape(file.attemptId);
  const current = new Map((await storedResponses(from, file.attemptId)).map(({ item, seq, response }) => [item, { seq, text: response }]));
  return [...file.changes].sort((a, b) => a.seq - b.seq).map(({ item, seq, response, changedAt }): Judged | null => {
    const entry = shape?.get(item);
    const checked = entry ? checkResponse(entry, response) : null;
    if (!checked?.ok) return null;
    const claimed = changedAt === null ? null : Math.min(changedAt, arrivedAt);
    const told = judgeChange(current.get(item), seq, checked.text);
    const verdict = judgeFileChange(attempt, file.device, arrivedAt, claimed);
    const counts = verdict === 'saved' || verdict === 'by-rule';
    if (told === 'new' && counts) current.set(item, { seq, text: checked.text });
    return { item, seq, text: checked.text, changedAt: claimed, verdict: told === 'repeat' ? 'known' : told === 'stale' && counts ? 'stale' : verdict };
  });
}

function outcomeOf(judged: (Judged | null)[], handedOverAt: Instant | null, handedIn: boolean): FileOutcome {
  const count = (...verdicts: (Judged['verdict'])[]) => judged.filter((one) => one !== null && verdicts.includes(one.verdict)).length;
  return {
    counted: count('saved', 'by-rule'), known: count('known', 'stale'), kept: count('late-within-tolerance', 'late', 'handed-in', 'other-device'),
    refused: judged.filter((one) => one === null).length, handedOverAt, handedIn,
  };
}

const standing = (attempt: Attempt, exam: Exam): AttemptAtSave => ({ ...attempt, toleranceSeconds: exam.toleranceSeconds });

export interface AcceptedFile {
  outcome: FileOutcome;
  attempt: Attempt;
}

/**
 * Takes an answer file, once. What counts is stored, the rest is kept as evidence for an adjudicator; a running
 * attempt is handed in if the candidate had pressed so, now or as of the deadline. One that the deadline closed
 * meanwhile gets what had come in time, another receipt, and is graded again.
 */
export async function acceptAnswerFile(
  actor: Actor, text: string, { handedOverAt, reason }: { handedOverAt: Instant | null; reason: string },
): Promise<Result<AcceptedFile>> {
  authorise(actor, 'invigilate');
  const read = await readFile(actor, text, handedOverAt, clock.now());
  return read.ok ? commitIfOk((tx) => accept(tx, actor, read.value, { handedOverAt, reason })) : read;
}

async function accept(
  tx: Tx, actor: Actor, { file, hash, exam }: ReadFile, { handedOverAt, reason }: { handedOverAt: Instant | null; reason: string },
): Promise<Result<AcceptedFile>> {
  if (await fileByHash(tx, hash)) return err('answer-file.taken', {}, 'file');
  await lockForFile(tx, file.attemptId);
  const attempt = await findAttempt(tx, file.attemptId);
  if (!attempt) return err('not-found');
  const judged = await judge(tx, file, standing(attempt, exam), handedOverAt ?? tx.now);
  const id = newId();
  await logFiled(tx, judged.flatMap((one) => (one === null || one.verdict === 'known' ? [] : [filed(file, one, { id, by: actor.by, at: handedOverAt ?? tx.now })])));
  const counting = latest(judged);
  const open = attempt.state === 'in-progress';
  if (open) await storeResponses(tx, counting.map((one) => ({ attemptId: attempt.id, ...one })));
  else {
    const replaced = await replaceEnded(tx, attempt.id, counting);
    if (!replaced.ok) return replaced;
  }
  const handsIn = open && file.handIn && attempt.device === file.device;
  const receipt = handsIn ? await closeRunning(tx, attempt.id, { cause: 'invigilator', by: actor.by }) : null;
  const outcome = outcomeOf(judged, handedOverAt, receipt !== null);
  await insertAnswerFile(tx, { id, attemptId: attempt.id, hash, madeAt: file.madeAt, by: actor.by, reason, outcome });
  await appendEvent(tx, {
    kind: 'answer-file.accepted', subject: { kind: 'attempt', id: attempt.id }, personId: attempt.personId, by: actor.by, cause: 'invigilator',
    body: { fileId: id, fileHash: hash, madeAt: file.madeAt, device: file.device, ...outcome }, personal: { reason },
  });
  return ok({ outcome, attempt });
}

async function replaceEnded(tx: Tx, attemptId: string, counting: Counting[]): Promise<Result<unknown>> {
  if (counting.length === 0) return ok(null);
  const ended = await lockEnded(tx, attemptId);
  return ended ? replaceResponses(tx, ended, counting, 'answer-file') : err('conflict.changed');
}

/** What counts, the highest number for each item: `judged` is in the order of numbers. */
function latest(judged: (Judged | null)[]): Counting[] {
  const counting = judged.flatMap((one) => (one !== null && (one.verdict === 'saved' || one.verdict === 'by-rule') ? [one] : []));
  return [...new Map(counting.map(({ item, seq, text }) => [item, { item, seq, text }])).values()];
}

function filed(file: AnswerFile, { item, seq, text, changedAt, verdict }: Judged, upload: { id: string; by: string; at: Instant }): FiledChange {
  const outcome = verdict === 'saved' ? 'accepted' : verdict === 'by-rule' ? 'late-within-tolerance' : verdict === 'known' ? 'stale' : verdict;
  const byRule = verdict === 'by-rule';
  return {
    id: newId(), attemptId: file.attemptId, item, seq, text, changedAt, device: file.device, receivedAt: upload.at, outcome,
    byRule, fileId: upload.id, countedBy: byRule ? upload.by : null,
  };
}
