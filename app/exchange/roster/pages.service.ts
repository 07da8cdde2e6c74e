import { containing, reader, type Reader } from '~/db';
import { covers, scopePaths, type Actor } from '~/identity';
import { must } from '~/kernel/result';
import { cellsOf } from './apply.service';
import { appointmentsOfPeople, peopleById } from './facts.repository';
import { bodyOf, openFile } from './file.service';
import type { Roster } from './rosters.repository';
import type { CellFault } from './row';
import { rowsOf, type Alike, type RosterRow, type RowFilter } from './rows.repository';
import { countInWay, standingInWay, type StandingInWay } from './undo.repository';

/** Somebody who looks like the person of a row. Of people elsewhere only that there is one is told. */
export type ShownAlike = { line: number } | { personId: string; name: string; post: string; organisation: string } | { elsewhere: true };

export interface ShownRow extends Omit<RosterRow, 'sealed' | 'alike' | 'problems'> {
  alike: ShownAlike[];
  /** Each with what stands in the cell, where that may be shown. */
  problems: (CellFault & { typed: string })[];
  /** The name under which a number is known, where another stands in the file. */
  knownName: string | null;
}

export interface RowsPage {
  filter: RowFilter | null;
  search: string;
  page: number;
  pageSize: number;
}

/** Rows of a roster as a page shows them: identity numbers masked, whatever the file holds. */
export async function shownRows(actor: Actor, roster: Roster, { filter, search, page, pageSize }: RowsPage): Promise<{ rows: ShownRow[]; count: number; pageCount: number }> {
  const pattern = search.trim() === '' ? '' : containing(search);
  const { rows, count } = await rowsOf(reader(), roster.id, { filter, search: pattern, limit: pageSize, offset: (page - 1) * pageSize });
  const ids = [...rows.flatMap((row) => row.alike.flatMap((one) => ('person' in one ? [one.person] : []))), ...rows.flatMap((row) => row.personId ?? [])];
  const known = await knownPeople(reader(), actor, ids);
  return {
    count, pageCount: Math.max(1, Math.ceil(count / pageSize)),
    rows: rows.map(({ sealed, alike, problems, ...row }) => ({
      ...row, problems: withCells(roster, sealed, problems), alike: alike.map((one) => shownAlike(one, known)), knownName: row.question === 'name' ? known.get(row.personId ?? '')?.name ?? null : null,
    })),
  };
}

/** Longer cells are no names, numbers or dates. */
const LONGEST_SHOWN = 40;

/** Of a faulty identity number nothing is shown: which of its digits are wrong nobody knows. */
function withCells({ mapping }: Roster, sealed: string, problems: readonly CellFault[]): ShownRow['problems'] {
  const cells = problems.length > 0 ? cellsOf({ sealed }) : [];
  return problems.map((one) => ({ ...one, typed: one.field === 'nationalNumber' ? '' : masked((cells[mapping.indexOf(one.field)] ?? '').trim()).slice(0, LONGEST_SHOWN) }));
}

interface Known {
  personId: string;
  name: string;
  post: string;
  organisation: string;
}

const shownAlike = (one: Alike, known: ReadonlyMap<string, Known>): ShownAlike => ('line' in one ? one : known.get(one.person) ?? { elsewhere: true });

/** Those of the people whom the reader may see. */
async function knownPeople(from: Reader, actor: Actor, ids: readonly string[]): Promise<Map<string, Known>> {
  const scope = scopePaths(actor, ['hr', 'administrator']);
  const people = new Map((await peopleById(from, ids)).map((row) => [row.id, row]));
  const shown = new Map<string, Known>();
  for (const one of await appointmentsOfPeople(from, ids)) {
    const person = people.get(one.person_id);
    if (person && scope.some((path) => covers(path, one.path))) shown.set(person.id, { personId: person.id, name: person.name, post: one.post, organisation: one.organisation_name });
  }
  return shown;
}

const SAMPLES = 4;

/** What stands in each column of a roster, in its first rows: to see what a column is. Identity numbers are masked. */
export async function columnSamples(roster: Roster): Promise<string[][]> {
  if (roster.fileKey === null) return roster.headers.map(() => []);
  const sheets = must(await openFile(roster.fileKey));
  const samples: string[][] = roster.headers.map(() => []);
  let lines = 0;
  for await (const { cells } of bodyOf(sheets, roster.sheet, roster.headerLine)) {
    roster.headers.forEach((_, i) => { const cell = (cells[i] ?? '').trim(); if (cell !== '') samples[i]?.push(masked(cell.slice(0, 40))); });
    if ((lines += 1) >= SAMPLES) break;
  }
  return samples;
}

/** Whatever looks like an identity number, in whichever column. */
export const masked = (cell: string): string => cell.replace(/\d{14,17}[\dXx]/g, (number) => `${number.slice(0, 3)}***********${number.slice(14)}`);

const LISTED = 200;

/** Who cannot be taken back, and what stands in the way of it. */
export async function inWayOf(roster: Roster): Promise<{ count: number; people: StandingInWay[] }> {
  if (roster.state !== 'applied' || roster.appliedAt === null || roster.toldAt === null) return { count: 0, people: [] };
  return { count: await countInWay(reader(), roster.id, roster.appliedAt), people: await standingInWay(reader(), roster.id, roster.appliedAt, LISTED) };
}
