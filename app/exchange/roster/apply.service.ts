import { UniqueConstraintError } from 'sequelize';
import { addJob, appendEvent, commitIfOk, inTransaction, reader, type By, type Tx } from '~/db';
import { scopePaths, type Actor } from '~/identity';
import { clock, seconds } from '~/kernel/clock';
import { err, ok, type Result } from '~/kernel/result';
import { decrypt } from '~/kernel/secrets';
import { FactFinder, type Asked } from './facts.service';
import { fingerprint } from './judged';
import { judge } from './judge';
import { OneBehind } from './one-behind';
import { onRoster } from './open.service';
import { linesOvertaken, makeReady, makeUnready, switchOver, type ReadyLine } from './plans.repository';
import { findRoster, holdRoster, setRoster, type Roster } from './rosters.repository';
import { cellsByField, readEntry } from './row';
import { applicableAfter, countApplicable, countRows, setRowStates, unstageRows, type RosterRow } from './rows.repository';

/** So many lines are made ready in one transaction: few enough that no save of an exam waits for them. */
const CHUNK = 200;
/** A job goes on in another one after so long, so that stopping the program never waits for it. */
const SLICE = seconds(20);

/** Asks for a roster to be applied: as a whole, or its good rows only. A job makes it ready and switches it over. */
export const applyRoster = (actor: Actor, id: string, mode: 'all' | 'good'): Promise<Result<null>> => onRoster(actor, id, async (tx) => {
  const { kinds, open, skipped } = await countRows(tx, id);
  if (mode === 'all' && kinds.wrong + open > 0) return err('roster.not-all-good', { wrong: kinds.wrong, open });
  if ((await applicableAfter(tx, id, -1, 1)).length === 0) return err('roster.nothing-to-do');
  const set = {
    state: 'staging' as const, mode, scope: JSON.stringify(scopePaths(actor, ['hr', 'administrator'])), apply_asked_at: tx.now, apply_asked_by: actor.by, staged: 0, problem: null, waits_for: null, planned: await countApplicable(tx, id),
  };
  if (await setRoster(tx, id, ['checked'], set) === 0) return err('roster.state');
  await appendEvent(tx, { kind: 'roster.apply-asked', subject: { kind: 'roster', id }, by: actor.by, body: { mode, ...kinds, open, skipped } });
  await addJob(tx, 'exchange.roster-stage', { importId: id });
  return ok(null);
});

/** Stops a roster before it is switched over; what was made ready is cleared away. */
export const cancelRoster = (actor: Actor, id: string): Promise<Result<null>> => onRoster(actor, id, async (tx) => {
  if (await setRoster(tx, id, ['staging'], { state: 'cancelling' }) === 0) return err('roster.too-late');
  await appendEvent(tx, { kind: 'roster.cancelled', subject: { kind: 'roster', id }, by: actor.by });
  await addJob(tx, 'exchange.roster-clear', { importId: id });
  return ok(null);
});

/** Makes the rows of a roster ready, some at a time. Run again, it goes on where it was. */
export async function stageRoster(importId: string): Promise<void> {
  const roster = await findRoster(reader(), importId);
  if (roster?.state !== 'staging') return;
  const finder = await FactFinder.open(reader(), {
    by: (roster.applyAskedBy ?? roster.createdBy) as By, scope: roster.scope, organisationId: roster.organisationId, today: roster.checkedOn ?? '',
  });
  const until = clock.now() + SLICE;
  const writer = new OneBehind();
  try {
    for (let after = -1; ;) {
      const rows = await applicableAfter(reader(), importId, after, CHUNK);
      const last = rows.at(-1);
      if (!last || clock.now() >= until) {
        if (await writer.end()) await inTransaction((tx) => addJob(tx, last ? 'exchange.roster-stage' : 'exchange.roster-switch', { importId }));
        return;
      }
      after = last.line;
      const judged = await judgedAnew(roster, finder, rows);
      if (!(await writer.next(() => stageRows(roster, finder, rows, judged)))) return;
    }
  } finally {
    await writer.settled();
  }
}

/** Makes rows ready that would still do what they did in the dry run. @returns whether to go on */
async function stageRows(roster: Roster, finder: FactFinder, rows: readonly RosterRow[], { ready, stale }: JudgedAnew, again = false): Promise<boolean> {
  try {
    return await inTransaction(async (tx) => {
      const held = await holdRoster(tx, roster.id, ['staging']);
      if (!held) return false;
      await setRoster(tx, roster.id, ['staging'], { staged: held.staged + ready.length });
      if (stale.length > 0 && roster.mode === 'all') {
        await stopAsStale(tx, roster.id, stale);
        return false;
      }
      await setRowStates(tx, roster.id, stale, 'stale');
      await makeReady(tx, roster.id, ready, roster.checkedOn ?? '');
      await setRowStates(tx, roster.id, ready.map(({ line }) => line), 'staged');
      return true;
    });
  } catch (error) {
    // Somebody took a number between our look and our insert: a second look finds whose it is now.
    if (error instanceof UniqueConstraintError && !again) return stageRows(roster, finder, rows, await judgedAnew(roster, finder, rows), true);
    throw error;
  }
}

interface JudgedAnew {
  ready: ReadyLine[];
  stale: number[];
}

/** Judges rows once more. */
async function judgedAnew(roster: Roster, finder: FactFinder, rows: readonly RosterRow[]): Promise<JudgedAnew> {
  const read = rows.map((row) => ({ row, ...entryOf(roster, row) }));
  const facts = await finder.find(reader(), read.map(({ row, entry }): Asked => ({ entry, answer: row.answer === null ? null : { kind: row.answer, personId: row.answerPerson } })));
  const [ready, stale]: [ReadyLine[], number[]] = [[], []];
  read.forEach(({ row, entry, faults }, i) => {
    const known = facts[i];
    const judged = known && judge(entry, faults, known);
    if (judged?.plan && fingerprint(judged) === row.judged) ready.push({ line: row.line, plan: judged.plan, birthDate: entry.birthDate });
    else stale.push(row.line);
  });
  return { ready, stale };
}

/** What a stored row says. */
export const entryOf = (roster: Pick<Roster, 'mapping'>, row: RosterRow) => readEntry(cellsByField(roster.mapping, cellsOf(row)));

/** The cells of a row as they stood in the file. */
export const cellsOf = (row: Pick<RosterRow, 'sealed'>): string[] => JSON.parse(decrypt(row.sealed)) as string[];

/** Somebody changed what the rows are about since they were judged: nothing is applied, and the roster is to be checked anew. */
async function stopAsStale(tx: Tx, id: string, stale: readonly number[]): Promise<void> {
  await setRowStates(tx, id, stale, 'stale');
  await setRoster(tx, id, ['staging'], { state: 'cancelling', problem: JSON.stringify({ code: 'roster.overtaken', params: { count: stale.length } }) });
  await addJob(tx, 'exchange.roster-clear', { importId: id });
}

/** Switches a roster over whose rows are all ready: the one step in which it takes effect. Does nothing the second time. */
export async function switchRoster(importId: string): Promise<void> {
  const switched = await commitIfOk(async (tx) => {
    const roster = await holdRoster(tx, importId, ['staging']);
    if (!roster) return ok(null);
    if (!(await switchOver(tx, importId))) return err('roster.overtaken');
    await setRoster(tx, importId, ['staging'], { state: 'applied', applied_at: tx.now, planned: roster.staged });
    await appendEvent(tx, { kind: 'roster.applied', subject: { kind: 'roster', id: importId }, by: (roster.applyAskedBy ?? roster.createdBy) as By, body: { rows: roster.staged, fileHash: roster.fileHash, mode: roster.mode } });
    await addJob(tx, 'exchange.roster-tell', { importId });
    return ok(null);
  });
  if (!switched.ok) await takeOutOvertaken(importId);
}

/** Takes the rows out whose people were changed between making ready and switching over; then the rest is tried again, or nothing is. */
async function takeOutOvertaken(importId: string): Promise<void> {
  const lines = await linesOvertaken(reader(), importId);
  await inTransaction(async (tx) => {
    const roster = await holdRoster(tx, importId, ['staging']);
    if (!roster) return;
    if (lines.length === 0 || roster.mode === 'all') return stopAsStale(tx, importId, lines);
    await makeUnready(tx, importId, lines.length, lines);
    await setRowStates(tx, importId, lines, 'stale');
    await setRoster(tx, importId, ['staging'], { staged: roster.staged - lines.length });
    await addJob(tx, 'exchange.roster-stage', { importId });
  });
}

/** Clears away what was made ready for a roster that was stopped; afterwards it can be applied again. */
export async function clearRoster(importId: string): Promise<void> {
  for (;;) {
    const left = await inTransaction(async (tx) => {
      if (!(await holdRoster(tx, importId, ['cancelling']))) return 0;
      const cleared = await makeUnready(tx, importId, CHUNK);
      if (cleared > 0) return cleared;
      await unstageRows(tx, importId);
      await setRoster(tx, importId, ['cancelling'], { state: 'checked', mode: null, staged: 0, apply_asked_at: null, apply_asked_by: null });
      return 0;
    });
    if (left === 0) return;
  }
}
