import { z } from 'zod';
import { execute, json, maybeOne, rows, type Reader, type Tx } from '~/db';
import type { PlainDate } from '~/kernel/calendar';
import { Validity } from '../requirement';

const VersionRow = z.object({ id: z.string(), programme_id: z.string(), validity: json(Validity) });

/** The versions under which something ends. */
export const versionsThatEnd = (from: Reader): Promise<z.infer<typeof VersionRow>[]> =>
  rows(from, VersionRow, `SELECT id, programme_id, validity FROM programme_versions WHERE state <> 'draft' AND validity NOT LIKE '%"for-ever"%'`);

const IdRow = z.object({ id: z.string() });
export const WINDOW_JOB = 'certification.window';

/**
 * Cycles of a version whose window is open and that nothing follows yet, the first to end first. What is waiting, under
 * way or failed is left to the outbox; what was revoked is not renewed.
 */
export async function cyclesToFollow(from: Reader, versionId: string, endsBy: PlainDate, limit: number): Promise<string[]> {
  const found = await rows(from, IdRow, `SELECT c.assignment_id AS id FROM clearances c JOIN assignments a ON a.id = c.assignment_id
    WHERE c.rule_until <= $endsBy AND c.followed_by IS NULL AND c.withdrawn_on IS NULL AND a.programme_version_id = $versionId AND a.ended_at IS NULL
      AND NOT EXISTS (SELECT 1 FROM outbox WHERE outbox.status IN ('waiting', 'sent', 'failed') AND outbox.name = '${WINDOW_JOB}'
        AND outbox.payload = '{"assignmentId":"' || c.assignment_id || '"}')
    ORDER BY c.rule_until LIMIT $limit`, { versionId, endsBy, limit });
  return found.map(({ id }) => id);
}

const CycleRow = z.object({
  id: z.string(), person_id: z.string(), appointment_id: z.string(), programme_id: z.string(), cycle: z.number(), start_of_duty: z.string(), due_on: z.string(),
  version: z.number(), validity: json(Validity), ended_at: z.number().nullable(), ended_on: z.string().nullable(), follower: z.string().nullable(),
  rule_until: z.string().nullable(), cleared_until: z.string().nullable(), completed_on: z.string().nullable(), withdrawn_on: z.string().nullable(), followed_by: z.string().nullable(),
});
export type Cycle = z.infer<typeof CycleRow>;

/** A cycle with how long it holds and what follows it; null when nothing was ever met under it. */
export const findCycle = (from: Reader, assignmentId: string): Promise<Cycle | null> =>
  maybeOne(from, CycleRow, `SELECT a.id, a.person_id, a.appointment_id, v.programme_id, a.cycle, a.start_of_duty, a.due_on, a.version, v.validity, a.ended_at, ap.ended_on,
      f.id AS follower, c.rule_until, c.cleared_until, c.completed_on, c.withdrawn_on, c.followed_by
    FROM assignments a JOIN programme_versions v ON v.id = a.programme_version_id JOIN appointments ap ON ap.id = a.appointment_id
    JOIN clearances c ON c.assignment_id = a.id LEFT JOIN assignments f ON f.follows = a.id WHERE a.id = $assignmentId`, { assignmentId });

/** Keeps the sweep from coming back to what was followed. */
export const markFollowed = (tx: Tx, assignmentId: string, by: string): Promise<number> =>
  execute(tx, 'UPDATE clearances SET followed_by = $by WHERE assignment_id = $assignmentId', { assignmentId, by });
