import { createHash } from 'node:crypto';
import { addJob, appendEvent, commitIfOk, inTransaction, reader, type Reader, type Tx } from '~/db';
import { authorise, covers, scopePaths, type Actor } from '~/identity';
import { dateAt } from '~/kernel/calendar';
import { clock } from '~/kernel/clock';
import { config } from '~/kernel/config';
import { newId } from '~/kernel/id';
import { err, ok, type Result } from '~/kernel/result';
import { organisationTree, personsByNumber } from '~/people';
import { isOwnName } from '../declaration';
import { insertFile, type KeptFile } from '../files.repository';
import { storeFile } from '../files.service';
import { seriesKnown } from '../events.repository';
import { targetsOf } from '../targets.repository';
import { annulLine, applyLine } from './line.service';
import {
  countLines, factsOfPeople, findImport, findLine, importOfFile, insertImport, insertLines, knownContents, linesOf, markApplied, markAsked, markDecided, markUndone, markWithdrawn,
  peopleNamed, setLineScan, usedLines, type ImportLine, type PastImport,
} from './past.repository';
import { checkPastRows, contentHash, pastEntry, type PastProblem, type PastRow } from './rows';
import { readPastSheet } from './sheet.service';

export interface Upload {
  organisationId: string;
  fileName: string;
  /** Where the papers lie: which register, whose archive. */
  source: string;
  file: Buffer;
  /** One scan for all of it; each row may have its own later. */
  scan: Buffer | null;
}

/** Reads and checks a spreadsheet of the past without applying anything. @returns the import's id, or of the one that this very file belongs to */
export async function checkPast(actor: Actor, given: Upload): Promise<Result<string>> {
  const place = (await organisationTree(reader(), scopePaths(actor, 'hr'))).find((one) => one.id === given.organisationId);
  if (!place) return err('field.choose', undefined, 'organisationId');
  authorise(actor, 'import the past', { organisationPath: place.path });
  const hash = createHash('sha256').update(given.file).digest('hex');
  if (await importOfFile(reader(), hash)) return err('past.known-file', undefined, 'file');
  const sheet = await readPastSheet(given.file);
  if (!sheet.ok) return sheet;
  const scan = given.scan ? await storeFile(given.scan) : null;
  if (scan && !scan.ok) return { ok: false, error: { ...scan.error, field: 'scan' } };
  const lines = await checkedLines(reader(), actor, sheet.value.rows, sheet.value.lines);
  const id = newId();
  return commitIfOk(async (tx) => {
    if (await importOfFile(tx, hash)) return err('past.known-file', undefined, 'file');
    if (scan) await insertFile(tx, scan.value, actor.by);
    await insertImport(tx, { id, organisationId: place.id, fileName: given.fileName.slice(0, 200), fileHash: hash, source: given.source, scanId: scan?.value.id ?? null, unused: sheet.value.unused }, actor.by);
    await insertLines(tx, id, lines);
    return ok(id);
  });
}

type CheckedLine = Omit<ImportLine, 'scanId'> & { contentHash: string };

/** Each row with what is wrong in it, whom it is about, and whether the fact is known already. */
async function checkedLines(from: Reader, actor: Actor, rows: readonly PastRow[], lines: readonly number[]): Promise<CheckedLine[]> {
  const codes = {
    external: new Set((await targetsOf(from, 'external')).map((one) => one.code)),
    event: new Set([...(await targetsOf(from, 'event')).map((one) => one.code), ...await seriesKnown(from)]),
  };
  const owners = await personsByNumber(from, rows.map((row) => row.number).filter(Boolean));
  const people = await peopleNamed(from, [...new Set(owners.values())]);
  const scope = scopePaths(actor, 'hr');
  const problems: PastProblem[] = checkPastRows(rows, dateAt(clock.now(), config().TIME_ZONE), codes);
  const personOf = rows.map((row, i) => {
    const personId = owners.get(row.number) ?? null;
    const person = personId === null ? undefined : people.get(personId);
    if (row.number !== '' && !person) problems.push({ row: i, field: 'number', problem: { code: 'past.number-unknown' } });
    if (!person) return null;
    if (!person.paths.some((path) => scope.some((one) => covers(one, path)))) {
      // Whoever may not see a person does not learn the name by guessing numbers.
      problems.push({ row: i, field: 'number', problem: { code: 'past.out-of-scope' } });
      return null;
    }
    if (row.name !== '' && !isOwnName(row.name, person.name)) problems.push({ row: i, field: 'name', problem: { code: 'past.name-differs', params: { name: person.name } } });
    return personId;
  });
  const known = await contentsKnown(from, rows, personOf);
  const seen = new Set<string>();
  return rows.map((row, i): CheckedLine => {
    const own = problems.filter((one) => one.row === i).map(({ field, problem }) => ({ field, problem }));
    const personId = personOf[i] ?? null;
    const content = personId === null ? '' : contentHash(personId, pastEntry(row));
    const twice = content !== '' && (known.has(content) || seen.has(content));
    if (own.length === 0 && content !== '') seen.add(content);
    return { id: newId(), line: lines[i] ?? i + 1, cells: row, problems: own, personId, contentHash: content, state: own.length > 0 ? 'wrong' : twice ? 'duplicate' : 'ready' };
  });
}

async function contentsKnown(from: Reader, rows: readonly PastRow[], personOf: readonly (string | null)[]): Promise<Set<string>> {
  const hashes = rows.flatMap((row, i) => { const id = personOf[i]; return id ? [contentHash(id, pastEntry(row))] : []; });
  const known = await knownContents(from, hashes);
  const persons = [...new Set(personOf.filter((id) => id !== null))];
  for (const { person_id: personId, kind, code, day } of await factsOfPeople(from, persons)) {
    known.add(contentHash(personId, { kind, code, on: day, title: '', issuer: '', validUntil: null, hundredths: null }));
  }
  return known;
}

/** An import with what its lines came to, for those in whose scope it is. @throws ProblemError */
export async function openImport(actor: Actor, id: string): Promise<PastImport | null> {
  const found = await findImport(reader(), id);
  if (!found) authorise(actor, 'see past imports');
  else authorise(actor, 'import the past', { organisationPath: found.path });
  return found;
}

const onImport = (actor: Actor, id: string, act: (tx: Tx, one: PastImport) => Promise<Result<null>>): Promise<Result<null>> =>
  commitIfOk(async (tx) => {
    const one = await findImport(tx, id);
    if (!one) return err('not-found');
    authorise(actor, 'import the past', { organisationPath: one.path });
    return act(tx, one);
  });

/** Asks for another person's approval; rows with faults and duplicates stay out. */
export const askPast = (actor: Actor, id: string): Promise<Result<null>> => onImport(actor, id, async (tx, one) => {
  const counts = await countLines(tx, id);
  if (counts.ready === 0) return err('past.nothing-good');
  if (one.askedBy !== actor.by) return err('records.four-eyes');
  if (await markAsked(tx, id) === 0) return err('past.state');
  await appendEvent(tx, { kind: 'past-import.asked', subject: { kind: 'past-import', id }, by: actor.by, body: { ready: counts.ready, wrong: counts.wrong, duplicate: counts.duplicate } });
  return ok(null);
});

export const withdrawPast = (actor: Actor, id: string): Promise<Result<null>> => onImport(actor, id, async (tx, one) => {
  if (one.askedBy !== actor.by) return err('records.four-eyes');
  if (await markWithdrawn(tx, id) === 0) return err('past.state');
  await appendEvent(tx, { kind: 'past-import.withdrawn', subject: { kind: 'past-import', id }, by: actor.by });
  return ok(null);
});

/** Approves or refuses; who uploaded it never decides, nor somebody whom one of its rows is about. A job applies what was approved. */
export const decidePast = (actor: Actor, id: string, given: { decision: 'approved' | 'refused'; reason: string }): Promise<Result<null>> => onImport(actor, id, async (tx, one) => {
  if (one.askedBy === actor.by) return err('records.four-eyes');
  const lines = await linesOf(tx, id, { state: 'ready', limit: 10_000 });
  if (actor.personId !== null && lines.some((line) => line.personId === actor.personId)) return err('records.four-eyes');
  if (await markDecided(tx, id, given.decision === 'approved' ? 'applying' : 'refused', actor.by, given.reason) === 0) return err('past.state');
  await appendEvent(tx, { kind: given.decision === 'approved' ? 'past-import.approved' : 'past-import.refused', subject: { kind: 'past-import', id }, by: actor.by, body: { reason: given.reason } });
  if (given.decision === 'approved') await addJob(tx, 'certification.past-import', { importId: id });
  return ok(null);
});

/** So many rows share a transaction: few enough that saves never wait for them. */
const STEP = 25;

/** Takes over what was approved, in steps. Run again, it goes on where it was; each row counts once, by its id. */
export async function applyPast(importId: string): Promise<void> {
  for (;;) {
    const left = await inTransaction(async (tx) => {
      const one = await findImport(tx, importId);
      if (one?.state !== 'applying') return 0;
      const lines = await linesOf(tx, importId, { state: 'ready', limit: STEP });
      for (const line of lines) await applyLine(tx, one, line);
      if (lines.length > 0) return lines.length;
      if (await markApplied(tx, importId) > 0) {
        await appendEvent(tx, { kind: 'past-import.applied', subject: { kind: 'past-import', id: importId }, by: 'system:certification', body: { rows: (await countLines(tx, importId)).applied } });
      }
      return 0;
    });
    if (left === 0) return;
  }
}

/** Takes an import back as a whole, as long as nothing rests on it. */
export const undoPast = (actor: Actor, id: string, reason: string): Promise<Result<null>> => onImport(actor, id, async (tx) => {
  const used = await usedLines(tx, id);
  if (used > 0) return err('past.used', { count: used });
  if (await markUndone(tx, id, actor.by, reason) === 0) return err('past.state');
  for (const line of await linesOf(tx, id, { state: 'applied', limit: 10_000 })) await annulLine(tx, line, actor.by);
  await appendEvent(tx, { kind: 'past-import.undone', subject: { kind: 'past-import', id }, by: actor.by, body: { reason } });
  return ok(null);
});

/** Adds the scan of one row. */
export async function addLineScan(actor: Actor, id: string, lineId: string, content: Buffer): Promise<Result<null>> {
  const file = await storeFile(content);
  if (!file.ok) return file;
  return onImport(actor, id, (tx) => attach(tx, actor, id, lineId, file.value));
}

async function attach(tx: Tx, actor: Actor, id: string, lineId: string, file: KeptFile): Promise<Result<null>> {
  const line = await findLine(tx, id, lineId);
  if (!line) return err('past.row-gone');
  await insertFile(tx, file, actor.by);
  await setLineScan(tx, lineId, file.id);
  await appendEvent(tx, { kind: 'past-import.scan-added', subject: { kind: 'past-import', id }, personId: line.personId, by: actor.by, body: { line: line.line, fileHash: file.hash } });
  return ok(null);
}
