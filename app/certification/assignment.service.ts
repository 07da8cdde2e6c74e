import { enrolTx } from '~/courses';
import { addJob, appendEvent, inTransaction, type By, type Tx } from '~/db';
import type { PlainDate } from '~/kernel/calendar';
import { assignmentsOfAppointment, endAssignment, findAssignment, insertAssignment, lockPerson, replan, type Assignment, type DueBy } from './assignments.repository';
import { toldState } from './changes/change';
import { insertChanges } from './changes/changes.repository';
import { findClearance, removeClearance } from './clearances.repository';
import { dueOn } from './due-date';
import type { ProgrammeVersion } from './programme.repository';
import { findAppointment, type KnownAppointment } from './programmes/appointment.repository';
import { applies } from './programmes/applies-to';
import { freshCalendar } from './programmes/calendar.service';
import { endedByDecision } from './programmes/exceptions.repository';
import { knowing, type Known } from './programmes/known.service';
import { noExceptions, noteExceptions } from './programmes/note-exceptions.service';
import { refreshPerson } from './refresh.service';

const BY: By = 'system:certification';

/**
 * Brings what is assigned in line with an appointment: assigns the programmes that apply to it (and enrols
 * in their courses), plans anew when the start of duty has moved, ends what no longer applies. Does nothing
 * when all is as it should be, so it may run any number of times.
 */
export async function assignFor(appointmentId: string): Promise<void> {
  await freshCalendar();
  await inTransaction(async (tx) => assignIn(tx, appointmentId, knowing(tx)));
}

/** The same for one of several appointments that share a transaction. */
export async function assignIn(tx: Tx, appointmentId: string, known: Known): Promise<void> {
  const appointment = await findAppointment(tx, appointmentId);
  if (!appointment) return;
  await lockPerson(tx, appointment.personId);
  // What was read before the lock may have changed while waiting for it.
  const settled = await findAppointment(tx, appointmentId);
  if (settled) await bringInLine(tx, settled, known);
}

async function bringInLine(tx: Tx, appointment: KnownAppointment, known: Known): Promise<void> {
  const existing = await assignmentsOfAppointment(tx, appointment.id);
  const released = await endedByDecision(tx, appointment.id);
  let changed = false;
  // A newer version of the programme never replaces what somebody was assigned, so each is judged by its own rule.
  for (const held of existing.filter((one) => counts(one, existing, released))) {
    const version = await known.version(held.programme_version_id);
    if (appliesTo(version, appointment)) changed = (await keepUp(tx, held, appointment, known)) || changed;
    else await end(tx, held);
  }
  const holds = new Set((await assignmentsOfAppointment(tx, appointment.id)).filter((one) => one.ended_at === null).map((one) => one.programme_id));
  for (const version of await known.current()) {
    if (holds.has(version.programme_id) || released.has(version.programme_id) || !appliesTo(version, appointment)) continue;
    changed = (await assign(tx, version, appointment, known)) || changed;
  }
  if (changed) await refreshPerson(tx, appointment.personId);
}

/** What is live; of what has ended only the newest, which is taken up again when it applies once more. */
function counts(one: Assignment, existing: Assignment[], released: ReadonlySet<string>): boolean {
  if (one.ended_at === null) return true;
  const others = existing.filter((other) => other.programme_id === one.programme_id);
  return !released.has(one.programme_id) && others[0] === one && others.every((other) => other.ended_at !== null);
}

const appliesTo = (version: ProgrammeVersion, appointment: KnownAppointment): boolean =>
  appointment.endedOn === null && applies(version.applies_to, appointment);

const assign = async (tx: Tx, version: ProgrammeVersion, appointment: KnownAppointment, known: Known): Promise<boolean> =>
  (await makeAssignment(tx, {
    personId: appointment.personId, appointmentId: appointment.id, versionId: version.id,
    startOfDuty: appointment.startOfDuty, dueOn: dueOn(version.due_rule, appointment.startOfDuty),
  }, known)) !== null;

export interface ToAssign {
  personId: string;
  appointmentId: string;
  versionId: string;
  startOfDuty: PlainDate;
  dueOn: PlainDate;
  /** Default: by the rule. */
  dueBy?: DueBy;
  cycle?: number;
  follows?: string | null;
  countsFrom?: PlainDate | null;
  by?: By;
  cause?: string;
}

/**
 * Assigns a version, enrols in its courses, and notes what makes it impossible. The person must be locked in this
 * transaction, and refreshed afterwards.
 * @returns the assignment's id, or null when there is one already
 */
export async function makeAssignment(tx: Tx, given: ToAssign, known: Known): Promise<string | null> {
  const { personId, appointmentId, versionId: programmeVersionId, startOfDuty, dueOn: due, dueBy, cycle = 1, follows = null, countsFrom = null } = given;
  const id = await insertAssignment(tx, { personId, appointmentId, programmeVersionId, startOfDuty, dueOn: due, dueBy, cycle, follows, countsFrom });
  if (id === null) return null;
  const version = await known.version(programmeVersionId);
  const requirements = await known.requirements(programmeVersionId);
  for (const { kind, targetId } of requirements) {
    if (kind === 'course') await enrolTx(tx, { personId, courseId: targetId, source: 'assigned', by: BY });
  }
  await tell(tx, 'assignment.made', { id, person_id: personId }, {
    startOfDuty, dueOn: due, version: 1, appointmentId, programmeVersionId, programmeId: version.programme_id, cycle,
    ...(follows !== null && { follows }), ...(countsFrom !== null && { countsFrom }),
    gate: version.gate, requirements, tree: version.tree, validity: version.validity,
  }, given);
  await addJob(tx, 'certification.assigned', { assignmentId: id });
  await noteAnew(tx, id, known);
  return id;
}

async function noteAnew(tx: Tx, id: string, known: Known): Promise<void> {
  const made = await findAssignment(tx, id);
  if (made) await noteExceptions(tx, made, await known.facts(made.programme_version_id));
}

async function keepUp(tx: Tx, held: Assignment, appointment: KnownAppointment, known: Known): Promise<boolean> {
  if (held.ended_at === null && held.start_of_duty === appointment.startOfDuty) return false;
  const { due_rule: rule } = await known.version(held.programme_version_id);
  // A renewal is due by what it renews, not by the start of duty.
  const due = held.counts_from === null ? { dueOn: dueOn(rule, appointment.startOfDuty) } : { dueOn: held.due_on, dueBy: held.due_by };
  return replanAssignment(tx, held, { startOfDuty: appointment.startOfDuty, ...due }, known);
}

export interface Plan {
  startOfDuty: PlainDate;
  dueOn: PlainDate;
  /** Default: by the rule. */
  dueBy?: DueBy;
}

/**
 * Gives an assignment other dates, and takes it up again when it had ended. The ledger keeps what the date was, and why it
 * moved. The person must be locked in this transaction, and refreshed afterwards.
 */
export async function replanAssignment(
  tx: Tx, held: Assignment, { startOfDuty, dueOn: due, dueBy = 'rule' }: Plan, known: Known, given: { by?: By; cause?: string; reason?: string; calendarChange?: string } = {},
): Promise<boolean> {
  if (await replan(tx, held.id, held.version, { startOfDuty, dueOn: due, dueBy }) === 0) return false;
  const { reason, calendarChange } = given;
  await tell(tx, 'assignment.replanned', held, {
    startOfDuty, dueOn: due, formerDueOn: held.due_on, version: held.version + 1, ...(reason !== undefined && { reason }), ...(calendarChange !== undefined && { calendarChange }),
  }, given);
  await addJob(tx, 'certification.assigned', { assignmentId: held.id });
  await noteAnew(tx, held.id, known);
  return true;
}

const end = (tx: Tx, held: Assignment): Promise<boolean> => endAssigned(tx, held);

/** Releases somebody from an assignment and takes it off the lists; the ledger keeps what was. */
export async function endAssigned(tx: Tx, held: Assignment, given: { by?: By; cause?: string; reason?: string } = {}): Promise<boolean> {
  if (await endAssignment(tx, held.id) === 0) return false;
  const row = await findClearance(tx, held.id);
  await removeClearance(tx, held.id);
  await insertChanges(tx, [{ assignmentId: held.id, personId: held.person_id, kind: 'ended', before: row && toldState(row), after: null }]);
  await tell(tx, 'assignment.ended', held, { version: held.version + 1, ...(given.reason !== undefined && { reason: given.reason }) }, given);
  await noExceptions(tx, held);
  return true;
}

const tell = (tx: Tx, kind: string, { id, person_id: personId }: Pick<Assignment, 'id' | 'person_id'>, body: Record<string, unknown>, { by = BY, cause = 'rule' }: { by?: By; cause?: string } = {}): Promise<void> =>
  appendEvent(tx, { kind, subject: { kind: 'assignment', id }, personId, by, cause, body });
