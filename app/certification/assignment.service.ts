import { enrolTx } from '~/courses';
import { addJob, appendEvent, inTransaction, type By, type Tx } from '~/db';
import { dateAt } from '~/kernel/calendar';
import { config } from '~/kernel/config';
import {
  assignmentsOfAppointment, endAssignment, findAppointment, insertAssignment, lockPerson, replan, type Appointment, type Assignment,
} from './assignments.repository';
import { removeClearance } from './clearances.repository';
import { dueOn } from './due-date';
import { currentVersions, findVersion, requirementsOf, type ProgrammeVersion } from './programme.repository';
import { refreshPerson } from './refresh.service';

const BY: By = 'system:certification';

/**
 * Brings what is assigned in line with an appointment: assigns the programmes that apply to it (and enrols
 * in their courses), plans anew when the start of duty has moved, ends what no longer applies. Does nothing
 * when all is as it should be, so it may run any number of times.
 */
export async function assignFor(appointmentId: string): Promise<void> {
  await inTransaction(async (tx) => {
    const appointment = await findAppointment(tx, appointmentId);
    if (!appointment) return;
    await lockPerson(tx, appointment.person_id);
    // What was read before the lock may have changed while waiting for it.
    const settled = await findAppointment(tx, appointmentId);
    if (settled) await bringInLine(tx, settled);
  });
}

async function bringInLine(tx: Tx, appointment: Appointment): Promise<void> {
  const existing = await assignmentsOfAppointment(tx, appointment.id);
  const versions = await currentVersions(tx, dateAt(tx.now, config().TIME_ZONE));
  const applying = versions.filter((version) => appliesTo(version, appointment));
  let changed = false;
  for (const version of applying) {
    // A newer version of the programme never replaces what somebody was assigned.
    const held = existing.find((assignment) => assignment.programme_id === version.programme_id);
    changed = (held ? await keepUp(tx, held, appointment) : await assign(tx, version, appointment)) || changed;
  }
  for (const held of existing) {
    const stillApplies = applying.some((version) => version.programme_id === held.programme_id);
    if (!stillApplies) await end(tx, held);
  }
  if (changed) await refreshPerson(tx, appointment.person_id);
}

const appliesTo = (version: ProgrammeVersion, appointment: Appointment): boolean =>
  appointment.ended_on === null && version.applies_to.kinds.includes(appointment.kind);

async function assign(tx: Tx, version: ProgrammeVersion, appointment: Appointment): Promise<boolean> {
  const plan = planFor(tx, version, appointment);
  const id = await insertAssignment(tx, {
    personId: appointment.person_id, appointmentId: appointment.id, programmeVersionId: version.id, ...plan,
  });
  if (id === null) return false;
  const requirements = await requirementsOf(tx, version.id);
  for (const { kind, targetId } of requirements) {
    if (kind === 'course') await enrolTx(tx, { personId: appointment.person_id, courseId: targetId, source: 'assigned', by: BY });
  }
  await tell(tx, 'assignment.made', id, appointment.person_id, {
    ...plan, version: 1, appointmentId: appointment.id, programmeVersionId: version.id, requirements,
  });
  await addJob(tx, 'certification.assigned', { assignmentId: id });
  return true;
}

async function keepUp(tx: Tx, held: Assignment, appointment: Appointment): Promise<boolean> {
  if (held.ended_at === null && held.start_of_duty === appointment.start_of_duty) return false;
  const version = await findVersion(tx, held.programme_version_id);
  if (!version) throw new Error(`programme version ${held.programme_version_id} is gone`);
  const plan = planFor(tx, version, appointment);
  if (await replan(tx, held.id, held.version, plan) === 0) return false;
  await tell(tx, 'assignment.replanned', held.id, held.person_id, { ...plan, version: held.version + 1 });
  await addJob(tx, 'certification.assigned', { assignmentId: held.id });
  return true;
}

async function end(tx: Tx, held: Assignment): Promise<void> {
  if (await endAssignment(tx, held.id) === 0) return;
  await removeClearance(tx, held.id);
  await tell(tx, 'assignment.ended', held.id, held.person_id, { version: held.version + 1 });
}

function planFor(tx: Tx, version: ProgrammeVersion, appointment: Appointment) {
  const due = dueOn({
    startOfDuty: appointment.start_of_duty, workingDays: version.due_working_days, plannedAt: tx.now, zone: config().TIME_ZONE,
  });
  return { startOfDuty: appointment.start_of_duty, dueOn: due };
}

const tell = (tx: Tx, kind: string, id: string, personId: string, body: Record<string, unknown>): Promise<void> =>
  appendEvent(tx, { kind, subject: { kind: 'assignment', id }, personId, by: BY, cause: 'rule', body });
