import { z } from 'zod';
import { places, rows, type Reader } from '~/db';
import type { Instant } from '~/kernel/clock';

const Row = z.object({
  id: z.string(), exam_id: z.string(), code: z.string(), title: z.string(), starts_at: z.number(), ends_at: z.number(), capacity: z.number(), booked: z.number(), waiting: z.number(),
}).transform((row) => ({
  sittingId: row.id, examId: row.exam_id, code: row.code, title: row.title, startsAt: row.starts_at, endsAt: row.ends_at,
  // Who waits comes first.
  free: row.waiting > 0 ? 0 : Math.max(0, row.capacity - row.booked),
}));
export type ComingPlace = z.infer<typeof Row>;

/** The sittings of these exams that are not over, first to last, with the places that can still be had. */
export async function comingPlaces(from: Reader, examIds: readonly string[], now: Instant): Promise<ComingPlace[]> {
  if (examIds.length === 0) return [];
  const { list, params } = places([...examIds]);
  const counted = (state: string) => `(SELECT COUNT(*) FROM bookings b WHERE b.sitting_id = s.id AND b.state = '${state}')`;
  return rows(from, Row, `SELECT s.id, s.exam_id, s.code, s.title, s.starts_at, s.ends_at, s.capacity, ${counted('booked')} AS booked, ${counted('waiting')} AS waiting
    FROM sittings s WHERE s.exam_id IN (${list}) AND s.state = 'planned' AND s.ends_at > $now ORDER BY s.starts_at, s.code`, { ...params, now });
}
