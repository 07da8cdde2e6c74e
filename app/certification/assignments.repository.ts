import { z } from 'zod';
import { execute, insert, maybeOne, places, rows, type Reader, type Tx } from '~/db';
import type { PlainDate } from '~/kernel/calendar';
import { newId } from '~/kernel/id';
import { lockPersons } from '~/people';

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
export const lockPerson = (tx: Tx, personId: string): Promise<void> => lockPersons(tx, [personId]);

/** Locks several people at once. Who locks one person alone never waits for another one. */
export const lockPeople = lockPersons;

/** `rule`: by the programme's rule; `renewal`: by the end of what it renews; `decision`: somebody set it, or moved that end. */
export const DUE_BY = ['rule', 'renewal', 'decision'] as const;
export type DueBy = (typeof DUE_BY)[number];

const AssignmentRow = z.object({
  id: z.string(), person_id: z.string(), appointment_id: z.string(), programme_version_id: z.string(),
  programme_id: z.string(), cycle: z.number(), follows: z.string().nullable(), counts_from: z.string().nullable(), assigned_at: z.number(), due_on: z.string(), due_by: z.enum(DUE_BY), start_of_duty: z.string(), ended_at: z.number().nullable(),
  version: z.number(),
});
export type Assignment = z.infer<typeof AssignmentRow>;

const SELECT = `SELECT a.id, a.person_id, a.appointment_id, a.programme_version_id, v.programme_id, a.cycle, a.follows, a.counts_from,
  a.assigned_at, a.due_on, a.due_by, a.start_of_duty, a.ended_at, a.version FROM assignments a JOIN programme_versions v ON v.id = a.programme_version_id`;

export const findAssignment = (from: Reader, id: string): Promise<Assignment | null> =>
  maybeOne(from, AssignmentRow, `${SELECT} WHERE a.id = $id`, { id });

/** What a person is assigned and has not been released from, the nearest due date first. */
export const liveAssignments = (from: Reader, personId: string): Promise<Assignment[]> =>
  rows(from, AssignmentRow, `${SELECT} WHERE a.person_id = $personId AND a.ended_at IS NULL ORDER BY a.due_on, a.id`, { personId });

/** The newest cycle first. */
export const assignmentsOfAppointment = (from: Reader, appointmentId: string): Promise<Assignment[]> =>
  rows(from, AssignmentRow, `${SELECT} WHERE a.appointment_id = $appointmentId ORDER BY a.cycle DESC, a.id`, { appointmentId });

/** Everything that was ever assigned to these people, earlier cycles before later ones. */
export async function assignmentsOfPeople(from: Reader, personIds: readonly string[]): Promise<Assignment[]> {
  if (personIds.length === 0) return [];
  const { list, params } = places([...personIds]);
  return rows(from, AssignmentRow, `${SELECT} WHERE a.person_id IN (${list}) ORDER BY a.cycle, a.due_on, a.id`, params);
}

const PersonRow = z.object({ person_id: z.string() });

/** People with live assignments after `after` in the order of their ids, for going through all of them in steps. */
export const assignedPeopleAfter = async (from: Reader, after: string, limit: number): Promise<string[]> =>
  (await rows(from, PersonRow, `SELECT DISTINCT person_id FROM assignments WHERE person_id > $after AND ended_at IS NULL
    ORDER BY person_id LIMIT $limit`, { after, limit })).map((row) => row.person_id);

export interface NewAssignment {
  personId: string;
  appointmentId: string;
  programmeVersionId: string;
  dueOn: PlainDate;
  /** Default: by the rule. */
  dueBy?: DueBy | undefined;
  startOfDuty: PlainDate;
  /** Default: the first. */
  cycle?: number | undefined;
  /** The assignment of the former cycle. */
  follows?: string | null | undefined;
  /** Evidence before this day does not count. */
  countsFrom?: PlainDate | null | undefined;
}

/** @returns the new assignment's id, or null when the appointment has that version in that cycle already */
export async function insertAssignment(tx: Tx, one: NewAssignment): Promise<string | null> {
  const id = newId();
  const added = await insert(tx, 'assignments', [{
    id, person_id: one.personId, appointment_id: one.appointmentId, programme_version_id: one.programmeVersionId,
    cycle: one.cycle ?? 1, follows: one.follows ?? null, counts_from: one.countsFrom ?? null,
    assigned_at: tx.now, due_on: one.dueOn, due_by: one.dueBy ?? 'rule', start_of_duty: one.startOfDuty,
  }], 'ON CONFLICT DO NOTHING');
  return added > 0 ? id : null;
}

/** Moves the dates; only if nobody else moved them since `version`. Takes an ended assignment up again. */
export const replan = (tx: Tx, id: string, version: number, plan: { dueOn: PlainDate; dueBy: DueBy; startOfDuty: PlainDate }): Promise<number> =>
  execute(tx, `UPDATE assignments SET due_on = $dueOn, due_by = $dueBy, start_of_duty = $startOfDuty, ended_at = NULL, version = version + 1
    WHERE id = $id AND version = $version`, { id, version, ...plan });

export const endAssignment = (tx: Tx, id: string): Promise<number> =>
  execute(tx, 'UPDATE assignments SET ended_at = $now, version = version + 1 WHERE id = $id AND ended_at IS NULL', { id, now: tx.now });
