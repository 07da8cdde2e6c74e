import type { Instant } from '~/kernel/clock';
import { newId } from '~/kernel/id';
import type { RefusalReason } from './response-check';
import {
  countsByRule, countsInSection, judgeChange, judgeSave, type AttemptAtSave, type Current, type SectionAtSave, type Verdict,
} from './save-rules';
import type { FlagRow, LogRow, ResponseRow, Standing } from './save.repository';
import type { ItemSeq, SaveReply, SaveRequest, StaleSeq, Standpoint } from './save.service';

export interface CheckedChange extends ItemSeq {
  /** Canonical JSON text. */
  text: string;
  changedAt: Instant | null;
  /** The section that the item belongs to; null in a paper that is not divided. */
  section: number | null;
}

export interface CheckedRequest extends SaveRequest {
  /** The item before the candidate's eyes; null unless it is one of the paper. */
  before: string | null;
  good: CheckedChange[];
  goodFlags: { item: string; flagged: boolean }[];
  refused: (ItemSeq & { reason: RefusalReason })[];
}

/** What a batch knows and what it will write, gathered request by request in the order of their arrival. */
export interface Batch {
  now: Instant;
  /** Attempts that this batch has locked: in progress, and on the device that asked. */
  running: Set<string>;
  /** By attempt and token. */
  known: Map<string, Standing>;
  /** What counts, by attempt and item. */
  current: Map<string, Current>;
  /** The section of an item, by attempt and item; absent while it was not entered. */
  sections: Map<string, SectionAtSave>;
  toStore: Map<string, ResponseRow>;
  toFlag: Map<string, FlagRow>;
  toLog: LogRow[];
}

/** Answers one request of a batch; what has to be written is added to the batch. */
export function answer(batch: Batch, request: CheckedRequest): SaveReply {
  const known = batch.known.get(`${request.attemptId} ${request.tokenHash}`);
  if (!known?.account_id) return { outcome: 'not-signed-in' };
  const attempt = attemptOf(known);
  if (!attempt) return { outcome: 'not-found' };
  const standpoint: Standpoint = { now: batch.now, deadline: attempt.deadlineAt, state: attempt.state };
  const verdict = judgeSave(attempt, request.device, request.receivedAt);
  if (verdict === 'paused') return { outcome: 'paused', ...standpoint, pausedAt: attempt.pausedAt };
  // Not locked by this batch: another device took over at this very moment.
  const locked = batch.running.has(request.attemptId);
  if (verdict === 'open') return locked ? save(batch, request, standpoint, attempt) : keep(batch, request, 'other-device', standpoint, attempt);
  return keep(batch, request, verdict, standpoint, attempt);
}

function attemptOf(row: Standing): AttemptAtSave | null {
  if (row.attempt_id === null || row.state === null || row.deadline_at === null) return null;
  return {
    state: row.state, device: row.device, deadlineAt: row.deadline_at, toleranceSeconds: row.tolerance_seconds ?? 0,
    pausedAt: row.paused_at, handedInAt: row.handed_in_at, handInCause: row.hand_in_cause,
  };
}

function save(batch: Batch, request: CheckedRequest, standpoint: Standpoint, attempt: AttemptAtSave): SaveReply {
  const accepted: ItemSeq[] = [];
  const stale: StaleSeq[] = [];
  const refused = [...request.refused];
  for (const change of request.good) {
    const { item, seq } = change;
    const before = batch.current.get(`${request.attemptId} ${item}`);
    const verdict = judgeChange(before, seq, change.text);
    if (verdict === 'new' && !inSection(batch, request, change, attempt)) {
      batch.toLog.push(logRow(request, change, 'late'));
      refused.push({ item, seq, reason: 'section-closed' });
      continue;
    }
    if (verdict === 'new') store(batch, request.attemptId, change);
    // A repeat is in the log already, from the time when it was new.
    if (verdict !== 'repeat') batch.toLog.push(logRow(request, change, verdict === 'new' ? 'accepted' : 'stale'));
    if (verdict === 'stale' && before) stale.push({ item, seq, current: before.seq, response: JSON.parse(before.text) });
    else accepted.push({ item, seq });
  }
  for (const { item, flagged } of request.goodFlags) {
    batch.toFlag.set(`${request.attemptId} ${item}`, { attemptId: request.attemptId, item, flagged });
  }
  return { outcome: 'saved', ...standpoint, savedAt: batch.now, accepted, stale, refused };
}

/** A form cannot say when it was written: as early as may be. */
const claimOf = (request: CheckedRequest, { changedAt }: CheckedChange): Instant | null => changedAt ?? (request.byForm ? 0 : null);

function inSection(batch: Batch, request: CheckedRequest, change: CheckedChange, attempt: AttemptAtSave): boolean {
  if (change.section === null) return true;
  const section = batch.sections.get(`${request.attemptId} ${change.item}`) ?? null;
  // While an exam stands still no section runs out.
  const receivedAt = Math.min(request.receivedAt, attempt.pausedAt ?? request.receivedAt);
  return countsInSection(section, { receivedAt, changedAt: claimOf(request, change) }, attempt.toleranceSeconds);
}

function store(batch: Batch, attemptId: string, { item, seq, text }: CheckedChange): void {
  const key = `${attemptId} ${item}`;
  batch.current.set(key, { seq, text });
  batch.toStore.set(key, { attemptId, item, seq, text });
}

/** Keeps everything as evidence; what came within the tolerance and was changed in time also counts. */
function keep(batch: Batch, request: CheckedRequest, outcome: Exclude<Verdict, 'open' | 'paused'>, standpoint: Standpoint, attempt: AttemptAtSave): SaveReply {
  const kept: ItemSeq[] = [];
  const counted: ItemSeq[] = [];
  for (const change of request.good) {
    const { item, seq, text } = change;
    const told = judgeChange(batch.current.get(`${request.attemptId} ${item}`), seq, text);
    const byRule = told === 'new' && batch.running.has(request.attemptId)
      && countsByRule(attempt, outcome, claimOf(request, change)) && inSection(batch, request, change, attempt);
    if (byRule) store(batch, request.attemptId, change);
    if (byRule || told === 'repeat') counted.push({ item, seq });
    else kept.push({ item, seq });
    // What counts already, from before, is evidence of nothing new.
    if (told !== 'repeat') batch.toLog.push({ ...logRow(request, change, outcome), byRule });
  }
  return { outcome, ...standpoint, handedInAt: attempt.handedInAt, kept, counted, refused: request.refused };
}

const logRow = (request: SaveRequest, { item, seq, text, changedAt }: CheckedChange, outcome: LogRow['outcome'] | 'void'): LogRow => ({
  id: newId(), attemptId: request.attemptId, item, seq, text, changedAt, device: request.device, receivedAt: request.receivedAt,
  outcome: outcome === 'void' ? 'handed-in' : outcome, byRule: false,
});
