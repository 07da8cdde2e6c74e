import { z } from 'zod';
import { execute, Flag, flag, insert, json, maybeOne, places, rows, type Reader, type Tx } from '~/db';
import { addDays, dateAt, type PlainDate } from '~/kernel/calendar';
import type { Instant } from '~/kernel/clock';
import { config } from '~/kernel/config';
import type { KeptClearance } from './known';
import { KeptPeriod, Outcome } from './projection';
import { GATES } from './requirement';

const ClearanceRow = z.object({
  assignment_id: z.string(), person_id: z.string(), appointment_id: z.string(), gate: z.enum(GATES), status: z.enum(['cleared', 'waived', 'not-cleared']),
  may_start_on: z.string().nullable(), cleared_until: z.string().nullable(), withdrawn_on: z.string().nullable(), suspended_on: z.string().nullable(),
  expired_on: z.string().nullable(), law_until: z.string().nullable(), completed_on: z.string().nullable(), rule_until: z.string().nullable(), due_on: z.string(), start_of_duty: z.string(), done: z.number(), total: z.number(),
  periods: json(z.array(KeptPeriod)), requirements: json(z.array(Outcome)), changes_on: z.string().nullable(), leads: Flag, computed_at: z.number(),
}).transform((row): StoredClearance => ({
  assignmentId: row.assignment_id, personId: row.person_id, appointmentId: row.appointment_id, gate: row.gate,
  status: row.status, mayStartOn: row.may_start_on, until: row.cleared_until, withdrawnOn: row.withdrawn_on, suspendedOn: row.suspended_on,
  expiredOn: row.expired_on, lawUntil: row.law_until, completedOn: row.completed_on, ruleExpiry: row.rule_until, dueOn: row.due_on, startOfDuty: row.start_of_duty, done: row.done, total: row.total,
  periods: row.periods, requirements: row.requirements, changesOn: row.changes_on, leads: row.leads, computedAt: row.computed_at,
}));

/** A row as it is: the clearance on the day when it was last judged otherwise. */
export interface StoredClearance extends KeptClearance {
  computedAt: Instant;
}

const COLUMNS = `assignment_id, person_id, appointment_id, gate, status, may_start_on, cleared_until, withdrawn_on, suspended_on, expired_on,
  law_until, completed_on, rule_until, due_on, start_of_duty, done, total, periods, requirements, changes_on, leads, computed_at`;

export const findClearance = (from: Reader, assignmentId: string): Promise<StoredClearance | null> =>
  maybeOne(from, ClearanceRow, `SELECT ${COLUMNS} FROM clearances WHERE assignment_id = $assignmentId`, { assignmentId });

/** The rows of these people. */
export async function clearancesOfPeople(from: Reader, personIds: readonly string[]): Promise<StoredClearance[]> {
  if (personIds.length === 0) return [];
  const { list, params } = places([...personIds]);
  return rows(from, ClearanceRow, `SELECT ${COLUMNS} FROM clearances WHERE person_id IN (${list})`, params);
}

/** The day up to which a row tells what was judged: at most the last one before it must be judged anew. */
export function judgedFor({ computedAt, changesOn }: Pick<StoredClearance, 'computedAt' | 'changesOn'>, today: PlainDate): PlainDate {
  const computedOn = dateAt(computedAt, config().TIME_ZONE);
  const latest = computedOn > today ? computedOn : today;
  return changesOn !== null && changesOn <= latest ? addDays(changesOn, -1) : latest;
}

export async function saveClearances(tx: Tx, kept: readonly KeptClearance[]): Promise<void> {
  await insert(tx, 'clearances', kept.map((one) => ({
    assignment_id: one.assignmentId, person_id: one.personId, appointment_id: one.appointmentId, gate: one.gate, status: one.status,
    may_start_on: one.mayStartOn, cleared_until: one.until, withdrawn_on: one.withdrawnOn, suspended_on: one.suspendedOn, expired_on: one.expiredOn,
    law_until: one.lawUntil, completed_on: one.completedOn, rule_until: one.ruleExpiry,
    due_on: one.dueOn, start_of_duty: one.startOfDuty, done: one.done, total: one.total, periods: JSON.stringify(one.periods),
    requirements: JSON.stringify(one.requirements), changes_on: one.changesOn, leads: flag(one.leads), computed_at: tx.now,
  })), `ON CONFLICT (assignment_id) DO UPDATE SET gate = excluded.gate, status = excluded.status, may_start_on = excluded.may_start_on,
    cleared_until = excluded.cleared_until, withdrawn_on = excluded.withdrawn_on, suspended_on = excluded.suspended_on, expired_on = excluded.expired_on,
    law_until = excluded.law_until, completed_on = excluded.completed_on, rule_until = excluded.rule_until,
    due_on = excluded.due_on, start_of_duty = excluded.start_of_duty, done = excluded.done, total = excluded.total, periods = excluded.periods,
    requirements = excluded.requirements, changes_on = excluded.changes_on, leads = excluded.leads, computed_at = excluded.computed_at`);
}

/** Takes an ended assignment off the lists; the ledger keeps what was. */
export const removeClearance = (tx: Tx, assignmentId: string): Promise<number> =>
  execute(tx, 'DELETE FROM clearances WHERE assignment_id = $assignmentId', { assignmentId });

const PersonRow = z.object({ person_id: z.string() });

/** People of whom something is to be judged anew because a day has come, after `after` in the order of their ids. */
export const peopleToTurn = async (from: Reader, today: PlainDate, after: string, limit: number): Promise<string[]> =>
  (await rows(from, PersonRow, `SELECT DISTINCT person_id FROM clearances WHERE changes_on <= $today AND person_id > $after
    ORDER BY person_id LIMIT $limit`, { today, after, limit })).map((row) => row.person_id);
