import { z } from 'zod';
import { HIRING_STATUSES, type HiringAnswer, type HiringStatus } from '~/certification';
import { accountOf, containing, execute, insert, json, maybeOne, one, rows, type Bindable, type Reader, type Tx } from '~/db';
import type { PlainDate } from '~/kernel/calendar';
import type { Instant } from '~/kernel/clock';
import { within } from '~/people';

/** How many of a list are in which state, and how many of all have started. */
export type HiringCounts = Partial<Record<HiringStatus | 'started', number>>;
const Counts = json(z.record(z.string(), z.number())).transform((counts): HiringCounts => counts);

const ListRow = z.object({
  id: z.string(), title: z.string(), source: z.enum(['upload', 'intake']), organisation_id: z.string(), organisation: z.string(), path: z.string(),
  intake_id: z.string().nullable(), intake: z.string().nullable(), file_name: z.string().nullable(), people: z.number(), counts: Counts,
  asked_at: z.number(), asked_by: z.string(), asker: z.string().nullable(), judged_at: z.number(), version: z.number(),
}).transform((row) => ({
  id: row.id, title: row.title, source: row.source, organisationId: row.organisation_id, organisation: row.organisation, organisationPath: row.path,
  intakeId: row.intake_id, intake: row.intake, fileName: row.file_name, people: row.people, counts: row.counts,
  askedAt: row.asked_at, askedBy: row.asked_by, asker: row.asker, judgedAt: row.judged_at, version: row.version,
}));
export type HiringList = z.infer<typeof ListRow>;

const LIST = `SELECT l.id, l.title, l.source, l.organisation_id, o.name AS organisation, o.path, l.intake_id, n.name AS intake, l.file_name, l.people, l.counts,
    l.asked_at, l.asked_by, c.sign_in_name AS asker, l.judged_at, l.version
  FROM hiring_lists l JOIN organisations o ON o.id = l.organisation_id LEFT JOIN intakes n ON n.id = l.intake_id LEFT JOIN accounts c ON c.id = ${accountOf('l.asked_by')}`;

export const findList = (from: Reader, id: string): Promise<HiringList | null> => maybeOne(from, ListRow, `${LIST} WHERE l.id = $id`, { id });

const Count = z.object({ n: z.number() });

/** Lists of organisations in scope, the latest first; `search` is part of a title. */
export async function listsInScope(from: Reader, query: { paths: readonly string[]; search: string; page: number; pageSize: number }): Promise<{ lists: HiringList[]; count: number }> {
  const scope = within('o.path', query.paths);
  const where = `${scope.sql} AND lower(l.title) LIKE $search ESCAPE '!'`;
  const params = { ...scope.params, search: containing(query.search) };
  const { n: count } = await one(from, Count, `SELECT COUNT(*) AS n FROM hiring_lists l JOIN organisations o ON o.id = l.organisation_id WHERE ${where}`, params);
  const lists = await rows(from, ListRow, `${LIST} WHERE ${where} ORDER BY l.asked_at DESC, l.id DESC LIMIT $limit OFFSET $offset`,
    { ...params, limit: query.pageSize, offset: (query.page - 1) * query.pageSize });
  return { lists, count };
}

export interface NewList {
  id: string;
  title: string;
  source: HiringList['source'];
  organisationId: string;
  intakeId: string | null;
  fileName: string | null;
  fileHash: string | null;
  people: number;
  counts: HiringCounts;
  askedBy: string;
  judgedAt: Instant;
}

/** 0 rows: the list was made before. */
export const insertList = (tx: Tx, list: NewList): Promise<number> =>
  insert(tx, 'hiring_lists', [{
    id: list.id, title: list.title, source: list.source, organisation_id: list.organisationId, intake_id: list.intakeId, file_name: list.fileName,
    file_hash: list.fileHash, people: list.people, counts: JSON.stringify(list.counts), asked_at: tx.now, asked_by: list.askedBy, judged_at: list.judgedAt,
  }], 'ON CONFLICT (id) DO NOTHING');

/** 0 rows: somebody else has judged it since `version`. */
export const saveJudged = (tx: Tx, id: string, version: number, judged: { counts: HiringCounts; judgedAt: Instant }): Promise<number> =>
  execute(tx, 'UPDATE hiring_lists SET counts = $counts, judged_at = $judgedAt, version = version + 1 WHERE id = $id AND version = $version',
    { id, version, counts: JSON.stringify(judged.counts), judgedAt: judged.judgedAt });

/** Written by this room alone, as the certification room said it. */
const StoredAnswer = z.custom<HiringAnswer>((value) => typeof value === 'object' && value !== null && 'status' in value && 'conditions' in value);

const RowRow = z.object({
  id: z.string(), line: z.number(), number: z.string(), number_keys: json(z.array(z.string())), name: z.string(), asked_on: z.string().nullable(),
  person_id: z.string().nullable(), appointment_id: z.string().nullable(), known_name: z.string().nullable(), organisation: z.string().nullable(),
  post: z.string().nullable(), start_on: z.string().nullable(), started_on: z.string().nullable(), status: z.enum(HIRING_STATUSES), answer: json(StoredAnswer),
}).transform((row) => ({
  id: row.id, line: row.line, number: row.number, keys: row.number_keys, name: row.name, askedOn: row.asked_on, personId: row.person_id,
  appointmentId: row.appointment_id, knownName: row.known_name, organisation: row.organisation, post: row.post, startOn: row.start_on, startedOn: row.started_on,
  status: row.status, answer: row.answer,
}));
/** One person of a list: what was asked, and what the answer was when it was judged last. */
export type HiringRow = z.infer<typeof RowRow>;

/** Writes rows, new ones and those that were judged anew. */
export const saveRows = (tx: Tx, listId: string, all: readonly HiringRow[]): Promise<number> =>
  insert(tx, 'hiring_rows', all.map((row) => ({
    id: row.id, list_id: listId, line: row.line, number: row.number, number_keys: JSON.stringify(row.keys), name: row.name, asked_on: row.askedOn,
    person_id: row.personId, appointment_id: row.appointmentId, known_name: row.knownName, organisation: row.organisation, post: row.post,
    start_on: row.startOn, started_on: row.startedOn, status: row.status, answer: JSON.stringify(row.answer),
  })), `ON CONFLICT (id) DO UPDATE SET person_id = excluded.person_id, appointment_id = excluded.appointment_id, known_name = excluded.known_name,
    organisation = excluded.organisation, post = excluded.post, start_on = excluded.start_on, started_on = excluded.started_on, status = excluded.status, answer = excluded.answer`);

export interface RowFilter {
  status?: HiringStatus | 'may-not' | 'not-started' | undefined;
  /** Part of a name, or of a number as it is shown. */
  search?: string | undefined;
  /** Only these lines of the list. */
  lines?: readonly number[] | undefined;
}

const COLUMNS = `r.id, r.line, r.number, r.number_keys, r.name, r.asked_on, r.person_id, r.appointment_id, r.known_name, r.organisation, r.post, r.start_on,
  r.started_on, r.status, r.answer`;

/** Rows of a list in its order. */
export function rowsOfList(from: Reader, listId: string, filter: RowFilter = {}, page: { limit: number; offset: number } = { limit: 100_000, offset: 0 }): Promise<HiringRow[]> {
  const { where, params } = conditions(listId, filter);
  return rows(from, RowRow, `SELECT ${COLUMNS} FROM hiring_rows r WHERE ${where} ORDER BY r.line LIMIT $limit OFFSET $offset`, { ...params, ...page });
}

export async function countRows(from: Reader, listId: string, filter: RowFilter): Promise<number> {
  const { where, params } = conditions(listId, filter);
  return (await one(from, Count, `SELECT COUNT(*) AS n FROM hiring_rows r WHERE ${where}`, params)).n;
}

const MAY = `r.status IN ('cleared', 'waived')`;

function conditions(listId: string, { status, search, lines }: RowFilter): { where: string; params: Record<string, Bindable> } {
  const where = ['r.list_id = $listId'];
  const params: Record<string, Bindable> = { listId };
  if (status === 'may-not') where.push(`NOT ${MAY}`);
  else if (status === 'not-started') where.push(`${MAY} AND r.started_on IS NULL`);
  else if (status) {
    where.push('r.status = $status');
    params['status'] = status;
  }
  if (search?.trim()) {
    where.push(`(lower(r.name) LIKE $search ESCAPE '!' OR lower(r.number) LIKE $search ESCAPE '!' OR lower(COALESCE(r.organisation, '')) LIKE $search ESCAPE '!')`);
    params['search'] = containing(search);
  }
  if (lines) {
    // Numbers of our own, so that a thousand of them are no thousand parameters.
    const wanted = lines.filter((line) => Number.isSafeInteger(line));
    where.push(wanted.length === 0 ? '1 = 0' : `r.line IN (${wanted.join(', ')})`);
  }
  return { where: where.join(' AND '), params };
}

export type Sought = Pick<HiringRow, 'line' | 'number' | 'keys' | 'name'> & { askedOn: PlainDate | null; appointmentId: string | null };
