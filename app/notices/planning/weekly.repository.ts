import { z } from 'zod';
import { rows, type Reader } from '~/db';
import type { PlainDate } from '~/kernel/calendar';

const UnitRow = z.object({ path: z.string(), cleared: z.number(), open: z.number(), overdue: z.number(), due_soon: z.number(), starts_soon: z.number() });
export type UnitWeek = z.infer<typeof UnitRow>;

/** How the people of each organisation stand on a day, those beneath it not counted. One query over everybody. */
export const weekOfUnits = (from: Reader, given: { day: PlainDate; dueUntil: PlainDate; startUntil: PlainDate }): Promise<UnitWeek[]> =>
  rows(from, UnitRow, `SELECT o.path,
      SUM(CASE WHEN c.status <> 'not-cleared' THEN 1 ELSE 0 END) AS cleared,
      SUM(CASE WHEN c.status = 'not-cleared' THEN 1 ELSE 0 END) AS open,
      SUM(CASE WHEN c.status = 'not-cleared' AND c.due_on < $day THEN 1 ELSE 0 END) AS overdue,
      SUM(CASE WHEN c.status = 'not-cleared' AND c.due_on >= $day AND c.due_on <= $dueUntil THEN 1 ELSE 0 END) AS due_soon,
      SUM(CASE WHEN c.status = 'not-cleared' AND c.start_of_duty >= $day AND c.start_of_duty <= $startUntil THEN 1 ELSE 0 END) AS starts_soon
    FROM clearances c JOIN appointments ap ON ap.id = c.appointment_id JOIN organisations o ON o.id = ap.organisation_id
    WHERE c.leads = 1 AND c.gate = 'before-start-of-duty' AND ap.ended_on IS NULL GROUP BY o.path`, given);
