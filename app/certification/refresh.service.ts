import { addJob, appendEvent, type By, type Tx } from '~/db';
import { config } from '~/kernel/config';
import { liveAssignments, type Assignment } from './assignments.repository';
import { findClearance, saveClearance } from './clearances.repository';
import type { Evidence } from './clearance';
import { withdrawalsOf } from './credentials.repository';
import { evidenceOf } from './evidence.repository';
import { requirementsOf } from './programme.repository';
import { differingFields, projectionOf, type Projection } from './projection';

const BY: By = 'system:certification';

/** Judges everything assigned to a person anew. The person must be locked in this transaction. */
export async function refreshPerson(tx: Tx, personId: string): Promise<void> {
  const assignments = await liveAssignments(tx, personId);
  const evidence = await evidenceOf(tx, personId);
  for (const assignment of assignments) await refreshAssignment(tx, assignment, evidence);
}

async function refreshAssignment(tx: Tx, assignment: Assignment, evidence: Evidence[]): Promise<void> {
  const next = projectionOf({
    startOfDuty: assignment.start_of_duty,
    dueOn: assignment.due_on,
    requirements: await requirementsOf(tx, assignment.programme_version_id),
    evidence,
    withdrawals: await withdrawalsOf(tx, assignment.id),
    zone: config().TIME_ZONE,
  });
  const before = await findClearance(tx, assignment.id);
  if (before && differingFields(before, next).length === 0) return;
  await saveClearance(tx, assignment, next);
  await tellChange(tx, assignment, before, next);
}

/** The ledger says when somebody became cleared, lost that, or may start on another day. */
async function tellChange(tx: Tx, { id, person_id }: Assignment, before: Projection | null, next: Projection): Promise<void> {
  const was = before?.status ?? 'not-cleared';
  if (was === next.status && (next.status === 'not-cleared' || before?.mayStartOn === next.mayStartOn)) return;
  await appendEvent(tx, {
    kind: next.status === 'cleared' ? 'assignment.cleared' : 'assignment.not-cleared',
    subject: { kind: 'assignment', id },
    personId: person_id,
    by: BY,
    cause: 'rule',
    body: { mayStartOn: next.mayStartOn, withdrawnOn: next.withdrawnOn, requirements: next.requirements.map(({ code, state, evidenceRef }) => ({ code, state, evidenceRef })) },
  });
  if (next.status === 'cleared' && was !== 'cleared') await addJob(tx, 'certification.cleared', { assignmentId: id });
}
