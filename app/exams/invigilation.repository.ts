import { z } from 'zod';
import { containing, insert, rows, type Reader, type Tx } from '~/db';
import type { Actor } from '~/identity';
import { days, type Instant } from '~/kernel/clock';
import { servesIn } from '~/people';
import { ATTEMPT_STATES, type AttemptState } from './attempt-state';
import { holdsOver, inScopeOf } from './candidate-scope.repository';

const inScope = (actor: Actor) => inScopeOf(actor, 'invigilator');

/** Whether the actor invigilates the organisation of a candidate. */
export const mayInvigilate = (from: Reader, actor: Actor, personId: string): Promise<boolean> => holdsOver(from, actor, 'invigilator', personId);

const ExamRow = z.object({
  slug: z.string(), title_zh: z.string(), title_en: z.string(), in_progress: z.number().nullable(),
  handed_in: z.number().nullable(), unreleased: z.number().nullable(), next_deadline: z.number().nullable(),
}).transform((row) => ({
  slug: row.slug,
  title: { zh: row.title_zh, en: row.title_en },
  inProgress: row.in_progress ?? 0,
  /** Handed in within the last day. */
  handedIn: row.handed_in ?? 0,
  /** Graded and waiting for somebody to release them. */
  unreleased: row.unreleased ?? 0,
  nextDeadline: row.next_deadline,
}));
export type RunningExam = z.infer<typeof ExamRow>;

/** All exams with what is going on in them for the actor's candidates, the busiest first. */
export function runningExams(from: Reader, actor: Actor, now: Instant): Promise<RunningExam[]> {
  const scope = inScope(actor);
  return rows(from, ExamRow, `SELECT e.slug, e.title_zh, e.title_en,
      SUM(CASE WHEN a.state = 'in-progress' THEN 1 ELSE 0 END) AS in_progress,
      SUM(CASE WHEN a.handed_in_at > $since THEN 1 ELSE 0 END) AS handed_in,
      SUM(CASE WHEN a.state = 'graded' THEN 1 ELSE 0 END) AS unreleased,
      MIN(CASE WHEN a.state = 'in-progress' THEN a.deadline_at END) AS next_deadline
    FROM exams e LEFT JOIN attempts a ON a.exam_id = e.id AND ${scope.sql}
    WHERE e.practice_of IS NULL GROUP BY e.slug, e.title_zh, e.title_en ORDER BY in_progress DESC, e.slug`, { since: now - days(1), ...scope.params });
}

export interface CandidateFilter {
  examId: string;
  /** Part of a name. */
  search: string;
  state: AttemptState | null;
  /** Only this attempt, however long ago it ended. */
  attemptId: string | null;
  /** Attempts that ended before this are history and not shown, unless they still wait for their release. */
  since: Instant;
}

const CandidateRow = z.object({
  attempt_id: z.string(), name: z.string(), organisation: z.string().nullable(), number: z.number(), state: z.enum(ATTEMPT_STATES),
  started_at: z.number(), deadline_at: z.number(), handed_in_at: z.number().nullable(), last_contact_at: z.number().nullable(),
  answered: z.number(), permits: z.number(), observations: z.number(), refused_device_at: z.number().nullable(),
}).transform((row) => ({
  attemptId: row.attempt_id,
  name: row.name,
  organisation: row.organisation,
  number: row.number,
  state: row.state,
  startedAt: row.started_at,
  deadlineAt: row.deadline_at,
  handedInAt: row.handed_in_at,
  lastContactAt: row.last_contact_at,
  answered: row.answered,
  /** Another device may take over now. */
  permitOpen: row.permits > 0,
  observations: row.observations,
  /** When another device last tried to write. */
  refusedDeviceAt: row.refused_device_at,
}));
export type Candidate = z.infer<typeof CandidateRow>;

const LIMIT = 500;

/** The candidates of an exam: those who write first, whoever was silent longest on top. */
export function candidates(from: Reader, actor: Actor, filter: CandidateFilter, now: Instant): Promise<Candidate[]> {
  const scope = inScope(actor);
  return rows(from, CandidateRow, `SELECT a.id AS attempt_id, p.name, a.number, a.state, a.started_at, a.deadline_at, a.handed_in_at, a.last_contact_at,
      ${servesIn('a.person_id')} AS organisation,
      (SELECT COUNT(*) FROM responses r WHERE r.attempt_id = a.id AND r.response <> 'null') AS answered,
      (SELECT COUNT(*) FROM device_permits d WHERE d.attempt_id = a.id AND d.used_at IS NULL AND d.expires_at > $now) AS permits,
      (SELECT COUNT(*) FROM observations ob WHERE ob.attempt_id = a.id) AS observations,
      (SELECT MAX(l.received_at) FROM response_log l WHERE l.attempt_id = a.id AND l.outcome = 'other-device') AS refused_device_at
    FROM attempts a JOIN persons p ON p.id = a.person_id
    WHERE a.exam_id = $examId AND a.started_at IS NOT NULL AND ${scope.sql}
      AND (CAST($attemptId AS TEXT) IS NULL OR a.id = $attemptId)
      AND (a.state IN ('in-progress', 'graded') OR a.handed_in_at > $since OR a.id = $attemptId)
      AND lower(p.name) LIKE $search ESCAPE '!' AND (CAST($state AS TEXT) IS NULL OR a.state = $state)
    ORDER BY CASE WHEN a.state = 'in-progress' THEN 0 ELSE 1 END, a.last_contact_at, p.name LIMIT ${LIMIT}`, {
    now, examId: filter.examId, since: filter.since, search: containing(filter.search), state: filter.state, attemptId: filter.attemptId, ...scope.params,
  });
}

export const insertObservation = (tx: Tx, observation: { id: string; attemptId: string; kind: string; body: string }): Promise<number> =>
  insert(tx, 'observations', [{ id: observation.id, attempt_id: observation.attemptId, kind: observation.kind, at: tx.now, body: observation.body }]);

const ObservationRow = z.object({ id: z.string(), kind: z.string(), at: z.number(), body: z.string() });
export type Observation = z.infer<typeof ObservationRow>;

export const observationsOf = (from: Reader, attemptId: string): Promise<Observation[]> =>
  rows(from, ObservationRow, 'SELECT id, kind, at, body FROM observations WHERE attempt_id = $attemptId ORDER BY at', { attemptId });
