import { z } from 'zod';
import { rows, type Reader } from '~/db';
import type { PlainDate } from '~/kernel/calendar';
import type { Instant } from '~/kernel/clock';

const PlaceRow = z.object({
  id: z.string(), exam_id: z.string(), state: z.enum(['booked', 'waiting', 'cancelled', 'moved', 'excused']), booked_at: z.number(), version: z.number(), seat: z.number().nullable(), ticket: z.string(),
  sitting_state: z.string(), sitting_version: z.number(), sitting: z.string(), starts_at: z.number(), ends_at: z.number(), room: z.string().nullable(),
});
export type DatedPlace = z.infer<typeof PlaceRow>;

/** Every place that somebody has or had, exam by exam, in the order in which they got them. */
export const placesOf = (from: Reader, personId: string): Promise<DatedPlace[]> =>
  rows(from, PlaceRow, `SELECT b.id, s.exam_id, b.state, b.booked_at, b.version, b.seat, b.ticket, s.state AS sitting_state, s.version AS sitting_version, s.title AS sitting,
      s.starts_at, s.ends_at, r.name AS room
    FROM bookings b JOIN sittings s ON s.id = b.sitting_id LEFT JOIN exam_rooms r ON r.id = b.room_id
    WHERE b.person_id = $personId AND b.state <> 'waiting' ORDER BY s.exam_id, b.booked_at, b.id`, { personId });

const DueRow = z.object({ assignment_id: z.string(), version: z.number(), due_on: z.string(), assigned_at: z.number(), title_zh: z.string(), title_en: z.string() });
export type DueDate = z.infer<typeof DueRow>;

/** By when somebody has to finish what is still open. */
export const dueDatesOf = (from: Reader, personId: string, since: PlainDate): Promise<DueDate[]> =>
  rows(from, DueRow, `SELECT a.id AS assignment_id, a.version, a.due_on, a.assigned_at, v.title_zh, v.title_en
    FROM assignments a JOIN clearances c ON c.assignment_id = a.id JOIN programme_versions v ON v.id = a.programme_version_id JOIN appointments ap ON ap.id = a.appointment_id
    WHERE a.person_id = $personId AND a.ended_at IS NULL AND ap.ended_on IS NULL AND c.status = 'not-cleared' AND c.withdrawn_on IS NULL AND a.due_on >= $since
    ORDER BY a.due_on, a.id`, { personId, since });

/** When these instants are over, they are of no use in a calendar any more. */
export const isRecent = (endsAt: Instant, since: Instant): boolean => endsAt >= since;
