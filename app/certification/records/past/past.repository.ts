import { z } from 'zod';
import { execute, insert, json, maybeOne, one, places, rows, type By, type Reader, type Tx } from '~/db';
import { within } from '~/people';
import type { Problem } from '~/kernel/result';
import type { PastField } from './rows';

export const PAST_STATES = ['checked', 'asked', 'applying', 'applied', 'refused', 'withdrawn', 'undone'] as const;
export type PastState = (typeof PAST_STATES)[number];
export const ROW_STATES = ['wrong', 'duplicate', 'ready', 'applied', 'undone'] as const;
export type RowState = (typeof ROW_STATES)[number];

const ImportRow = z.object({
  id: z.string(), organisation_id: z.string(), organisation: z.string(), path: z.string(), file_name: z.string(), source: z.string(), scan_id: z.string().nullable(),
  unused: json(z.array(z.string())), state: z.enum(PAST_STATES), created_at: z.number(), asked_by: z.string(), asked_at: z.number().nullable(),
  decided_at: z.number().nullable(), decided_by: z.string().nullable(), decision_reason: z.string().nullable(), applied_at: z.number().nullable(),
  undone_at: z.number().nullable(), undone_by: z.string().nullable(), undo_reason: z.string().nullable(),
}).transform((row) => ({
  id: row.id, organisationId: row.organisation_id, organisation: row.organisation, path: row.path, fileName: row.file_name, source: row.source, scanId: row.scan_id,
  unused: row.unused, state: row.state, createdAt: row.created_at, askedBy: row.asked_by, askedAt: row.asked_at, decidedAt: row.decided_at, decidedBy: row.decided_by,
  decisionReason: row.decision_reason, appliedAt: row.applied_at, undoneAt: row.undone_at, undoneBy: row.undone_by, undoReason: row.undo_reason,
}));
export type PastImport = z.output<typeof ImportRow>;

const SELECT = `SELECT i.id, i.organisation_id, o.name AS organisation, o.path, i.file_name, i.source, i.scan_id, i.unused, i.state, i.created_at, i.asked_by, i.asked_at,
  i.decided_at, i.decided_by, i.decision_reason, i.applied_at, i.undone_at, i.undone_by, i.undo_reason
  FROM past_imports i JOIN organisations o ON o.id = i.organisation_id`;

export const findImport = (from: Reader, id: string): Promise<PastImport | null> => maybeOne(from, ImportRow, `${SELECT} WHERE i.id = $id`, { id });

/** The imports of organisations in scope, the newest first. */
export function importsInScope(from: Reader, paths: readonly string[], limit: number): Promise<PastImport[]> {
  const scope = within('o.path', paths);
  return rows(from, ImportRow, `${SELECT} WHERE ${scope.sql} ORDER BY i.created_at DESC, i.id DESC LIMIT $limit`, { ...scope.params, limit });
}

/** An import of this very file that was not refused, taken back or undone. */
export const importOfFile = (from: Reader, hash: string) =>
  maybeOne(from, z.object({ id: z.string() }), `SELECT id FROM past_imports WHERE file_hash = $hash AND state IN ('checked', 'asked', 'applying', 'applied')`, { hash });

export interface NewImport {
  id: string;
  organisationId: string;
  fileName: string;
  fileHash: string;
  source: string;
  scanId: string | null;
  unused: string[];
}

export async function insertImport(tx: Tx, fresh: NewImport, by: By): Promise<void> {
  await insert(tx, 'past_imports', [{
    id: fresh.id, organisation_id: fresh.organisationId, file_name: fresh.fileName, file_hash: fresh.fileHash, source: fresh.source, scan_id: fresh.scanId,
    unused: JSON.stringify(fresh.unused), state: 'checked', created_at: tx.now, asked_by: by,
  }]);
}

const Cells = z.record(z.string(), z.string());
export interface CellFault {
  field: PastField;
  problem: Problem;
}
const Faults = z.array(z.custom<CellFault>());

const LineRow = z.object({
  id: z.string(), line: z.number(), cells: json(Cells), problems: json(Faults), person_id: z.string().nullable(), state: z.enum(ROW_STATES), scan_id: z.string().nullable(),
}).transform((row) => ({ id: row.id, line: row.line, cells: row.cells, problems: row.problems, personId: row.person_id, state: row.state, scanId: row.scan_id }));
export type ImportLine = z.output<typeof LineRow>;

export async function insertLines(tx: Tx, importId: string, lines: (Omit<ImportLine, 'scanId'> & { contentHash: string })[]): Promise<void> {
  await insert(tx, 'past_import_rows', lines.map((row) => ({
    id: row.id, import_id: importId, line: row.line, cells: JSON.stringify(row.cells), problems: JSON.stringify(row.problems), person_id: row.personId,
    content_hash: row.contentHash, state: row.state,
  })));
}

const COLUMNS = 'id, line, cells, problems, person_id, state, scan_id';

/** The lines of an import in one state (or all), in their order. */
export function linesOf(from: Reader, importId: string, query: { state?: RowState; limit: number; offset?: number }): Promise<ImportLine[]> {
  const only = query.state ? 'AND state = $state' : '';
  return rows(from, LineRow, `SELECT ${COLUMNS} FROM past_import_rows WHERE import_id = $importId ${only} ORDER BY line LIMIT $limit OFFSET $offset`, {
    importId, limit: query.limit, offset: query.offset ?? 0, ...(query.state && { state: query.state }),
  });
}

export const findLine = (from: Reader, importId: string, id: string): Promise<ImportLine | null> =>
  maybeOne(from, LineRow, `SELECT ${COLUMNS} FROM past_import_rows WHERE import_id = $importId AND id = $id`, { importId, id });

const CountRow = z.object({ state: z.enum(ROW_STATES), n: z.number() });

export async function countLines(from: Reader, importId: string): Promise<Record<RowState, number>> {
  const found = await rows(from, CountRow, 'SELECT state, COUNT(*) AS n FROM past_import_rows WHERE import_id = $importId GROUP BY state', { importId });
  return { wrong: 0, duplicate: 0, ready: 0, applied: 0, undone: 0, ...Object.fromEntries(found.map(({ state, n }) => [state, n])) };
}

/** Which of these facts another import has taken over or is about to. */
export async function knownContents(from: Reader, hashes: readonly string[]): Promise<Set<string>> {
  const known = new Set<string>();
  for (let at = 0; at < hashes.length; at += 500) {
    const { list, params } = places([...hashes.slice(at, at + 500)]);
    const found = await rows(from, z.object({ content_hash: z.string() }), `SELECT r.content_hash FROM past_import_rows r JOIN past_imports i ON i.id = r.import_id
      WHERE r.content_hash IN (${list}) AND r.state IN ('ready', 'applied') AND i.state IN ('checked', 'asked', 'applying', 'applied')`, params);
    for (const row of found) known.add(row.content_hash);
  }
  return known;
}

const FactRow = z.object({ person_id: z.string(), kind: z.enum(['external', 'event']), code: z.string(), day: z.string() });

/** What these people have already, handed in or attended here. */
export async function factsOfPeople(from: Reader, personIds: readonly string[]): Promise<z.infer<typeof FactRow>[]> {
  const found: z.infer<typeof FactRow>[] = [];
  for (let at = 0; at < personIds.length; at += 400) {
    const { list, params } = places([...personIds.slice(at, at + 400)]);
    found.push(...await rows(from, FactRow, `SELECT person_id, 'external' AS kind, code, issued_on AS day FROM external_evidence
        WHERE person_id IN (${list}) AND state IN ('asked', 'approved')
      UNION ALL SELECT t.person_id, 'event' AS kind, e.series AS code, e.until_on AS day FROM event_attendance t JOIN classroom_events e ON e.id = t.event_id
        WHERE t.person_id IN (${list}) AND t.state IN ('attended', 'left-early')`, params));
  }
  return found;
}

const KnownRow = z.object({ id: z.string(), name: z.string(), path: z.string().nullable() });

/** Names of people and where they serve; one row for each place. */
export async function peopleNamed(from: Reader, personIds: readonly string[]): Promise<Map<string, { name: string; paths: string[] }>> {
  const known = new Map<string, { name: string; paths: string[] }>();
  for (let at = 0; at < personIds.length; at += 500) {
    const { list, params } = places([...personIds.slice(at, at + 500)]);
    const found = await rows(from, KnownRow, `SELECT p.id, p.name, o.path FROM persons p LEFT JOIN appointments a ON a.person_id = p.id AND a.ended_on IS NULL
      LEFT JOIN organisations o ON o.id = a.organisation_id WHERE p.id IN (${list})`, params);
    for (const { id, name, path } of found) known.set(id, { name, paths: [...(known.get(id)?.paths ?? []), ...(path === null ? [] : [path])] });
  }
  return known;
}

/** Moves an import on; only from one of the states it may come from. @returns 0 when somebody was faster */
export const markAsked = (tx: Tx, id: string): Promise<number> =>
  execute(tx, `UPDATE past_imports SET state = 'asked', asked_at = $now, version = version + 1 WHERE id = $id AND state = 'checked'`, { id, now: tx.now });

export const markWithdrawn = (tx: Tx, id: string): Promise<number> =>
  execute(tx, `UPDATE past_imports SET state = 'withdrawn', version = version + 1 WHERE id = $id AND state IN ('checked', 'asked')`, { id });

export const markDecided = (tx: Tx, id: string, state: 'applying' | 'refused', by: By, reason: string): Promise<number> =>
  execute(tx, `UPDATE past_imports SET state = $state, decided_at = $now, decided_by = $by, decision_reason = $reason, version = version + 1
    WHERE id = $id AND state = 'asked'`, { id, state, by, reason, now: tx.now });

export const markApplied = (tx: Tx, id: string): Promise<number> =>
  execute(tx, `UPDATE past_imports SET state = 'applied', applied_at = $now, version = version + 1 WHERE id = $id AND state = 'applying'`, { id, now: tx.now });

export const markUndone = (tx: Tx, id: string, by: By, reason: string): Promise<number> =>
  execute(tx, `UPDATE past_imports SET state = 'undone', undone_at = $now, undone_by = $by, undo_reason = $reason, version = version + 1
    WHERE id = $id AND state = 'applied'`, { id, by, reason, now: tx.now });

export const markLine = (tx: Tx, id: string, before: RowState, state: RowState): Promise<number> =>
  execute(tx, 'UPDATE past_import_rows SET state = $state WHERE id = $id AND state = $before', { id, before, state });

export const setLineScan = (tx: Tx, id: string, scanId: string): Promise<number> =>
  execute(tx, 'UPDATE past_import_rows SET scan_id = $scanId WHERE id = $id', { id, scanId });

/** Of how many lines a credential or a start of duty rests on what was taken over. */
export const usedLines = async (from: Reader, importId: string): Promise<number> =>
  (await one(from, z.object({ n: z.number() }), `SELECT COUNT(*) AS n FROM past_import_rows r WHERE r.import_id = $importId AND r.state = 'applied'
    AND EXISTS (SELECT 1 FROM clearances c WHERE c.person_id = r.person_id AND c.requirements LIKE '%"' || r.id || '"%' AND (
      EXISTS (SELECT 1 FROM credentials d WHERE d.assignment_id = c.assignment_id AND d.state IN ('valid', 'suspended'))
      OR EXISTS (SELECT 1 FROM starts s WHERE s.appointment_id = c.appointment_id AND s.state = 'recorded')))`, { importId })).n;

/** Imports that were approved and are not through: for the sweep. */
export const unfinishedImports = (from: Reader) => rows(from, z.object({ id: z.string() }), `SELECT id FROM past_imports WHERE state = 'applying' ORDER BY decided_at`);
