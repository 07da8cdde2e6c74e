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
    job: 'marking.released', payload: 'attemptId',
    sql: `SELECT r.attempt_id AS id FROM results r JOIN attempts a ON a.id = r.attempt_id JOIN exams e ON e.id = r.exam_id
      WHERE r.released_at IS NOT NULL AND r.passed = 1 AND a.state <> 'void' AND e.practice_of IS NULL
      AND NOT EXISTS (SELECT 1 FROM hour_entries h WHERE h.kind = 'exam-passed' AND h.ref = r.attempt_id)`,
  },
  {
    job: 'certification.hours-proved', payload: 'personId',
    sql: `SELECT DISTINCT h.person_id AS id FROM hour_entries h WHERE h.status = 'counted' AND h.hundredths <> 0
      AND NOT EXISTS (SELECT 1 FROM evidence e WHERE e.kind = 'hours' AND e.ref = h.id)`,
  },
  { job: 'certification.hours-run', payload: 'runId', sql: `SELECT id FROM hour_runs WHERE state = 'running'` },
  {
    job: 'certification.cleared', payload: 'assignmentId',
    sql: `SELECT c.assignment_id AS id FROM clearances c LEFT JOIN credentials k ON k.assignment_id = c.assignment_id AND k.state <> 'revoked'
      WHERE c.status = 'cleared' AND (c.cleared_until IS NULL OR c.cleared_until >= $today) AND (k.id IS NULL OR k.pdf_file IS NULL)`,
    dated: true,
  },
  {
    // As `grounds.service.ts` says it; whether a tree with alternatives is met again only its own jobs know.
    job: 'certification.grounds', payload: 'personId', dated: true,
    sql: `SELECT DISTINCT k.person_id AS id FROM credentials k JOIN clearances c ON c.assignment_id = k.assignment_id
      WHERE c.requirements LIKE '%"kind":"credential"%' AND ((k.state = 'valid' AND (k.valid_until IS NULL OR k.valid_until >= $today)
        AND c.status = 'not-cleared' AND c.withdrawn_on IS NULL AND c.suspended_on IS NULL)
        OR (k.state = 'suspended' AND k.state_cause = 'rule' AND k.state_reason = 'ground-ended' AND c.done = c.total))`,
  },
  {
    job: 'people.transfer-ends', payload: 'transferId', dated: true,
    sql: `SELECT t.id FROM transfers t JOIN appointments a ON a.id = t.appointment_id WHERE t.state = 'accepted' AND a.ended_on IS NULL AND t.ends_on < $today`,
  },
  { job: 'certification.past-import', payload: 'importId', sql: `SELECT id FROM past_imports WHERE state = 'applying'` },
  { job: 'certification.credential-run', payload: 'runId', sql: `SELECT id FROM credential_runs WHERE state = 'running'` },
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
