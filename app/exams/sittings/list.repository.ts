import { z } from 'zod';
import { containing, one, rows, type Params, type Reader } from '~/db';
import type { Instant } from '~/kernel/clock';
import { servesIn, within } from '~/people';
import { ATTEMPT_STATES } from '../attempt-state';
import { BOOKING_SOURCES, BOOKING_STATES } from './booking';
import { EXCUSE_STATES } from './excuse.repository';
import { SITTING_MODES, SITTING_STATES } from './sitting';

export const SITTING_TIMES = ['coming', 'past', 'cancelled'] as const;

export interface SittingQuery {
  /** Organisation paths within which the reader may look. */
  paths: readonly string[];
  /** The reader's account: what it invigilates is shown too. */
  accountId: string;
  /** Part of the title, the code or the exam's title. */
  search: string;
  examId: string | null;
  time: (typeof SITTING_TIMES)[number] | null;
  now: Instant;
  page: number;
  pageSize?: number;
}

const ListedRow = z.object({
  id: z.string(), code: z.string(), title: z.string(), exam_zh: z.string(), exam_en: z.string(), mode: z.enum(SITTING_MODES),
  starts_at: z.number(), ends_at: z.number(), place: z.enum(['rooms', 'remote']), state: z.enum(SITTING_STATES), capacity: z.number(),
  organisation: z.string(), booked: z.number(), waiting: z.number(), invigilators: z.number(), excuses: z.number(),
}).transform(({ exam_zh: zh, exam_en: en, starts_at: startsAt, ends_at: endsAt, ...row }) => ({ ...row, exam: { zh, en }, startsAt, endsAt }));
export type ListedSitting = z.infer<typeof ListedRow>;

/** Sittings that the reader plans, watches over or looks at; coming ones first to last, others latest first. */
export async function sittingsInScope(from: Reader, query: SittingQuery): Promise<{ sittings: ListedSitting[]; count: number; pageCount: number }> {
  const pageSize = query.pageSize ?? 50;
  const { sql, params } = conditions(query);
  const joined = `FROM sittings s JOIN exams e ON e.id = s.exam_id JOIN organisations o ON o.id = s.organisation_id WHERE ${sql}`;
  const { n: count } = await one(from, z.object({ n: z.number() }), `SELECT COUNT(*) AS n ${joined}`, params);
  const counting = (state: string) => `(SELECT COUNT(*) FROM bookings b WHERE b.sitting_id = s.id AND b.state = '${state}')`;
  const sittings = await rows(from, ListedRow, `SELECT s.id, s.code, s.title, e.title_zh AS exam_zh, e.title_en AS exam_en, s.mode, s.starts_at, s.ends_at,
      s.place, s.state, s.capacity, o.name AS organisation, ${counting('booked')} AS booked, ${counting('waiting')} AS waiting,
      (SELECT COUNT(*) FROM sitting_invigilators i WHERE i.sitting_id = s.id) AS invigilators,
      (SELECT COUNT(*) FROM excuses x JOIN bookings b ON b.id = x.booking_id WHERE b.sitting_id = s.id AND x.state = 'asked') AS excuses
    ${joined} ORDER BY CASE WHEN s.state = 'planned' AND s.ends_at > $asOf THEN 0 ELSE 1 END,
      CASE WHEN s.state = 'planned' AND s.ends_at > $asOf THEN s.starts_at ELSE -s.starts_at END, s.code
    LIMIT $limit OFFSET $offset`, { ...params, asOf: query.now, limit: pageSize, offset: (query.page - 1) * pageSize });
  return { sittings, count, pageCount: Math.max(1, Math.ceil(count / pageSize)) };
}

function conditions({ paths, accountId, search, examId, time, now }: SittingQuery): { sql: string; params: Params } {
  const scope = within('o.path', paths);
  const parts = [
    `(${scope.sql} OR EXISTS (SELECT 1 FROM sitting_invigilators w WHERE w.sitting_id = s.id AND w.account_id = $accountId))`,
    `(lower(s.title) LIKE $search ESCAPE '!' OR lower(s.code) LIKE $search ESCAPE '!' OR lower(e.title_zh) LIKE $search ESCAPE '!' OR lower(e.title_en) LIKE $search ESCAPE '!')`,
  ];
  const params: Params = { ...scope.params, accountId, search: containing(search) };
  if (examId !== null) {
    parts.push('s.exam_id = $examId');
    params['examId'] = examId;
  }
  if (time === 'cancelled') parts.push(`s.state = 'cancelled'`);
  if (time === 'coming' || time === 'past') {
    parts.push(time === 'coming' ? `s.state = 'planned' AND s.ends_at > $now` : `s.state <> 'cancelled' AND (s.state = 'closed' OR s.ends_at <= $now)`);
    params['now'] = now;
  }
  return { sql: parts.join(' AND '), params };
}

export interface CandidateQuery {
  sittingId: string;
  /** Part of a name, a number or a ticket. */
  search?: string;
  roomId?: string | null;
  /** `absent`: a place, and no attempt; `ended`: given up, moved, excused. */
  state?: 'booked' | 'waiting' | 'ended' | 'absent' | null;
  page?: number;
  pageSize?: number;
}

const CandidateRow = z.object({
  id: z.string(), ticket: z.string(), person_id: z.string(), name: z.string(), number: z.string().nullable(), organisation: z.string().nullable(),
  room_id: z.string().nullable(), room: z.string().nullable(), seat: z.number().nullable(), state: z.enum(BOOKING_STATES), source: z.enum(BOOKING_SOURCES),
  identity: z.enum(['admitted', 'refused']).nullable(), identity_at: z.number().nullable(), checked_in_at: z.number().nullable(), end_reason: z.string().nullable(),
  booked_at: z.number(), attempt: z.enum(ATTEMPT_STATES).nullable(), excuse: z.enum(EXCUSE_STATES).nullable(),
}).transform((row) => ({
  id: row.id, ticket: row.ticket, personId: row.person_id, name: row.name, number: row.number, organisation: row.organisation,
  roomId: row.room_id, room: row.room, seat: row.seat, state: row.state, source: row.source, identity: row.identity, identityAt: row.identity_at,
  checkedInAt: row.checked_in_at, endReason: row.end_reason, bookedAt: row.booked_at, attempt: row.attempt, excuse: row.excuse,
}));
export type SittingCandidate = z.infer<typeof CandidateRow>;

const STARTED = `EXISTS (SELECT 1 FROM attempts a WHERE a.booking_id = b.id AND a.started_at IS NOT NULL)`;
const CONDITION: Record<'booked' | 'waiting' | 'ended' | 'absent' | 'all', string> = {
  all: `b.state IN ('booked', 'waiting')`,
  booked: `b.state = 'booked'`,
  waiting: `b.state = 'waiting'`,
  ended: `b.state IN ('cancelled', 'moved', 'excused')`,
  absent: `b.state = 'booked' AND NOT ${STARTED}`,
};

/** The candidates of a sitting: by room and seat, then those who wait in their order. */
export async function candidatesOfSitting(from: Reader, query: CandidateQuery): Promise<{ candidates: SittingCandidate[]; count: number; pageCount: number }> {
  const pageSize = query.pageSize ?? 100;
  const params = { sittingId: query.sittingId, search: containing(query.search ?? ''), roomId: query.roomId ?? null };
  const where = `FROM bookings b JOIN persons p ON p.id = b.person_id LEFT JOIN exam_rooms r ON r.id = b.room_id
    WHERE b.sitting_id = $sittingId AND ${CONDITION[query.state ?? 'all']} AND (CAST($roomId AS TEXT) IS NULL OR b.room_id = $roomId)
      AND (lower(p.name) LIKE $search ESCAPE '!' OR lower(b.ticket) LIKE $search ESCAPE '!'
        OR EXISTS (SELECT 1 FROM identifiers i WHERE i.person_id = p.id AND lower(i.value) LIKE $search ESCAPE '!'))`;
  const { n: count } = await one(from, z.object({ n: z.number() }), `SELECT COUNT(*) AS n ${where}`, params);
  const candidates = await rows(from, CandidateRow, `SELECT b.id, b.ticket, b.person_id, p.name, b.room_id, r.name AS room, b.seat, b.state, b.source,
      b.identity, b.identity_at, b.checked_in_at, b.end_reason, b.booked_at,
      (SELECT MIN(i.value) FROM identifiers i WHERE i.person_id = p.id AND i.kind IN ('recruitment', 'staff')) AS number,
      ${servesIn('p.id')} AS organisation,
      (SELECT a.state FROM attempts a WHERE a.booking_id = b.id AND a.started_at IS NOT NULL ORDER BY a.number DESC LIMIT 1) AS attempt,
      (SELECT x.state FROM excuses x WHERE x.booking_id = b.id ORDER BY x.asked_at DESC LIMIT 1) AS excuse ${where}
    ORDER BY CASE WHEN b.state = 'waiting' THEN 1 ELSE 0 END, COALESCE(r.position, 0), COALESCE(b.seat, 0), b.booked_at, b.id
    LIMIT $limit OFFSET $offset`, { ...params, limit: pageSize, offset: ((query.page ?? 1) - 1) * pageSize });
  return { candidates, count, pageCount: Math.max(1, Math.ceil(count / pageSize)) };
}
