import { z } from 'zod';
import { execute, insert, maybeOne, rows, type By, type Reader, type Tx } from '~/db';
import type { PlainDate } from '~/kernel/calendar';
import { newId } from '~/kernel/id';
import { within } from '../organisation.repository';
import { CHANGE_KINDS, type ChangeKind, type PlannedBeside, type RoleFate } from './change';

export const CHANGE_STATES = ['planned', 'done', 'withdrawn', 'failed'] as const;

const Row = z.object({
  id: z.string(), kind: z.enum(CHANGE_KINDS), organisation_id: z.string(), name: z.string(), path: z.string(), target_id: z.string(), target: z.string(), target_path: z.string(),
  effective_on: z.string(), roles: z.enum(['keep', 'end', 'carry']), state: z.enum(CHANGE_STATES), reason: z.string(), asked_at: z.number(), asked_by: z.string(),
  ended_at: z.number().nullable(), ended_by: z.string().nullable(), end_reason: z.string().nullable(), problem: z.string().nullable(),
}).transform((row) => ({
  id: row.id, kind: row.kind, organisationId: row.organisation_id, name: row.name, path: row.path, targetId: row.target_id, target: row.target, targetPath: row.target_path,
  effectiveOn: row.effective_on, roles: row.roles, state: row.state, reason: row.reason, askedAt: row.asked_at, askedBy: row.asked_by, endedAt: row.ended_at,
  endedBy: row.ended_by, endReason: row.end_reason, problem: row.problem,
}));

/** A move or merger of an organisation: planned, carried out, withdrawn, or found impossible on its day. */
export type OrganisationChange = z.output<typeof Row>;

const SELECT = `SELECT c.id, c.kind, c.organisation_id, o.name, o.path, c.target_id, t.name AS target, t.path AS target_path, c.effective_on, c.roles, c.state, c.reason,
  c.asked_at, c.asked_by, c.ended_at, c.ended_by, c.end_reason, c.problem
  FROM organisation_changes c JOIN organisations o ON o.id = c.organisation_id JOIN organisations t ON t.id = c.target_id`;

export const findChange = (from: Reader, id: string): Promise<OrganisationChange | null> => maybeOne(from, Row, `${SELECT} WHERE c.id = $id`, { id });

/** Changes of one organisation, or into it, the latest first. */
export const changesOf = (from: Reader, organisationId: string): Promise<OrganisationChange[]> =>
  rows(from, Row, `${SELECT} WHERE c.organisation_id = $organisationId OR c.target_id = $organisationId ORDER BY c.asked_at DESC, c.id DESC LIMIT 50`, { organisationId });

/** What is planned or could not be carried out in these subtrees, by its day. */
export function openChanges(from: Reader, paths: readonly string[]): Promise<OrganisationChange[]> {
  const [leaves, reaches] = [within('o.path', paths), within('t.path', paths)];
  return rows(from, Row, `${SELECT} WHERE c.state = 'planned' AND (${leaves.sql} OR ${reaches.sql}) ORDER BY c.effective_on, c.asked_at, c.id`, leaves.params);
}

/** What is due, in the order in which it was decided for a day. */
export const dueChanges = async (from: Reader, today: PlainDate): Promise<string[]> =>
  (await rows(from, z.object({ id: z.string() }), `SELECT id FROM organisation_changes WHERE state = 'planned' AND effective_on <= $today
    ORDER BY effective_on, asked_at, id`, { today })).map(({ id }) => id);

const BesideRow = z.object({ kind: z.enum(CHANGE_KINDS), organisation_id: z.string(), target_id: z.string(), effective_on: z.string() });

/** What else is planned for these two. */
export const plannedBeside = async (from: Reader, unitId: string, targetId: string, own = ''): Promise<PlannedBeside[]> =>
  (await rows(from, BesideRow, `SELECT kind, organisation_id, target_id, effective_on FROM organisation_changes
    WHERE state = 'planned' AND id <> $own AND (organisation_id IN ($unitId, $targetId) OR target_id = $unitId)`, { unitId, targetId, own }))
    .map((row) => ({ kind: row.kind, organisationId: row.organisation_id, targetId: row.target_id, effectiveOn: row.effective_on }));

export interface FreshChange {
  kind: ChangeKind;
  organisationId: string;
  targetId: string;
  effectiveOn: PlainDate;
  roles: RoleFate;
  reason: string;
}

export async function insertChange(tx: Tx, fresh: FreshChange, by: By): Promise<string> {
  const id = newId();
  await insert(tx, 'organisation_changes', [{
    id, kind: fresh.kind, organisation_id: fresh.organisationId, target_id: fresh.targetId, effective_on: fresh.effectiveOn, roles: fresh.roles, state: 'planned',
    reason: fresh.reason, asked_at: tx.now, asked_by: by,
  }]);
  return id;
}

/** @returns 0 when somebody was faster */
export const endChange = (tx: Tx, id: string, end: { state: 'done' | 'withdrawn' | 'failed'; by: By; reason?: string; problem?: string }): Promise<number> =>
  execute(tx, `UPDATE organisation_changes SET state = $state, ended_at = $now, ended_by = $by, end_reason = $reason, problem = $problem, version = version + 1
    WHERE id = $id AND state = 'planned'`, { id, state: end.state, by: end.by, reason: end.reason ?? null, problem: end.problem ?? null, now: tx.now });

/** Makes everything that changes the tree wait in line: a path is made of the paths above it. */
export const lockTree = (tx: Tx): Promise<number> => execute(tx, 'UPDATE organisations SET version = version WHERE parent_id IS NULL');

interface Paths {
  from: string;
  to: string;
}

/** Everything in a subtree, its top included, stands elsewhere from now on. One statement, however much it is. */
export const moveSubtree = (tx: Tx, { from, to }: Paths): Promise<number> =>
  execute(tx, `UPDATE organisations SET path = $to || substr(path, $rest) WHERE path LIKE $from || '%'`, { from, to, rest: from.length + 1 });

/** The same for what lies beneath the top only. */
export const moveBeneath = (tx: Tx, { from, to }: Paths): Promise<number> =>
  execute(tx, `UPDATE organisations SET path = $to || substr(path, $rest) WHERE path LIKE $from || '_%'`, { from, to, rest: from.length + 1 });

export const setParent = (tx: Tx, id: string, parentId: string): Promise<number> =>
  execute(tx, 'UPDATE organisations SET parent_id = $parentId, version = version + 1 WHERE id = $id', { id, parentId });

export const adoptChildren = (tx: Tx, from: string, to: string): Promise<number> =>
  execute(tx, 'UPDATE organisations SET parent_id = $to, version = version + 1 WHERE parent_id = $from', { from, to });

export const setClosed = (tx: Tx, id: string, on: PlainDate | null): Promise<number> =>
  execute(tx, 'UPDATE organisations SET closed_on = $on, version = version + 1 WHERE id = $id', { id, on });

/** Notes where everything in a subtree stands from a day on. */
export const notePlaces = (tx: Tx, path: string, on: PlainDate): Promise<number> =>
  execute(tx, `INSERT INTO organisation_places (organisation_id, from_on, parent_id, path)
    SELECT id, CAST($on AS TEXT), parent_id, path FROM organisations WHERE path LIKE $path || '%'
    ON CONFLICT (organisation_id, from_on) DO UPDATE SET parent_id = excluded.parent_id, path = excluded.path`, { on, path });

const MovedRow = z.object({ id: z.string(), person_id: z.string() });

/** Appointments that have not ended go on in another organisation. @returns which */
export const moveAppointments = (tx: Tx, from: string, to: string): Promise<{ id: string; person_id: string }[]> =>
  rows(tx, MovedRow, `UPDATE appointments SET organisation_id = $to, version = version + 1 WHERE organisation_id = $from AND ended_on IS NULL RETURNING id, person_id`, { from, to });

/** Transfers that waited for an organisation wait for the one that it went into. */
export const readdressTransfers = (tx: Tx, from: string, to: string): Promise<number> =>
  execute(tx, `UPDATE transfers SET organisation_id = $to, version = version + 1 WHERE organisation_id = $from AND state = 'proposed'`, { from, to });
