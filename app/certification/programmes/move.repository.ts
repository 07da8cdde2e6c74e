import { z } from 'zod';
import { execute, insert, maybeOne, one, rows, type Reader, type Tx } from '~/db';
import { newId } from '~/kernel/id';

export const MOVE_WHO = ['open', 'all'] as const;
export type MoveWho = (typeof MOVE_WHO)[number];

const MoveRow = z.object({
  id: z.string(), from_version_id: z.string(), to_version_id: z.string(), who: z.enum(MOVE_WHO), due_on: z.string().nullable(), state: z.enum(['running', 'done', 'reversing', 'reversed']),
  reason: z.string(), decided_at: z.number(), decided_by: z.string(), reverse_reason: z.string().nullable(), version: z.number(),
  from_number: z.number(), waiting: z.number(), moved: z.number(), kept: z.number(), total: z.number(),
}).transform((row) => ({
  id: row.id, fromVersionId: row.from_version_id, toVersionId: row.to_version_id, who: row.who, dueOn: row.due_on, state: row.state, reason: row.reason, decidedAt: row.decided_at,
  decidedBy: row.decided_by, reverseReason: row.reverse_reason, version: row.version, fromNumber: row.from_number,
  waiting: row.waiting, moved: row.moved, kept: row.kept, total: row.total,
}));
/** A decision to move people, with how far it is carried out. */
export type Move = z.infer<typeof MoveRow>;

const count = (state: string): string => `(SELECT COUNT(*) FROM programme_move_rows r WHERE r.move_id = m.id AND r.state = '${state}')`;
const SELECT = `SELECT m.id, m.from_version_id, m.to_version_id, m.who, m.due_on, m.state, m.reason, m.decided_at, m.decided_by, m.reverse_reason, m.version, v.number AS from_number,
  ${count('waiting')} AS waiting, ${count('moved')} AS moved, ${count('kept')} AS kept, (SELECT COUNT(*) FROM programme_move_rows r WHERE r.move_id = m.id) AS total
  FROM programme_moves m JOIN programme_versions v ON v.id = m.from_version_id`;

export const findMove = (from: Reader, id: string): Promise<Move | null> => maybeOne(from, MoveRow, `${SELECT} WHERE m.id = $id`, { id });

export const movesTo = (from: Reader, versionId: string): Promise<Move[]> =>
  rows(from, MoveRow, `${SELECT} WHERE m.to_version_id = $versionId ORDER BY m.decided_at DESC, m.id`, { versionId });

/** Live assignments under a version that nobody has followed by another yet. */
const HELD = `FROM assignments a JOIN appointments ap ON ap.id = a.appointment_id JOIN organisations o ON o.id = ap.organisation_id
    JOIN persons p ON p.id = a.person_id LEFT JOIN clearances c ON c.assignment_id = a.id
  WHERE a.programme_version_id = $versionId AND a.ended_at IS NULL AND NOT EXISTS (SELECT 1 FROM assignments f WHERE f.follows = a.id AND f.ended_at IS NULL)`;
const CHOSEN = `${HELD} AND ($who = 'all' OR COALESCE(c.status, 'not-cleared') <> 'cleared')`;

const Count = z.object({ n: z.number() });

export const countHeld = async (from: Reader, versionId: string): Promise<number> => (await one(from, Count, `SELECT COUNT(*) AS n ${HELD}`, { versionId })).n;

const PersonRow = z.object({
  id: z.string(), person_id: z.string(), name: z.string(), organisation: z.string(), start_of_duty: z.string(), status: z.string().nullable(), cleared_until: z.string().nullable(),
});
export type MovablePerson = z.infer<typeof PersonRow>;

/** Who would be moved, after `after` in the order of the assignments' ids. */
export const movable = (from: Reader, versionId: string, who: MoveWho, after: string, limit: number): Promise<MovablePerson[]> =>
  rows(from, PersonRow, `SELECT a.id, a.person_id, p.name, o.name AS organisation, a.start_of_duty, c.status, c.cleared_until ${CHOSEN} AND a.id > $after
    ORDER BY a.id LIMIT $limit`, { versionId, who, after, limit });

const Counts = z.object({ total: z.number(), keeps: z.number().nullable() });
export const countMovable = (from: Reader, versionId: string, who: MoveWho): Promise<z.infer<typeof Counts>> =>
  one(from, Counts, `SELECT COUNT(*) AS total, SUM(CASE WHEN c.status = 'cleared' THEN 1 ELSE 0 END) AS keeps ${CHOSEN}`, { versionId, who });

/** Writes the decision with a row for everybody it concerns. @returns its id */
export async function insertMove(tx: Tx, given: { fromVersionId: string; toVersionId: string; who: MoveWho; dueOn: string | null; reason: string; by: string }): Promise<string> {
  const id = newId();
  await insert(tx, 'programme_moves', [{
    id, from_version_id: given.fromVersionId, to_version_id: given.toVersionId, who: given.who, due_on: given.dueOn, state: 'running', reason: given.reason, decided_at: tx.now, decided_by: given.by,
  }]);
  await execute(tx, `INSERT INTO programme_move_rows (move_id, from_assignment_id, state)
    SELECT CAST($id AS TEXT), a.id, 'waiting' ${CHOSEN}`, { id, versionId: given.fromVersionId, who: given.who });
  return id;
}

const RowRow = z.object({ from_assignment_id: z.string(), to_assignment_id: z.string().nullable() })
  .transform(({ from_assignment_id: fromAssignmentId, to_assignment_id: toAssignmentId }) => ({ fromAssignmentId, toAssignmentId }));
export type MoveRow = z.infer<typeof RowRow>;

export const rowsIn = (from: Reader, moveId: string, state: 'waiting' | 'moved', after: string, limit: number): Promise<MoveRow[]> =>
  rows(from, RowRow, `SELECT from_assignment_id, to_assignment_id FROM programme_move_rows WHERE move_id = $moveId AND state = $state AND from_assignment_id > $after
    ORDER BY from_assignment_id LIMIT $limit`, { moveId, state, after, limit });

/** Zero rows: it was done already. */
export const settleRow = (tx: Tx, moveId: string, fromAssignmentId: string, change: { was: 'waiting' | 'moved'; state: 'moved' | 'skipped' | 'reversed' | 'kept'; toAssignmentId: string | null }): Promise<number> =>
  execute(tx, `UPDATE programme_move_rows SET state = $state, to_assignment_id = $toAssignmentId WHERE move_id = $moveId AND from_assignment_id = $fromAssignmentId AND state = $was`,
    { moveId, fromAssignmentId, ...change });

export const endRunning = (tx: Tx, id: string, was: 'running' | 'reversing', state: 'done' | 'reversed'): Promise<number> =>
  execute(tx, 'UPDATE programme_moves SET state = $state, version = version + 1 WHERE id = $id AND state = $was', { id, was, state });

export const markReversing = (tx: Tx, id: string, version: number, given: { by: string; reason: string }): Promise<number> =>
  execute(tx, `UPDATE programme_moves SET state = 'reversing', reversed_at = $now, reversed_by = $by, reverse_reason = $reason, version = version + 1
    WHERE id = $id AND version = $version AND state = 'done'`, { id, version, now: tx.now, ...given });

const Ids = z.object({ id: z.string(), state: z.string() });

/** Decisions that are still to be carried out or taken back. */
export const unfinishedMoves = (from: Reader): Promise<z.infer<typeof Ids>[]> =>
  rows(from, Ids, `SELECT id, state FROM programme_moves WHERE state IN ('running', 'reversing')`);
