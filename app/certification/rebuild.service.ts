import { inTransaction, reader } from '~/db';
import { dateAt, type PlainDate } from '~/kernel/calendar';
import { clock, type Instant } from '~/kernel/clock';
import { config } from '~/kernel/config';
import { assignedPeopleAfter, assignmentsOfPeople, lockPeople } from './assignments.repository';
import { changeOf } from './changes/change';
import { insertChanges } from './changes/changes.repository';
import { clearancesOfPeople, judgedFor, removeClearance, saveClearances, type StoredClearance } from './clearances.repository';
import { assignmentsIn } from './history';
import { historiesOf, staleClearances } from './history.repository';
import { grouped, rowsOf, type KeptClearance } from './known';
import { differingFields, type Projection } from './projection';

export interface Difference {
  assignmentId: string;
  personId: string;
  /** `missing`: the table has no row; `stale`: it has one too many; `unrecorded`: the ledger knows no such assignment; else the field. */
  field: keyof Projection | 'leads' | 'missing' | 'stale' | 'unrecorded';
  table: unknown;
  ledger: unknown;
}

const STEP = 250;

/**
 * Computes every clearance anew from the ledger alone and compares it with the table that lists read.
 * With `check` nothing is changed; without it the table is made to agree.
 * @returns where table and ledger differed
 */
export async function rebuildProjections({ check }: { check: boolean }): Promise<Difference[]> {
  const differences = await compareEnded(check);
  for (let after = ''; ;) {
    const people = await assignedPeopleAfter(reader(), after, STEP);
    const last = people.at(-1);
    if (last === undefined) return differences;
    after = last;
    differences.push(...await compareStep(people, check));
  }
}

async function compareEnded(check: boolean): Promise<Difference[]> {
  const stale = await staleClearances(reader());
  if (!check) await inTransaction(async (tx) => { for (const row of stale) await removeClearance(tx, row.assignment_id); });
  return stale.map((row) => ({ assignmentId: row.assignment_id, personId: row.person_id, field: 'stale', table: 'present', ledger: null }));
}

async function compareStep(people: string[], check: boolean): Promise<Difference[]> {
  const histories = await historiesOf(reader(), people);
  const assigned = grouped((await assignmentsOfPeople(reader(), people)).filter((one) => one.ended_at === null), (one) => one.person_id);
  const stored = new Map((await clearancesOfPeople(reader(), people)).map((row) => [row.assignmentId, row]));
  const differences: Difference[] = [];
  for (const [personId, live] of assigned) {
    const history = histories.get(personId) ?? [];
    const known = assignmentsIn(history);
    // With every event the person was judged anew, also where the row stayed as it was.
    const judgedAt = history.reduce((latest, event) => Math.max(latest, event.recorded_at), 0);
    const rowsOn = remembered((on) => rowsOf(known, on, config().TIME_ZONE));
    differences.push(...live.flatMap(({ id }) => compare({ assignmentId: id, personId }, stored.get(id) ?? null, rowsOn, judgedAt)));
  }
  if (!check) await repair([...new Set(differences.map(({ personId }) => personId))]);
  return differences;
}

function compare(of: { assignmentId: string; personId: string }, table: StoredClearance | null, rowsOn: (on: PlainDate) => KeptClearance[], judgedAt: Instant): Difference[] {
  const today = dateAt(clock.now(), config().TIME_ZONE);
  const on = table ? judgedFor({ ...table, computedAt: Math.max(table.computedAt, judgedAt) }, today) : today;
  const ledger = rowsOn(on).find(({ assignmentId }) => assignmentId === of.assignmentId);
  if (!ledger) return [{ ...of, field: 'unrecorded', table, ledger: null }];
  if (!table) return [{ ...of, field: 'missing', table, ledger }];
  const fields: (keyof Projection | 'leads')[] = [...differingFields(table, ledger), ...(table.leads === ledger.leads ? [] : ['leads' as const])];
  return fields.map((field) => ({ ...of, field, table: table[field], ledger: ledger[field] }));
}

/** Most rows of a person are of the same day. */
function remembered(rowsOn: (on: PlainDate) => KeptClearance[]): (on: PlainDate) => KeptClearance[] {
  const known = new Map<PlainDate, KeptClearance[]>();
  return (on) => {
    const found = known.get(on) ?? rowsOn(on);
    known.set(on, found);
    return found;
  };
}

/** Reads again under the lock, for something may have happened since. */
async function repair(people: string[]): Promise<void> {
  if (people.length === 0) return;
  await inTransaction(async (tx) => {
    await lockPeople(tx, people);
    const live = new Set((await assignmentsOfPeople(tx, people)).filter((one) => one.ended_at === null).map(({ id }) => id));
    const histories = await historiesOf(tx, people);
    const today = dateAt(tx.now, config().TIME_ZONE);
    const rebuilt = [...histories.values()].flatMap((history) => rowsOf(assignmentsIn(history), today, config().TIME_ZONE));
    const before = new Map((await clearancesOfPeople(tx, people)).map((row) => [row.assignmentId, row]));
    const repaired = rebuilt.filter(({ assignmentId }) => live.has(assignmentId));
    await saveClearances(tx, repaired);
    // Whoever was told what the table said wrongly is told anew.
    await insertChanges(tx, repaired.flatMap((next) => changeOf(before.get(next.assignmentId) ?? null, next) ?? []));
  });
}
