import { z } from 'zod';
import { execute, insert, json, maybeOne, places, rows, type Reader, type Tx } from '~/db';
import type { PlainDate } from '~/kernel/calendar';
import type { Instant } from '~/kernel/clock';

/** How a dispatch ended. `product-only`: nothing reaches the person but the product, which they use. */
export const OUTCOMES = ['sent', 'product-only', 'paper', 'not-needed', 'switched-off', 'unreachable', 'given-up'] as const;
export type DispatchOutcome = (typeof OUTCOMES)[number];

/** The words of a trial, which belongs to no notice. */
export const TrialBody = z.object({ channel: z.string(), subject: z.string(), text: z.string(), address: z.string() });
export type TrialBody = z.infer<typeof TrialBody>;

const DispatchRow = z.object({
  id: z.string(), person_id: z.string(), kind: z.enum(['at-once', 'digest', 'trial']), day: z.string(), made_at: z.number(), settled_at: z.number().nullable(),
  outcome: z.enum(OUTCOMES).nullable(), body: json(TrialBody).nullable(),
}).transform(({ person_id: personId, made_at: madeAt, settled_at: settledAt, ...row }) => ({ ...row, personId, madeAt, settledAt }));
/** What is sent to one person at one time, over whichever channels. */
export type Dispatch = z.infer<typeof DispatchRow>;
const COLUMNS = 'id, person_id, kind, day, made_at, settled_at, outcome, body';

export const findDispatch = (from: Reader, id: string): Promise<Dispatch | null> =>
  maybeOne(from, DispatchRow, `SELECT ${COLUMNS} FROM dispatches WHERE id = $id`, { id });

/** The dispatches of somebody, the latest first. */
export const dispatchesOf = (from: Reader, personId: string, limit: number): Promise<Dispatch[]> =>
  rows(from, DispatchRow, `SELECT ${COLUMNS} FROM dispatches WHERE person_id = $personId ORDER BY made_at DESC, id DESC LIMIT $limit`, { personId, limit });

export interface NewDispatch {
  id: string;
  personId: string;
  kind: Dispatch['kind'];
  day: PlainDate;
  /** From when on the sweep asks what became of it. */
  nextCheckAt: Instant;
  settled?: DispatchOutcome | null;
  body?: TrialBody;
}

/** @returns how many are new: of one person and day there is one digest */
export const insertDispatches = (tx: Tx, fresh: readonly NewDispatch[]): Promise<number> =>
  insert(tx, 'dispatches', fresh.map((one) => ({
    id: one.id, person_id: one.personId, kind: one.kind, day: one.day, made_at: tx.now, next_check_at: one.nextCheckAt,
    settled_at: one.settled ? tx.now : null, outcome: one.settled ?? null, body: one.body ? JSON.stringify(one.body) : null,
  })), 'ON CONFLICT DO NOTHING');

/** Which of these dispatches there are. */
export async function madeAmong(from: Reader, ids: readonly string[]): Promise<Set<string>> {
  const { list, params } = places([...ids]);
  return new Set((await rows(from, z.object({ id: z.string() }), `SELECT id FROM dispatches WHERE id IN (${list})`, params)).map(({ id }) => id));
}

/** Ends a dispatch; only the first ending counts. */
export const settle = (tx: Tx, id: string, outcome: DispatchOutcome): Promise<number> =>
  execute(tx, 'UPDATE dispatches SET settled_at = $now, outcome = $outcome WHERE id = $id AND settled_at IS NULL', { id, outcome, now: tx.now });

/** Opens a dispatch anew, because what had seemed to arrive came back. */
export const reopen = (tx: Tx, id: string, nextCheckAt: Instant): Promise<number> =>
  execute(tx, 'UPDATE dispatches SET settled_at = NULL, outcome = NULL, next_check_at = $nextCheckAt WHERE id = $id AND settled_at IS NOT NULL', { id, nextCheckAt });

const OpenRow = z.object({ id: z.string(), made_at: z.number() });

/** Dispatches that should be settled by `now` and are not, the longest waiting first. */
export const unsettled = (from: Reader, now: Instant, limit: number) =>
  rows(from, OpenRow, 'SELECT id, made_at FROM dispatches WHERE settled_at IS NULL AND next_check_at <= $now ORDER BY next_check_at LIMIT $limit', { now, limit });

/** Says when the sweep asks again. @returns those of the given that were still open */
export async function checkAgainAt(tx: Tx, ids: readonly string[], at: Instant): Promise<number> {
  if (ids.length === 0) return 0;
  const { list, params } = places([...ids]);
  return execute(tx, `UPDATE dispatches SET next_check_at = $at WHERE settled_at IS NULL AND id IN (${list})`, { ...params, at });
}

/** Binds notices that go out at once to the dispatches that carry them, which have their ids. */
export async function bindToOwn(tx: Tx, noticeIds: readonly string[]): Promise<void> {
  if (noticeIds.length === 0) return;
  const { list, params } = places([...noticeIds]);
  await execute(tx, `UPDATE notices SET dispatch_id = id WHERE id IN (${list})`, params);
}

/** Binds what waits of these people to their digests of the day. */
export async function bindToDigests(tx: Tx, personIds: readonly string[], day: PlainDate): Promise<number> {
  if (personIds.length === 0) return 0;
  const { list, params } = places([...personIds]);
  return execute(tx, `UPDATE notices SET dispatch_id = (SELECT d.id FROM dispatches d WHERE d.person_id = notices.person_id AND d.kind = 'digest' AND d.day = $day)
    WHERE dispatch_id IS NULL AND dropped_at IS NULL AND urgency = 'digest' AND person_id IN (${list})`, { ...params, day });
}

const PersonRow = z.object({ person_id: z.string() });

/**
 * People whom something waits for and whose digest of the day is not made yet though its hour has come, in the order of
 * their ids. Who asked for an hour in which nothing may be sent gets the hour of the house.
 */
export async function peopleToTell(from: Reader, given: { day: PlainDate; hour: number; hours: readonly number[]; usual: number; after: string; limit: number }): Promise<string[]> {
  const { hours, ...params } = given;
  const { list, params: more } = places([...hours], 'h');
  return (await rows(from, PersonRow, `SELECT w.person_id FROM (
      SELECT DISTINCT n.person_id FROM notices n WHERE n.dispatch_id IS NULL AND n.dropped_at IS NULL AND n.urgency = 'digest' AND n.person_id > $after) w
    LEFT JOIN notice_preferences f ON f.person_id = w.person_id
    WHERE COALESCE(CASE WHEN f.digest_hour IN (${list || 'NULL'}) THEN f.digest_hour END, CAST($usual AS INTEGER)) <= $hour
      AND NOT EXISTS (SELECT 1 FROM dispatches d WHERE d.person_id = w.person_id AND d.kind = 'digest' AND d.day = $day)
    ORDER BY w.person_id LIMIT $limit`, { ...params, ...more })).map((row) => row.person_id);
}
