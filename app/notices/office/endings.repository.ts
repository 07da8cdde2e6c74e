import { z } from 'zod';
import { json, rows, type Reader } from '~/db';
import type { PlainDate } from '~/kernel/calendar';

const EndingRow = z.object({
  assignment_id: z.string(), person_id: z.string(), name: z.string(), organisation_id: z.string(), title_zh: z.string(), title_en: z.string(), status: z.enum(['cleared', 'waived']),
  cleared_until: z.string(), may_start_on: z.string(), periods: json(z.array(z.object({ from: z.string() }))),
});
export type Ending = z.infer<typeof EndingRow>;

/** Clearances that end within these days and that nothing follows yet, by their ids. */
export const endingsBetween = (from: Reader, given: { first: PlainDate; last: PlainDate; after: string; limit: number }): Promise<Ending[]> =>
  rows(from, EndingRow, `SELECT c.assignment_id, c.person_id, p.name, ap.organisation_id, v.title_zh, v.title_en, c.status, c.cleared_until, c.may_start_on, c.periods
    FROM clearances c JOIN assignments a ON a.id = c.assignment_id JOIN persons p ON p.id = c.person_id JOIN appointments ap ON ap.id = a.appointment_id
      JOIN programme_versions v ON v.id = a.programme_version_id LEFT JOIN clearances n ON n.assignment_id = c.followed_by
    WHERE c.cleared_until >= $first AND c.cleared_until <= $last AND c.status <> 'not-cleared' AND c.may_start_on IS NOT NULL AND a.ended_at IS NULL AND ap.ended_on IS NULL
      AND (n.status IS NULL OR n.status = 'not-cleared') AND c.assignment_id > $after ORDER BY c.assignment_id LIMIT $limit`, given);
