import { z } from 'zod';
import { chunks, json, places, rows, type Reader } from '~/db';
import { PaperEntry } from '~/itembank';
import type { Instant } from '~/kernel/clock';
import { servesIn } from '~/people';
import { ATTEMPT_STATES } from '../attempt-state';

const PlaceRow = z.object({
  id: z.string(), room_id: z.string().nullable(), seat: z.number().nullable(), ticket: z.string(), name: z.string(), organisation: z.string().nullable(),
  identity: z.enum(['admitted', 'refused']).nullable(), checked_in_at: z.number().nullable(), attempt_id: z.string().nullable(),
  state: z.enum(ATTEMPT_STATES).nullable(), started_at: z.number().nullable(), deadline_at: z.number().nullable(), handed_in_at: z.number().nullable(),
  last_contact_at: z.number().nullable(), paused_at: z.number().nullable(), current_item: z.string().nullable(),
});
export type PlaceRow = z.infer<typeof PlaceRow>;

/**
 * Everybody who has a place in a sitting, by room and seat, with the attempt made with it. Who was given another
 * attempt after a void one is there twice, the later one last.
 */
export const placesOfSitting = (from: Reader, sittingId: string): Promise<PlaceRow[]> =>
  rows(from, PlaceRow, `SELECT b.id, b.room_id, b.seat, b.ticket, p.name, b.identity, b.checked_in_at, a.id AS attempt_id, a.state, a.started_at,
      a.deadline_at, a.handed_in_at, a.last_contact_at, a.paused_at, a.current_item,
      ${servesIn('b.person_id')} AS organisation
    FROM bookings b JOIN persons p ON p.id = b.person_id
    LEFT JOIN attempts a ON a.booking_id = b.id AND a.started_at IS NOT NULL
    LEFT JOIN exam_rooms r ON r.id = b.room_id
    WHERE b.sitting_id = $sittingId AND b.state = 'booked'
    ORDER BY r.position, b.seat, b.ticket, a.number`, { sittingId });

const COUNTED = ['saved', 'observed', 'other-device', 'unread', 'permit', 'seb', 'network', 'late'] as const;
const CountRow = z.object({ kind: z.enum(COUNTED), id: z.string(), n: z.number(), at: z.number() });
export type CountRow = z.infer<typeof CountRow>;

/** What is counted for each attempt (`id`) of a sitting, and the exemptions of each booking, in one statement. */
export const countsOfSitting = (from: Reader, sittingId: string, now: Instant): Promise<CountRow[]> =>
  rows(from, CountRow, `SELECT 'saved' AS kind, a.id, COUNT(*) AS n, MAX(r.saved_at) AS at
      FROM attempts a JOIN responses r ON r.attempt_id = a.id WHERE a.sitting_id = $sittingId AND r.response <> 'null' GROUP BY a.id
    UNION ALL SELECT 'observed', a.id, COUNT(*), MAX(o.at)
      FROM attempts a JOIN observations o ON o.attempt_id = a.id WHERE a.sitting_id = $sittingId AND o.kind <> 'note' GROUP BY a.id
    UNION ALL SELECT 'other-device', a.id, COUNT(*), MAX(l.received_at)
      FROM attempts a JOIN response_log l ON l.attempt_id = a.id WHERE a.sitting_id = $sittingId AND l.outcome = 'other-device' GROUP BY a.id
    UNION ALL SELECT 'unread', a.id, COUNT(*), MIN(m.sent_at)
      FROM attempts a JOIN candidate_messages m ON m.attempt_id = a.id WHERE a.sitting_id = $sittingId AND m.seen_at IS NULL GROUP BY a.id
    UNION ALL SELECT 'permit', a.id, COUNT(*), MAX(d.expires_at)
      FROM attempts a JOIN device_permits d ON d.attempt_id = a.id WHERE a.sitting_id = $sittingId AND d.used_at IS NULL AND d.expires_at > $now GROUP BY a.id
    UNION ALL SELECT x.kind, b.id, COUNT(*), MAX(x.granted_at)
      FROM bookings b JOIN door_exemptions x ON x.booking_id = b.id WHERE b.sitting_id = $sittingId AND x.ended_at IS NULL GROUP BY b.id, x.kind`,
  { sittingId, now });

const EntriesRow = z.object({ id: z.string(), entries: json(z.array(PaperEntry)) });

/** The items of attempts' papers in their order. */
export async function papersOf(from: Reader, attemptIds: string[]): Promise<Map<string, string[]>> {
  const found = new Map<string, string[]>();
  for (const some of chunks(attemptIds)) {
    const { list, params } = places(some);
    const papers = await rows(from, EntriesRow, `SELECT a.id, p.entries FROM attempts a JOIN papers p ON p.id = a.paper_id WHERE a.id IN (${list})`, params);
    for (const { id, entries } of papers) found.set(id, entries.map((entry) => entry.item));
  }
  return found;
}
