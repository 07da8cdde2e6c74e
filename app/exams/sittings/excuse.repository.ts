import { z } from 'zod';
import { containing, execute, insert, maybeOne, one, rows, type Reader, type Tx } from '~/db';
import { within } from '~/people';

export const EXCUSE_STATES = ['asked', 'approved', 'refused', 'withdrawn'] as const;

const ExcuseRow = z.object({
  id: z.string(), booking_id: z.string(), person_id: z.string(), reason: z.string(), state: z.enum(EXCUSE_STATES), asked_at: z.number(), asked_by: z.string(),
  decided_at: z.number().nullable(), decided_by: z.string().nullable(), decision: z.string().nullable(), later_booking_id: z.string().nullable(), version: z.number(),
}).transform((row) => ({
  id: row.id, bookingId: row.booking_id, personId: row.person_id, reason: row.reason, state: row.state, askedAt: row.asked_at, askedBy: row.asked_by,
  decidedAt: row.decided_at, decidedBy: row.decided_by,
  /** The reasons of the decision. */
  decision: row.decision,
  /** The place in a later sitting, once there is one. */
  laterBookingId: row.later_booking_id, version: row.version,
}));
/** Somebody's request to be excused from a sitting: it takes no attempt away. */
export type Excuse = z.infer<typeof ExcuseRow>;

const COLUMNS = 'x.id, x.booking_id, x.person_id, x.reason, x.state, x.asked_at, x.asked_by, x.decided_at, x.decided_by, x.decision, x.later_booking_id, x.version';

export const findExcuse = (from: Reader, id: string): Promise<Excuse | null> =>
  maybeOne(from, ExcuseRow, `SELECT ${COLUMNS} FROM excuses x WHERE x.id = $id`, { id });

/** The requests about a booking, the latest first. */
export const excusesOfBooking = (from: Reader, bookingId: string): Promise<Excuse[]> =>
  rows(from, ExcuseRow, `SELECT ${COLUMNS} FROM excuses x WHERE x.booking_id = $bookingId ORDER BY x.asked_at DESC`, { bookingId });

export const insertExcuse = (tx: Tx, excuse: { id: string; bookingId: string; personId: string; reason: string; by: string }): Promise<number> =>
  insert(tx, 'excuses', [{
    id: excuse.id, booking_id: excuse.bookingId, person_id: excuse.personId, reason: excuse.reason, state: 'asked', asked_at: tx.now, asked_by: excuse.by,
  }], 'ON CONFLICT DO NOTHING');

/** asked → approved, refused, withdrawn; 0 rows: somebody was faster. */
export const endExcuse = (tx: Tx, id: string, end: { state: 'approved' | 'refused' | 'withdrawn'; by: string; decision: string | null }): Promise<number> =>
  execute(tx, `UPDATE excuses SET state = $state, decided_at = $now, decided_by = $by, decision = $decision, version = version + 1
    WHERE id = $id AND state = 'asked'`, { id, now: tx.now, ...end });

/** 0 rows: there is a place already. */
export const setLaterBooking = (tx: Tx, id: string, laterBookingId: string): Promise<number> =>
  execute(tx, `UPDATE excuses SET later_booking_id = $laterBookingId, version = version + 1
    WHERE id = $id AND state = 'approved' AND later_booking_id IS NULL`, { id, laterBookingId });

const ListedRow = z.object({
  id: z.string(), state: z.enum(EXCUSE_STATES), asked_at: z.number(), name: z.string(), sitting_id: z.string(), title: z.string(), starts_at: z.number(),
  exam_zh: z.string(), exam_en: z.string(), later: z.string().nullable(),
}).transform((row) => ({
  id: row.id, state: row.state, askedAt: row.asked_at, name: row.name, sittingId: row.sitting_id, sitting: row.title, startsAt: row.starts_at,
  exam: { zh: row.exam_zh, en: row.exam_en }, hasLater: row.later !== null,
}));
export type ListedExcuse = z.infer<typeof ListedRow>;

export interface ExcuseQuery {
  /** Paths of the organisations for whose sittings one decides. */
  paths: readonly string[];
  search: string;
  state: (typeof EXCUSE_STATES)[number] | null;
  page: number;
}

const PER_PAGE = 50;

/** Requests about sittings in scope: the open ones first, the oldest of them on top. */
export async function excusesInScope(from: Reader, { paths, search, state, page }: ExcuseQuery): Promise<{ excuses: ListedExcuse[]; count: number; pageCount: number }> {
  const scope = within('o.path', paths);
  const params = { ...scope.params, search: containing(search), state };
  const joined = `FROM excuses x JOIN bookings b ON b.id = x.booking_id JOIN sittings s ON s.id = b.sitting_id
    JOIN organisations o ON o.id = s.organisation_id JOIN persons p ON p.id = x.person_id JOIN exams e ON e.id = s.exam_id
    WHERE ${scope.sql} AND (lower(p.name) LIKE $search ESCAPE '!' OR lower(s.title) LIKE $search ESCAPE '!')
      AND (CAST($state AS TEXT) IS NULL OR x.state = $state)`;
  const { n: count } = await one(from, z.object({ n: z.number() }), `SELECT COUNT(*) AS n ${joined}`, params);
  const excuses = await rows(from, ListedRow, `SELECT x.id, x.state, x.asked_at, p.name, s.id AS sitting_id, s.title, s.starts_at,
      e.title_zh AS exam_zh, e.title_en AS exam_en, x.later_booking_id AS later ${joined}
    ORDER BY CASE WHEN x.state = 'asked' THEN 0 ELSE 1 END, CASE WHEN x.state = 'asked' THEN x.asked_at ELSE -x.asked_at END, x.id
    LIMIT ${PER_PAGE} OFFSET $offset`, { ...params, offset: (page - 1) * PER_PAGE });
  return { excuses, count, pageCount: Math.max(1, Math.ceil(count / PER_PAGE)) };
}
