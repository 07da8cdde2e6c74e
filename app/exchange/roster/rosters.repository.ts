import { z } from 'zod';
import { containing, execute, insert, json, maybeOne, one, rows, type By, type Reader, type Tx } from '~/db';
import type { Problem } from '~/kernel/result';
import { within } from '~/people';
import { ROSTER_FIELDS } from './fields';

export const ROSTER_STATES = ['columns', 'checking', 'checked', 'staging', 'cancelling', 'applied', 'undoing', 'undone', 'withdrawn', 'unreadable'] as const;
export type RosterState = (typeof ROSTER_STATES)[number];

const Mapping = z.array(z.enum(ROSTER_FIELDS).nullable());
export const StoredProblem = z.custom<Problem>();

const Row = z.object({
  id: z.string(), organisation_id: z.string(), organisation: z.string(), path: z.string(), source: z.enum(['upload', 'folder']), file_name: z.string(), file_key: z.string().nullable(),
  file_hash: z.string(), sheet: z.string(), header_line: z.number(), headers: json(z.array(z.string())), mapping: json(Mapping), signature: z.string(), scope: json(z.array(z.string())),
  state: z.enum(ROSTER_STATES), mode: z.enum(['all', 'good']).nullable(), checked_on: z.string().nullable(), problem: json(StoredProblem).nullable(), waits_for: z.string().nullable(),
  lines: z.number(), staged: z.number(), told: z.number(), undone: z.number(), planned: z.number(), created_at: z.number(), created_by: z.string(), checked_at: z.number().nullable(),
  apply_asked_at: z.number().nullable(), apply_asked_by: z.string().nullable(), applied_at: z.number().nullable(), told_at: z.number().nullable(),
  undo_asked_by: z.string().nullable(), undo_reason: z.string().nullable(), undo_rest: z.number(), undone_at: z.number().nullable(), version: z.number(),
}).transform((row) => ({
  id: row.id, organisationId: row.organisation_id, organisation: row.organisation, path: row.path, source: row.source, fileName: row.file_name, fileKey: row.file_key, fileHash: row.file_hash,
  sheet: row.sheet, headerLine: row.header_line, headers: row.headers, mapping: row.mapping, signature: row.signature, scope: row.scope, state: row.state, mode: row.mode, checkedOn: row.checked_on,
  problem: row.problem, waitsFor: row.waits_for, lines: row.lines, staged: row.staged, told: row.told, undone: row.undone, planned: row.planned, createdAt: row.created_at, createdBy: row.created_by,
  checkedAt: row.checked_at, applyAskedAt: row.apply_asked_at, applyAskedBy: row.apply_asked_by, appliedAt: row.applied_at, toldAt: row.told_at, undoAskedBy: row.undo_asked_by,
  undoReason: row.undo_reason, undoRest: row.undo_rest !== 0, undoneAt: row.undone_at, version: row.version,
}));
export type Roster = z.output<typeof Row>;

const SELECT = `SELECT i.*, o.name AS organisation, o.path FROM roster_imports i JOIN organisations o ON o.id = i.organisation_id`;

export const findRoster = (from: Reader, id: string): Promise<Roster | null> => maybeOne(from, Row, `${SELECT} WHERE i.id = $id`, { id });

export interface RostersQuery {
  paths: readonly string[];
  /** Part of a file's name. */
  search?: string;
  state?: RosterState | 'waiting';
  page: number;
}

const PAGE = 50;
/** Somebody has to set columns, or to look and apply. */
const WAITS = `i.state IN ('columns', 'checked')`;

/** Rosters for organisations in scope, the newest first. */
export async function rostersInScope(from: Reader, { paths, search = '', state, page }: RostersQuery): Promise<{ rosters: Roster[]; count: number; pageCount: number }> {
  const scope = within('o.path', paths);
  const sql = `${scope.sql}${search === '' ? '' : ` AND lower(i.file_name) LIKE $search ESCAPE '!'`}${state === 'waiting' ? ` AND ${WAITS}` : state ? ' AND i.state = $state' : ''}`;
  const params = { ...scope.params, ...(search !== '' && { search: containing(search) }), ...(state && state !== 'waiting' && { state }) };
  const { n: count } = await one(from, z.object({ n: z.number() }), `SELECT COUNT(*) AS n FROM roster_imports i JOIN organisations o ON o.id = i.organisation_id WHERE ${sql}`, params);
  const rosters = await rows(from, Row, `${SELECT} WHERE ${sql} ORDER BY i.created_at DESC, i.id DESC LIMIT $limit OFFSET $offset`, { ...params, limit: PAGE, offset: (page - 1) * PAGE });
  return { rosters, count, pageCount: Math.max(1, Math.ceil(count / PAGE)) };
}

/** How many wait for somebody: to set columns, or to look and apply. */
export async function waitingRosters(from: Reader, paths: readonly string[]): Promise<number> {
  const scope = within('o.path', paths);
  const found = await maybeOne(from, z.object({ n: z.number() }), `SELECT COUNT(*) AS n FROM roster_imports i JOIN organisations o ON o.id = i.organisation_id WHERE ${scope.sql} AND ${WAITS}`, scope.params);
  return found?.n ?? 0;
}

const Id = z.object({ id: z.string() });
const OPEN = `('columns', 'checking', 'checked', 'staging', 'cancelling')`;

/** A roster of this very file for the organisation that is not through yet. */
export const openRosterOfFile = (from: Reader, organisationId: string, hash: string) =>
  maybeOne(from, Id, `SELECT id FROM roster_imports WHERE organisation_id = $organisationId AND file_hash = $hash AND state IN ${OPEN}`, { organisationId, hash });

/** The last time that this very file was applied. */
export const appliedRosterOfFile = (from: Reader, { organisationId, fileHash, id }: Pick<Roster, 'organisationId' | 'fileHash' | 'id'>) =>
  maybeOne(from, Id.extend({ applied_at: z.number() }), `SELECT id, applied_at FROM roster_imports WHERE organisation_id = $organisationId AND file_hash = $fileHash AND id <> $id AND state = 'applied'
    ORDER BY applied_at DESC LIMIT 1`, { organisationId, fileHash, id });

export interface NewRoster extends Pick<Roster, 'id' | 'organisationId' | 'source' | 'fileName' | 'fileKey' | 'fileHash' | 'sheet' | 'headerLine' | 'headers' | 'mapping' | 'signature' | 'scope' | 'state'> {
  by: By;
}

export const insertRoster = (tx: Tx, fresh: NewRoster): Promise<number> => insert(tx, 'roster_imports', [{
  id: fresh.id, organisation_id: fresh.organisationId, source: fresh.source, file_name: fresh.fileName, file_key: fresh.fileKey, file_hash: fresh.fileHash, sheet: fresh.sheet,
  header_line: fresh.headerLine, headers: JSON.stringify(fresh.headers), mapping: JSON.stringify(fresh.mapping), signature: fresh.signature, scope: JSON.stringify(fresh.scope), state: fresh.state,
  created_at: tx.now, created_by: fresh.by,
}]);

type Settable = Partial<{
  state: RosterState; mode: 'all' | 'good' | null; mapping: string; scope: string; file_key: string | null; lines: number; staged: number; told: number; undone: number; planned: number;
  checked_on: string; checked_at: number; problem: string | null; waits_for: string | null; apply_asked_at: number | null; apply_asked_by: string | null; applied_at: number; told_at: number;
  undo_asked_at: number; undo_asked_by: string; undo_reason: string; undo_rest: number; undone_at: number;
}>;

/** Changes a roster, only while it is in one of these states. @returns 0 when somebody was faster */
export function setRoster(tx: Tx, id: string, states: readonly RosterState[], set: Settable): Promise<number> {
  const columns = Object.keys(set);
  return execute(tx, `UPDATE roster_imports SET ${columns.map((column) => `${column} = $${column}`).join(', ')}, version = version + 1
    WHERE id = $id AND state IN (${states.map((state) => `'${state}'`).join(', ')})`, { id, ...set });
}

/** Holds a roster for the rest of the transaction, so that no two jobs work on it at once. @returns null when it is in none of these states any more */
export const holdRoster = async (tx: Tx, id: string, states: readonly RosterState[]): Promise<Roster | null> =>
  (await execute(tx, `UPDATE roster_imports SET version = version + 1 WHERE id = $id AND state IN (${states.map((state) => `'${state}'`).join(', ')})`, { id })) === 0 ? null : findRoster(tx, id);

/** Goes on with a dry run; only the one that began last. @returns 0 when another began meanwhile, or the roster was taken back */
export const noteChecked = (tx: Tx, id: string, run: number, lines: number): Promise<number> =>
  execute(tx, `UPDATE roster_imports SET lines = $lines WHERE id = $id AND state = 'checking' AND version = $run`, { id, run, lines });

/** What somebody of the unit set for files with these headers. */
export async function rememberedMapping(from: Reader, organisationId: string, signature: string): Promise<z.infer<typeof Mapping> | null> {
  const found = await maybeOne(from, z.object({ mapping: json(Mapping) }), 'SELECT mapping FROM roster_mappings WHERE organisation_id = $organisationId AND signature = $signature', { organisationId, signature });
  return found?.mapping ?? null;
}

export const rememberMapping = (tx: Tx, kept: { organisationId: string; signature: string; mapping: readonly (string | null)[]; by: By }): Promise<number> =>
  insert(tx, 'roster_mappings', [{ organisation_id: kept.organisationId, signature: kept.signature, mapping: JSON.stringify(kept.mapping), saved_at: tx.now, saved_by: kept.by }],
    'ON CONFLICT (organisation_id, signature) DO UPDATE SET mapping = excluded.mapping, saved_at = excluded.saved_at, saved_by = excluded.saved_by');

/** Rosters in these states, the oldest first. */
export const rostersIn = (from: Reader, states: readonly RosterState[]): Promise<Roster[]> =>
  rows(from, Row, `${SELECT} WHERE i.state IN (${states.map((state) => `'${state}'`).join(', ')}) ORDER BY i.created_at`);
