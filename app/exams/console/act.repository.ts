import { z } from 'zod';
import { appendEvent, execute, insert, json, maybeOne, rows, type By, type Reader, type Tx } from '~/db';
import { newId } from '~/kernel/id';
import type { ActKind } from './act';

/** What is kept beside reason and time, by kind; ids, codes and numbers, never a name. */
const ActBody = z.looseObject({
  /** Whom it concerns. */
  attempts: z.array(z.string()).optional(),
  bookings: z.array(z.string()).optional(),
  minutes: z.number().optional(),
  text: z.string().optional(),
  exemption: z.string().optional(),
});
export type ActBody = z.infer<typeof ActBody>;

/** Whom an act on one attempt concerns, as its body says. */
export const concerning = (attempt: { id: string; bookingId: string | null }): Pick<ActBody, 'attempts' | 'bookings'> =>
  ({ attempts: [attempt.id], bookings: attempt.bookingId === null ? [] : [attempt.bookingId] });

export interface NewAct {
  /** Given when the page named it beforehand, so that a form sent twice acts once. */
  id?: string;
  kind: ActKind;
  /** Null for an exam without sittings. */
  sittingId: string | null;
  /** Set when it was done to a whole room. */
  roomId?: string | null;
  reason: string;
  body?: ActBody;
  by: By;
}

/**
 * Records what an invigilator does, in the transaction that does it: one row, and one event in the ledger that
 * names no person (those that concern a person are appended by who changes that person's attempt).
 * @returns the act's id
 */
export async function recordAct(tx: Tx, { id = newId(), kind, sittingId, roomId = null, reason, body = {}, by }: NewAct): Promise<string> {
  await insert(tx, 'invigilation_acts', [{
    id, sitting_id: sittingId, room_id: roomId, kind, reason, body: JSON.stringify(body), done_at: tx.now, done_by: by,
  }]);
  await appendEvent(tx, {
    kind: 'invigilation.acted', subject: { kind: 'invigilation-act', id }, by, cause: 'invigilator',
    body: { kind, sittingId, roomId, attempts: body.attempts?.length ?? 0, bookings: body.bookings?.length ?? 0 },
  });
  return id;
}

/** Marks an act as undone; 0 rows: somebody was faster. */
export async function undoAct(tx: Tx, { actId, reason, by }: { actId: string; reason: string; by: By }): Promise<number> {
  const undone = await execute(tx, `UPDATE invigilation_acts SET undone_at = $now, undone_by = $by, undo_reason = $reason
    WHERE id = $actId AND undone_at IS NULL`, { actId, reason, by, now: tx.now });
  if (undone > 0) await appendEvent(tx, { kind: 'invigilation.undone', subject: { kind: 'invigilation-act', id: actId }, by, cause: 'invigilator' });
  return undone;
}

const Act = z.object({
  id: z.string(), sitting_id: z.string().nullable(), room_id: z.string().nullable(), kind: z.string(), reason: z.string(),
  body: json(ActBody), done_at: z.number(), done_by: z.string(), undone_at: z.number().nullable(), undone_by: z.string().nullable(),
  undo_reason: z.string().nullable(),
}).transform((row) => ({
  id: row.id,
  sittingId: row.sitting_id,
  roomId: row.room_id,
  kind: row.kind,
  reason: row.reason,
  body: row.body,
  doneAt: row.done_at,
  doneBy: row.done_by,
  undoneAt: row.undone_at,
  undoneBy: row.undone_by,
  undoReason: row.undo_reason,
}));
export type Act = z.infer<typeof Act>;

const COLUMNS = 'id, sitting_id, room_id, kind, reason, body, done_at, done_by, undone_at, undone_by, undo_reason';

export const findAct = (from: Reader, actId: string): Promise<Act | null> =>
  maybeOne(from, Act, `SELECT ${COLUMNS} FROM invigilation_acts WHERE id = $actId`, { actId });

/** The acts of a sitting, latest first. */
export const actsOf = (from: Reader, sittingId: string, limit: number): Promise<Act[]> =>
  rows(from, Act, `SELECT ${COLUMNS} FROM invigilation_acts WHERE sitting_id = $sittingId
    ORDER BY done_at DESC, id DESC LIMIT $limit`, { sittingId, limit });
