import { z } from 'zod';
import { execute, Flag, json, maybeOne, one, rows, type Reader, type Tx } from '~/db';
import { PaperEntry } from '~/itembank';
import type { Instant } from '~/kernel/clock';
import { ATTEMPT_STATES, type Cause } from './attempt-state';

const AttemptRow = z.object({
  id: z.string(), exam_id: z.string(), person_id: z.string(), number: z.number(), paper_id: z.string(),
  state: z.enum(ATTEMPT_STATES), started_at: z.number(), deadline_at: z.number(), handed_in_at: z.number().nullable(),
  hand_in_cause: z.string().nullable(), device: z.string().nullable(), last_contact_at: z.number().nullable(),
  sitting_id: z.string().nullable(), room_id: z.string().nullable(), booking_id: z.string().nullable(),
  paused_at: z.number().nullable(), section: z.number(), version: z.number(),
}).transform((row) => ({
  id: row.id,
  examId: row.exam_id,
  personId: row.person_id,
  /** Counted from 1 per person and exam. */
  number: row.number,
  paperId: row.paper_id,
  state: row.state,
  startedAt: row.started_at,
  deadlineAt: row.deadline_at,
  handedInAt: row.handed_in_at,
  handInCause: row.hand_in_cause,
  device: row.device,
  lastContactAt: row.last_contact_at,
  /** Null outside a sitting. */
  sittingId: row.sitting_id,
  roomId: row.room_id,
  bookingId: row.booking_id,
  /** Since when it stands still; null while it runs. */
  pausedAt: row.paused_at,
  /** The section that is open, counted from 0. */
  section: row.section,
  /** Grows with every change but a save. */
  version: row.version,
}));
export type Attempt = z.infer<typeof AttemptRow>;

const COLUMNS = `a.id, a.exam_id, a.person_id, a.number, a.paper_id, a.state, a.started_at, a.deadline_at, a.handed_in_at,
  a.hand_in_cause, a.device, a.last_contact_at, a.sitting_id, a.room_id, a.booking_id, a.paused_at, a.section, a.version`;

export const findAttempt = (from: Reader, attemptId: string): Promise<Attempt | null> =>
  maybeOne(from, AttemptRow, `SELECT ${COLUMNS} FROM attempts a WHERE a.id = $attemptId AND a.started_at IS NOT NULL`, { attemptId });

const TakenRow = z.object({
  id: z.string(), number: z.number(), state: z.enum(ATTEMPT_STATES), started_at: z.number(), deadline_at: z.number(), handed_in_at: z.number().nullable(),
  passed: Flag.nullable(), percent: z.number().nullable(), released_at: z.number().nullable(), former: Flag,
}).transform((row) => ({
  id: row.id,
  number: row.number,
  state: row.state,
  startedAt: row.started_at,
  deadlineAt: row.deadline_at,
  handedInAt: row.handed_in_at,
  // A result counts for the person from its release on, not from its grading.
  passed: row.released_at === null ? null : row.passed,
  percent: row.released_at === null ? null : row.percent,
  releasedAt: row.released_at,
  /** Handed in before the exam had to be taken anew: it decides nothing any more. */
  former: row.former,
}));
export type TakenAttempt = z.infer<typeof TakenRow>;

/** Whether attempt `a` was handed in before its owner had to take the exam anew. */
export const FORMER = `CASE WHEN a.handed_in_at < (SELECT n.since FROM exam_renewals n WHERE n.exam_id = a.exam_id AND n.person_id = a.person_id) THEN 1 ELSE 0 END`;

/** The attempts of a person at an exam, first to last, each with its result once released. */
export const attemptsOf = (from: Reader, examId: string, personId: string): Promise<TakenAttempt[]> =>
  rows(from, TakenRow, `SELECT a.id, a.number, a.state, a.started_at, a.deadline_at, a.handed_in_at, r.passed, r.percent, r.released_at, ${FORMER} AS former
    FROM attempts a LEFT JOIN results r ON r.attempt_id = a.id
    WHERE a.person_id = $personId AND a.exam_id = $examId AND a.started_at IS NOT NULL ORDER BY a.number`, { examId, personId });

const Entries = z.object({ entries: json(z.array(PaperEntry)) });

export const paperEntries = async (from: Reader, paperId: string): Promise<PaperEntry[]> =>
  (await one(from, Entries, 'SELECT entries FROM papers WHERE id = $paperId', { paperId })).entries;

const RunningRow = z.object({
  id: z.string(), exam_id: z.string(), person_id: z.string(), paper_id: z.string(), device: z.string().nullable(),
  started_at: z.number(), deadline_at: z.number(), paused_at: z.number().nullable(),
}).transform((row) => ({
  id: row.id, examId: row.exam_id, personId: row.person_id, paperId: row.paper_id, device: row.device,
  startedAt: row.started_at, deadlineAt: row.deadline_at, pausedAt: row.paused_at,
}));
export type RunningAttempt = z.infer<typeof RunningRow>;

/** Locks a running attempt against saves and every other change until the commit, and reads it as it is then; or null. */
export const lockRunning = (tx: Tx, attemptId: string): Promise<RunningAttempt | null> =>
  maybeOne(tx, RunningRow, `UPDATE attempts SET version = version + 1 WHERE id = $attemptId AND state = 'in-progress'
    RETURNING id, exam_id, person_id, paper_id, device, started_at, deadline_at, paused_at`, { attemptId });

/** in progress → handed in, for an attempt that this transaction has locked. Pages of it that are still open learn of it. */
export const markHandedIn = (tx: Tx, attemptId: string, at: Instant, cause: Cause): Promise<number> =>
  execute(tx, `UPDATE attempts SET state = 'handed-in', handed_in_at = $at, hand_in_cause = $cause, next_check_at = NULL,
      paused_at = NULL, signal_at = $now
    WHERE id = $attemptId AND state = 'in-progress'`, { attemptId, at, cause, now: tx.now });

/**
 * in progress → handed in, with the deadline as its time, for an attempt whose deadline was at `passed` or before and
 * which does not stand still; null when it is not so by now. Locks it, as `lockRunning` does.
 */
export const handInOverdue = (tx: Tx, attemptId: string, passed: Instant): Promise<RunningAttempt | null> =>
  maybeOne(tx, RunningRow, `UPDATE attempts SET state = 'handed-in', handed_in_at = deadline_at, hand_in_cause = 'deadline',
      next_check_at = NULL, signal_at = $now, version = version + 1
    WHERE id = $attemptId AND state = 'in-progress' AND paused_at IS NULL AND deadline_at <= $passed
    RETURNING id, exam_id, person_id, paper_id, device, started_at, deadline_at, paused_at`, { attemptId, passed, now: tx.now });

/** handed in → graded; 0 rows: it was graded already, or has changed since it was read with `version`. */
export const markGraded = (tx: Tx, attemptId: string, version: number): Promise<number> =>
  execute(tx, `UPDATE attempts SET state = 'graded', version = version + 1
    WHERE id = $attemptId AND state = 'handed-in' AND version = $version`, { attemptId, version });

/** graded → released; 0 rows: it was released already. */
export const markReleased = (tx: Tx, attemptId: string): Promise<number> =>
  execute(tx, `UPDATE attempts SET state = 'released', version = version + 1 WHERE id = $attemptId AND state = 'graded'`, { attemptId });

const Id = z.object({ id: z.string() });
const ids = async (found: Promise<{ id: string }[]>): Promise<string[]> => (await found).map(({ id }) => id);

const DueRow = z.object({ id: z.string(), next_check_at: z.number(), tolerance_seconds: z.number(), entries: z.string() })
  .transform((row) => ({ id: row.id, nextCheckAt: row.next_check_at, toleranceSeconds: row.tolerance_seconds, paper: row.entries }));
/** `paper` is the text as stored: one that is damaged must not hide the other attempts. */
export type DueAttempt = z.infer<typeof DueRow>;

const DUE = `SELECT a.id, a.next_check_at, e.tolerance_seconds, p.entries
  FROM attempts a JOIN exams e ON e.id = a.exam_id JOIN papers p ON p.id = a.paper_id WHERE a.next_check_at <= $now`;

/** Running attempts that something must happen to by `now`, most overdue first, from behind `after` on. */
export const dueAttempts = (from: Reader, now: Instant, after: Pick<DueAttempt, 'id' | 'nextCheckAt'>, limit: number): Promise<DueAttempt[]> =>
  rows(from, DueRow, `${DUE} AND (a.next_check_at, a.id) > ($afterAt, $afterId) ORDER BY a.next_check_at, a.id LIMIT $limit`,
    { now, afterAt: after.nextCheckAt, afterId: after.id, limit });

/** The same for one attempt; null when nothing must happen to it yet. */
export const dueAttempt = (from: Reader, attemptId: string, now: Instant): Promise<DueAttempt | null> =>
  maybeOne(from, DueRow, `${DUE} AND a.id = $attemptId`, { attemptId, now });

/** Attempts handed in before `before` and still not graded, oldest first. */
export const ungradedAttempts = (from: Reader, before: Instant, limit: number): Promise<string[]> =>
  ids(rows(from, Id, `SELECT id FROM attempts WHERE state = 'handed-in' AND handed_in_at < $before ORDER BY handed_in_at LIMIT $limit`, { before, limit }));
