import { z } from 'zod';
import { among, execute, insert, json, maybeOne, one, rows, type Params, type Reader, type Tx } from '~/db';
import { ROW_KINDS, type Change, type RowKind } from './judge';
import type { CellFault } from './row';

export const ROW_STATES = ['checked', 'staged', 'stale', 'applied', 'undone', 'kept'] as const;
export type RowState = (typeof ROW_STATES)[number];
export const ANSWERS = ['same', 'other', 'skip'] as const;
export type Answer = (typeof ANSWERS)[number];

/** Who looks like the person of a row: somebody known, or another line of the file. */
export type Alike = { person: string } | { line: number };

const Row = z.object({
  line: z.number(), kind: z.enum(ROW_KINDS), person_id: z.string().nullable(), name: z.string(), number: z.string(), organisation: z.string(), changes: json(z.array(z.custom<Change>())),
  problems: json(z.array(z.custom<CellFault>())), sealed: z.string(), judged: z.string(), question: z.enum(['duplicate', 'name']).nullable(), alike: json(z.array(z.custom<Alike>())),
  answer: z.enum(ANSWERS).nullable(), answer_person: z.string().nullable(), state: z.enum(ROW_STATES),
}).transform((row) => ({
  line: row.line, kind: row.kind, personId: row.person_id, name: row.name, number: row.number, organisation: row.organisation, changes: row.changes, problems: row.problems, sealed: row.sealed,
  judged: row.judged, question: row.question, alike: row.alike, answer: row.answer, answerPerson: row.answer_person, state: row.state,
}));
export type RosterRow = z.output<typeof Row>;
export type NewRow = Omit<RosterRow, 'answer' | 'answerPerson' | 'state'>;

const COLUMNS = 'line, kind, person_id, name, number, organisation, changes, problems, sealed, judged, question, alike, answer, answer_person, state';

export const insertRows = (tx: Tx, importId: string, fresh: readonly NewRow[]): Promise<number> => insert(tx, 'roster_rows', fresh.map((row) => ({
  import_id: importId, line: row.line, kind: row.kind, person_id: row.personId, name: row.name, number: row.number, organisation: row.organisation, changes: JSON.stringify(row.changes),
  problems: JSON.stringify(row.problems), sealed: row.sealed, judged: row.judged, question: row.question, alike: JSON.stringify(row.alike), state: 'checked',
})));

export const deleteRows = (tx: Tx, importId: string): Promise<number> => execute(tx, 'DELETE FROM roster_rows WHERE import_id = $importId', { importId });

/** What a list of rows is narrowed to. `open`: a human being has to decide. */
export type RowFilter = RowKind | 'open' | 'stale' | 'kept';

const FILTERS: Record<'open' | 'stale' | 'kept', string> = { open: `question IS NOT NULL AND answer IS NULL AND kind <> 'wrong'`, stale: `state = 'stale'`, kept: `state = 'kept'` };

function condition(filter: RowFilter | null, search: string): { sql: string; params: Params } {
  const parts: string[] = [];
  const params: Params = {};
  if (filter === 'open' || filter === 'stale' || filter === 'kept') parts.push(FILTERS[filter]);
  else if (filter !== null) {
    parts.push('kind = $kind');
    params['kind'] = filter;
  }
  if (search !== '') {
    parts.push(`(lower(name) LIKE $search ESCAPE '!' OR lower(number) LIKE $search ESCAPE '!')`);
    params['search'] = search;
  }
  return { sql: parts.map((part) => ` AND ${part}`).join(''), params };
}

export interface RowsQuery {
  filter: RowFilter | null;
  /** A pattern as `containing` makes it; empty: none. */
  search: string;
  limit: number;
  offset: number;
}

/** Rows in the order of the file. */
export async function rowsOf(from: Reader, importId: string, { filter, search, limit, offset }: RowsQuery): Promise<{ rows: RosterRow[]; count: number }> {
  const { sql, params } = condition(filter, search);
  const { n: count } = await one(from, z.object({ n: z.number() }), `SELECT COUNT(*) AS n FROM roster_rows WHERE import_id = $importId${sql}`, { importId, ...params });
  const found = await rows(from, Row, `SELECT ${COLUMNS} FROM roster_rows WHERE import_id = $importId${sql} ORDER BY line LIMIT $limit OFFSET $offset`, { importId, ...params, limit, offset });
  return { rows: found, count };
}

export const findRow = (from: Reader, importId: string, line: number): Promise<RosterRow | null> =>
  maybeOne(from, Row, `SELECT ${COLUMNS} FROM roster_rows WHERE import_id = $importId AND line = $line`, { importId, line });

const APPLICABLE = `kind NOT IN ('wrong', 'unchanged') AND (question IS NULL OR answer IN ('same', 'other')) AND state = 'checked'`;

/** How many rows would do something. */
export const countApplicable = async (from: Reader, importId: string): Promise<number> =>
  (await one(from, z.object({ n: z.number() }), `SELECT COUNT(*) AS n FROM roster_rows WHERE import_id = $importId AND ${APPLICABLE}`, { importId })).n;

/** The next rows after a line that will do something: of a good kind, decided where a decision was asked for. */
export const applicableAfter = (from: Reader, importId: string, after: number, limit: number): Promise<RosterRow[]> =>
  rows(from, Row, `SELECT ${COLUMNS} FROM roster_rows WHERE import_id = $importId AND line > $after AND ${APPLICABLE} ORDER BY line LIMIT $limit`, { importId, after, limit });

/** Rows that were or would be left out, after a line: for the file to correct. */
export const badAfter = (from: Reader, importId: string, after: number, limit: number): Promise<RosterRow[]> =>
  rows(from, Row, `SELECT ${COLUMNS} FROM roster_rows WHERE import_id = $importId AND line > $after AND (kind = 'wrong' OR state = 'stale' OR (question IS NOT NULL AND (answer IS NULL OR answer = 'skip')))
    ORDER BY line LIMIT $limit`, { importId, after, limit });

const CountRow = z.object({ kind: z.enum(ROW_KINDS), open: z.number(), skipped: z.number(), state: z.enum(ROW_STATES), n: z.number() });

export interface RowCounts {
  kinds: Record<RowKind, number>;
  /** How many of them wait for a decision, how many were decided to be left out. */
  open: number;
  skipped: number;
  states: Record<RowState, number>;
  total: number;
}

export async function countRows(from: Reader, importId: string): Promise<RowCounts> {
  const found = await rows(from, CountRow, `SELECT kind, state, CASE WHEN question IS NOT NULL AND answer IS NULL AND kind <> 'wrong' THEN 1 ELSE 0 END AS open, CASE WHEN answer = 'skip' THEN 1 ELSE 0 END AS skipped,
    COUNT(*) AS n FROM roster_rows WHERE import_id = $importId GROUP BY 1, 2, 3, 4`, { importId });
  const counts: RowCounts = {
    kinds: { created: 0, changed: 0, moved: 0, left: 0, unchanged: 0, wrong: 0 }, open: 0, skipped: 0, states: { checked: 0, staged: 0, stale: 0, applied: 0, undone: 0, kept: 0 }, total: 0,
  };
  for (const { kind, open, skipped, state, n } of found) {
    counts.kinds[kind] += n;
    counts.states[state] += n;
    counts.open += open * n;
    counts.skipped += skipped * n;
    counts.total += n;
  }
  return counts;
}

/** Writes down a decision; only on rows that ask for one. */
export const setAnswer = (tx: Tx, importId: string, line: number, answer: Answer, personId: string | null): Promise<number> =>
  execute(tx, `UPDATE roster_rows SET answer = $answer, answer_person = $personId WHERE import_id = $importId AND line = $line AND question IS NOT NULL AND state = 'checked'`, { importId, line, answer, personId });

/** The same decision for all rows that ask the same and have none yet. */
export const answerRest = (tx: Tx, importId: string, question: 'duplicate' | 'name', answer: Answer): Promise<number> =>
  execute(tx, `UPDATE roster_rows SET answer = $answer WHERE import_id = $importId AND question = $question AND answer IS NULL AND kind <> 'wrong' AND state = 'checked'`, { importId, question, answer });

/** A row judged anew, after a decision about it. */
export const rejudge = (tx: Tx, importId: string, row: Pick<NewRow, 'line' | 'kind' | 'personId' | 'changes' | 'problems' | 'judged'>): Promise<number> =>
  execute(tx, `UPDATE roster_rows SET kind = $kind, person_id = $personId, changes = $changes, problems = $problems, judged = $judged WHERE import_id = $importId AND line = $line`, {
    importId, line: row.line, kind: row.kind, personId: row.personId, changes: JSON.stringify(row.changes), problems: JSON.stringify(row.problems), judged: row.judged,
  });

export async function setRowStates(tx: Tx, importId: string, lines: readonly number[], state: RowState): Promise<void> {
  if (lines.length === 0) return;
  const { list, params } = among(tx, 'lines', lines);
  await execute(tx, `UPDATE roster_rows SET state = $state WHERE import_id = $importId AND line IN (${list})`, { importId, state, ...params });
}

/** Rows that were ready are only checked again. */
export const unstageRows = (tx: Tx, importId: string): Promise<number> => execute(tx, `UPDATE roster_rows SET state = 'checked' WHERE import_id = $importId AND state = 'staged'`, { importId });

/** Rows that took effect, with whom they turned out to be about. */
export async function settleRows(tx: Tx, importId: string, plans: readonly { line: number }[]): Promise<void> {
  const { list, params } = among(tx, 'lines', plans.map(({ line }) => line));
  await execute(tx, `UPDATE roster_rows SET state = 'applied', person_id = (SELECT p.person_id FROM roster_plans p WHERE p.import_id = roster_rows.import_id AND p.line = roster_rows.line)
    WHERE import_id = $importId AND line IN (${list})`, { importId, ...params });
}
