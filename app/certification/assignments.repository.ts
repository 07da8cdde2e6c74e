import { z } from 'zod';
import { execute, insert, maybeOne, rows, type Reader, type Tx } from '~/db';
import type { PlainDate } from '~/kernel/calendar';
import { newId } from '~/kernel/id';

const AppointmentRow = z.object({
  id: z.string(), person_id: z.string(), kind: z.enum(['recruit', 'staff', 'leader']),
  start_of_duty: z.string(), ended_on: z.string().nullable(),
});
export type Appointment = z.infer<typeof AppointmentRow>;

export const findAppointment = (from: Reader, id: string): Promise<Appointment | null> =>
  maybeOne(from, AppointmentRow, 'SELECT id, person_id, kind, start_of_duty, ended_on FROM appointments WHERE id = $id', { id });

/**
 * Makes everything that changes a person's clearance wait in line. Without it two pieces of evidence that
 * arrive together would each be judged without the other, and nobody would notice that both are there.
 */
export async function lockPerson(tx: Tx, personId: string): Promise<void> {
  await execute(tx, 'UPDATE persons SET version = version WHERE id = $personId', { personId });
}

const AssignmentRow = z.object({
  id: z.string(), person_id: z.string(), appointment_id: z.string(), programme_version_id: z.string(),
  programme_id: z.string(), assigned_at: z.number(), due_on: z.string(), start_of_duty: z.string(), ended_at: z.number().nullable(),
  version: z.number(),
});
export type Assignment = z.infer<typeof AssignmentRow>;

const SELECT = `SELECT a.id, a.person_id, a.appointment_id, a.programme_version_id, v.programme_id, a.assigned_at, a.due_on,
  a.start_of_duty, a.ended_at, a.version FROM assignments a JOIN programme_versions v ON v.id = a.programme_version_id`;

export const findAssignment = (from: Reader, id: string): Promise<Assignment | null> =>
  maybeOne(from, AssignmentRow, `${SELECT} WHERE a.id = $id`, { id });

/** What a person is assigned and has not been released from, the nearest due date first. */
export const liveAssignments = (from: Reader, personId: string): Promise<Assignment[]> =>
  rows(from, AssignmentRow, `${SELECT} WHERE a.person_id = $personId AND a.ended_at IS NULL ORDER BY a.due_on, a.id`, { personId });

export const assignmentsOfAppointment = (from: Reader, appointmentId: string): Promise<Assignment[]> =>
  rows(from, AssignmentRow, `${SELECT} WHERE a.appointment_id = $appointmentId ORDER BY a.id`, { appointmentId });

/** Live assignments after `after` in the order of their ids, for going through all of them in steps. */
export const assignmentsAfter = (from: Reader, after: string, limit: number): Promise<Assignment[]> =>
  rows(from, AssignmentRow, `${SELECT} WHERE a.id > $after AND a.ended_at IS NULL ORDER BY a.id LIMIT $limit`, { after, limit });

export interface NewAssignment {
  personId: string;
  appointmentId: string;
  programmeVersionId: string;
  dueOn: PlainDate;
  startOfDuty: PlainDate;
}

/** @returns the new assignment's id, or null when the appointment has that version already */
export async function insertAssignment(tx: Tx, one: NewAssignment): Promise<string | null> {
  const id = newId();
  const added = await insert(tx, 'assignments', [{
    id, person_id: one.personId, appointment_id: one.appointmentId, programme_version_id: one.programmeVersionId,
    assigned_at: tx.now, due_on: one.dueOn, start_of_duty: one.startOfDuty,
  }], 'ON CONFLICT (appointment_id, programme_version_id) DO NOTHING');
  return added > 0 ? id : null;
}

/** Moves the dates; only if nobody else moved them since `version`. Takes an ended assignment up again. */
export const replan = (tx: Tx, id: string, version: number, plan: { dueOn: PlainDate; startOfDuty: PlainDate }): Promise<number> =>
  execute(tx, `UPDATE assignments SET due_on = $dueOn, start_of_duty = $startOfDuty, ended_at = NULL, version = version + 1
    WHERE id = $id AND version = $version`, { id, version, ...plan });

export const endAssignment = (tx: Tx, id: string): Promise<number> =>
  execute(tx, 'UPDATE assignments SET ended_at = $now, version = version + 1 WHERE id = $id AND ended_at IS NULL', { id, now: tx.now });
