import { groupCommit, type Tx } from '~/db';
import { SIGN_IN_IDLE } from '~/identity';
import type { Instant } from '~/kernel/clock';
import { noteGaps } from './answers/contact.service';
import type { AttemptState } from './attempt-state';
import { paperShape, type PaperShape } from './paper-shape.repository';
import { checkResponse, type RefusalReason } from './response-check';
import { answer, type Batch, type CheckedRequest } from './save-batch.service';
import type { Verdict } from './save-rules';
import { logResponses, standings, storeFlags, storeResponses, touchRunning, type Asked, type Seen, type Standing } from './save.repository';
import { settleSections } from './time/sections.service';

export interface Change {
  item: string;
  /** Grows per item; the device counts. */
  seq: number;
  response: unknown;
  /** When it was made, by the server's time as the device reckoned it; null or absent: not said. */
  changedAt?: Instant | null | undefined;
}

export interface SaveRequest {
  attemptId: string;
  /** Hash of the sign-in's token: sign-in and ownership are checked within the batch. */
  tokenHash: string;
  device: string;
  changes: Change[];
  /** Items marked, or no longer marked, to be looked at again. */
  flags?: { item: string; flagged: boolean }[] | undefined;
  /** The item before the candidate's eyes. */
  here?: string | undefined;
  /**
   * A form posted without JavaScript: it carries what stood on the page and cannot say when that was written. What
   * arrives within the tolerance counts by rule.
   */
  byForm?: boolean;
  /** When the request had arrived completely: this instant is held against the deadline. */
  receivedAt: Instant;
}

export interface ItemSeq {
  item: string;
  seq: number;
}

/** A change that came behind a later one; the number and the response that count. */
export interface StaleSeq extends ItemSeq {
  current: number;
  response: unknown;
}

export interface Standpoint {
  now: Instant;
  deadline: Instant;
  state: AttemptState;
}

export type SaveReply =
  | { outcome: 'not-signed-in' }
  | { outcome: 'not-found' }
  | ({ outcome: 'saved'; savedAt: Instant; accepted: ItemSeq[]; stale: StaleSeq[]; refused: (ItemSeq & { reason: RefusalReason })[] } & Standpoint)
  /** Nothing was stored: the exam stands still. */
  | ({ outcome: 'paused'; pausedAt: Instant | null } & Standpoint)
  /** `kept` names what was stored as evidence, `counted` what counts all the same: by rule, or stored before. */
  | ({
    outcome: Exclude<Verdict, 'open' | 'paused'>; handedInAt: Instant | null; kept: ItemSeq[]; counted: ItemSeq[]; refused: (ItemSeq & { reason: RefusalReason })[];
  } & Standpoint);

/**
 * Saves responses durably. All saves that wait at one moment share one transaction of four statements, whatever
 * their number; one more when something was flagged, when somebody came back after a silence, when something late
 * counts by rule, some more when the time of a section was up. The promise resolves after the commit; `accepted` then means stored for good.
 * @throws what the database throws when it is full or away; nothing was saved then
 */
export async function saveResponses(request: SaveRequest): Promise<SaveReply> {
  return commit(checked(request, await paperShape(request.attemptId)));
}

function checked(request: SaveRequest, shape: PaperShape | null): CheckedRequest {
  const good: CheckedRequest['good'] = [];
  const refused: CheckedRequest['refused'] = [];
  for (const { item, seq, response, changedAt } of request.changes) {
    const entry = shape?.get(item);
    const answered = entry ? checkResponse(entry, response) : { ok: false as const, reason: 'unknown-item' as const };
    // Nobody can have changed something later than it arrived.
    const claimed = typeof changedAt === 'number' ? Math.min(changedAt, request.receivedAt) : null;
    if (answered.ok) good.push({ item, seq, text: answered.text, changedAt: claimed, section: entry?.section ?? null });
    else refused.push({ item, seq, reason: answered.reason });
  }
  const before = request.here !== undefined && shape?.has(request.here) ? request.here : null;
  return { ...request, before, good, goodFlags: (request.flags ?? []).filter(({ item }) => shape?.has(item)), refused };
}

const commit = groupCommit(saveBatch);

async function saveBatch(tx: Tx, requests: CheckedRequest[]): Promise<SaveReply[]> {
  const contacts = await touchRunning(tx, devicesIn(requests));
  await noteGaps(tx, contacts);
  const running = new Set(contacts.map(({ attemptId }) => attemptId));
  const batch: Batch = {
    now: tx.now, running, known: new Map(), current: new Map(), sections: new Map(), toStore: new Map(), toFlag: new Map(), toLog: [],
  };
  for (const row of await standingsNow(tx, requests.flatMap(asked), running)) {
    batch.known.set(`${row.asked_attempt} ${row.asked_token}`, row);
    if (row.attempt_id === null) continue;
    const key = `${row.attempt_id} ${row.asked_item}`;
    if (row.seq !== null && row.response !== null) batch.current.set(key, { seq: row.seq, text: row.response });
    if (typeof row.entered === 'number') batch.sections.set(key, { endsAt: row.ends_at ?? null, leftAt: row.left_at ?? null });
  }
  const replies = requests.map((request) => answer(batch, request));
  await storeResponses(tx, [...batch.toStore.values()]);
  await storeFlags(tx, [...batch.toFlag.values()]);
  await logResponses(tx, batch.toLog);
  return replies;
}

/** A response for a section that nobody entered yet: perhaps the one before has just run out of time, and this one begun. */
async function standingsNow(tx: Tx, wanted: Asked[], running: Set<string>): Promise<Standing[]> {
  const found = await standings(tx, wanted, tx.now - SIGN_IN_IDLE);
  const divided = new Set(wanted.filter(({ section }) => section !== null).map(({ attemptId, item }) => `${attemptId} ${item}`));
  const ahead = found.filter((row) => row.entered === null && divided.has(`${row.asked_attempt} ${row.asked_item}`) && running.has(row.asked_attempt));
  if (ahead.length === 0) return found;
  await settleSections(tx, [...new Set(ahead.map((row) => row.asked_attempt))]);
  return standings(tx, wanted, tx.now - SIGN_IN_IDLE);
}

/** Each attempt and device once, with the item that was told last. */
function devicesIn(requests: CheckedRequest[]): Seen[] {
  const seen = new Map<string, Seen>();
  for (const { attemptId, device, before } of requests) {
    const key = `${attemptId} ${device}`;
    seen.set(key, { attemptId, device, here: before ?? seen.get(key)?.here ?? null });
  }
  return [...seen.values()];
}

function asked({ attemptId, tokenHash, good }: CheckedRequest): Asked[] {
  const items = new Map(good.map(({ item, section }) => [item, section]));
  if (items.size === 0) return [{ attemptId, tokenHash, item: '', section: null }];
  return [...items].map(([item, section]) => ({ attemptId, tokenHash, item, section }));
}
