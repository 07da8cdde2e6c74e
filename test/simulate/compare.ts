import { z } from 'zod';
import { one, reader, rows } from '~/db';
import type { Acknowledged } from '../support/candidate';

export interface Report {
  candidates: number;
  kills: number;
  /** Answers that the server said were stored. */
  acknowledged: number;
  /** Acknowledged answers that are neither stored nor superseded by a later one. */
  lost: number;
  gradedTwice: number;
  ungraded: number;
  /**
   * The largest of: the stored deadline against start plus length; an automatic hand-in's time against the
   * deadline; an answer acknowledged with a time after the deadline.
   */
  maxDeadlineErrorMs: number;
}

const Stored = z.object({ attempt_id: z.string(), item: z.string(), seq: z.number(), response: z.string() });
const Logged = z.object({ attempt_id: z.string(), item: z.string(), seq: z.number() });
const Times = z.object({
  id: z.string(), started_at: z.number(), deadline_at: z.number(), handed_in_at: z.number().nullable(), hand_in_cause: z.string().nullable(), minutes: z.number(),
});
const Count = z.object({ n: z.number() });

/** Compares what the candidates noted as acknowledged with what the database holds at the end. */
export async function compare(acknowledged: Acknowledged[]): Promise<Omit<Report, 'candidates' | 'kills'>> {
  const stored = new Map((await rows(reader(), Stored, 'SELECT attempt_id, item, seq, response FROM responses')).map((row) => [`${row.attempt_id} ${row.item}`, row]));
  const logged = new Set((await rows(reader(), Logged, `SELECT attempt_id, item, seq FROM response_log WHERE outcome IN ('accepted', 'stale')`)).map(
    (row) => `${row.attempt_id} ${row.item} ${row.seq}`,
  ));
  const lost = acknowledged.filter((one) => isLost(one, stored.get(`${one.attemptId} ${one.item}`), logged)).length;
  return { acknowledged: acknowledged.length, lost, gradedTwice: await gradedTwice(), ungraded: await ungradedNow(), maxDeadlineErrorMs: await deadlineError(acknowledged) };
}

function isLost(noted: Acknowledged, row: z.infer<typeof Stored> | undefined, logged: ReadonlySet<string>): boolean {
  if (!row || row.seq < noted.seq) return true;
  if (row.seq === noted.seq && row.response !== JSON.stringify(noted.response)) return true;
  return !logged.has(`${noted.attemptId} ${noted.item} ${noted.seq}`);
}

async function gradedTwice(): Promise<number> {
  const found = await rows(reader(), Count, `SELECT COUNT(*) AS n FROM ledger_events WHERE kind = 'attempt.graded' GROUP BY subject_id HAVING COUNT(*) > 1`);
  return found.length;
}

/** Attempts without a result, whatever the reason. */
export async function ungradedNow(): Promise<number> {
  return (await one(reader(), Count, `SELECT COUNT(*) AS n FROM attempts a LEFT JOIN results r ON r.attempt_id = a.id WHERE r.attempt_id IS NULL`)).n;
}

async function deadlineError(acknowledged: Acknowledged[]): Promise<number> {
  const times = await rows(reader(), Times, `SELECT a.id, a.started_at, a.deadline_at, a.handed_in_at, a.hand_in_cause, e.minutes
    FROM attempts a JOIN exams e ON e.id = a.exam_id WHERE a.started_at IS NOT NULL`);
  const deadlines = new Map(times.map((row) => [row.id, row.deadline_at]));
  const errors = times.flatMap((row) => [
    Math.abs(row.deadline_at - row.started_at - row.minutes * 60_000),
    row.hand_in_cause === 'deadline' && row.handed_in_at !== null ? Math.abs(row.handed_in_at - row.deadline_at) : 0,
  ]);
  const late = acknowledged.map((noted) => noted.savedAt - (deadlines.get(noted.attemptId) ?? 0));
  return Math.max(0, ...errors, ...late);
}
