import type { Reader } from '~/db';
import { addDays, startOfDate, type PlainDate } from '~/kernel/calendar';
import { config } from '~/kernel/config';
import { findAppointment, findAssignment, type Assignment } from './assignments.repository';
import { assignmentsIn } from './history';
import { historiesOf } from './history.repository';
import { ownerAsKnown } from './records/merge/merge.repository';
import { gateOn, judgeAll, type GateAnswer, type JudgedAssignment, type KnownAssignment } from './known';
import type { Gate } from './requirement';

export interface AsKnown {
  /** The day that is asked about. */
  on: PlainDate;
  /** What had been recorded by the end of this day counts, whenever it took effect; left out: all that is known now. */
  knownOn?: PlainDate | undefined;
}

/** One assignment on a day, as it was known on another: from the ledger alone. Null when nobody knew of it then. */
export async function clearanceAsKnown(from: Reader, assignmentId: string, { on, knownOn }: AsKnown): Promise<JudgedAssignment | null> {
  const assignment = await findAssignment(from, assignmentId);
  if (!assignment) return null;
  return judgeAll(await assignmentsOfOwnerThen(from, assignment, knownOn), on, config().TIME_ZONE).get(assignmentId) ?? null;
}

/** Whether a gate of an appointment was open on a day, as it was known on another; null when there is no such appointment. */
export async function gateAsKnown(from: Reader, appointmentId: string, gate: Gate, { on, knownOn }: AsKnown): Promise<GateAnswer | null> {
  const appointment = await findAppointment(from, appointmentId);
  if (!appointment) return null;
  const known = await assignmentsAsKnown(from, await ownerAsKnown(from, 'appointments', appointmentId, appointment.person_id, beforeNextDay(knownOn)), knownOn);
  return gateOn(known.filter((one) => one.appointmentId === appointmentId), gate, on, config().TIME_ZONE);
}

/** The assignments of whose an assignment was, as far as it was known by the end of a day: two records may have been merged or parted since. */
export const assignmentsOfOwnerThen = async (from: Reader, { id, person_id: personId }: Pick<Assignment, 'id' | 'person_id'>, knownOn?: PlainDate): Promise<KnownAssignment[]> =>
  assignmentsAsKnown(from, await ownerAsKnown(from, 'assignments', id, personId, beforeNextDay(knownOn)), knownOn);

/** A person's assignments by the events that had been recorded by the end of a day. */
export async function assignmentsAsKnown(from: Reader, personId: string, knownOn?: PlainDate): Promise<KnownAssignment[]> {
  const histories = await historiesOf(from, [personId], beforeNextDay(knownOn));
  return assignmentsIn(histories.get(personId) ?? []);
}

const beforeNextDay = (knownOn: PlainDate | undefined) => (knownOn === undefined ? undefined : startOfDate(addDays(knownOn, 1), config().TIME_ZONE));
