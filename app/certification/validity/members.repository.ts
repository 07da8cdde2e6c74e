import { z } from 'zod';
import { one, rows, type Reader } from '~/db';
import type { PlainDate } from '~/kernel/calendar';

export const MEMBER_STATES = ['affected', 'fulfilled', 'open', 'lapsed', 'exempt', 'expiring'] as const;
/** `affected` are those who fulfilled it, have still to, or let the date pass. */
export type MemberState = (typeof MEMBER_STATES)[number];

const FROM = `FROM recertification_members m JOIN recertifications r ON r.id = m.recertification_id JOIN assignments a ON a.id = m.assignment_id
  JOIN persons p ON p.id = a.person_id JOIN appointments ap ON ap.id = a.appointment_id JOIN organisations o ON o.id = ap.organisation_id
  LEFT JOIN clearances d ON d.assignment_id = m.delta_assignment_id`;

// What counts was met at some time: a credential that was revoked for other reasons does not undo it.
const FULFILLED = `m.outcome = 'affected' AND d.completed_on IS NOT NULL`;
const MISSING = `m.outcome = 'affected' AND d.completed_on IS NULL`;
const CONDITION: Record<MemberState, string> = {
  affected: `m.outcome = 'affected'`, fulfilled: FULFILLED, open: `${MISSING} AND r.until >= $today`, lapsed: `${MISSING} AND r.until < $today`,
  exempt: `m.outcome = 'exempt'`, expiring: `m.outcome = 'expiring'`,
};

const DATED: Record<MemberState, boolean> = { affected: false, fulfilled: false, open: true, lapsed: true, exempt: false, expiring: false };

const CountsRow = z.object(Object.fromEntries(MEMBER_STATES.map((state) => [state, z.number().nullable()])) as Record<MemberState, z.ZodNullable<z.ZodNumber>>);

/** How far a recertification is, in numbers. */
export async function memberCounts(from: Reader, recertificationId: string, today: PlainDate): Promise<Record<MemberState, number>> {
  const sums = MEMBER_STATES.map((state) => `SUM(CASE WHEN ${CONDITION[state]} THEN 1 ELSE 0 END) AS "${state}"`).join(', ');
  const row = await one(from, CountsRow, `SELECT ${sums} ${FROM} WHERE m.recertification_id = $recertificationId`, { recertificationId, today });
  return Object.fromEntries(MEMBER_STATES.map((state) => [state, row[state] ?? 0])) as Record<MemberState, number>;
}

const Row = z.object({
  assignment_id: z.string(), person_id: z.string(), name: z.string(), organisation: z.string(), post: z.string(), exempt_by: z.enum(['shown', 'newer-version']).nullable(),
  done: z.number().nullable(), total: z.number().nullable(), completed_on: z.string().nullable(), cleared_until: z.string().nullable(),
}).transform((row) => ({
  assignmentId: row.assignment_id, personId: row.person_id, name: row.name, organisation: row.organisation, post: row.post, exemptBy: row.exempt_by,
  done: row.done, total: row.total, fulfilledOn: row.completed_on, clearedUntil: row.cleared_until,
}));
export type MemberLine = z.infer<typeof Row>;

/** The people behind one of the numbers. */
export function memberPage(from: Reader, recertificationId: string, state: MemberState, today: PlainDate, page: { limit: number; offset: number }): Promise<MemberLine[]> {
  return rows(from, Row, `SELECT m.assignment_id, a.person_id, p.name, o.name AS organisation, ap.post, m.exempt_by, d.done, d.total, d.completed_on, c.cleared_until
    ${FROM} LEFT JOIN clearances c ON c.assignment_id = m.assignment_id
    WHERE m.recertification_id = $recertificationId AND ${CONDITION[state]} ORDER BY p.name, m.assignment_id LIMIT $limit OFFSET $offset`,
  { recertificationId, ...page, ...(DATED[state] && { today }) });
}
