import { addJob, appendEvent, inTransaction, reader, type By } from '~/db';
import { dateAt } from '~/kernel/calendar';
import { clock } from '~/kernel/clock';
import { config } from '~/kernel/config';
import { removeFile } from '~/kernel/files';
import { ProblemError } from '~/kernel/result';
import { encrypt } from '~/kernel/secrets';
import { bornHash, noteLikenesses, plainName, type Line } from '~/people';
import { FactFinder, type Asked } from './facts.service';
import { bodyOf, openFile } from './file.service';
import { NUMBER_FIELDS } from './fields';
import { letApplyByItself } from './folder-rule';
import { fingerprint, keptCells, shownNumber, shownOrganisation } from './judged';
import { judge, type Judged } from './judge';
import type { Facts } from './known';
import { OneBehind } from './one-behind';
import { findRoster, noteChecked, setRoster, type Roster } from './rosters.repository';
import { cellsByField, readEntry, type CellFault, type RosterEntry } from './row';
import { countRows, deleteRows, insertRows, type Alike, type NewRow } from './rows.repository';

/** So many lines are judged and written at once: few enough that no save of an exam waits for them. */
const CHUNK = 200;
export const MOST_LINES = 1_000_000;

/**
 * Reads a roster and judges each line without changing anything: the dry run. Run again, it begins anew; when the roster
 * was taken back meanwhile, it stops.
 */
export async function checkRoster(importId: string): Promise<void> {
  const roster = await findRoster(reader(), importId);
  if (roster?.state !== 'checking' || roster.fileKey === null) return;
  await noteLikenesses();
  const today = dateAt(clock.now(), config().TIME_ZONE);
  const begun = await inTransaction(async (tx) => {
    await deleteRows(tx, importId);
    await setRoster(tx, importId, ['checking'], { lines: 0, checked_on: today });
    return findRoster(tx, importId);
  });
  if (!begun) return;
  try {
    if (await judgeLines(begun, roster.fileKey, today)) await finish(importId);
  } catch (error) {
    if (!(error instanceof ProblemError)) throw error;
    const { problem } = error;
    const isOver = await inTransaction(async (tx) => {
      await deleteRows(tx, importId);
      if (await setRoster(tx, importId, ['checking'], { state: 'unreadable', problem: JSON.stringify(problem), checked_at: tx.now, file_key: null }) === 0) return false;
      await appendEvent(tx, { kind: 'roster.unreadable', subject: { kind: 'roster', id: importId }, by: 'system:exchange', body: { code: problem.code } });
      return true;
    });
    if (isOver) await removeFile(roster.fileKey);
  }
}

/** @returns false when the roster was taken back meanwhile, or another run began */
async function judgeLines(roster: Roster, fileKey: string, today: string): Promise<boolean> {
  const sheets = await openFile(fileKey);
  if (!sheets.ok) throw new ProblemError(sheets.error);
  const finder = await FactFinder.open(reader(), { by: roster.createdBy as By, scope: roster.scope, organisationId: roster.organisationId, today });
  const seen = new SeenLines();
  const writer = new OneBehind();
  let [chunk, count]: [Line[], number] = [[], 0];
  const store = async () => {
    const rows = await judgedRows(roster, finder, seen, chunk);
    count += rows.length;
    chunk = [];
    const until = count;
    return writer.next(() => inTransaction(async (tx) => {
      if (await noteChecked(tx, roster.id, roster.version, until) === 0) return false;
      await insertRows(tx, roster.id, rows);
      return true;
    }));
  };
  try {
    for await (const line of bodyOf(sheets.value, roster.sheet, roster.headerLine)) {
      if (count + chunk.length >= MOST_LINES) throw new ProblemError({ code: 'csv.too-many-rows', params: { max: MOST_LINES } });
      chunk.push(line);
      if (chunk.length >= CHUNK && !(await store())) return false;
    }
    if (chunk.length > 0 && !(await store())) return false;
  } finally {
    await writer.settled();
  }
  if (!(await writer.end())) return false;
  if (count === 0) throw new ProblemError({ code: 'csv.empty' });
  return true;
}

async function judgedRows(roster: Roster, finder: FactFinder, seen: SeenLines, lines: readonly Line[]): Promise<NewRow[]> {
  const read = lines.map((line) => ({ line, ...readEntry(cellsByField(roster.mapping, line.cells)) }));
  const facts = await finder.find(reader(), read.map(({ entry }): Asked => ({ entry, answer: null })));
  return read.flatMap(({ line, entry, faults }, i) => {
    const known = facts[i];
    if (!known) return [];
    const twice = seen.faults(known.hashes, line.line);
    const judged = judge(entry, [...faults, ...twice], known);
    const again = judged.person === null ? null : seen.person(judged.person.id, line.line);
    if (again !== null && twice.length === 0) return [rowOf(roster, line, entry, { ...judged, kind: 'wrong', changes: [], plan: null, question: null, faults: [{ field: 'name', problem: { code: 'roster.person-twice', params: { line: again } } }] }, finder, [])];
    const inFile = judged.kind === 'created' ? seen.alike(entry, line.line) : null;
    return [rowOf(roster, line, entry, inFile === null ? judged : { ...judged, question: 'duplicate' }, finder, inFile === null ? [] : [{ line: inFile }])];
  });
}

function rowOf(roster: Roster, line: Line, entry: RosterEntry, judged: Judged, finder: FactFinder, inFile: Alike[]): NewRow {
  return {
    line: line.line, kind: judged.kind, personId: judged.person?.id ?? null, name: entry.name.slice(0, 200), number: shownNumber(entry), organisation: shownOrganisation(finder.placed(entry), entry, judged.person).slice(0, 200),
    changes: judged.changes, problems: judged.faults, sealed: encrypt(JSON.stringify(keptCells(roster.headers, line.cells))), judged: fingerprint(judged), question: judged.question,
    alike: [...judged.alike.map((one): Alike => ({ person: one.id })), ...inFile],
  };
}

/** What earlier lines of the file said, so that nobody is in it twice. Only beginnings of hashes are kept: the file may be long. */
class SeenLines {
  private readonly numbers = new Map<string, number>();
  private readonly people = new Map<string, number>();
  private readonly born = new Map<string, number>();

  /** The second line with a number is wrong, and names the first. */
  faults(hashes: Facts['hashes'], line: number): CellFault[] {
    return NUMBER_FIELDS.flatMap((field) => {
      const hash = hashes[KIND_OF[field]];
      if (hash === null) return [];
      const first = firstOf(this.numbers, `${field} ${hash.slice(0, 20)}`, line);
      return first === null ? [] : [{ field, problem: { code: 'roster.twice' as const, params: { line: first } } }];
    });
  }

  person(id: string, line: number): number | null {
    return firstOf(this.people, id, line);
  }

  /** An earlier line about somebody new of the same name and day of birth. */
  alike({ name, birthDate }: RosterEntry, line: number): number | null {
    return birthDate === null ? null : firstOf(this.born, bornHash(plainName(name), birthDate).slice(0, 20), line);
  }
}

const KIND_OF = { recruitmentNumber: 'recruitment', staffNumber: 'staff', nationalNumber: 'national' } as const;

function firstOf(seen: Map<string, number>, key: string, line: number): number | null {
  const first = seen.get(key);
  if (first === undefined) seen.set(key, line);
  return first ?? null;
}

/** Says that all lines are judged; what came from the folder and is harmless applies itself. */
async function finish(importId: string): Promise<void> {
  await inTransaction(async (tx) => {
    const roster = await findRoster(tx, importId);
    if (!roster) return;
    const counts = await countRows(tx, importId);
    const waitsFor = roster.source === 'folder' ? letApplyByItself(counts, config().ROSTER_SHARE) : null;
    if (await setRoster(tx, importId, ['checking'], { state: 'checked', checked_at: tx.now, problem: null, waits_for: waitsFor }) === 0) return;
    await appendEvent(tx, { kind: 'roster.checked', subject: { kind: 'roster', id: importId }, by: 'system:exchange', body: { ...counts.kinds, open: counts.open } });
    if (roster.source !== 'folder' || waitsFor !== null) return;
    await setRoster(tx, importId, ['checked'], { state: 'staging', mode: 'all', apply_asked_at: tx.now, apply_asked_by: 'system:roster folder', staged: 0 });
    await addJob(tx, 'exchange.roster-stage', { importId });
  });
}
