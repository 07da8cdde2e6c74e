import { z } from 'zod';
import { execute, insert, places, rows, type Reader, type Tx } from '~/db';

const WaitingRow = z.object({
  assignment_id: z.string(), step: z.string(), organisation_id: z.string(), audience: z.enum(['manager', 'hr']), person_id: z.string(), name: z.string(), still: z.number(),
});
export type WaitingEscalation = z.infer<typeof WaitingRow>;

/** Whether it is still so: overdue; not cleared any more (`lost:…`); about to end on the day that was told (`ends:<day>`) with nothing after it. */
const STILL = `CASE WHEN a.ended_at IS NOT NULL THEN 0
  WHEN e.step LIKE 'ends:%' THEN CASE WHEN c.status <> 'not-cleared' AND c.cleared_until = SUBSTR(e.step, 6)
    AND NOT EXISTS (SELECT 1 FROM clearances f WHERE f.assignment_id = c.followed_by AND f.status <> 'not-cleared') THEN 1 ELSE 0 END
  WHEN c.status = 'not-cleared' AND (c.withdrawn_on IS NULL OR e.step LIKE 'lost:%') THEN 1 ELSE 0 END`;

/** Of whom nobody above was told yet; `still` 0: it is settled meanwhile. */
export const waitingEscalations = (from: Reader, limit: number): Promise<WaitingEscalation[]> =>
  rows(from, WaitingRow, `SELECT e.assignment_id, e.step, e.organisation_id, e.audience, a.person_id, p.name,
      ${STILL} AS still
    FROM escalations e JOIN assignments a ON a.id = e.assignment_id JOIN persons p ON p.id = a.person_id LEFT JOIN clearances c ON c.assignment_id = a.id
    WHERE e.told_at IS NULL ORDER BY e.planned_on, e.assignment_id, e.step LIMIT $limit`, { limit });

export async function markTold(tx: Tx, told: readonly Pick<WaitingEscalation, 'assignment_id' | 'step'>[]): Promise<void> {
  for (const step of new Set(told.map((one) => one.step))) {
    const { list, params } = places(told.filter((one) => one.step === step).map((one) => one.assignment_id));
    await execute(tx, `UPDATE escalations SET told_at = $now WHERE step = $step AND assignment_id IN (${list})`, { ...params, step, now: tx.now });
  }
}

/** Remembers of whom a notice tells. */
export const insertEscalationNotices = (tx: Tx, made: readonly { noticeId: string; assignmentId: string; step: string }[]): Promise<number> =>
  insert(tx, 'escalation_notices', made.map((one) => ({ notice_id: one.noticeId, assignment_id: one.assignmentId, step: one.step })));

const BehindRow = z.object({
  assignment_id: z.string(), person_id: z.string(), name: z.string(), organisation: z.string(), post: z.string(), due_on: z.string(), title_zh: z.string(), title_en: z.string(), still: z.number(),
});
export type PersonBehind = z.infer<typeof BehindRow>;

/** Of whom a notice to a manager or HR tells, and whether they are still overdue. */
export const peopleBehind = (from: Reader, noticeId: string): Promise<PersonBehind[]> =>
  rows(from, BehindRow, `SELECT a.id AS assignment_id, a.person_id, p.name, o.name AS organisation, ap.post, a.due_on, v.title_zh, v.title_en,
      ${STILL} AS still
    FROM escalation_notices e JOIN assignments a ON a.id = e.assignment_id JOIN persons p ON p.id = a.person_id JOIN appointments ap ON ap.id = a.appointment_id
      JOIN organisations o ON o.id = ap.organisation_id JOIN programme_versions v ON v.id = a.programme_version_id LEFT JOIN clearances c ON c.assignment_id = a.id
    WHERE e.notice_id = $noticeId ORDER BY o.path, p.name, p.id`, { noticeId });
