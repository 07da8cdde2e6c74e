import { z } from 'zod';
import { ItemKey } from '~/courses';
import { accountOf, execute, Flag, flag, insert, json, maybeOne, places, rows, type Reader, type Tx } from '~/db';
import { PaperEntry, ResponseValue } from '~/itembank';
import type { MarkedAttempt } from './correction';
import { CORRECTION_KINDS, type Correction } from './mark';

export const CORRECTION_STATES = ['asked', 'approved', 'refused', 'withdrawn'] as const;
export type CorrectionState = (typeof CORRECTION_STATES)[number];

const Row = z.object({
  id: z.string(), item_version_id: z.string(), item_id: z.string(), item_code: z.string(), item_version: z.number(), kind: z.enum(CORRECTION_KINDS),
  key: json(ItemKey).nullable(), favourable: Flag, reason: z.string(), state: z.enum(CORRECTION_STATES), asked_at: z.number(), asked_by: z.string(), asker: z.string().nullable(),
  decided_at: z.number().nullable(), decided_by: z.string().nullable(), decider: z.string().nullable(), decision_reason: z.string().nullable(),
  applied_at: z.number().nullable(), version: z.number(),
}).transform((row) => ({
  id: row.id, itemVersionId: row.item_version_id, itemId: row.item_id, itemCode: row.item_code, itemVersion: row.item_version,
  kind: row.kind, key: row.key, favourable: row.favourable, reason: row.reason, state: row.state, askedAt: row.asked_at, askedBy: row.asked_by, asker: row.asker,
  decidedAt: row.decided_at, decidedBy: row.decided_by, decider: row.decider, decisionReason: row.decision_reason,
  /** When every result that it touches had been marked again; null: not yet. */
  appliedAt: row.applied_at, version: row.version,
}));
export type KeyCorrection = z.infer<typeof Row>;

const SELECT = `SELECT c.id, c.item_version_id, v.item_id, i.code AS item_code, v.number AS item_version, c.kind, c.key, c.favourable, c.reason, c.state,
  c.asked_at, c.asked_by, a.sign_in_name AS asker, c.decided_at, c.decided_by, d.sign_in_name AS decider, c.decision_reason, c.applied_at, c.version
  FROM key_corrections c JOIN item_versions v ON v.id = c.item_version_id JOIN items i ON i.id = v.item_id
  LEFT JOIN accounts a ON a.id = ${accountOf('c.asked_by')} LEFT JOIN accounts d ON d.id = ${accountOf('c.decided_by')}`;

export const findCorrection = (from: Reader, id: string): Promise<KeyCorrection | null> =>
  maybeOne(from, Row, `${SELECT} WHERE c.id = $id`, { id });

/** What was ever asked about an item, the latest first. */
export const correctionsOfItem = (from: Reader, itemId: string): Promise<KeyCorrection[]> =>
  rows(from, Row, `${SELECT} WHERE v.item_id = $itemId ORDER BY c.asked_at DESC, c.id DESC`, { itemId });

const SHOWN = 200;

/** What waits for a decision first, then what was decided, the latest first. */
export const correctionList = (from: Reader): Promise<KeyCorrection[]> =>
  rows(from, Row, `${SELECT} ORDER BY CASE WHEN c.state = 'asked' THEN 0 ELSE 1 END, c.asked_at DESC, c.id DESC LIMIT $limit`, { limit: SHOWN });

/** Approved corrections that have not reached every result yet. */
export const unapplied = (from: Reader): Promise<KeyCorrection[]> =>
  rows(from, Row, `${SELECT} WHERE c.state = 'approved' AND c.applied_at IS NULL ORDER BY c.decided_at LIMIT $limit`, { limit: SHOWN });

const InForce = z.object({ item_version_id: z.string(), kind: z.enum(CORRECTION_KINDS), key: json(ItemKey).nullable(), favourable: Flag });

/** What holds for these item versions: of several corrections the one approved last. */
export async function correctionsOf(from: Reader, itemVersionIds: readonly string[]): Promise<Map<string, Correction>> {
  if (itemVersionIds.length === 0) return new Map();
  const { list, params } = places([...itemVersionIds]);
  const found = await rows(from, InForce, `SELECT item_version_id, kind, key, favourable FROM key_corrections
    WHERE state = 'approved' AND item_version_id IN (${list}) ORDER BY decided_at, id`, params);
  return new Map(found.map(({ item_version_id: item, ...correction }) => [item, correction]));
}

export interface NewCorrection extends Correction {
  id: string;
  itemVersionId: string;
  reason: string;
  askedBy: string;
}

/** @returns false when another correction of that version waits already, or this one was asked before */
export async function insertCorrection(tx: Tx, one: NewCorrection): Promise<boolean> {
  const added = await insert(tx, 'key_corrections', [{
    id: one.id, item_version_id: one.itemVersionId, kind: one.kind, key: one.key === null ? null : JSON.stringify(one.key), favourable: flag(one.favourable),
    reason: one.reason, state: 'asked', asked_at: tx.now, asked_by: one.askedBy,
  }], 'ON CONFLICT DO NOTHING');
  return added > 0;
}

export const decideCorrection = (tx: Tx, id: string, version: number, decision: { state: CorrectionState; by: string; reason: string }): Promise<number> =>
  execute(tx, `UPDATE key_corrections SET state = $state, decided_at = $now, decided_by = $by, decision_reason = $reason, version = version + 1
    WHERE id = $id AND version = $version AND state = 'asked'`, { id, version, ...decision, now: tx.now });

export const markApplied = (tx: Tx, id: string): Promise<number> =>
  execute(tx, `UPDATE key_corrections SET applied_at = $now WHERE id = $id AND applied_at IS NULL`, { id, now: tx.now });

const Id = z.object({ attempt_id: z.string() });

/** Attempts that were marked on an item version, after `after` in the order of their ids. */
export async function markedOn(from: Reader, itemVersionId: string, after: string, limit: number): Promise<string[]> {
  const found = await rows(from, Id, `SELECT attempt_id FROM marks WHERE item = $itemVersionId AND attempt_id > $after
    ORDER BY attempt_id LIMIT $limit`, { itemVersionId, after, limit });
  return found.map((row) => row.attempt_id);
}

const MarkedRow = z.object({
  attempt_id: z.string(), person_id: z.string(), response: json(ResponseValue).nullable(), mark: z.number(), mark_max: z.number(),
  entries: json(z.array(PaperEntry)), points: z.number(), max_points: z.number(), cut_score: z.number(), passed: Flag, released_at: z.number().nullable(),
});

/** Every result in which an item version counts, with what was answered, in one query. Void attempts are no results any more. */
export async function markedAttempts(from: Reader, itemVersionId: string): Promise<MarkedAttempt[]> {
  const found = await rows(from, MarkedRow, `SELECT m.attempt_id, r.person_id, s.response, m.points AS mark, m.max_points AS mark_max, p.entries,
      r.points, r.max_points, r.cut_score, r.passed, r.released_at
    FROM marks m JOIN results r ON r.attempt_id = m.attempt_id JOIN attempts a ON a.id = m.attempt_id JOIN papers p ON p.id = a.paper_id
    LEFT JOIN responses s ON s.attempt_id = m.attempt_id AND s.item = m.item
    WHERE m.item = $itemVersionId AND a.state IN ('graded', 'released') ORDER BY m.attempt_id`, { itemVersionId });
  return found.map((row) => ({
    attemptId: row.attempt_id, personId: row.person_id, response: row.response, mark: { item: itemVersionId, points: row.mark, maxPoints: row.mark_max },
    worth: row.entries.find((entry) => entry.item === itemVersionId)?.points ?? row.mark_max,
    points: row.points, maxPoints: row.max_points, cutScore: row.cut_score, passed: row.passed, released: row.released_at !== null,
  }));
}
