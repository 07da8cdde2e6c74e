import { z } from 'zod';
import { inTransaction, reader } from '~/db';
import { config } from '~/kernel/config';
import { assignmentsAfter, lockPerson, type Assignment } from './assignments.repository';
import type { Evidence, Requirement } from './clearance';
import { clearancesOfAll, removeClearance, saveClearance, type StoredClearance } from './clearances.repository';
import { Facts } from './evidence.repository';
import { historiesOf, staleClearances, type HistoryEvent } from './history.repository';
import { differingFields, projectionOf, type Projection } from './projection';
import { withdrawalBy, type Withdrawal } from './withdrawal';

export interface Difference {
  assignmentId: string;
  personId: string;
  /** `missing`: the table has no row; `stale`: it has one too many; `unrecorded`: the ledger knows no such assignment; else the field. */
  field: keyof Projection | 'missing' | 'stale' | 'unrecorded';
  table: unknown;
  ledger: unknown;
}

const STEP = 500;

/**
 * Computes every clearance anew from the ledger alone and compares it with the table that lists read.
 * With `check` nothing is changed; without it the table is made to agree.
 * @returns where table and ledger differed
 */
export async function rebuildProjections({ check }: { check: boolean }): Promise<Difference[]> {
  const differences = await compareEnded(check);
  for (let after = ''; ;) {
    const assignments = await assignmentsAfter(reader(), after, STEP);
    const last = assignments.at(-1);
    if (!last) return differences;
    after = last.id;
    differences.push(...await compareStep(assignments, check));
  }
}

async function compareEnded(check: boolean): Promise<Difference[]> {
  const stale = await staleClearances(reader());
  if (!check) await inTransaction(async (tx) => { for (const row of stale) await removeClearance(tx, row.assignment_id); });
  return stale.map((row) => ({ assignmentId: row.assignment_id, personId: row.person_id, field: 'stale', table: 'present', ledger: null }));
}

async function compareStep(assignments: Assignment[], check: boolean): Promise<Difference[]> {
  const histories = await historiesOf(reader(), [...new Set(assignments.map((one) => one.person_id))]);
  const stored = new Map((await clearancesOfAll(reader(), assignments.map((one) => one.id))).map((row) => [row.assignmentId, row]));
  const differences: Difference[] = [];
  for (const assignment of assignments) {
    const rebuilt = rebuild(assignment.id, histories.get(assignment.person_id) ?? []);
    const found = compare(assignment, stored.get(assignment.id) ?? null, rebuilt);
    differences.push(...found);
    if (found.length > 0 && !check && rebuilt) await repair(assignment, rebuilt);
  }
  return differences;
}

function compare({ id: assignmentId, person_id: personId }: Assignment, table: StoredClearance | null, ledger: Projection | null): Difference[] {
  if (!ledger) return [{ assignmentId, personId, field: 'unrecorded', table, ledger }];
  if (!table) return [{ assignmentId, personId, field: 'missing', table, ledger }];
  return differingFields(table, ledger).map((field) => ({ assignmentId, personId, field, table: table[field], ledger: ledger[field] }));
}

const repair = (assignment: Assignment, rebuilt: Projection): Promise<void> =>
  inTransaction(async (tx) => {
    await lockPerson(tx, assignment.person_id);
    await saveClearance(tx, assignment, rebuilt);
  });

const Requirements = z.array(z.object({ code: z.string(), kind: z.enum(['course', 'exam']), targetId: z.string() }));
const Plan = z.object({ version: z.number(), startOfDuty: z.string(), dueOn: z.string(), requirements: Requirements.optional() });
const Shown = z.object({
  kind: z.enum(['course-completion', 'exam-result']), ref: z.string(), targetId: z.string(), passed: z.boolean(), facts: Facts,
});

/** Evidence that was changed is in the ledger each time; its last revision counts. */
function latestOfEach(evidence: Evidence[]): Evidence[] {
  const latest = new Map<string, Evidence>();
  for (const one of evidence.sort((a, b) => (a.facts.revision ?? 0) - (b.facts.revision ?? 0))) latest.set(`${one.kind} ${one.ref}`, one);
  return [...latest.values()];
}

const Revoked = z.object({ assignmentId: z.string(), reason: z.string() });

function withdrawalsIn(history: HistoryEvent[], assignmentId: string): Withdrawal[] {
  return history.filter((event) => event.kind === 'credential.revoked').flatMap(({ at, cause, body }) => {
    const revoked = Revoked.parse(body);
    return revoked.assignmentId === assignmentId ? [withdrawalBy(at, cause === 'rule' ? 'rule' : 'personnel', revoked.reason)] : [];
  });
}

/** What the ledger says about one assignment; null when it was never recorded as made. */
function rebuild(assignmentId: string, history: HistoryEvent[]): Projection | null {
  const plans = history.filter((event) => event.kind.startsWith('assignment.') && event.subject_id === assignmentId)
    .map((event) => Plan.parse(event.body)).sort((a, b) => a.version - b.version);
  const latest = plans.at(-1);
  const requirements: Requirement[] | undefined = plans[0]?.requirements;
  if (!latest || !requirements) return null;
  const evidence = latestOfEach(history.filter((event) => event.kind === 'evidence.recorded')
    .map((event): Evidence => ({ ...Shown.parse(event.body), at: event.at })));
  return projectionOf({
    startOfDuty: latest.startOfDuty, dueOn: latest.dueOn, requirements, evidence, withdrawals: withdrawalsIn(history, assignmentId),
    zone: config().TIME_ZONE,
  });
}
