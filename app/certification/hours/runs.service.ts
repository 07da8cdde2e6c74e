import { addJob, appendEvent, inTransaction, type By, type Tx } from '~/db';
import { lockPersons } from '~/people';
import { entriesOf, personsAfter, personsWithEntries, postsOf } from './entries.repository';
import { judgeAnew, recount } from './recount.service';
import { ruleBook } from './rules.repository';
import { finishRun, findRun, insertDifferences, insertRun, moveOn, type HourRun, type RunKind } from './runs.repository';
import { sumUp } from './sums';
import { carriesOut } from './targets';
import { carriesOf, closedYears, insertCarries } from './years.repository';

/** Persons in one transaction: saves of an exam must not wait long behind it. */
const CHUNK = 50;
/** Transactions in one run of the job; then it takes its place in the queue again. */
const CHUNKS = 10;
const BY: By = 'system:learning hours';

/** Starts work that goes through everybody with entries, in steps by a job. @returns the run's id */
export async function startRun(tx: Tx, what: { kind: RunKind; ruleId?: string; year?: number; by: string }): Promise<string> {
  const id = await insertRun(tx, { ...what, total: await personsWithEntries(tx) });
  await addJob(tx, 'certification.hours-run', { runId: id });
  return id;
}

/** Goes on with a run where it stands. May be called twice and at once: each step is taken by one only. */
export async function goOnWithRun(runId: string): Promise<void> {
  for (let i = 0; i < CHUNKS; i += 1) {
    if (!await inTransaction((tx) => step(tx, runId))) return;
  }
  await inTransaction((tx) => addJob(tx, 'certification.hours-run', { runId }));
}

/** @returns false when nothing is left to do here */
async function step(tx: Tx, runId: string): Promise<boolean> {
  const run = await findRun(tx, runId);
  if (run?.state !== 'running') return false;
  const persons = await personsAfter(tx, run.after, CHUNK);
  const last = persons.at(-1);
  if (last === undefined) {
    await finish(tx, run);
    return false;
  }
  if (!await moveOn(tx, run, last, persons.length)) return false;
  await lockPersons(tx, persons);
  await WORK[run.kind](tx, run, persons);
  return true;
}

const WORK: Record<RunKind, (tx: Tx, run: HourRun, persons: string[]) => Promise<unknown>> = {
  difference: compare,
  recount: async (tx, _run, persons) => recount(tx, persons, await ruleBook(tx), { by: BY, cause: 'rule' }),
  close: freeze,
};

async function compare(tx: Tx, run: HourRun, persons: string[]): Promise<void> {
  const found = [];
  for (const [personId, all] of await judgeAnew(tx, persons, await ruleBook(tx, run.ruleId))) {
    for (const year of new Set(all.map(({ entry }) => entry.year))) {
      const own = all.filter(({ entry }) => entry.year === year);
      const before = own.reduce((sum, { entry }) => sum + entry.hundredths, 0);
      const after = own.reduce((sum, { judgement }) => sum + judgement.hundredths, 0);
      if (before !== after) found.push({ personId, year, before, after });
    }
  }
  await insertDifferences(tx, run.id, found);
}

/** Keeps what each of these persons takes from the closed year into the next. */
async function freeze(tx: Tx, run: HourRun, persons: string[]): Promise<void> {
  const { year } = run;
  if (year === null) return;
  const book = await ruleBook(tx);
  const [posts, carries, closed] = [await postsOf(tx, persons), await carriesOf(tx, persons), await closedYears(tx)];
  const entries = await entriesOf(tx, persons);
  for (const personId of persons) {
    const sums = sumUp(entries.filter((entry) => entry.personId === personId));
    const record = { posts: posts.get(personId) ?? [], sums, carries: carries.get(personId) ?? [], closedYears: closed.filter((one) => one !== year) };
    await insertCarries(tx, personId, carriesOut(record, book, year));
  }
}

async function finish(tx: Tx, run: HourRun): Promise<void> {
  if (!await finishRun(tx, run)) return;
  const subject = run.kind === 'close' ? { kind: 'hour-year', id: String(run.year) } : { kind: 'hour-rule', id: run.ruleId ?? run.id };
  await appendEvent(tx, { kind: `hours.${run.kind}-finished`, subject, by: BY, cause: 'rule', body: { runId: run.id, persons: run.done } });
}
