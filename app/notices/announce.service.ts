import { findCredential } from '~/certification';
import { addJobs, inTransaction, reader, type Tx } from '~/db';
import { dateAt, daysBetween, type PlainDate } from '~/kernel/calendar';
import { hours, type Instant } from '~/kernel/clock';
import { config } from '~/kernel/config';
import { assignedBefore, currentStep, latestDueWithStep, type Step } from './ladder';
import { markUncertain } from './send-log.repository';
import { insertNotices, openDueDates, plannedAssignment, toRemind, type NewNotice, type PlannedAssignment } from './notices.repository';

/** Tells somebody what was assigned, or that its dates have moved: once per version of the assignment. */
export async function announceAssignment(assignmentId: string): Promise<void> {
  await inTransaction(async (tx) => {
    const assignment = await plannedAssignment(tx, assignmentId);
    if (!assignment) return;
    await notify(tx, [{
      personId: assignment.person_id,
      content: { kind: assignment.version === 1 ? 'assigned' : 'replanned', params: paramsOf(assignment) },
      step: `assigned:${assignment.version}:${assignmentId}`,
    }]);
  });
}

/** Tells somebody that their credential is issued. */
export async function announceCredential(credentialId: string): Promise<void> {
  await inTransaction(async (tx) => {
    const credential = await findCredential(tx, credentialId);
    if (!credential) return;
    const { number, mayStartOn } = credential.snapshot;
    await notify(tx, [{
      personId: credential.person_id, content: { kind: 'credential', params: { number, mayStartOn } }, step: `credential:${credentialId}`,
    }]);
  });
}

/** One transaction makes at most so many notices, so that others can save in between. */
const STEP_SIZE = 500;

/**
 * Makes the reminders whose day has come, for everybody who is not cleared. Goes by due date, of which there
 * are few, not by person; may be stopped anywhere and run again, and never tells anybody the same step twice.
 */
export async function planReminders(now: Instant): Promise<void> {
  await inTransaction((tx) => markUncertain(tx, now - hours(1)));
  const today = dateAt(now, config().TIME_ZONE);
  for (const dueOn of await openDueDates(reader(), latestDueWithStep(today))) {
    const step = currentStep(dueOn, today);
    if (!step) continue;
    for (let made = STEP_SIZE; made === STEP_SIZE;) made = await remindSome(dueOn, step, today);
  }
}

/** @returns how many people were found */
const remindSome = (dueOn: PlainDate, step: Step, today: PlainDate): Promise<number> =>
  inTransaction(async (tx) => {
    const prefix = `reminder:${step.step}:${dueOn}:`;
    const found = await toRemind(tx, { dueOn, prefix, assignedBefore: assignedBefore(step, config().TIME_ZONE), limit: STEP_SIZE });
    const days = daysBetween(today, dueOn);
    await notify(tx, found.map((assignment) => ({
      personId: assignment.person_id,
      content: { kind: 'reminder', params: { ...paramsOf(assignment), days } },
      step: `${prefix}${assignment.assignment_id}`,
    })));
    return found.length;
  });

/** Makes the notices that are new, each with the job that sends it. */
async function notify(tx: Tx, notices: NewNotice[]): Promise<void> {
  const made = await insertNotices(tx, notices);
  await addJobs(tx, made.map((noticeId) => ({ name: 'notices.send', payload: { noticeId } })));
}

const paramsOf = ({ assignment_id: assignmentId, due_on: dueOn, start_of_duty: startOn, title_zh, title_en }: PlannedAssignment) =>
  ({ assignmentId, dueOn, startOn, programmeZh: title_zh, programmeEn: title_en });
