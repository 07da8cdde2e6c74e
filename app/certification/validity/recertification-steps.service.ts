import { addJob, appendEvent, appendEvents, inTransaction, reader, type By, type Tx } from '~/db';
import { dateAt } from '~/kernel/calendar';
import type { Instant } from '~/kernel/clock';
import { config } from '~/kernel/config';
import { endAssigned, makeAssignment } from '../assignment.service';
import { findAssignment, lockPeople } from '../assignments.repository';
import { freshCalendar } from '../programmes/calendar.service';
import { knowing, type Known } from '../programmes/known.service';
import { refreshPeople } from '../refresh.service';
import { isAsked } from '../gaps.repository';
import { holdersAfter, type Holder } from './holders.repository';
import { deltaDueOn, deltaRequirements, type Recertification } from './recertification';
import {
  affectedAfter, assignmentUnder, cyclesUnder, findRecertification, insertMember, markLapsed, moveOn, newlyLapsed, unfinishedRecertifications,
} from './recertifications.repository';
import { holderQuery, STEP_JOB } from './recertifications.service';
import { beginAgain } from './windows.service';

const BY: By = 'system:certification';
const STEP = 50;
const SWEPT = 200;

/**
 * The next step of starting or cancelling: so many holders in one transaction, which also notes how far it came and asks
 * for the step after. So it may be stopped at any time and run twice at once.
 */
export async function stepRecertification(id: string): Promise<void> {
  await freshCalendar();
  await inTransaction(async (tx) => {
    const one = await findRecertification(tx, id);
    if (one?.state === 'starting') await startStep(tx, one);
    if (one?.state === 'cancelling') await cancelStep(tx, one);
  });
}

async function startStep(tx: Tx, one: Recertification): Promise<void> {
  const query = await holderQuery(tx, one, dateAt(tx.now, config().TIME_ZONE));
  const found = await holdersAfter(tx, query, one.cursor, STEP);
  if (!await moveOnFrom(tx, one, found.map(({ assignmentId }) => assignmentId), 'running')) return;
  await lockPeople(tx, [...new Set(found.map(({ personId }) => personId))]);
  // Between reading and locking somebody may have shown the new.
  const settled = new Map((await holdersAfter(tx, query, one.cursor, STEP)).map((holder) => [holder.assignmentId, holder]));
  const known = knowing(tx);
  for (const holder of found.flatMap(({ assignmentId }) => settled.get(assignmentId) ?? [])) await take(tx, one, holder, known, query.oldVersions);
  await refreshPeople(tx, [...new Set(found.map(({ personId }) => personId))]);
}

/** @returns false when another run of the same step was faster */
async function moveOnFrom(tx: Tx, one: Recertification, ids: readonly string[], end: 'running' | 'cancelled'): Promise<boolean> {
  const last = ids.at(-1);
  const more = last !== undefined && ids.length === STEP;
  if (await moveOn(tx, one, { cursor: last ?? one.cursor, state: more ? one.state : end }) === 0) return false;
  if (more) await addJob(tx, STEP_JOB, { recertificationId: one.id });
  return true;
}

async function take(tx: Tx, one: Recertification, holder: Holder, known: Known, oldVersions: readonly string[]): Promise<void> {
  const affected = holder.outcome === 'affected';
  const deltaAssignmentId = affected ? await assignDelta(tx, one, holder, known) : null;
  await insertMember(tx, { recertificationId: one.id, assignmentId: holder.assignmentId, outcome: holder.outcome, exemptBy: holder.exemptBy, deltaAssignmentId });
  if (!affected) return;
  // Renewals under the old law that are open or done already end with it too.
  const cycles = await cyclesUnder(tx, holder.appointmentId, oldVersions);
  await appendEvents(tx, cycles.map((assignmentId) => ({
    kind: 'clearance.limited', subject: { kind: 'assignment', id: assignmentId }, personId: holder.personId, by: BY, cause: 'rule',
    body: { assignmentId, recertificationId: one.id, until: one.until, countsFrom: one.countsFrom, requirements: deltaRequirements(one) },
  })));
}

async function assignDelta(tx: Tx, one: Recertification, { assignmentId, appointmentId, personId }: Holder, known: Known): Promise<string> {
  const held = await findAssignment(tx, assignmentId);
  if (!held || one.programmeVersionId === null) throw new Error(`the recertification ${one.id} has no programme`);
  const id = await makeAssignment(tx, {
    personId, appointmentId, versionId: one.programmeVersionId, startOfDuty: held.start_of_duty, dueOn: deltaDueOn(one), countsFrom: one.countsFrom,
  }, known);
  // Who holds two of the programmes in one post shows the new once.
  if (id === null) return assignmentUnder(tx, appointmentId, one.programmeVersionId);
  await beginAgain(tx, personId, deltaRequirements(one), one.countsFrom);
  return id;
}

async function cancelStep(tx: Tx, one: Recertification): Promise<void> {
  const found = await affectedAfter(tx, one.id, one.cursor, STEP);
  if (!await moveOnFrom(tx, one, found.map((member) => member.assignment_id), 'cancelled')) return;
  const personIds = [...new Set(found.map((member) => member.person_id))];
  await lockPeople(tx, personIds);
  const query = await holderQuery(tx, one, dateAt(tx.now, config().TIME_ZONE));
  for (const member of found) {
    const held = await findAssignment(tx, member.assignment_id);
    const cycles = held ? await cyclesUnder(tx, held.appointment_id, query.oldVersions) : [];
    await appendEvents(tx, cycles.map((assignmentId) => ({
      kind: 'clearance.limit-cancelled', subject: { kind: 'assignment', id: assignmentId }, personId: member.person_id, by: BY, cause: 'personnel',
      body: { assignmentId, recertificationId: one.id },
    })));
    const delta = await findAssignment(tx, member.delta_assignment_id);
    if (delta) await endAssigned(tx, delta, { cause: 'personnel' });
  }
  await refreshPeople(tx, personIds);
}

/** Steps whose job got lost, and clearances that have ended by a change of law since the last time. */
export async function sweepRecertifications(now: Instant): Promise<void> {
  for (const { id } of await unfinishedRecertifications(reader())) {
    await inTransaction(async (tx) => {
      if (!await isAsked(tx, STEP_JOB, { recertificationId: id })) await addJob(tx, STEP_JOB, { recertificationId: id });
    });
  }
  const today = dateAt(now, config().TIME_ZONE);
  await inTransaction(async (tx) => {
    for (const lapsed of await newlyLapsed(tx, today, SWEPT)) {
      if (await markLapsed(tx, lapsed.recertification_id, lapsed.assignment_id) === 0) continue;
      await appendEvent(tx, {
        kind: 'clearance.lapsed', subject: { kind: 'assignment', id: lapsed.assignment_id }, personId: lapsed.person_id, by: BY, cause: 'rule',
        body: { recertificationId: lapsed.recertification_id, until: lapsed.until },
      });
    }
  });
}
