import { z } from 'zod';
import { maybeOne, rows, type Reader } from '~/db';
import type { PlainDate } from '~/kernel/calendar';

/** Something that should have followed and did not. */
export interface Gap {
  job: string;
  /** The one name in the job's payload. */
  payload: string;
  /** Ids for which the job should have run. */
  sql: string;
  dated?: true;
}

const Id = z.object({ id: z.string() });

export const GAPS: Gap[] = [
  {
    job: 'people.appointed', payload: 'appointmentId', dated: true,
    sql: `SELECT ap.id FROM appointments ap WHERE ap.ended_on IS NULL AND EXISTS (
        SELECT 1 FROM programme_versions v WHERE v.effective_on <= $today AND v.applies_to LIKE '%"' || ap.kind || '"%')
      AND NOT EXISTS (SELECT 1 FROM assignments a WHERE a.appointment_id = ap.id)`,
  },
  {
    job: 'people.appointed', payload: 'appointmentId',
    sql: `SELECT DISTINCT ap.id FROM assignments a JOIN appointments ap ON ap.id = a.appointment_id
      JOIN programme_versions v ON v.id = a.programme_version_id
      WHERE (a.ended_at IS NULL AND (ap.ended_on IS NOT NULL OR ap.start_of_duty <> a.start_of_duty))
        OR (a.ended_at IS NOT NULL AND ap.ended_on IS NULL AND v.applies_to LIKE '%"' || ap.kind || '"%')`,
  },
  {
    job: 'courses.completed', payload: 'completionId',
    sql: `SELECT d.id FROM completions d WHERE NOT EXISTS (SELECT 1 FROM evidence e WHERE e.kind = 'course-completion' AND e.ref = d.id)`,
  },
  {
    job: 'marking.released', payload: 'attemptId',
    sql: `SELECT r.attempt_id AS id FROM results r JOIN attempts a ON a.id = r.attempt_id WHERE r.released_at IS NOT NULL AND a.state <> 'void'
      AND NOT EXISTS (SELECT 1 FROM evidence e WHERE e.kind = 'exam-result' AND e.ref = r.attempt_id)`,
  },
  {
    job: 'exams.voided', payload: 'attemptId',
    sql: `SELECT a.id FROM attempts a JOIN evidence e ON e.kind = 'exam-result' AND e.ref = a.id
      WHERE a.state = 'void' AND e.facts NOT LIKE '%"void":true%'`,
  },
  {
    job: 'certification.cleared', payload: 'assignmentId',
    sql: `SELECT c.assignment_id AS id FROM clearances c LEFT JOIN credentials k ON k.assignment_id = c.assignment_id AND k.state = 'valid'
      WHERE c.status = 'cleared' AND (k.id IS NULL OR k.pdf_file IS NULL)`,
  },
];

/** Ids for which a gap's job is neither done nor waiting, under way or failed. */
export async function lost(from: Reader, { job, payload, sql, dated }: Gap, today: PlainDate, limit: number): Promise<string[]> {
  const found = await rows(from, Id, `SELECT gap.id FROM (${sql}) gap WHERE NOT EXISTS (SELECT 1 FROM outbox
      WHERE outbox.status IN ('waiting', 'sent', 'failed') AND outbox.name = $job AND outbox.payload = '{"${payload}":"' || gap.id || '"}')
    LIMIT $limit`, { job, limit, ...(dated && { today }) });
  return found.map(({ id }) => id);
}

/** Whether a job is waiting, under way or failed, so that asking again would change nothing. */
export const isAsked = async (from: Reader, job: string, payload: Record<string, string>): Promise<boolean> =>
  (await maybeOne(from, Id, `SELECT id FROM outbox WHERE status IN ('waiting', 'sent', 'failed') AND name = $job AND payload = $payload LIMIT 1`,
    { job, payload: JSON.stringify(payload) })) !== null;
