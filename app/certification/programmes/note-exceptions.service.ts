import { appendEvent, type By, type Tx } from '~/db';
import { dateAt } from '~/kernel/calendar';
import { config } from '~/kernel/config';
import type { Assignment } from '../assignments.repository';
import { causesOf, NOTHING, sameCase, type Cause, type PersonFacts, type VersionFacts } from './exception';
import { changeDetail, credentialsHad, examsHad, exceptionsOf, insertException, markGone, reopen, type AssignmentException } from './exceptions.repository';

const BY: By = 'system:certification';

/**
 * Writes down why an assignment cannot be fulfilled, and that a cause has gone. What was decided stays decided while it
 * is the same case. The person must be locked in this transaction.
 */
export async function noteExceptions(tx: Tx, assignment: Assignment, facts: VersionFacts): Promise<void> {
  const causes = assignment.ended_at === null ? await causesFor(tx, assignment, facts) : [];
  await settle(tx, assignment, causes);
}

/** What was to be decided about an assignment needs no decision any more. */
export const noExceptions = (tx: Tx, assignment: Assignment): Promise<void> => settle(tx, assignment, []);

async function causesFor(tx: Tx, { person_id: personId, due_on: dueOn, start_of_duty: startOfDuty, assigned_at: assignedAt }: Assignment, facts: VersionFacts): Promise<Cause[]> {
  const dates = { dueOn, startOfDuty, assignedOn: dateAt(assignedAt, config().TIME_ZONE) };
  const possible = causesOf(facts, dates, NOTHING);
  // Only a missing sitting or credential depends on what the person has.
  if (possible.length === 0) return [];
  const person: PersonFacts = { exams: await examsHad(tx, personId, tx.now), credentials: await credentialsHad(tx, personId) };
  return causesOf(facts, dates, person);
}

async function settle(tx: Tx, assignment: Assignment, causes: Cause[]): Promise<void> {
  const known = await exceptionsOf(tx, assignment.appointment_id, assignment.programme_version_id);
  for (const cause of causes) await settleOne(tx, assignment, cause, known.find(({ kind }) => kind === cause.kind));
  for (const one of known) {
    if (one.state !== 'open' || causes.some(({ kind }) => kind === one.kind)) continue;
    if (await markGone(tx, one.id) > 0) await tell(tx, 'exception.gone', one.id, assignment, { kind: one.kind });
  }
}

async function settleOne(tx: Tx, assignment: Assignment, cause: Cause, known: AssignmentException | undefined): Promise<void> {
  if (!known) {
    const id = await insertException(tx, { personId: assignment.person_id, appointmentId: assignment.appointment_id, versionId: assignment.programme_version_id }, cause);
    if (id !== null) await tell(tx, 'exception.found', id, assignment, { ...cause });
    return;
  }
  if (known.state !== 'gone' && sameCase(known.cause, cause)) return;
  if (known.state === 'open') await changeDetail(tx, known, cause);
  else if (await reopen(tx, known, cause) > 0) await tell(tx, 'exception.found', known.id, assignment, { ...cause });
}

const tell = (tx: Tx, kind: string, id: string, { id: assignmentId, person_id: personId }: Assignment, body: Record<string, unknown>): Promise<void> =>
  appendEvent(tx, { kind, subject: { kind: 'assignment-exception', id }, personId, by: BY, cause: 'rule', body: { assignmentId, ...body } });
