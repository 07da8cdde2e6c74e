import { z } from 'zod';
import { execute, insert, maybeOne, one, places, rows, type By, type Reader, type Tx } from '~/db';
import { newId } from '~/kernel/id';
import { ownerBefore, type KnownMerge, type MergeOfRow } from './ownership';
import { FOLLOWERS, PLACES, type Place } from './places';

export const MERGE_STATES = ['proposed', 'merged', 'refused', 'withdrawn', 'parted'] as const;
export type MergeState = (typeof MERGE_STATES)[number];

const MergeRow = z.object({
  id: z.string(), survivor_id: z.string(), merged_id: z.string(), survivor: z.string(), merged: z.string(), survivor_number: z.string().nullable(), merged_number: z.string().nullable(), state: z.enum(MERGE_STATES), reason: z.string(),
  asked_at: z.number(), asked_by: z.string(), decided_at: z.number().nullable(), decided_by: z.string().nullable(), decision_reason: z.string().nullable(),
  parted_at: z.number().nullable(), parted_by: z.string().nullable(), part_reason: z.string().nullable(),
}).transform((row) => ({
  id: row.id, survivorId: row.survivor_id, mergedId: row.merged_id, survivorName: row.survivor, mergedName: row.merged, survivorNumber: row.survivor_number, mergedNumber: row.merged_number, state: row.state, reason: row.reason, askedAt: row.asked_at,
  askedBy: row.asked_by, decidedAt: row.decided_at, decidedBy: row.decided_by, decisionReason: row.decision_reason, partedAt: row.parted_at, partedBy: row.parted_by, partReason: row.part_reason,
}));
export type Merge = z.output<typeof MergeRow>;

/** By which two records of one name are told apart; once merged, the number is the surviving record's. */
const numberOf = (record: string): string => `(SELECT MIN(i.value) FROM identifiers i WHERE i.person_id = ${record}.id AND i.kind IN ('recruitment', 'staff'))`;

const SELECT = `SELECT m.id, m.survivor_id, m.merged_id, a.name AS survivor, b.name AS merged, ${numberOf('a')} AS survivor_number, ${numberOf('b')} AS merged_number, m.state, m.reason, m.asked_at, m.asked_by, m.decided_at, m.decided_by,
  m.decision_reason, m.parted_at, m.parted_by, m.part_reason FROM person_merges m JOIN persons a ON a.id = m.survivor_id JOIN persons b ON b.id = m.merged_id`;

export const findMerge = (from: Reader, id: string): Promise<Merge | null> => maybeOne(from, MergeRow, `${SELECT} WHERE m.id = $id`, { id });

/** The newest first. */
export const latestMerges = (from: Reader, limit: number): Promise<Merge[]> => rows(from, MergeRow, `${SELECT} ORDER BY m.asked_at DESC, m.id DESC LIMIT $limit`, { limit });

/** The record into which somebody's record was merged; null when it stands for itself. */
export const survivorOf = async (from: Reader, personId: string): Promise<string | null> =>
  (await maybeOne(from, z.object({ survivor_id: z.string() }), `SELECT survivor_id FROM person_merges WHERE merged_id = $personId AND state = 'merged'`, { personId }))?.survivor_id ?? null;

/** Whether a merge, done or waiting, stands against another one of these two. */
export const hasOpenMerge = async (from: Reader, survivor: string, merged: string): Promise<boolean> =>
  (await one(from, z.object({ n: z.number() }), `SELECT COUNT(*) AS n FROM person_merges WHERE state IN ('proposed', 'merged')
    AND (merged_id IN ($survivor, $merged) OR survivor_id = $merged)`, { survivor, merged })).n > 0;

export async function insertMerge(tx: Tx, fresh: { survivorId: string; mergedId: string; reason: string }, by: By): Promise<string> {
  const id = newId();
  await insert(tx, 'person_merges', [{ id, survivor_id: fresh.survivorId, merged_id: fresh.mergedId, state: 'proposed', reason: fresh.reason, asked_at: tx.now, asked_by: by }]);
  return id;
}

export const markMergeDecided = (tx: Tx, id: string, state: 'merged' | 'refused', by: By, reason: string): Promise<number> =>
  execute(tx, `UPDATE person_merges SET state = $state, decided_at = $now, decided_by = $by, decision_reason = $reason, version = version + 1
    WHERE id = $id AND state = 'proposed'`, { id, state, by, reason, now: tx.now });

export const markMergeWithdrawn = (tx: Tx, id: string): Promise<number> =>
  execute(tx, `UPDATE person_merges SET state = 'withdrawn', version = version + 1 WHERE id = $id AND state = 'proposed'`, { id });

export const markParted = (tx: Tx, id: string, by: By, reason: string): Promise<number> =>
  execute(tx, `UPDATE person_merges SET state = 'parted', parted_at = $now, parted_by = $by, part_reason = $reason, version = version + 1
    WHERE id = $id AND state = 'merged'`, { id, by, reason, now: tx.now });

interface Pair {
  survivor: string;
  merged: string;
}

const N = z.object({ n: z.number() });

/** How many rows of the merged record would move, and how many would stay. */
export async function countPlace(from: Reader, place: Place, { survivor, merged }: Pair): Promise<{ moves: number; stays: number }> {
  const { n: all } = await one(from, N, `SELECT COUNT(*) AS n FROM ${place.table} t WHERE t.person_id = $merged`, { merged });
  if (!place.stays || all === 0) return { moves: all, stays: 0 };
  const { n: stays } = await one(from, N, `SELECT COUNT(*) AS n FROM ${place.table} t WHERE t.person_id = $merged AND (${place.stays})`, withSurvivor(place.stays, { survivor, merged }));
  return { moves: all - stays, stays };
}

const withSurvivor = (sql: string, { survivor, merged }: Pair) => ({ merged, ...(sql.includes('$survivor') && { survivor }) });

/** Whether somebody is writing an exam under one of the two records. */
export const inExam = async (from: Reader, { survivor, merged }: Pair): Promise<boolean> =>
  (await one(from, N, `SELECT COUNT(*) AS n FROM attempts WHERE person_id IN ($survivor, $merged) AND state = 'in-progress'`, { survivor, merged })).n > 0;

/** How many of the two records have an identity number. */
export const withNationalNumber = async (from: Reader, { survivor, merged }: Pair): Promise<number> =>
  (await one(from, N, `SELECT COUNT(DISTINCT person_id) AS n FROM identifiers WHERE kind = 'national' AND person_id IN ($survivor, $merged)`, { survivor, merged })).n;

/** What a row was before it moved, where moving it must change more than its owner. */
const FORMER: Readonly<Record<string, string>> = { attempts: 'CAST(t.number AS TEXT)', appointments: 't.nature' };

/** Lists first what moves, from what is there before anything did; then moves it. */
export async function moveRows(tx: Tx, mergeId: string, pair: Pair): Promise<void> {
  for (const { table, key, stays } of PLACES) {
    const sql = `INSERT INTO person_merge_moves (merge_id, place, row_key, former)
      SELECT CAST($mergeId AS TEXT), '${table}', t.${key}, ${FORMER[table] ?? 'NULL'} FROM ${table} t
      WHERE t.person_id = $merged${stays ? ` AND NOT (${stays})` : ''}`;
    await execute(tx, sql, { mergeId, ...withSurvivor(stays ?? '', pair) });
  }
  await standBeside(tx, pair);
  for (const { table, key } of PLACES) await handOver(tx, mergeId, { table, key }, { from: pair.merged, to: pair.survivor });
}

const MOVED = (table: string): string => `SELECT row_key FROM person_merge_moves WHERE merge_id = $mergeId AND place = '${table}'`;

/** Gives the listed rows of one record to the other. */
async function handOver(tx: Tx, mergeId: string, { table, key }: Place, { from, to }: { from: string; to: string }): Promise<void> {
  if (table === 'attempts') await handOverAttempts(tx, mergeId, { from, to });
  else await execute(tx, `UPDATE ${table} SET person_id = $to WHERE person_id = $from AND ${key} IN (${MOVED(table)})`, { from, to, mergeId });
}

const AttemptRow = z.object({ id: z.string(), exam_id: z.string() });

/** Attempts are counted on after those that are there: all of them use up what is allowed. */
async function handOverAttempts(tx: Tx, mergeId: string, { from, to }: { from: string; to: string }): Promise<void> {
  const moving = await rows(tx, AttemptRow, `SELECT id, exam_id FROM attempts WHERE person_id = $from AND id IN (${MOVED('attempts')}) ORDER BY number`, { from, mergeId });
  for (const { id, exam_id: examId } of moving) {
    await execute(tx, `UPDATE attempts SET person_id = $to,
      number = 1 + COALESCE((SELECT MAX(o.number) FROM attempts o WHERE o.person_id = $to AND o.exam_id = $examId), 0) WHERE id = $id`, { id, to, examId });
  }
}

const RUNS = `nature = 'main' AND ended_on IS NULL`;

/** Nobody has two main appointments: those of the merged record stand beside the surviving one's from now on. */
const standBeside = (tx: Tx, { survivor, merged }: Pair): Promise<number> =>
  execute(tx, `UPDATE appointments SET nature = 'concurrent', version = version + 1 WHERE person_id = $merged AND ${RUNS}
    AND EXISTS (SELECT 1 FROM appointments s WHERE s.person_id = $survivor AND s.nature = 'main' AND s.ended_on IS NULL)`, { survivor, merged });

/** What stood beside the other one's main appointment is the main one again; also what took its place meanwhile. */
async function standAlone(tx: Tx, mergeId: string, { merged }: Pair): Promise<void> {
  await execute(tx, `UPDATE appointments SET nature = 'main', version = version + 1 WHERE person_id = $merged AND nature = 'concurrent' AND ended_on IS NULL
    AND id IN (${MOVED('appointments')} AND former = 'main')`, { merged, mergeId });
  await execute(tx, `UPDATE appointments SET nature = 'main', version = version + 1 WHERE id = (
    SELECT MIN(f.id) FROM appointments f JOIN person_merge_moves v ON v.row_key = f.id WHERE v.merge_id = $mergeId AND v.place = 'appointments' AND v.former = '${FOLLOWED}'
      AND f.person_id = $merged AND f.nature = 'concurrent' AND f.ended_on IS NULL)
    AND NOT EXISTS (SELECT 1 FROM appointments o WHERE o.person_id = $merged AND o.nature = 'main' AND o.ended_on IS NULL)`, { merged, mergeId });
}

const FOLLOWED = 'followed';

/**
 * Gives back exactly the rows that moved, and with them what came to be about them meanwhile, which is listed as well:
 * from then on the ledger's events about those rows are read as the merged record's.
 * @returns how many rows followed, by table
 */
export async function returnRows(tx: Tx, mergeId: string, { survivor, merged }: Pair): Promise<Record<string, number>> {
  const back = { from: survivor, to: merged };
  for (const { table, key } of PLACES) {
    if (table !== 'attempts') await handOver(tx, mergeId, { table, key }, back);
    else await execute(tx, `UPDATE attempts SET person_id = $to, number = (SELECT CAST(m.former AS INTEGER) FROM person_merge_moves m
      WHERE m.merge_id = $mergeId AND m.place = 'attempts' AND m.row_key = attempts.id) WHERE person_id = $from AND id IN (${MOVED(table)})`, { ...back, mergeId });
  }
  const followed: Record<string, number> = {};
  for (const { table, where } of FOLLOWERS) {
    const key = PLACES.find((place) => place.table === table)?.key ?? 'id';
    const found = await execute(tx, `INSERT INTO person_merge_moves (merge_id, place, row_key, former)
      SELECT CAST($mergeId AS TEXT), '${table}', t.${key}, '${FOLLOWED}' FROM ${table} t WHERE t.person_id = $survivor AND (${where}) ON CONFLICT DO NOTHING`, { mergeId, survivor, merged });
    if (found > 0) followed[table] = (followed[table] ?? 0) + found;
    await handOver(tx, mergeId, { table, key }, back);
  }
  await standAlone(tx, mergeId, { survivor, merged });
  return followed;
}

export async function noteMoves(tx: Tx, mergeId: string, place: string, moves: readonly { key: string; former: string }[]): Promise<void> {
  await insert(tx, 'person_merge_moves', moves.map(({ key, former }) => ({ merge_id: mergeId, place, row_key: key, former })));
}

const MoveRow = z.object({ row_key: z.string(), former: z.string().nullable() });

export const movesOf = (from: Reader, mergeId: string, place: string) =>
  rows(from, MoveRow, 'SELECT row_key, former FROM person_merge_moves WHERE merge_id = $mergeId AND place = $place ORDER BY row_key', { mergeId, place });

/** Where the appointments that moved are: whose personnel offices are concerned by the parting. */
export const movedPaths = async (from: Reader, mergeId: string): Promise<string[]> =>
  (await rows(from, z.object({ path: z.string() }), `SELECT o.path FROM appointments a JOIN organisations o ON o.id = a.organisation_id
    WHERE a.id IN (${MOVED('appointments')})`, { mergeId })).map((row) => row.path);

const KnownRow = z.object({ id: z.string(), survivor_id: z.string(), merged_id: z.string(), parted_at: z.number().nullable() });

const knownAmong = (from: Reader, personIds: readonly string[], before: number) => {
  const { list, params } = places([...personIds]);
  return rows(from, KnownRow, `SELECT id, survivor_id, merged_id, parted_at FROM person_merges WHERE (survivor_id IN (${list}) OR merged_id IN (${list}))
    AND state IN ('merged', 'parted') AND decided_at < $before`, { ...params, before });
};

/** The places whose rows are named by an id of their own, by which the ledger names them too; evidence is named by what it refers to. */
const NAMED = PLACES.filter(({ table, key }) => ['id', 'attempt_id', 'assignment_id'].includes(key) && table !== 'evidence').map(({ table }) => `'${table}'`).join(', ');

const ListedRow = z.object({ merge_id: z.string(), row_key: z.string() });

async function rowsOfMerges(from: Reader, mergeIds: readonly string[]): Promise<Map<string, Set<string>>> {
  const { list, params } = places([...mergeIds]);
  const listed = await rows(from, ListedRow, `SELECT merge_id, row_key FROM person_merge_moves WHERE merge_id IN (${list}) AND place IN (${NAMED})
    UNION SELECT v.merge_id, e.ref AS row_key FROM person_merge_moves v JOIN evidence e ON e.id = v.row_key WHERE v.merge_id IN (${list}) AND v.place = 'evidence'`, params);
  const found = new Map(mergeIds.map((id) => [id, new Set<string>()]));
  for (const one of listed) found.get(one.merge_id)?.add(one.row_key);
  return found;
}

/** The merges that these people are concerned by as it was known before an instant, and those that concern the records merged into theirs. */
export async function mergesKnown(from: Reader, personIds: readonly string[], before: number): Promise<KnownMerge[]> {
  const found = new Map<string, z.output<typeof KnownRow>>();
  const seen = new Set<string>();
  for (let asked = [...personIds]; asked.length > 0;) {
    for (const id of asked) seen.add(id);
    const known = await knownAmong(from, asked, before);
    for (const one of known) found.set(one.id, one);
    asked = [...new Set(known.map((one) => one.merged_id))].filter((id) => !seen.has(id));
  }
  if (found.size === 0) return [];
  const listed = await rowsOfMerges(from, [...found.keys()]);
  return [...found.values()].map((one) => ({
    survivorId: one.survivor_id, mergedId: one.merged_id, parted: one.parted_at !== null && one.parted_at < before, rows: listed.get(one.id) ?? new Set(),
  }));
}

const MergeOfRowRow = z.object({ survivor_id: z.string(), merged_id: z.string(), decided_at: z.number(), parted_at: z.number().nullable() })
  .transform((row): MergeOfRow => ({ survivorId: row.survivor_id, mergedId: row.merged_id, decidedAt: row.decided_at, partedAt: row.parted_at }));

/** Whose row it was as it was known before an instant: what was decided later was not known then. */
export async function ownerAsKnown(from: Reader, place: 'assignments' | 'appointments', id: string, personId: string, before: number | undefined): Promise<string> {
  if (before === undefined) return personId;
  const merges = await rows(from, MergeOfRowRow, `SELECT m.survivor_id, m.merged_id, m.decided_at, m.parted_at FROM person_merge_moves v JOIN person_merges m ON m.id = v.merge_id
    WHERE v.row_key = $id AND v.place = $place AND m.state IN ('merged', 'parted')`, { id, place });
  return ownerBefore(before, personId, merges);
}
