import { groupCommit, type Tx } from '~/db';
import { SIGN_IN_IDLE } from '~/identity';
import type { Instant } from '~/kernel/clock';
import { newId } from '~/kernel/id';
import type { AttemptState } from './attempt-state';
import { paperShape, type PaperShape } from './paper-shape.repository';
import { checkResponse, type RefusalReason } from './response-check';
import { judgeChange, judgeSave, type AttemptAtSave, type Current, type Verdict } from './save-rules';
import { logResponses, standings, storeFlags, storeResponses, touchRunning, type Asked, type FlagRow, type LogRow, type ResponseRow, type Standing } from './save.repository';

export interface Change {
  item: string;
  /** Grows per item; the device counts. */
  seq: number;
  response: unknown;
}

export interface SaveRequest {
  attemptId: string;
  /** Hash of the sign-in's token: sign-in and ownership are checked within the batch. */
  tokenHash: string;
  device: string;
  changes: Change[];
  /** Items marked, or no longer marked, to be looked at again. */
  flags?: { item: string; flagged: boolean }[];
  /** When the request had arrived completely: this instant is held against the deadline. */
  receivedAt: Instant;
}

interface ItemSeq {
  item: string;
  seq: number;
}

/** A change that came behind a later one; the number and the response that count. */
interface StaleSeq extends ItemSeq {
  current: number;
  response: unknown;
}

interface Standpoint {
  now: Instant;
  deadline: Instant;
  state: AttemptState;
}

export type SaveReply =
  | { outcome: 'not-signed-in' }
  | { outcome: 'not-found' }
  | ({ outcome: 'saved'; savedAt: Instant; accepted: ItemSeq[]; stale: StaleSeq[]; refused: (ItemSeq & { reason: RefusalReason })[] } & Standpoint)
  /** Nothing counts; `kept` names what was stored as evidence. */
  | ({ outcome: Exclude<Verdict, 'open'>; handedInAt: Instant | null; kept: ItemSeq[]; refused: (ItemSeq & { reason: RefusalReason })[] } & Standpoint);

/**
 * Saves responses durably. All saves that wait at one moment share one transaction of four statements
 * (five when something was flagged), whatever their number. The promise resolves after the commit; `accepted` then means stored for good.
 * @throws what the database throws when it is full or away; nothing was saved then
 */
export async function saveResponses(request: SaveRequest): Promise<SaveReply> {
  return commit(checked(request, await paperShape(request.attemptId)));
}

interface CheckedChange extends ItemSeq {
  text: string;
}

interface CheckedRequest extends SaveRequest {
  good: CheckedChange[];
  goodFlags: { item: string; flagged: boolean }[];
  refused: (ItemSeq & { reason: RefusalReason })[];
}

function checked(request: SaveRequest, shape: PaperShape | null): CheckedRequest {
  const good: CheckedChange[] = [];
  const refused: CheckedRequest['refused'] = [];
  for (const { item, seq, response } of request.changes) {
    const entry = shape?.get(item);
    const answer = entry ? checkResponse(entry, response) : { ok: false as const, reason: 'unknown-item' as const };
    if (answer.ok) good.push({ item, seq, text: answer.text });
    else refused.push({ item, seq, reason: answer.reason });
  }
  return { ...request, good, goodFlags: (request.flags ?? []).filter(({ item }) => shape?.has(item)), refused };
}

const commit = groupCommit(saveBatch);

/** What the batch writes, gathered request by request in the order of their arrival. */
interface Batch {
  now: Instant;
  running: Set<string>;
  known: Map<string, Standing>;
  current: Map<string, Current>;
  toStore: Map<string, ResponseRow>;
  toFlag: Map<string, FlagRow>;
  toLog: LogRow[];
}

async function saveBatch(tx: Tx, requests: CheckedRequest[]): Promise<SaveReply[]> {
  const running = await touchRunning(tx, distinct(requests, 'attemptId'), distinct(requests, 'device'));
  const found = await standings(tx, requests.flatMap(asked), tx.now - SIGN_IN_IDLE);
  const batch: Batch = { now: tx.now, running, known: new Map(), current: new Map(), toStore: new Map(), toFlag: new Map(), toLog: [] };
  for (const row of found) {
    batch.known.set(`${row.asked_attempt} ${row.asked_token}`, row);
    if (row.attempt_id !== null && row.seq !== null && row.response !== null) {
      batch.current.set(`${row.attempt_id} ${row.asked_item}`, { seq: row.seq, text: row.response });
    }
  }
  const replies = requests.map((request) => answer(batch, request));
  await storeResponses(tx, [...batch.toStore.values()]);
  await storeFlags(tx, [...batch.toFlag.values()]);
  await logResponses(tx, batch.toLog);
  return replies;
}

const distinct = (requests: SaveRequest[], key: 'attemptId' | 'device'): string[] => [...new Set(requests.map((one) => one[key]))];

function asked({ attemptId, tokenHash, good }: CheckedRequest): Asked[] {
  const items = new Set(good.map(({ item }) => item));
  return items.size === 0 ? [{ attemptId, tokenHash, item: '' }] : [...items].map((item) => ({ attemptId, tokenHash, item }));
}

function answer(batch: Batch, request: CheckedRequest): SaveReply {
  const known = batch.known.get(`${request.attemptId} ${request.tokenHash}`);
  if (!known?.account_id) return { outcome: 'not-signed-in' };
  const attempt = attemptOf(known);
  if (!attempt) return { outcome: 'not-found' };
  const standpoint: Standpoint = { now: batch.now, deadline: attempt.deadlineAt, state: attempt.state };
  const verdict = judgeSave(attempt, request.device, request.receivedAt);
  // Not locked by this batch: another device took over at this very moment.
  if (verdict === 'open' && !batch.running.has(request.attemptId)) return keep(batch, request, 'other-device', standpoint, attempt);
  return verdict === 'open' ? save(batch, request, standpoint) : keep(batch, request, verdict, standpoint, attempt);
}

function attemptOf(row: Standing): AttemptAtSave | null {
  if (row.attempt_id === null || row.state === null || row.deadline_at === null) return null;
  return {
    state: row.state, device: row.device, deadlineAt: row.deadline_at, toleranceSeconds: row.tolerance_seconds ?? 0,
    handedInAt: row.handed_in_at, handInCause: row.hand_in_cause,
  };
}

function save(batch: Batch, request: CheckedRequest, standpoint: Standpoint): SaveReply {
  const accepted: ItemSeq[] = [];
  const stale: StaleSeq[] = [];
  for (const { item, seq, text } of request.good) {
    const key = `${request.attemptId} ${item}`;
    const before = batch.current.get(key);
    const verdict = judgeChange(before, seq, text);
    if (verdict === 'new') {
      batch.current.set(key, { seq, text });
      batch.toStore.set(key, { attemptId: request.attemptId, item, seq, text });
    }
    // A repeat is in the log already, from the time when it was new.
    if (verdict !== 'repeat') batch.toLog.push(logRow(request, { item, seq, text }, verdict === 'new' ? 'accepted' : 'stale'));
    if (verdict === 'stale' && before) stale.push({ item, seq, current: before.seq, response: JSON.parse(before.text) });
    else accepted.push({ item, seq });
  }
  for (const { item, flagged } of request.goodFlags) {
    batch.toFlag.set(`${request.attemptId} ${item}`, { attemptId: request.attemptId, item, flagged });
  }
  return { outcome: 'saved', ...standpoint, savedAt: batch.now, accepted, stale, refused: request.refused };
}

function keep(batch: Batch, request: CheckedRequest, outcome: Exclude<Verdict, 'open'>, standpoint: Standpoint, attempt: AttemptAtSave): SaveReply {
  for (const change of request.good) batch.toLog.push(logRow(request, change, outcome));
  const kept = request.good.map(({ item, seq }) => ({ item, seq }));
  return { outcome, ...standpoint, handedInAt: attempt.handedInAt, kept, refused: request.refused };
}

const logRow = (request: SaveRequest, change: CheckedChange, outcome: LogRow['outcome']): LogRow => ({
  id: newId(), attemptId: request.attemptId, ...change, device: request.device, receivedAt: request.receivedAt, outcome,
});
