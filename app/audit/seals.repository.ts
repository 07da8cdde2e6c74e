import { z } from 'zod';
import { Flag, flag, insert, json, maybeOne, one, places, rows, type Reader, type Tx } from '~/db';
import type { Instant } from '~/kernel/clock';
import type { Place, Seal, StoredEvent } from './seal';

const EventRow: z.ZodType<StoredEvent> = z.object({
  id: z.string(), kind: z.string(), subject_kind: z.string(), subject_id: z.string(), person_id: z.string().nullable(), at: z.number(),
  recorded_at: z.number(), by: z.string(), cause: z.string().nullable(), body: z.string(), personal: z.string().nullable(),
});
const EVENT = 'id, kind, subject_kind, subject_id, person_id, at, recorded_at, by, cause, body, personal';

const SealRow = z.object({
  number: z.number(), late: Flag, to_at: z.number(), to_id: z.string(), ids: json(z.array(z.string())), hash: z.string(), previous: z.string(), sealed_at: z.number(),
}).transform(({ to_at: at, to_id: id, sealed_at: sealedAt, ...rest }): Seal => ({ ...rest, to: { at, id }, sealedAt }));
const SEAL = 'number, late, to_at, to_id, ids, hash, previous, sealed_at';

export const lastSeal = (from: Reader): Promise<Seal | null> =>
  maybeOne(from, SealRow, `SELECT ${SEAL} FROM ledger_seals ORDER BY number DESC LIMIT 1`);

/** Seals after a number, in their order. */
export const sealsAfter = (from: Reader, number: number, limit: number): Promise<Seal[]> =>
  rows(from, SealRow, `SELECT ${SEAL} FROM ledger_seals WHERE number > $number ORDER BY number LIMIT $limit`, { number, limit });

/** Seals whose time ends at `at` or later. */
export const sealsSince = (from: Reader, at: Instant): Promise<Seal[]> =>
  rows(from, SealRow, `SELECT ${SEAL} FROM ledger_seals WHERE to_at >= $at ORDER BY number`, { at });

/** The seal in force just before a number. */
export const sealBefore = (from: Reader, number: number): Promise<Seal | null> =>
  maybeOne(from, SealRow, `SELECT ${SEAL} FROM ledger_seals WHERE number < $number ORDER BY number DESC LIMIT 1`, { number });

export const lateSeals = (from: Reader): Promise<Seal[]> =>
  rows(from, SealRow, `SELECT ${SEAL} FROM ledger_seals WHERE late = 1 ORDER BY number`);

/** @returns 0 when another process has made that seal */
export const insertSeal = (tx: Tx, { number, late, to, ids, hash, previous }: Omit<Seal, 'sealedAt'>): Promise<number> =>
  insert(tx, 'ledger_seals', [{
    number, late: flag(late), to_at: to.at, to_id: to.id, events: ids.length, ids: JSON.stringify(ids), hash, previous, sealed_at: tx.now,
  }], 'ON CONFLICT (number) DO NOTHING');

/** Events after a place that were recorded before an instant, in the order of recording. */
export const eventsAfter = (from: Reader, after: Place, before: Instant, limit: number): Promise<StoredEvent[]> =>
  rows(from, EventRow, `SELECT ${EVENT} FROM ledger_events WHERE (recorded_at, id) > ($at, $id) AND recorded_at < $before
    ORDER BY recorded_at, id LIMIT $limit`, { ...after, before, limit });

/** Events after one place up to another, that one included. */
export const eventsBetween = (from: Reader, after: Place, to: Place): Promise<StoredEvent[]> =>
  rows(from, EventRow, `SELECT ${EVENT} FROM ledger_events WHERE (recorded_at, id) > ($at, $id) AND (recorded_at, id) <= ($toAt, $toId)
    ORDER BY recorded_at, id`, { ...after, toAt: to.at, toId: to.id });

const Count = z.object({ n: z.number() });

export const countBetween = async (from: Reader, after: Place, to: Place): Promise<number> =>
  (await one(from, Count, `SELECT COUNT(*) AS n FROM ledger_events WHERE (recorded_at, id) > ($at, $id) AND (recorded_at, id) <= ($toAt, $toId)`,
    { ...after, toAt: to.at, toId: to.id })).n;

export const countAfter = async (from: Reader, after: Place): Promise<number> =>
  (await one(from, Count, 'SELECT COUNT(*) AS n FROM ledger_events WHERE (recorded_at, id) > ($at, $id)', { ...after })).n;

export async function eventsByIds(from: Reader, ids: readonly string[]): Promise<StoredEvent[]> {
  if (ids.length === 0) return [];
  const { list, params } = places([...ids]);
  return rows(from, EventRow, `SELECT ${EVENT} FROM ledger_events WHERE id IN (${list}) ORDER BY recorded_at, id`, params);
}
