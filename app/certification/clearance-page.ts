import type { Reader } from '~/db';
import type { Instant } from '~/kernel/clock';
import { findAssignment } from './assignments.repository';
import { dutyOf, type Duty } from './duties.service';
import { findHolder, timelineOf, type TimelineEntry } from './timeline.repository';

export interface ClearancePage {
  holder: { name: string; organisation: string; organisationPath: string; post: string; intake: string | null; recruitmentNumber: string | null };
  duty: Duty;
  timeline: TimelineEntry[];
}

/** One person's clearance with every requirement, its evidence and how it came about; null when there is none. */
export async function clearancePage(from: Reader, assignmentId: string, now: Instant): Promise<ClearancePage | null> {
  const assignment = await findAssignment(from, assignmentId);
  const holder = await findHolder(from, assignmentId);
  const duty = assignment && await dutyOf(from, assignment, now);
  if (!holder || !duty) return null;
  const { path: organisationPath, recruitment_number: recruitmentNumber, name, organisation, post, intake } = holder;
  return {
    holder: { name, organisation, organisationPath, post, intake, recruitmentNumber },
    duty,
    timeline: await timelineOf(from, duty.personId),
  };
}
