import { askWaiver, recordStart } from '~/certification';
import { appendEvent, commitIfOk, reader } from '~/db';
import { assignEach } from '~/exams';
import { authorise, type Actor } from '~/identity';
import type { PlainDate } from '~/kernel/calendar';
import { derivedId } from '~/kernel/id';
import { err, ok, ProblemError, type Problem, type Result } from '~/kernel/result';
import { remindByHand } from '~/notices';
import { findAct, insertAct, outcomesOf, type ListedAct, type Outcome } from './acts.repository';
import { judgeListAgain, openList } from './list.service';
import { findList, rowsOfList, type HiringList, type HiringRow, type RowFilter } from './list.repository';

/** So many people at once, so that the answer is there while one waits for it. */
export const MOST_AT_ONCE = 500;

/** What is to be done about several people of a list. */
export type Act =
  | { kind: 'remind' }
  | { kind: 'book'; sittingId: string }
  | { kind: 'waiver'; from: PlainDate; until: PlainDate; reason: string; proof: string }
  /** `on` null: everybody on their own day. */
  | { kind: 'start'; on: PlainDate | null };

/** The people of a list who are meant: those ticked, or everybody whom a filter finds. @returns them in the order of the list */
export async function chosenRows(listId: string, filter: RowFilter): Promise<Result<HiringRow[]>> {
  const rows = await rowsOfList(reader(), listId, filter, { limit: MOST_AT_ONCE + 1, offset: 0 });
  if (rows.length === 0) return err('hiring.nobody');
  return rows.length > MOST_AT_ONCE ? err('hiring.too-many', { max: MOST_AT_ONCE }) : ok(rows);
}

/**
 * Does the same about several people, each through the door that does it for one, and keeps what came of it. What was done
 * already under this id is not done again. Afterwards the list is asked about anew.
 * @param id chosen by the form
 */
export async function actOnPeople(actor: Actor, listId: string, id: string, filter: RowFilter, act: Act): Promise<Result<string>> {
  const list = await findList(reader(), listId);
  if (!list) return err('not-found');
  authorise(actor, 'make hiring lists', { organisationPath: list.organisationPath });
  if (await findAct(reader(), id)) return ok(id);
  const rows = await chosenRows(listId, filter);
  if (!rows.ok) return rows;
  const outcomes = await outcomesFor(actor, id, rows.value, act);
  if (!outcomes.ok) return outcomes;
  const kept = await commitIfOk(async (tx) => {
    const { kind, ...terms } = act;
    if (await insertAct(tx, { id, listId, kind, terms: wordsOnly(terms), by: actor.by, outcomes: outcomes.value })) {
      await appendEvent(tx, {
        kind: 'hiring-list.acted', subject: { kind: 'hiring-list', id: listId }, by: actor.by, cause: 'personnel',
        body: { actId: id, act: kind, people: outcomes.value.size, done: [...outcomes.value.values()].filter((problem) => problem === null).length },
      });
    }
    return ok(id);
  });
  if (kept.ok && act.kind !== 'remind') await judgeListAgain(actor, listId);
  return kept;
}

/** Days and ids of the act; its reasons are in what it made. */
const wordsOnly = (terms: Record<string, string | null>): Record<string, string> =>
  Object.fromEntries(Object.entries(terms).flatMap(([name, value]) => (value === null || name === 'reason' || name === 'proof' ? [] : [[name, value]])));

type Outcomes = Map<string, Problem | null>;

async function outcomesFor(actor: Actor, actId: string, rows: readonly HiringRow[], act: Act): Promise<Result<Outcomes>> {
  switch (act.kind) {
    case 'remind': return remind(actor, rows);
    case 'book': return book(actor, rows, act.sittingId);
    case 'waiver': return ok(await oneByOne(rows, async (row) => {
      if (row.answer.assignmentId === null) return NOT_JUDGED;
      const { kind: _, ...span } = act;
      const asked = await askWaiver(actor, { id: derivedId(row.id, actId), assignmentId: row.answer.assignmentId, requirementCode: null, conditions: '', file: null, ...span });
      return asked.ok ? null : asked.error;
    }));
    case 'start': return ok(await oneByOne(rows, async (row) => {
      const on = act.on ?? row.startOn;
      if (row.personId === null || row.appointmentId === null || on === null) return NOT_JUDGED;
      const started = await recordStart(actor, { id: derivedId(row.id, actId), appointmentId: row.appointmentId, startedOn: on });
      if (!started.ok) return started.error;
      return started.value.kind === 'recorded' ? null : { code: 'hiring.not-permitted', params: { on } };
    }));
  }
}

const NOT_JUDGED: Problem = { code: 'hiring.not-judged' };

/** One after the other, each in a transaction of its own: a refusal for one is none for the others. */
async function oneByOne(rows: readonly HiringRow[], work: (row: HiringRow) => Promise<Problem | null>): Promise<Outcomes> {
  const outcomes: Outcomes = new Map();
  for (const row of rows) outcomes.set(row.id, await withoutThrowing(() => work(row)));
  return outcomes;
}

/** A person outside of what the actor may do ends nothing but that person's turn. */
async function withoutThrowing(work: () => Promise<Problem | null>): Promise<Problem | null> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof ProblemError) return error.problem;
    throw error;
  }
}

async function remind(actor: Actor, rows: readonly HiringRow[]): Promise<Result<Outcomes>> {
  const reminded = await remindByHand(actor, rows.flatMap(({ answer }) => answer.assignmentId ?? []));
  if (!reminded.ok) return reminded;
  return ok(new Map(rows.map((row) => [row.id, row.answer.assignmentId === null ? NOT_JUDGED : reminded.value.get(row.answer.assignmentId) ?? null])));
}

async function book(actor: Actor, rows: readonly HiringRow[], sittingId: string): Promise<Result<Outcomes>> {
  const people = [...new Set(rows.flatMap(({ personId }) => personId ?? []))];
  const given = await assignEach(actor, sittingId, { personIds: people });
  if (!given.ok) return err(given.error.code, given.error.params, 'sittingId');
  const problems = new Map(given.value.map((one) => [one.id, one.problem]));
  return ok(new Map(rows.map((row): [string, Problem | null] => {
    if (row.personId === null) return [row.id, NOT_JUDGED];
    const problem = problems.get(row.personId);
    return [row.id, problem === undefined ? { code: 'access.denied' } : problem];
  })));
}

/** An act with what came of it, for whoever may see the list; null when there is none. @throws ProblemError */
export async function openAct(actor: Actor, listId: string, actId: string): Promise<{ list: HiringList; act: ListedAct; outcomes: Outcome[] } | null> {
  const list = await openList(actor, listId);
  const act = list && await findAct(reader(), actId);
  if (!act || act.list_id !== listId) return null;
  return { list, act, outcomes: await outcomesOf(reader(), actId) };
}
