import { z } from 'zod';
import { maybeOne, places, rows, type Reader } from '~/db';

const PlanRow = z.object({
  assignment_id: z.string(), person_id: z.string(), due_on: z.string(), start_of_duty: z.string(), version: z.number(),
  title_zh: z.string(), title_en: z.string(),
});
export type PlannedAssignment = z.infer<typeof PlanRow>;

/** What an assignment's notices say; null once it has ended. */
export const plannedAssignment = (from: Reader, assignmentId: string): Promise<PlannedAssignment | null> =>
  maybeOne(from, PlanRow, `SELECT a.id AS assignment_id, a.person_id, a.due_on, a.start_of_duty, a.version, v.title_zh, v.title_en
    FROM assignments a JOIN programme_versions v ON v.id = a.programme_version_id WHERE a.id = $assignmentId AND a.ended_at IS NULL`, { assignmentId });

const StandingRow = z.object({ id: z.string(), due_on: z.string(), open: z.number() });

/** Of these assignments those that have not ended, each with its due date and whether something is still to be done. */
export async function standingOfAssignments(from: Reader, ids: readonly string[]): Promise<Map<string, { dueOn: string; open: boolean }>> {
  if (ids.length === 0) return new Map();
  const { list, params } = places([...new Set(ids)]);
  const found = await rows(from, StandingRow, `SELECT a.id, a.due_on,
      CASE WHEN EXISTS (SELECT 1 FROM clearances c WHERE c.assignment_id = a.id AND c.status = 'not-cleared' AND c.withdrawn_on IS NULL) THEN 1 ELSE 0 END AS open
    FROM assignments a JOIN appointments ap ON ap.id = a.appointment_id WHERE a.ended_at IS NULL AND ap.ended_on IS NULL AND a.id IN (${list})`, params);
  return new Map(found.map(({ id, due_on: dueOn, open }) => [id, { dueOn, open: open === 1 }]));
}
