import type { Reader } from '~/db';
import { dateAt, type PlainDate } from '~/kernel/calendar';
import type { Instant } from '~/kernel/clock';
import { config } from '~/kernel/config';
import { findAssignment } from '../assignments.repository';
import { gateOn, judgeAll, type JudgedAssignment } from '../known';
import { assignmentsKnown } from '../known.repository';
import type { Gate } from '../requirement';
import { verdictOf, type Verdict } from './ground';

/** Whether a gate of an appointment is open on a day, with what is known now. */
export async function judgeGate(from: Reader, { personId, appointmentId }: { personId: string; appointmentId: string }, gate: Gate, on: PlainDate): Promise<Verdict> {
  const known = (await assignmentsKnown(from, [personId])).get(personId) ?? [];
  return verdictOf(gateOn(known.filter((one) => one.appointmentId === appointmentId), gate, on, config().TIME_ZONE));
}

/** One assignment as it is judged today; null when there is none. */
export async function judgedNow(from: Reader, assignmentId: string, now: Instant): Promise<JudgedAssignment | null> {
  const assignment = await findAssignment(from, assignmentId);
  if (!assignment) return null;
  const zone = config().TIME_ZONE;
  const known = (await assignmentsKnown(from, [assignment.person_id])).get(assignment.person_id) ?? [];
  return judgeAll(known, dateAt(now, zone), zone).get(assignmentId) ?? null;
}
