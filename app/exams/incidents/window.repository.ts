import { z } from 'zod';
import { rows, type Reader } from '~/db';
import type { Instant } from '~/kernel/clock';
import { windowAfter, type Span } from './window';

const SpanRow = z.object({ id: z.string(), from_at: z.number(), to_at: z.number() })
  .transform((row) => ({ id: row.id, from: row.from_at, to: row.to_at }));

/** The applied incidents of a sitting that hit this room (null: only those that hit everybody). */
export const appliedIncidents = (from: Reader, sittingId: string, roomId: string | null): Promise<(Span & { id: string })[]> =>
  rows(from, SpanRow, `SELECT id, from_at, to_at FROM incidents
    WHERE sitting_id = $sittingId AND state = 'applied' AND (room_id IS NULL OR room_id = $roomId) ORDER BY from_at`, { sittingId, roomId });

/** Until when the sitting's window is open for somebody in that room who starts at `startedAt`. */
export async function windowOf(from: Reader, sitting: { id: string; endsAt: Instant }, roomId: string | null, startedAt: Instant): Promise<Instant> {
  return windowAfter(sitting.endsAt, await appliedIncidents(from, sitting.id, roomId), startedAt);
}
