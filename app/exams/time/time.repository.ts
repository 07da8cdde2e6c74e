import { z } from 'zod';
import { addJobs, chunks, execute, inChunks, insert, places, rows, type Bindable, type Reader, type Tx } from '~/db';
import type { Instant } from '~/kernel/clock';
import { basisFromBefore, TimeBasis, type AttemptTime } from './basis';

const TimeRow = z.object({
  id: z.string(), attempt_id: z.string(), code: z.enum(['grant', 'pause', 'incident']), act_id: z.string(), minutes: z.number().nullable(),
  from_at: z.number().nullable(), to_at: z.number().nullable(), cap_at: z.number().nullable(), made_at: z.number(),
}).transform((row) => ({
  attemptId: row.attempt_id, id: row.id, code: row.code, actId: row.act_id, minutes: row.minutes, from: row.from_at, to: row.to_at,
  cap: row.cap_at, madeAt: row.made_at,
}));

const COLUMNS = 'id, attempt_id, code, act_id, minutes, from_at, to_at, cap_at, made_at';

/** What attempts were given and not deprived of again, oldest first, by attempt. */
export async function timesOf(from: Reader, attemptIds: readonly string[]): Promise<Map<string, AttemptTime[]>> {
  const found = await inChunks(attemptIds, (chunk) => {
    const ids = places(chunk);
    return rows(from, TimeRow, `SELECT ${COLUMNS} FROM attempt_times WHERE attempt_id IN (${ids.list}) AND undone_at IS NULL
      ORDER BY made_at, id`, ids.params);
  });
  const byAttempt = new Map<string, AttemptTime[]>();
  for (const { attemptId, ...time } of found) byAttempt.set(attemptId, [...(byAttempt.get(attemptId) ?? []), time]);
  return byAttempt;
}

/** What one act or incident gave, undone or not, by attempt. */
export const timesOfAct = (from: Reader, actId: string): Promise<(AttemptTime & { attemptId: string })[]> =>
  rows(from, TimeRow, `SELECT ${COLUMNS} FROM attempt_times WHERE act_id = $actId AND undone_at IS NULL ORDER BY id`, { actId });

/** Adds time; what an act has given to an attempt before stays as it is. */
export const insertTimes = (tx: Tx, times: (Omit<AttemptTime, 'madeAt'> & { attemptId: string })[]): Promise<number> =>
  insert(tx, 'attempt_times', times.map((time) => ({
    id: time.id, attempt_id: time.attemptId, code: time.code, act_id: time.actId, minutes: time.minutes,
    from_at: time.from, to_at: time.to, cap_at: time.cap, made_at: tx.now, undone_at: null,
  })), 'ON CONFLICT (attempt_id, act_id) DO NOTHING');

/** Takes what an act or incident gave from these attempts; who has handed in since keeps what they had. */
export async function undoTimes(tx: Tx, actId: string, attemptIds: readonly string[]): Promise<void> {
  for (const chunk of chunks(attemptIds)) {
    const ids = places(chunk);
    await execute(tx, `UPDATE attempt_times SET undone_at = $now
      WHERE attempt_id IN (${ids.list}) AND (act_id = $actId OR act_id LIKE $more) AND undone_at IS NULL`, { ...ids.params, actId, more: `${actId}:%`, now: tx.now });
  }
}

const TimedRow = z.object({
  id: z.string(), person_id: z.string(), exam_id: z.string(), sitting_id: z.string().nullable(), room_id: z.string().nullable(), state: z.string(),
  started_at: z.number(), deadline_at: z.number(), paused_at: z.number().nullable(), last_contact_at: z.number().nullable(),
  section: z.number(), next_check_at: z.number().nullable(), time_basis: z.string().nullable(), minutes: z.number(), tolerance_seconds: z.number(),
}).transform((row) => ({
  id: row.id,
  personId: row.person_id,
  examId: row.exam_id,
  sittingId: row.sitting_id,
  roomId: row.room_id,
  state: row.state,
  startedAt: row.started_at,
  deadlineAt: row.deadline_at,
  pausedAt: row.paused_at,
  lastContactAt: row.last_contact_at,
  nextCheckAt: row.next_check_at,
  section: row.section,
  toleranceSeconds: row.tolerance_seconds,
  basis: readBasis(row.time_basis) ?? basisFromBefore({ startedAt: row.started_at, deadlineAt: row.deadline_at }, row),
  /** False: the basis was reckoned from what the attempt shows, and is to be kept now. */
  basisKept: readBasis(row.time_basis) !== null,
}));
/** An attempt with all that its time depends on. */
export type TimedAttempt = z.infer<typeof TimedRow>;

function readBasis(text: string | null): TimeBasis | null {
  const parsed = text === null ? null : TimeBasis.safeParse(JSON.parse(text));
  return parsed?.success ? parsed.data : null;
}

/** Started attempts with these ids, in whatever state. */
export const timedAttempts = (from: Reader, attemptIds: readonly string[]): Promise<TimedAttempt[]> =>
  inChunks(attemptIds, (chunk) => {
    const ids = places(chunk);
    return rows(from, TimedRow, `SELECT a.id, a.person_id, a.exam_id, a.sitting_id, a.room_id, a.state, a.started_at, a.deadline_at, a.paused_at,
        a.last_contact_at, a.section, a.next_check_at, a.time_basis, e.minutes, e.tolerance_seconds
      FROM attempts a JOIN exams e ON e.id = a.exam_id WHERE a.id IN (${ids.list}) AND a.started_at IS NOT NULL ORDER BY a.id`, ids.params);
  });

const Id = z.object({ id: z.string() });

/** Running attempts of a sitting; with `roomId` only those of that room. */
export async function runningIn(from: Reader, sittingId: string, roomId: string | null): Promise<string[]> {
  const found = await rows(from, Id, `SELECT id FROM attempts WHERE sitting_id = $sittingId AND state = 'in-progress'
    AND (CAST($roomId AS TEXT) IS NULL OR room_id = $roomId) ORDER BY id`, { sittingId, roomId });
  return found.map(({ id }) => id);
}

/**
 * Locks running attempts until the commit, in one order for everybody, and tells their candidates to look.
 * @returns the ids of those that run
 */
export async function lockAttempts(tx: Tx, attemptIds: readonly string[]): Promise<Set<string>> {
  const locked = await inChunks([...new Set(attemptIds)].sort(), (chunk) => {
    const ids = places(chunk);
    return rows(tx, Id, `UPDATE attempts SET signal_at = $now WHERE id IN (${ids.list}) AND state = 'in-progress' RETURNING id`,
      { now: tx.now, ...ids.params });
  });
  return new Set(locked.map(({ id }) => id));
}

export interface NewDeadline {
  id: string;
  deadlineAt: Instant;
  /** Null while it stands still. */
  nextCheckAt: Instant | null;
  /** It is to be looked at at another instant than before. */
  checkMoved: boolean;
  basis: TimeBasis;
}

/** Each has four parameters. */
const DEADLINES_AT_ONCE = 200;

/** Writes deadlines, and a job for each that will close the attempt then; the job of the former deadline finds nothing to do. */
export async function writeDeadlines(tx: Tx, deadlines: NewDeadline[]): Promise<void> {
  for (const chunk of chunks(deadlines, DEADLINES_AT_ONCE)) {
    const params: Record<string, Bindable> = Object.fromEntries(chunk.flatMap((one, i): [string, Bindable][] => [
      [`i${i}`, one.id], [`d${i}`, one.deadlineAt], [`n${i}`, one.nextCheckAt], [`b${i}`, JSON.stringify(one.basis)],
    ]));
    const tuples = chunk.map((_, i) => `(CAST($i${i} AS TEXT), CAST($d${i} AS BIGINT), CAST($n${i} AS BIGINT), CAST($b${i} AS TEXT))`);
    await execute(tx, `WITH moved (id, deadline_at, next_check_at, time_basis) AS (VALUES ${tuples.join(', ')})
      UPDATE attempts SET deadline_at = moved.deadline_at, next_check_at = moved.next_check_at, time_basis = moved.time_basis,
        signal_at = $now, version = version + 1
      FROM moved WHERE attempts.id = moved.id AND attempts.state = 'in-progress'`, { now: tx.now, ...params });
  }
  await addJobs(tx, deadlines.flatMap(({ id, nextCheckAt, checkMoved }) =>
    (nextCheckAt === null || !checkMoved ? [] : [{ name: 'exams.close', payload: { attemptId: id }, notBefore: nextCheckAt }])));
}

/** Lets attempts stand still whose time is not up, for attempts that are locked. @returns the ids of those that do since now */
export async function markPaused(tx: Tx, attemptIds: readonly string[]): Promise<string[]> {
  const paused = await inChunks(attemptIds, (chunk) => {
    const ids = places(chunk);
    return rows(tx, Id, `UPDATE attempts SET paused_at = $now, next_check_at = NULL, version = version + 1
      WHERE id IN (${ids.list}) AND state = 'in-progress' AND paused_at IS NULL AND deadline_at >= $now RETURNING id`, { now: tx.now, ...ids.params });
  });
  return paused.map(({ id }) => id);
}

/** Lets attempts run again that stand still. @returns the ids of those that do since now */
export async function markResumed(tx: Tx, attemptIds: readonly string[]): Promise<string[]> {
  const resumed = await inChunks(attemptIds, async (chunk) => {
    const ids = places(chunk);
    const running = await rows(tx, Id, `UPDATE attempts SET paused_at = NULL, version = version + 1
      WHERE id IN (${ids.list}) AND state = 'in-progress' AND paused_at IS NOT NULL RETURNING id`, ids.params);
    await execute(tx, `UPDATE attempt_times SET to_at = $now
      WHERE attempt_id IN (${ids.list}) AND code = 'pause' AND to_at IS NULL AND undone_at IS NULL`, { now: tx.now, ...ids.params });
    return running;
  });
  return resumed.map(({ id }) => id);
}

/** Ends the credit of an incident whose candidate is back; it never lasts beyond its latest end. 0 rows: there was none. */
export const endOpenCredits = (tx: Tx, attemptId: string, at: Instant): Promise<number> =>
  execute(tx, `UPDATE attempt_times SET to_at = CASE WHEN $at > cap_at THEN cap_at WHEN $at < from_at THEN from_at ELSE CAST($at AS BIGINT) END
    WHERE attempt_id = $attemptId AND code = 'incident' AND to_at IS NULL AND undone_at IS NULL`, { attemptId, at });
