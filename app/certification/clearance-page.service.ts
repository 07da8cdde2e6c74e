import { appendEvent, inTransaction, reader } from '~/db';
import { authorise, type Actor } from '~/identity';
import type { Instant } from '~/kernel/clock';
import { findAssignment } from './assignments.repository';
import { missingCharacters } from '~/pdf';
import { dutyOf, type Duty } from './duties.service';
import { findHolder, timelineOf, type TimelineEntry } from './timeline.repository';

export interface ClearancePage {
  holder: { name: string; organisation: string; organisationPath: string; post: string; intake: string | null; recruitmentNumber: string | null };
  duty: Duty;
  timeline: TimelineEntry[];
  /** Characters of the name that the credential cannot print. */
  missing: string[];
}

/**
 * One person's clearance with every requirement, its evidence and how it came about, for somebody else's
 * eyes: that it was read is an event in the ledger. Null when there is none.
 * @throws ProblemError when the actor may not see it
 */
export async function openClearance(actor: Actor, assignmentId: string, now: Instant): Promise<ClearancePage | null> {
  const from = reader();
  const assignment = await findAssignment(from, assignmentId);
  const found = assignment && await findHolder(from, assignmentId);
  if (!found) return null;
  const { path: organisationPath, recruitment_number: recruitmentNumber, name, organisation, post, intake } = found;
  authorise(actor, 'see a clearance', { personId: assignment.person_id, organisationPath });
  const duty = await dutyOf(from, assignment, now);
  if (!duty) return null;
  if (actor.personId !== duty.personId) {
    await inTransaction((tx) => appendEvent(tx, {
      kind: 'person.read', subject: { kind: 'assignment', id: assignmentId }, personId: duty.personId, by: actor.by,
    }));
  }
  return {
    holder: { name, organisation, organisationPath, post, intake, recruitmentNumber },
    duty, timeline: await timelineOf(from, duty.personId), missing: missingCharacters(name),
  };
}
