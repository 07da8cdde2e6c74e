import { z } from 'zod';
import { one, reader, rows } from '~/db';
import { receiptHash } from '~/exams/receipt';
import type { Acknowledged } from '../support/candidate';
import { percentiles, type Percentiles } from './figures';

/** What the database holds at the end, held against what the candidates noted. */
export interface Comparison {
  /** Answers that the server said were stored. */
  acknowledged: number;
  /** Acknowledged answers that are neither stored nor superseded by a later one, or that the log does not know. */
  lost: number;
  attempts: number;
  gradedTwice: number;
  ungraded: number;
  handedInTwice: number;
  /** Attempts whose receipt is missing, or does not fit the responses as they are stored. */
  badReceipts: number;
  /**
   * The largest of: the stored deadline against start, length and what was given on top; an automatic hand-in's
   * time against the deadline; a candidate's hand-in after it; a change made after it and acknowledged all the same.
   */
  maxDeadlineErrorMs: number;
  handedInBy: Record<string, number>;
  /** Changes that came too late and are kept as evidence. */
  keptAsEvidence: number;
  /** By how much attempts were closed later than they could have been, in milliseconds of the clock. */
  closedLateByMs: Percentiles;
}

const Stored = z.object({ attempt_id: z.string(), item: z.string(), seq: z.number(), response: z.string() });
type Stored = z.infer<typeof Stored>;
const Logged = z.object({ attempt_id: z.string(), item: z.string(), seq: z.number() });
const Times = z.object({
  id: z.string(), started_at: z.number(), deadline_at: z.number(), handed_in_at: z.number().nullable(), hand_in_cause: z.string().nullable(),
  minutes: z.number(), tolerance_seconds: z.number(), closed_at: z.number().nullable(), receipt_at: z.number().nullable(), hash: z.string().nullable(),
});
type Times = z.infer<typeof Times>;
const Count = z.object({ n: z.number() });

/** @param given milliseconds that the attempt was given on top of the exam's length */
export async function compare(acknowledged: readonly Acknowledged[], given: (attemptId: string) => number = () => 0): Promise<Comparison> {
  const responses = await rows(reader(), Stored, 'SELECT attempt_id, item, seq, response FROM responses');
  const attempts = await rows(reader(), Times, `SELECT a.id, a.started_at, a.deadline_at, a.handed_in_at, a.hand_in_cause, e.minutes, e.tolerance_seconds,
      l.recorded_at AS closed_at, r.handed_in_at AS receipt_at, r.hash
    FROM attempts a JOIN exams e ON e.id = a.exam_id LEFT JOIN receipts r ON r.attempt_id = a.id
    LEFT JOIN ledger_events l ON l.subject_kind = 'attempt' AND l.subject_id = a.id AND l.kind = 'attempt.handed-in' AND l.cause = 'deadline'
    WHERE a.started_at IS NOT NULL`);
  return {
    acknowledged: acknowledged.length,
    lost: await lostOf(acknowledged, responses),
    attempts: attempts.length,
    gradedTwice: await twice('attempt.graded'),
    ungraded: await ungradedNow(),
    handedInTwice: await twice('attempt.handed-in'),
    badReceipts: badReceipts(attempts, responses),
    maxDeadlineErrorMs: deadlineError(attempts, acknowledged, given),
    handedInBy: countBy(attempts.map((one) => one.hand_in_cause ?? 'nobody')),
    keptAsEvidence: (await one(reader(), Count, `SELECT COUNT(*) AS n FROM response_log WHERE outcome NOT IN ('accepted', 'stale') AND counted IS NULL`)).n,
    closedLateByMs: percentiles(attempts.flatMap((one) => (one.closed_at === null ? [] : [one.closed_at - one.deadline_at - one.tolerance_seconds * 1000]))),
  };
}

async function lostOf(acknowledged: readonly Acknowledged[], responses: readonly Stored[]): Promise<number> {
  const stored = new Map(responses.map((row) => [`${row.attempt_id} ${row.item}`, row]));
  const logged = new Set((await rows(reader(), Logged, `SELECT attempt_id, item, seq FROM response_log WHERE outcome IN ('accepted', 'stale') OR counted IS NOT NULL`))
    .map((row) => `${row.attempt_id} ${row.item} ${row.seq}`));
  return acknowledged.filter((noted) => {
    const row = stored.get(`${noted.attemptId} ${noted.item}`);
    if (!row || row.seq < noted.seq) return true;
    if (row.seq === noted.seq && row.response !== noted.response) return true;
    return !logged.has(`${noted.attemptId} ${noted.item} ${noted.seq}`);
  }).length;
}

async function twice(kind: string): Promise<number> {
  const found = await rows(reader(), Count, 'SELECT COUNT(*) AS n FROM ledger_events WHERE kind = $kind GROUP BY subject_id HAVING COUNT(*) > 1', { kind });
  return found.length;
}

/** Attempts that were started and have no result, whatever the reason. */
export async function ungradedNow(): Promise<number> {
  return (await one(reader(), Count, `SELECT COUNT(*) AS n FROM attempts a LEFT JOIN results r ON r.attempt_id = a.id
    WHERE a.started_at IS NOT NULL AND r.attempt_id IS NULL`)).n;
}

function badReceipts(attempts: readonly Times[], responses: readonly Stored[]): number {
  const byAttempt = new Map<string, Stored[]>();
  for (const row of responses) {
    const there = byAttempt.get(row.attempt_id);
    if (there) there.push(row);
    else byAttempt.set(row.attempt_id, [row]);
  }
  return attempts.filter(({ id, hash, receipt_at, handed_in_at }) =>
    hash === null || receipt_at === null || receipt_at !== handed_in_at || receiptHash(id, receipt_at, byAttempt.get(id) ?? []) !== hash).length;
}

function deadlineError(attempts: readonly Times[], acknowledged: readonly Acknowledged[], given: (attemptId: string) => number): number {
  const deadlines = new Map(attempts.map((row) => [row.id, row.deadline_at]));
  const errors = attempts.flatMap((row) => [
    Math.abs(row.deadline_at - row.started_at - row.minutes * 60_000 - given(row.id)),
    row.handed_in_at === null ? 0 : row.hand_in_cause === 'deadline' ? Math.abs(row.handed_in_at - row.deadline_at) : row.handed_in_at - row.deadline_at,
  ]);
  const late = acknowledged.map((noted) => (noted.acrossJump ? 0 : noted.changedAt - (deadlines.get(noted.attemptId) ?? 0)));
  // Not by Math.max(...): hundreds of thousands are too many arguments.
  return [...errors, ...late].reduce((most, error) => Math.max(most, error), 0);
}

function countBy(values: readonly string[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const value of values) counts[value] = (counts[value] ?? 0) + 1;
  return counts;
}
