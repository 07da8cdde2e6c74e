import { reader, type Reader } from '~/db';
import { authorise, type Actor } from '~/identity';
import { itemsForPaper, ResponseValue, type ItemBody, type PaperEntry } from '~/itembank';
import { clock } from '~/kernel/clock';
import { err, ok, type Result } from '~/kernel/result';
import { findAttempt, paperEntries, type Attempt } from './attempt.repository';
import { openPermit } from './device.repository';
import { findExam, type Exam } from './exam.repository';
import { closeIfDue } from './hand-in.service';
import { noticeOtherDevice } from './integrity/observation.service';
import { flaggedItems, storedResponses } from './response.repository';
import { sectionsNow, type ShownSection } from './time/sections.service';

interface PaperOption {
  value: string;
  text: string;
}

/** An item as it stands on a candidate's paper: worded, options in their stored order, no key. */
export type PaperItem = { item: string; number: number; points: number; stem: string; /** Counted from 0. */ section: number } & (
  | { type: 'single' | 'multiple' | 'order'; options: PaperOption[] }
  | { type: 'match'; lefts: PaperOption[]; options: PaperOption[] }
  | { type: 'true-false' | 'short' }
);

export interface PaperAnswer {
  item: string;
  /** 0 when nothing was ever saved. */
  seq: number;
  response: ResponseValue;
  flagged: boolean;
}

/** A section with the numbers of its first and last item. */
export interface PaperSection extends ShownSection {
  from: number;
  to: number;
}

export type OpenedAttempt = { attempt: Attempt; exam: Exam } & (
  /**
   * `items` are those that may be read now: what stands in a section ahead is not shown before it is entered, what
   * stands in one that is over no more. `answers` are all of the paper's. `sections` is empty when it is not divided.
   */
  | { kind: 'writing'; items: PaperItem[]; answers: PaperAnswer[]; sections: PaperSection[] }
  /** Another device is active; `permitted`: an invigilator lets this one take over. */
  | { kind: 'other-device'; permitted: boolean }
  | { kind: 'closed' }
);

/** Opens the actor's attempt on `device`. One whose time is up is closed first, even if no job runs. */
export async function openAttempt(actor: Actor, attemptId: string, device: string): Promise<Result<OpenedAttempt>> {
  await closeIfDue(attemptId);
  const attempt = await findAttempt(reader(), attemptId);
  const exam = attempt && await findExam(reader(), attempt.examId);
  if (!attempt || !exam) return err('not-found');
  authorise(actor, 'take an exam', { personId: attempt.personId });
  if (attempt.state !== 'in-progress' || (attempt.pausedAt === null && clock.now() > attempt.deadlineAt)) return ok({ kind: 'closed', attempt, exam });
  if (attempt.device !== device) {
    noticeOtherDevice(attemptId, device);
    return ok({ kind: 'other-device', attempt, exam, permitted: (await openPermit(reader(), attemptId, clock.now())) !== null });
  }
  const items = await paperItems(reader(), attempt.paperId);
  const now = await sectionsNow(reader(), attemptId);
  const sections = (now?.sections ?? []).map((section): PaperSection => {
    const numbers = items.filter((item) => item.section === section.index).map(({ number }) => number);
    return { ...section, from: Math.min(...numbers), to: Math.max(...numbers) };
  });
  const hidden = new Set(sections.filter(({ state }) => state === 'ahead' || state === 'over').map(({ index }) => index));
  return ok({
    kind: 'writing', attempt: { ...attempt, section: now?.current ?? 0 }, exam, sections,
    items: items.filter(({ section }) => !hidden.has(section)), answers: await answersTo(reader(), attemptId, items),
  });
}

/** The items of a paper in their order. */
export async function paperItems(from: Reader, paperId: string): Promise<PaperItem[]> {
  const entries = await paperEntries(from, paperId);
  const bodies = await itemsForPaper(from, entries.map((entry) => entry.item));
  return entries.map((entry, i) => {
    const found = bodies.get(entry.item);
    if (!found) throw new Error(`no item version ${entry.item}`);
    return { item: entry.item, number: i + 1, points: entry.points, stem: found.body.stem, section: entry.section ?? 0, ...partsOf(found.body, entry) };
  });
}

function partsOf(body: ItemBody, entry: PaperEntry) {
  switch (body.type) {
    case 'true-false': case 'short': return { type: body.type };
    case 'single': case 'multiple': case 'order': return { type: body.type, options: worded(entry.order, body.options) };
    case 'match': return { type: body.type, lefts: worded(entry.order, body.left), options: worded(entry.rightOrder ?? [], body.right) };
  }
}

const worded = (order: string[], texts: Record<string, string>): PaperOption[] =>
  order.map((value) => ({ value, text: texts[value] ?? '' }));

/** What is stored for each item of a paper. */
export async function answersTo(from: Reader, attemptId: string, items: readonly { item: string }[]): Promise<PaperAnswer[]> {
  const stored = new Map((await storedResponses(from, attemptId)).map((row) => [row.item, row]));
  const flagged = await flaggedItems(from, attemptId);
  return items.map(({ item }) => {
    const row = stored.get(item);
    const response = row ? ResponseValue.parse(JSON.parse(row.response)) : null;
    return { item, seq: row?.seq ?? 0, response, flagged: flagged.has(item) };
  });
}
