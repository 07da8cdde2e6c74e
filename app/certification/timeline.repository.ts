import { z } from 'zod';
import { accountOf, json, maybeOne, places, rows, type Reader } from '~/db';
import type { Instant } from '~/kernel/clock';
import { mergesKnown } from './records/merge/merge.repository';
import { ownerOf } from './records/merge/ownership';

const HolderRow = z.object({
  name: z.string(), organisation: z.string(), path: z.string(), post: z.string(), intake: z.string().nullable(),
  recruitment_number: z.string().nullable(), ended_at: z.number().nullable(),
});

/** Events that tell how somebody came to a clearance; each is worded by `certification.event.<kind>`. */
export const TIMELINE = [
  'assignment.made', 'assignment.replanned', 'assignment.ended', 'assignment.cleared', 'assignment.not-cleared',
  'enrolment.made', 'course.completed', 'attempt.started', 'attempt.handed-in', 'attempt.graded', 'result.released',
  'evidence.recorded', 'credential.issued', 'credential.revoked', 'credential.suspended', 'credential.reinstated', 'credential.extended',
  'credential.superseded', 'assignment.waived', 'waiver.asked', 'waiver.granted', 'waiver.refused', 'waiver.withdrawn', 'waiver.revoked',
  'clearance.limited', 'clearance.limit-cancelled', 'clearance.lapsed',
  'start.recorded', 'start.proposed', 'start.refused', 'start.cancelled', 'confirmation.recorded', 'confirmation.cancelled',
] as const;
export type TimelineKind = (typeof TIMELINE)[number];

const EventRow = z.object({
  id: z.string(), person_id: z.string(), kind: z.enum(TIMELINE), subject_id: z.string(), at: z.number(), body: json(z.unknown()), signer: z.string().nullable(),
});

export interface TimelineEntry {
  id: string;
  kind: TimelineKind;
  at: Instant;
  /** The account that caused it by its sign-in name; null when the program did. */
  by: string | null;
}

/** The organisation that an assignment belongs to, for deciding who may see it; null when there is none. */
export const findHolder = (from: Reader, assignmentId: string) =>
  maybeOne(from, HolderRow, `SELECT p.name, o.name AS organisation, o.path, ap.post, n.name AS intake, a.ended_at,
      (SELECT MIN(i.value) FROM identifiers i WHERE i.person_id = p.id AND i.kind = 'recruitment') AS recruitment_number
    FROM assignments a JOIN persons p ON p.id = a.person_id JOIN appointments ap ON ap.id = a.appointment_id
    JOIN organisations o ON o.id = ap.organisation_id LEFT JOIN intakes n ON n.id = ap.intake_id
    WHERE a.id = $assignmentId`, { assignmentId });

const LIMIT = 200;
const EVER: Instant = Number.MAX_SAFE_INTEGER;

/** From the ledger, as far as recorded before an instant, the latest first; of records that were merged or parted, what is about this person's rows. */
export async function timelineOf(from: Reader, personId: string, before: Instant = EVER): Promise<TimelineEntry[]> {
  const kinds = TIMELINE.map((kind) => `'${kind}'`).join(', ');
  const merges = await mergesKnown(from, [personId], before);
  const { list, params } = places([...new Set([personId, ...merges.flatMap((one) => [one.survivorId, one.mergedId])])]);
  const found = await rows(from, EventRow, `SELECT e.id, e.person_id, e.kind, e.subject_id, e.at, e.body, a.sign_in_name AS signer
    FROM ledger_events e LEFT JOIN accounts a ON a.id = ${accountOf('e.by')}
    WHERE e.person_id IN (${list}) AND e.kind IN (${kinds}) AND e.recorded_at < $before ORDER BY e.at DESC, e.id DESC${merges.length === 0 ? ' LIMIT $limit' : ''}`, { ...params, before, ...(merges.length === 0 && { limit: LIMIT }) });
  const own = merges.length === 0 ? found : found.filter((event) => ownerOf(event, merges) === personId);
  return own.slice(0, LIMIT).map(({ id, kind, at, signer }) => ({ id, kind, at, by: signer }));
}
