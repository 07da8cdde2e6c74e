import { z } from 'zod';
import { execute, Flag, insert, json, maybeOne, one, rows, type By, type Params, type Reader, type Tx } from '~/db';
import { newId } from '~/kernel/id';
import { Facts } from '../../evidence';
import { EVIDENCE_FOLLOWS, FOLLOWERS, PLACES, type Place } from './places';

export const MERGE_STATES = ['proposed', 'merged', 'refused', 'withdrawn', 'parted'] as const;
export type MergeState = (typeof MERGE_STATES)[number];

const MergeRow = z.object({
  id: z.string(), survivor_id: z.string(), merged_id: z.string(), survivor: z.string(), merged: z.string(), state: z.enum(MERGE_STATES), reason: z.string(),
  asked_at: z.number(), asked_by: z.string(), decided_at: z.number().nullable(), decided_by: z.string().nullable(), decision_reason: z.string().nullable(),
  parted_at: z.number().nullable(), parted_by: z.string().nullable(), part_reason: z.string().nullable(),
}).transform((row) => ({
  id: row.id, survivorId: row.survivor_id, mergedId: row.merged_id, survivorName: row.survivor, mergedName: row.merged, state: row.state, reason: row.reason, askedAt: row.asked_at,
  askedBy: row.asked_by, decidedAt: row.decided_at, decidedBy: row.decided_by, decisionReason: row.decision_reason, partedAt: row.parted_at, partedBy: row.parted_by, partReason: row.part_reason,
}));
export type Merge = z.output<typeof MergeRow>;

const SELECT = `SELECT m.id, m.survivor_id, m.merged_id, a.name AS survivor, b.name AS merged, m.state, m.reason, m.asked_at, m.asked_by, m.decided_at, m.decided_by,
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

/** Lists first what moves, from what is there before anything did; then moves it. */
export async function moveRows(tx: Tx, mergeId: string, pair: Pair): Promise<void> {
  for (const { table, key, stays } of PLACES) {
    const sql = `INSERT INTO person_merge_moves (merge_id, place, row_key, former)
      SELECT CAST($mergeId AS TEXT), '${table}', t.${key}, ${table === 'attempts' ? 'CAST(t.number AS TEXT)' : 'NULL'} FROM ${table} t
      WHERE t.person_id = $merged${stays ? ` AND NOT (${stays})` : ''}`;
    await execute(tx, sql, { mergeId, ...withSurvivor(stays ?? '', pair) });
  }
  for (const { table, key } of PLACES) {
    if (table === 'attempts') await moveAttempts(tx, mergeId, pair);
    else await execute(tx, `UPDATE ${table} SET person_id = $survivor WHERE person_id = $merged AND ${key} IN (${MOVED(table)})`, { ...pair, mergeId });
  }
}

const MOVED = (table: string): string => `SELECT row_key FROM person_merge_moves WHERE merge_id = $mergeId AND place = '${table}'`;

const AttemptRow = z.object({ id: z.string(), exam_id: z.string() });

/** Attempts are counted on after those of the surviving record: all of them use up what is allowed. */
async function moveAttempts(tx: Tx, mergeId: string, { survivor, merged }: Pair): Promise<void> {
  const moving = await rows(tx, AttemptRow, `SELECT id, exam_id FROM attempts WHERE person_id = $merged AND id IN (${MOVED('attempts')}) ORDER BY number`, { merged, mergeId });
  for (const { id, exam_id: examId } of moving) {
    await execute(tx, `UPDATE attempts SET person_id = $survivor,
      number = 1 + COALESCE((SELECT MAX(o.number) FROM attempts o WHERE o.person_id = $survivor AND o.exam_id = $examId), 0) WHERE id = $id`, { id, survivor, examId });
  }
}

/** Gives back exactly the rows that moved, and with them what came to be about them meanwhile. */
export async function returnRows(tx: Tx, mergeId: string, { survivor, merged }: Pair): Promise<void> {
  for (const { table, key } of PLACES) {
    const former = table === 'attempts' ? `, number = (SELECT CAST(m.former AS INTEGER) FROM person_merge_moves m WHERE m.merge_id = $mergeId AND m.place = 'attempts' AND m.row_key = attempts.id)` : '';
    await execute(tx, `UPDATE ${table} SET person_id = $merged${former} WHERE person_id = $survivor AND ${key} IN (${MOVED(table)})`, { survivor, merged, mergeId });
  }
  for (const { table, where } of FOLLOWERS) await execute(tx, `UPDATE ${table} SET person_id = $merged WHERE person_id = $survivor AND (${where})`, { survivor, merged });
}

const EvidenceRow = z.object({ kind: z.string(), ref: z.string(), target_id: z.string(), passed: Flag, at: z.number(), valid_until: z.string().nullable(), facts: json(Facts) });
export type FollowedEvidence = z.output<typeof EvidenceRow>;

/** Evidence that was recorded after the merge and belongs to what was given back. */
export const returnEvidence = (tx: Tx, { survivor, merged }: Pair): Promise<FollowedEvidence[]> =>
  rows(tx, EvidenceRow, `UPDATE evidence SET person_id = $merged WHERE person_id = $survivor AND (${EVIDENCE_FOLLOWS})
    RETURNING kind, ref, target_id, passed, at, valid_until, facts`, { survivor, merged });

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

const AliasRow = z.object({ survivor_id: z.string(), merged_id: z.string() });

/** Which records were merged as it was known before an instant, among these people: merged ones and the ones they became. */
export function mergesKnown(from: Reader, list: string, params: Params, before: number) {
  return rows(from, AliasRow, `SELECT survivor_id, merged_id FROM person_merges WHERE (survivor_id IN (${list}) OR merged_id IN (${list}))
    AND state IN ('merged', 'parted') AND decided_at < $before AND (parted_at IS NULL OR parted_at >= $before)`, { ...params, before });
}

/** Whose row it was as it was known before an instant: a merge that was decided later was not known then. */
export async function ownerAsKnown(from: Reader, place: 'assignments' | 'appointments', id: string, personId: string, before: number | undefined): Promise<string> {
  if (before === undefined) return personId;
  const found = await maybeOne(from, z.object({ merged_id: z.string() }), `SELECT m.merged_id FROM person_merge_moves v JOIN person_merges m ON m.id = v.merge_id
    WHERE v.row_key = $id AND v.place = $place AND m.state = 'merged' AND m.decided_at >= $before`, { id, place, before });
  return found?.merged_id ?? personId;
}
