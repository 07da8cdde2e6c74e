import { z } from 'zod';
import { json, places, rows, type Reader } from '~/db';

const Row = z.object({
  assignment_id: z.string(), person_id: z.string(), path: z.string(), due_on: z.string(), start_of_duty: z.string(), title_zh: z.string(), title_en: z.string(),
  version_id: z.string(), status: z.string(), withdrawn_on: z.string().nullable(), requirements: json(z.array(z.object({ code: z.string(), state: z.string() }))),
});
export type AskedReminder = z.infer<typeof Row>;

/** These assignments, those of them that have not ended. */
export async function assignmentsToRemind(from: Reader, ids: readonly string[]): Promise<AskedReminder[]> {
  if (ids.length === 0) return [];
  const { list, params } = places([...new Set(ids)]);
  return rows(from, Row, `SELECT a.id AS assignment_id, a.person_id, o.path, a.due_on, a.start_of_duty, v.title_zh, v.title_en, v.id AS version_id, c.status, c.withdrawn_on, c.requirements
    FROM assignments a JOIN programme_versions v ON v.id = a.programme_version_id JOIN clearances c ON c.assignment_id = a.id
    JOIN appointments ap ON ap.id = a.appointment_id JOIN organisations o ON o.id = ap.organisation_id
    WHERE a.ended_at IS NULL AND ap.ended_on IS NULL AND a.id IN (${list})`, params);
}
