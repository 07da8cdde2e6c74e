import { createHash } from 'node:crypto';
import { MAY_START } from '~/certification';
import { appendEvent, commitIfOk, reader, type Reader } from '~/db';
import { authorise, covers, scopePaths, type Actor } from '~/identity';
import { clock, type Instant } from '~/kernel/clock';
import { newId } from '~/kernel/id';
import { err, ok, ProblemError, type Result } from '~/kernel/result';
import { findIntake, findOrganisation, keyedNumber, openSheets, type Line, type Organisation } from '~/people';
import { judgePeople, type JudgedPerson } from './judge.service';
import {
  countRows, findList, insertList, listsInScope, rowsOfList, saveJudged, saveRows, type HiringCounts, type HiringList, type HiringRow, type NewList, type RowFilter, type Sought,
} from './list.repository';
import { postsOfIntake } from './posts.repository';
import { MOST_ROWS, typedList } from './typed-rows';

const MB = 1024 * 1024;
/** The largest file that is read: five thousand people need a tenth of it. */
export const LARGEST_LIST = 4 * MB;
const LIMITS = { packed: LARGEST_LIST, unpacked: 60 * MB };

export interface BroughtList {
  /** Chosen by the form, so that a second press makes nothing twice. */
  id: string;
  title: string;
  organisationId: string;
  fileName: string;
  file: Buffer;
}

/** Makes a list of whom a file names by number and name. @returns the columns that were not used */
export async function makeListOfFile(actor: Actor, { id, title, organisationId, fileName, file }: BroughtList): Promise<Result<{ id: string; unused: string[] }>> {
  const home = await homeOf(actor, organisationId);
  if (!home.ok) return home;
  const lines = await linesIn(file);
  const read = lines.ok ? typedList(lines.value) : lines;
  if (!read.ok) return read;
  const sought = read.value.rows.map(({ line, number, name, on }): Sought => {
    const keyed = keyedNumber(number);
    return { line, number: keyed.shown, keys: keyed.keys, name, askedOn: on, appointmentId: null };
  });
  const given = { id, title, source: 'upload', organisationId, intakeId: null, fileName, fileHash: createHash('sha256').update(file).digest('hex') } as const;
  const made = await makeList(actor, home.value, given, sought);
  return made.ok ? ok({ id: made.value, unused: read.value.unused }) : made;
}

/** Makes a list of everybody who came with an intake to an organisation or beneath it. */
export async function makeListOfIntake(actor: Actor, { id, title, intakeId, organisationId }: { id: string; title: string; intakeId: string; organisationId: string }): Promise<Result<{ id: string }>> {
  const intake = await findIntake(reader(), intakeId);
  if (!intake) return err('field.choose', {}, 'intakeId');
  const home = await homeOf(actor, organisationId);
  if (!home.ok) return home;
  const posts = await postsOfIntake(reader(), [home.value.path], intakeId);
  if (posts.length === 0) return err('hiring.intake-empty', {}, 'intakeId');
  if (posts.length > MOST_ROWS) return err('csv.too-many-rows', { max: MOST_ROWS }, 'intakeId');
  const sought = posts.map((post, i): Sought => ({ line: i + 1, number: post.number ?? '', keys: [], name: post.name, askedOn: null, appointmentId: post.appointmentId }));
  const given = { id, title: title || intake.name, source: 'intake', organisationId, intakeId, fileName: null, fileHash: null } as const;
  const made = await makeList(actor, home.value, given, sought);
  return made.ok ? ok({ id: made.value }) : made;
}

async function homeOf(actor: Actor, organisationId: string): Promise<Result<Organisation>> {
  const home = await findOrganisation(reader(), organisationId);
  if (!home) return err('field.choose', {}, 'organisationId');
  authorise(actor, 'make hiring lists', { organisationPath: home.path });
  return ok(home);
}

async function linesIn(file: Buffer): Promise<Result<Line[]>> {
  const sheets = await openSheets(file, LIMITS);
  if (!sheets.ok) return sheets;
  const [sheet] = sheets.value;
  const lines: Line[] = [];
  try {
    for await (const line of sheet?.lines() ?? []) {
      lines.push(line);
      // Some titles and blank lines may stand between.
      if (lines.length > 4 * MOST_ROWS) return err('csv.too-many-rows', { max: MOST_ROWS }, 'file');
    }
    return ok(lines);
  } catch (error) {
    if (error instanceof ProblemError) return { ok: false, error: error.problem };
    throw error;
  }
}

type GivenList = Omit<NewList, 'people' | 'counts' | 'askedBy' | 'judgedAt'>;

async function makeList(actor: Actor, home: Organisation, given: GivenList, sought: readonly Sought[]): Promise<Result<string>> {
  const { rows, counts, at } = await judged(home.path, sought.map((one) => ({ ...one, id: newId() })));
  return commitIfOk(async (tx) => {
    if (await insertList(tx, { ...given, people: rows.length, counts, askedBy: actor.by, judgedAt: at }) === 0) return ok(given.id);
    await saveRows(tx, given.id, rows);
    await appendEvent(tx, {
      kind: 'hiring-list.made', subject: { kind: 'hiring-list', id: given.id }, by: actor.by, cause: 'personnel',
      body: { source: given.source, organisationId: given.organisationId, intakeId: given.intakeId, fileHash: given.fileHash, people: rows.length, counts },
    });
    return ok(given.id);
  });
}

/** Asks about everybody of a list anew: what was true then is replaced by what is true now, on the list; what was signed stays. */
export async function judgeListAgain(actor: Actor, id: string): Promise<Result<null>> {
  const list = await openList(actor, id);
  if (!list) return err('not-found');
  authorise(actor, 'make hiring lists', { organisationPath: list.organisationPath });
  const before = await rowsOfList(reader(), id);
  const byPost = list.source === 'intake';
  const { rows, counts, at } = await judged(list.organisationPath, before.map((row) => ({ ...row, appointmentId: byPost ? row.appointmentId : null })));
  return commitIfOk(async (tx) => {
    // Who asked at the same time has brought it up to date as well.
    if (await saveJudged(tx, id, list.version, { counts, judgedAt: at }) === 0) return ok(null);
    await saveRows(tx, id, rows);
    await appendEvent(tx, { kind: 'hiring-list.judged', subject: { kind: 'hiring-list', id }, by: actor.by, cause: 'personnel', body: { people: rows.length, counts } });
    return ok(null);
  });
}

async function judged(path: string, sought: readonly (Sought & { id: string })[]): Promise<{ rows: HiringRow[]; counts: HiringCounts; at: Instant }> {
  const at = clock.now();
  const people = await judgePeople(reader(), [path], sought.map(({ keys, name, askedOn, appointmentId }) => ({ keys, name, on: askedOn, appointmentId })), at);
  const rows = sought.flatMap((one, i) => {
    const person = people[i];
    return person ? [rowOf(one, person)] : [];
  });
  return { rows, counts: countsOf(rows), at };
}

const rowOf = ({ id, line, number, keys, name, askedOn, appointmentId }: Sought & { id: string }, { answer, post, otherName, on }: JudgedPerson): HiringRow => ({
  id, line, number, keys, name, askedOn, personId: post?.personId ?? null, appointmentId: post?.appointmentId ?? appointmentId, knownName: otherName,
  organisation: post?.organisation ?? null, post: post?.post ?? null, startOn: on, startedOn: post?.startedOn ?? null, status: answer.status, answer,
});

function countsOf(rows: readonly HiringRow[]): HiringCounts {
  const counts: HiringCounts = {};
  for (const { status, startedOn } of rows) {
    counts[status] = (counts[status] ?? 0) + 1;
    if (startedOn !== null) counts.started = (counts.started ?? 0) + 1;
  }
  return counts;
}

/** How many of a list may start on their day. */
export const mayStartOf = (counts: HiringCounts): number => MAY_START.reduce((sum, status) => sum + (counts[status] ?? 0), 0);

export const ROWS_PER_PAGE = 100;

/** A list for somebody who may see it; null when there is none. @throws ProblemError */
export async function openList(actor: Actor, id: string): Promise<HiringList | null> {
  const list = await findList(reader(), id);
  if (!list) authorise(actor, 'see hiring lists');
  else authorise(actor, 'see a hiring list', { organisationPath: list.organisationPath });
  return list;
}

/** Whether the actor may act on a list, not only look at it. */
export const mayActOn = (actor: Actor, { organisationPath }: HiringList): boolean => scopePaths(actor, 'hr').some((path) => covers(path, organisationPath));

/** A page of a list's rows. */
export async function pageOfRows(from: Reader, listId: string, filter: RowFilter, asked: number): Promise<{ rows: HiringRow[]; count: number; page: number; pageCount: number }> {
  const count = await countRows(from, listId, filter);
  const pageCount = Math.max(1, Math.ceil(count / ROWS_PER_PAGE));
  const page = Math.min(Math.max(1, asked), pageCount);
  return { rows: await rowsOfList(from, listId, filter, { limit: ROWS_PER_PAGE, offset: (page - 1) * ROWS_PER_PAGE }), count, page, pageCount };
}

const LISTS_PER_PAGE = 30;

/** A page of the lists that were made in the actor's organisations. */
export async function listedLists(from: Reader, actor: Actor, search: string, asked: number): Promise<{ lists: HiringList[]; count: number; page: number; pageCount: number }> {
  const query = { paths: scopePaths(actor, ['hr', 'inspector']), search, pageSize: LISTS_PER_PAGE };
  const page = Math.max(1, asked);
  const found = await listsInScope(from, { ...query, page });
  return { ...found, page, pageCount: Math.max(1, Math.ceil(found.count / LISTS_PER_PAGE)) };
}
