import { z } from 'zod';
import { execute, insert, json, maybeOne, places, rows, type Reader, type Tx } from '~/db';
import { Outcome, type Projection } from './projection';

const ClearanceRow = z.object({
  assignment_id: z.string(), person_id: z.string(), appointment_id: z.string(), status: z.enum(['cleared', 'not-cleared']),
  may_start_on: z.string().nullable(), withdrawn_on: z.string().nullable(), due_on: z.string(), start_of_duty: z.string(), done: z.number(), total: z.number(),
  requirements: json(z.array(Outcome)),
}).transform((row): StoredClearance => ({
  assignmentId: row.assignment_id, personId: row.person_id, appointmentId: row.appointment_id,
  status: row.status, mayStartOn: row.may_start_on, withdrawnOn: row.withdrawn_on, dueOn: row.due_on, startOfDuty: row.start_of_duty,
  done: row.done, total: row.total, requirements: row.requirements,
}));

export interface StoredClearance extends Projection {
  assignmentId: string;
  personId: string;
  appointmentId: string;
}

const COLUMNS = 'assignment_id, person_id, appointment_id, status, may_start_on, withdrawn_on, due_on, start_of_duty, done, total, requirements';

export const findClearance = (from: Reader, assignmentId: string): Promise<StoredClearance | null> =>
  maybeOne(from, ClearanceRow, `SELECT ${COLUMNS} FROM clearances WHERE assignment_id = $assignmentId`, { assignmentId });

export async function clearancesOfAll(from: Reader, assignmentIds: string[]): Promise<StoredClearance[]> {
  if (assignmentIds.length === 0) return [];
  const { list, params } = places(assignmentIds);
  return rows(from, ClearanceRow, `SELECT ${COLUMNS} FROM clearances WHERE assignment_id IN (${list})`, params);
}

export async function saveClearance(tx: Tx, one: { id: string; person_id: string; appointment_id: string }, projection: Projection): Promise<void> {
  await insert(tx, 'clearances', [{
    assignment_id: one.id, person_id: one.person_id, appointment_id: one.appointment_id, status: projection.status,
    may_start_on: projection.mayStartOn, withdrawn_on: projection.withdrawnOn, due_on: projection.dueOn, start_of_duty: projection.startOfDuty, done: projection.done,
    total: projection.total, requirements: JSON.stringify(projection.requirements), computed_at: tx.now,
  }], `ON CONFLICT (assignment_id) DO UPDATE SET status = excluded.status, may_start_on = excluded.may_start_on,
    withdrawn_on = excluded.withdrawn_on,
    due_on = excluded.due_on, start_of_duty = excluded.start_of_duty, done = excluded.done, total = excluded.total,
    requirements = excluded.requirements, computed_at = excluded.computed_at`);
}

/** Takes an ended assignment off the lists; the ledger keeps what was. */
export const removeClearance = (tx: Tx, assignmentId: string): Promise<number> =>
  execute(tx, 'DELETE FROM clearances WHERE assignment_id = $assignmentId', { assignmentId });
