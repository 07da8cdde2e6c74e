import { z } from 'zod';
import { chunks, execute, inChunks, insert, json, maybeOne, places, rows, type Reader, type Tx } from '~/db';
import { ATTEMPT_STATES } from '../attempt-state';
import { EFFECTS, type AttemptInIncident } from './credit';
import type { Span } from './window';

/** What an incident did to one attempt, as it is kept on record. */
export const CreditLine = z.object({
  attemptId: z.string(),
  effect: z.enum(EFFECTS),
  lastBefore: z.number().nullable(),
  firstAfter: z.number().nullable(),
  /** Milliseconds lost, before what earlier incidents and pauses gave for the same time. */
  lost: z.number(),
  /** Milliseconds by which the deadline moved. */
  credit: z.number(),
  deadlineBefore: z.number(),
  deadlineAt: z.number(),
});
export type CreditLine = z.infer<typeof CreditLine>;

const IncidentRow = z.object({
  id: z.string(), sitting_id: z.string(), room_id: z.string().nullable(), room: z.string().nullable(), title: z.string(), from_at: z.number(), to_at: z.number(),
  basis: z.enum(['evidence', 'whole']), recovery_minutes: z.number(), state: z.enum(['recorded', 'applied', 'undone']),
  recorded_at: z.number(), recorded_by: z.string(), applied_at: z.number().nullable(), applied_by: z.string().nullable(),
  undone_at: z.number().nullable(), undone_by: z.string().nullable(), undo_reason: z.string().nullable(), credits: json(z.array(CreditLine)).nullable(),
}).transform((row) => ({
  id: row.id,
  sittingId: row.sitting_id,
  /** Null: everybody in the sitting. */
  roomId: row.room_id,
  roomName: row.room,
  title: row.title,
  from: row.from_at,
  to: row.to_at,
  basis: row.basis,
  recoveryMinutes: row.recovery_minutes,
  state: row.state,
  recordedAt: row.recorded_at,
  recordedBy: row.recorded_by,
  appliedAt: row.applied_at,
  appliedBy: row.applied_by,
  undoneAt: row.undone_at,
  undoneBy: row.undone_by,
  undoReason: row.undo_reason,
  /** What was done to whom, once it is applied. */
  credits: row.credits ?? [],
}));
export type Incident = z.infer<typeof IncidentRow>;

const ALL = `SELECT i.id, i.sitting_id, i.room_id, r.name AS room, i.title, i.from_at, i.to_at, i.basis, i.recovery_minutes, i.state, i.recorded_at, i.recorded_by,
    i.applied_at, i.applied_by, i.undone_at, i.undone_by, i.undo_reason, i.credits
  FROM incidents i LEFT JOIN exam_rooms r ON r.id = i.room_id`;

export const findIncident = (from: Reader, id: string): Promise<Incident | null> => maybeOne(from, IncidentRow, `${ALL} WHERE i.id = $id`, { id });

/** The incidents of a sitting, latest first. */
export const incidentsOf = (from: Reader, sittingId: string): Promise<Incident[]> =>
  rows(from, IncidentRow, `${ALL} WHERE i.sitting_id = $sittingId ORDER BY i.from_at DESC, i.id DESC`, { sittingId });

export interface NewIncident extends Span {
  id: string;
  sittingId: string;
  roomId: string | null;
  title: string;
  basis: Incident['basis'];
  recoveryMinutes: number;
}

/** 0 rows: this one, sent twice, is there already. */
export const insertIncident = (tx: Tx, one: NewIncident, by: string): Promise<number> =>
  insert(tx, 'incidents', [{
    id: one.id, sitting_id: one.sittingId, room_id: one.roomId, title: one.title, from_at: one.from, to_at: one.to, basis: one.basis,
    recovery_minutes: one.recoveryMinutes, state: 'recorded', recorded_at: tx.now, recorded_by: by,
  }], 'ON CONFLICT (id) DO NOTHING');

const Id = z.object({ id: z.string() });

/** Locks an incident until the commit if it is in that state: two who apply it at once do it one after the other. */
export async function lockIncident(tx: Tx, id: string, state: Incident['state']): Promise<boolean> {
  return (await rows(tx, Id, 'UPDATE incidents SET version = version + 1 WHERE id = $id AND state = $state RETURNING id', { id, state })).length > 0;
}

export const markApplied = (tx: Tx, id: string, by: string, credits: CreditLine[]): Promise<number> =>
  execute(tx, `UPDATE incidents SET state = 'applied', applied_at = $now, applied_by = $by, credits = $credits WHERE id = $id AND state = 'recorded'`,
    { id, by, credits: JSON.stringify(credits), now: tx.now });

export const markUndone = (tx: Tx, id: string, by: string, reason: string): Promise<number> =>
  execute(tx, `UPDATE incidents SET state = 'undone', undone_at = $now, undone_by = $by, undo_reason = $reason WHERE id = $id AND state <> 'undone'`,
    { id, by, reason, now: tx.now });

/** Started attempts of a sitting or of one of its rooms. */
export async function attemptsIn(from: Reader, { sittingId, roomId }: Pick<Incident, 'sittingId' | 'roomId'>): Promise<string[]> {
  const found = await rows(from, Id, `SELECT id FROM attempts WHERE sitting_id = $sittingId AND started_at IS NOT NULL
    AND (CAST($roomId AS TEXT) IS NULL OR room_id = $roomId) ORDER BY id`, { sittingId, roomId });
  return found.map(({ id }) => id);
}

const HitRow = z.object({
  id: z.string(), paper_id: z.string(), name: z.string(), room: z.string().nullable(), seat: z.number().nullable(), state: z.enum(ATTEMPT_STATES), started_at: z.number(),
  handed_in_at: z.number().nullable(), hand_in_cause: z.string().nullable(), last_contact_at: z.number().nullable(), others: z.number(),
});
const GapRow = z.object({ attempt_id: z.string(), from_at: z.number(), to_at: z.number() });

export interface HitAttempt extends AttemptInIncident {
  id: string;
  paperId: string;
  name: string;
  roomName: string | null;
  seat: number | null;
}

/** Attempts with what the server heard of them around that time. */
export function hitAttempts(from: Reader, attemptIds: readonly string[], during: Span): Promise<HitAttempt[]> {
  return inChunks(attemptIds, async (chunk) => {
    const ids = places(chunk);
    const found = await rows(from, HitRow, `SELECT a.id, a.paper_id, p.name, r.name AS room, b.seat, a.state, a.started_at, a.handed_in_at, a.hand_in_cause, a.last_contact_at,
        (SELECT COUNT(*) FROM attempts o WHERE o.person_id = a.person_id AND o.exam_id = a.exam_id AND o.state = 'in-progress' AND o.id <> a.id) AS others
      FROM attempts a JOIN persons p ON p.id = a.person_id LEFT JOIN exam_rooms r ON r.id = a.room_id LEFT JOIN bookings b ON b.id = a.booking_id
      WHERE a.id IN (${ids.list}) ORDER BY r.position, b.seat, p.name, a.id`, ids.params);
    const gaps = await rows(from, GapRow, `SELECT attempt_id, from_at, to_at FROM contact_gaps
      WHERE attempt_id IN (${ids.list}) AND from_at < $to AND to_at > $from ORDER BY from_at`, { ...ids.params, from: during.from, to: during.to });
    return found.map((row): HitAttempt => ({
      id: row.id, paperId: row.paper_id, name: row.name, roomName: row.room, seat: row.seat, state: row.state, startedAt: row.started_at, handedInAt: row.handed_in_at,
      handInCause: row.hand_in_cause, lastContactAt: row.last_contact_at, otherRuns: row.others > 0,
      gaps: gaps.filter((gap) => gap.attempt_id === row.id).map((gap) => ({ from: gap.from_at, to: gap.to_at })),
    }));
  });
}

const NameRow = z.object({ id: z.string(), name: z.string(), room: z.string().nullable(), seat: z.number().nullable() });

/** Whose attempts these are and where they sat. */
export const whoWrote = (from: Reader, attemptIds: readonly string[]): Promise<z.infer<typeof NameRow>[]> =>
  inChunks(attemptIds, (chunk) => {
    const ids = places(chunk);
    return rows(from, NameRow, `SELECT a.id, p.name, r.name AS room, b.seat FROM attempts a JOIN persons p ON p.id = a.person_id
      LEFT JOIN exam_rooms r ON r.id = a.room_id LEFT JOIN bookings b ON b.id = a.booking_id WHERE a.id IN (${ids.list})`, ids.params);
  });

/** handed in or graded → in progress, for attempts that the deadline ended. @returns the ids of those that run again */
export async function markReopened(tx: Tx, attemptIds: readonly string[]): Promise<string[]> {
  const reopened = await inChunks(attemptIds, (chunk) => {
    const ids = places(chunk);
    return rows(tx, Id, `UPDATE attempts SET state = 'in-progress', handed_in_at = NULL, hand_in_cause = NULL, signal_at = $now, version = version + 1
      WHERE id IN (${ids.list}) AND state IN ('handed-in', 'graded') AND hand_in_cause = 'deadline'
        AND NOT EXISTS (SELECT 1 FROM attempts o WHERE o.person_id = attempts.person_id AND o.exam_id = attempts.exam_id AND o.state = 'in-progress')
      RETURNING id`, { now: tx.now, ...ids.params });
  });
  return reopened.map(({ id }) => id);
}

/** The receipts of attempts that run again go on file: each stays checkable. */
export async function setReceiptsAside(tx: Tx, attemptIds: readonly string[]): Promise<void> {
  for (const chunk of chunks(attemptIds)) {
    const ids = places(chunk);
    await execute(tx, `INSERT INTO earlier_receipts (number, attempt_id, handed_in_at, answered, total, hash, replaced_at, reason)
      SELECT number, attempt_id, handed_in_at, answered, total, hash, CAST($now AS BIGINT), 'incident' FROM receipts WHERE attempt_id IN (${ids.list})`,
    { now: tx.now, ...ids.params });
    await execute(tx, `DELETE FROM receipts WHERE attempt_id IN (${ids.list})`, ids.params);
  }
}

const Count = z.object({ n: z.number() });

/** How many have a place there and have not started. */
export async function notStarted(from: Reader, { sittingId, roomId }: Pick<Incident, 'sittingId' | 'roomId'>): Promise<number> {
  const [row] = await rows(from, Count, `SELECT COUNT(*) AS n FROM bookings b WHERE b.sitting_id = $sittingId AND b.state = 'booked'
    AND (CAST($roomId AS TEXT) IS NULL OR b.room_id = $roomId)
    AND NOT EXISTS (SELECT 1 FROM attempts a WHERE a.booking_id = b.id AND a.started_at IS NOT NULL)`, { sittingId, roomId });
  return row?.n ?? 0;
}
