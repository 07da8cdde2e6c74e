import { z } from 'zod';
import { execute, Flag, insert, json, maybeOne, one, rows, type Reader, type Tx } from '~/db';
import { PaperEntry } from '~/itembank';
import type { Instant } from '~/kernel/clock';
import { ATTEMPT_STATES, type Cause } from './attempt-state';

const AttemptRow = z.object({
  id: z.string(), exam_id: z.string(), person_id: z.string(), number: z.number(), paper_id: z.string(),
  state: z.enum(ATTEMPT_STATES), started_at: z.number(), deadline_at: z.number(), handed_in_at: z.number().nullable(),
  hand_in_cause: z.string().nullable(), device: z.string().nullable(), last_contact_at: z.number().nullable(),
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
}));
export type Attempt = z.infer<typeof AttemptRow>;

const COLUMNS = `a.id, a.exam_id, a.person_id, a.number, a.paper_id, a.state, a.started_at, a.deadline_at, a.handed_in_at,
  a.hand_in_cause, a.device, a.last_contact_at`;

export const findAttempt = (from: Reader, attemptId: string): Promise<Attempt | null> =>
  maybeOne(from, AttemptRow, `SELECT ${COLUMNS} FROM attempts a WHERE a.id = $attemptId AND a.started_at IS NOT NULL`, { attemptId });

const TakenRow = z.object({
  id: z.string(), number: z.number(), state: z.enum(ATTEMPT_STATES), started_at: z.number(), deadline_at: z.number(), handed_in_at: z.number().nullable(),
  passed: Flag.nullable(), percent: z.number().nullable(), released_at: z.number().nullable(),
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
}));
export type TakenAttempt = z.infer<typeof TakenRow>;

/** The attempts of a person at an exam, first to last, each with its result once released. */
export const attemptsOf = (from: Reader, examId: string, personId: string): Promise<TakenAttempt[]> =>
  rows(from, TakenRow, `SELECT a.id, a.number, a.state, a.started_at, a.deadline_at, a.handed_in_at, r.passed, r.percent, r.released_at
    FROM attempts a LEFT JOIN results r ON r.attempt_id = a.id
    WHERE a.person_id = $personId AND a.exam_id = $examId AND a.started_at IS NOT NULL ORDER BY a.number`, { examId, personId });

const Entries = z.object({ entries: json(z.array(PaperEntry)) });

export const paperEntries = async (from: Reader, paperId: string): Promise<PaperEntry[]> =>
  (await one(from, Entries, 'SELECT entries FROM papers WHERE id = $paperId', { paperId })).entries;

/** Item versions that the person met in earlier papers of the exam. */
export async function itemsMet(from: Reader, examId: string, personId: string): Promise<string[]> {
  const papers = await rows(from, Entries, `SELECT p.entries FROM attempts a JOIN papers p ON p.id = a.paper_id
    WHERE a.person_id = $personId AND a.exam_id = $examId`, { examId, personId });
  return papers.flatMap(({ entries }) => entries.map((entry) => entry.item));
}

export const insertPaper = (tx: Tx, paper: { id: string; examId: string; seed: string; entries: PaperEntry[] }): Promise<number> =>
  insert(tx, 'papers', [{ id: paper.id, exam_id: paper.examId, seed: paper.seed, entries: JSON.stringify(paper.entries), created_at: tx.now }]);

export interface NewAttempt {
  id: string;
  examId: string;
  personId: string;
  number: number;
  paperId: string;
  startedAt: Instant;
  deadlineAt: Instant;
  nextCheckAt: Instant;
  device: string;
}

/** Begins an attempt; 0 rows when one with this number, or one that runs, exists already. */
export const insertAttempt = (tx: Tx, attempt: NewAttempt): Promise<number> =>
  insert(tx, 'attempts', [{
    id: attempt.id, exam_id: attempt.examId, person_id: attempt.personId, number: attempt.number, paper_id: attempt.paperId,
    state: 'in-progress', prepared_at: attempt.startedAt, started_at: attempt.startedAt, deadline_at: attempt.deadlineAt,
    next_check_at: attempt.nextCheckAt, device: attempt.device, device_at: attempt.startedAt, last_contact_at: attempt.startedAt,
  }], 'ON CONFLICT DO NOTHING');

/** in progress → handed in; 0 rows: somebody was faster. Locks the attempt against saves until the commit. */
export const markHandedIn = (tx: Tx, attemptId: string, at: Instant, cause: Cause): Promise<number> =>
  execute(tx, `UPDATE attempts SET state = 'handed-in', handed_in_at = $at, hand_in_cause = $cause, next_check_at = NULL,
      version = version + 1
    WHERE id = $attemptId AND state = 'in-progress'`, { attemptId, at, cause });

/** handed in → graded; 0 rows: it was graded already. */
export const markGraded = (tx: Tx, attemptId: string): Promise<number> =>
  execute(tx, `UPDATE attempts SET state = 'graded', version = version + 1 WHERE id = $attemptId AND state = 'handed-in'`, { attemptId });

/** graded → released; 0 rows: it was released already. */
export const markReleased = (tx: Tx, attemptId: string): Promise<number> =>
  execute(tx, `UPDATE attempts SET state = 'released', version = version + 1 WHERE id = $attemptId AND state = 'graded'`, { attemptId });

const Id = z.object({ id: z.string() });
const ids = async (found: Promise<{ id: string }[]>): Promise<string[]> => (await found).map(({ id }) => id);

/** Running attempts that something must happen to by `now`, most overdue first. */
export const dueAttempts = (from: Reader, now: Instant, limit: number): Promise<string[]> =>
  ids(rows(from, Id, `SELECT id FROM attempts WHERE next_check_at <= $now ORDER BY next_check_at LIMIT $limit`, { now, limit }));

/** Attempts handed in before `before` and still not graded, oldest first. */
export const ungradedAttempts = (from: Reader, before: Instant, limit: number): Promise<string[]> =>
  ids(rows(from, Id, `SELECT id FROM attempts WHERE state = 'handed-in' AND handed_in_at < $before ORDER BY handed_in_at LIMIT $limit`, { before, limit }));
