import { z } from 'zod';
import { maybeOne, rows, type Params, type Reader } from '~/db';
import { isRoot, scopePaths, type Actor } from '~/identity';
import type { Instant } from '~/kernel/clock';
import { servesIn } from '~/people';

/** A condition on sittings `s`: the actor invigilates it, or holds a role over its organisation. */
function mine(actor: Actor): { sql: string; params: Params } {
  const paths = scopePaths(actor, ['invigilator', 'administrator', 'hr']);
  if (paths.some(isRoot)) return { sql: '1 = 1', params: {} };
  const params: Params = { account: actor.accountId };
  const over = paths.map((path, i) => {
    params[`path${i}`] = path;
    return `o.path LIKE $path${i} || '%'`;
  });
  const own = 'EXISTS (SELECT 1 FROM sitting_invigilators i WHERE i.sitting_id = s.id AND i.account_id = $account)';
  return { sql: `(${[own, ...over].join(' OR ')})`, params };
}

const SittingRow = z.object({
  id: z.string(), title: z.string(), code: z.string(), starts_at: z.number(), ends_at: z.number(), state: z.enum(['planned', 'closed', 'cancelled']),
  title_zh: z.string(), title_en: z.string(), people: z.number(), writing: z.number(),
}).transform((row) => ({
  id: row.id, title: row.title, code: row.code, startsAt: row.starts_at, endsAt: row.ends_at, state: row.state,
  exam: { zh: row.title_zh, en: row.title_en }, people: row.people, writing: row.writing,
}));
export type WatchedSitting = z.infer<typeof SittingRow>;

/** Sittings of these days that the actor watches over: open ones first, by their beginning. */
export function sittingsAround(from: Reader, actor: Actor, span: { from: Instant; to: Instant }): Promise<WatchedSitting[]> {
  const { sql, params } = mine(actor);
  return rows(from, SittingRow, `SELECT s.id, s.title, s.code, s.starts_at, s.ends_at, s.state, e.title_zh, e.title_en,
      (SELECT COUNT(*) FROM bookings b WHERE b.sitting_id = s.id AND b.state = 'booked') AS people,
      (SELECT COUNT(*) FROM attempts a WHERE a.sitting_id = s.id AND a.state = 'in-progress') AS writing
    FROM sittings s JOIN exams e ON e.id = s.exam_id JOIN organisations o ON o.id = s.organisation_id
    WHERE s.starts_at < $to AND s.ends_at > $from AND s.state <> 'cancelled' AND ${sql}
    ORDER BY CASE WHEN s.state = 'planned' THEN 0 ELSE 1 END, s.starts_at, s.code LIMIT 200`, { ...params, ...span });
}

const MessageRow = z.object({ id: z.string(), text: z.string(), sent_at: z.number(), seen_at: z.number().nullable() })
  .transform((row) => ({ id: row.id, text: row.text, sentAt: row.sent_at, seenAt: row.seen_at }));

/** Messages to the attempts of a booking, oldest first. */
export const messagesTo = (from: Reader, bookingId: string): Promise<z.infer<typeof MessageRow>[]> =>
  rows(from, MessageRow, `SELECT m.id, m.text, m.sent_at, m.seen_at FROM attempts a JOIN candidate_messages m ON m.attempt_id = a.id
    WHERE a.booking_id = $bookingId ORDER BY m.sent_at, m.id`, { bookingId });

const SeenRow = z.object({ id: z.string(), kind: z.string(), at: z.number(), body: z.string(), seconds: z.number().nullable() });

/** What was observed during the attempts of a booking, oldest first. */
export const observationsAt = (from: Reader, bookingId: string): Promise<z.infer<typeof SeenRow>[]> =>
  rows(from, SeenRow, `SELECT o.id, o.kind, o.at, o.body, o.seconds FROM attempts a JOIN observations o ON o.attempt_id = a.id
    WHERE a.booking_id = $bookingId ORDER BY o.at, o.id`, { bookingId });

const StartRow = z.object({ started_at: z.number().nullable(), number: z.number().nullable(), hash: z.string().nullable() });

/** Start and receipt of an attempt. */
export const paperworkOf = (from: Reader, attemptId: string): Promise<z.infer<typeof StartRow> | null> =>
  maybeOne(from, StartRow, `SELECT a.started_at, a.number, r.hash FROM attempts a LEFT JOIN receipts r ON r.attempt_id = a.id WHERE a.id = $attemptId`, { attemptId });

const ReportRow = z.object({
  id: z.string(), room_id: z.string().nullable(), seat: z.number().nullable(), ticket: z.string(), name: z.string(), organisation: z.string().nullable(),
  identity: z.enum(['admitted', 'refused']).nullable(), identity_at: z.number().nullable(), checked_in_at: z.number().nullable(),
  attempt_id: z.string().nullable(), state: z.string().nullable(), started_at: z.number().nullable(), deadline_at: z.number().nullable(),
  handed_in_at: z.number().nullable(), hand_in_cause: z.string().nullable(), number: z.string().nullable(), hash: z.string().nullable(),
  answered: z.number().nullable(), total: z.number().nullable(), observed: z.number(),
});
export type ReportRow = z.infer<typeof ReportRow>;

/** Everything that the hand-in report says of each place, by room and seat. */
export const reportRows = (from: Reader, sittingId: string): Promise<ReportRow[]> =>
  rows(from, ReportRow, `SELECT b.id, b.room_id, b.seat, b.ticket, p.name, b.identity, b.identity_at, b.checked_in_at, a.id AS attempt_id, a.state,
      a.started_at, a.deadline_at, a.handed_in_at, a.hand_in_cause, r.number, r.hash, r.answered, r.total,
      (SELECT COUNT(*) FROM observations ob WHERE ob.attempt_id = a.id) AS observed,
      ${servesIn('b.person_id')} AS organisation
    FROM bookings b JOIN persons p ON p.id = b.person_id
    LEFT JOIN attempts a ON a.booking_id = b.id AND a.started_at IS NOT NULL
    LEFT JOIN receipts r ON r.attempt_id = a.id
    LEFT JOIN exam_rooms x ON x.id = b.room_id
    WHERE b.sitting_id = $sittingId AND b.state = 'booked'
    ORDER BY x.position, b.seat, b.ticket, a.number`, { sittingId });

const TimeRow = z.object({
  attempt_id: z.string(), code: z.enum(['grant', 'pause', 'incident']), minutes: z.number().nullable(), from_at: z.number().nullable(), to_at: z.number().nullable(),
});

/** Time that was given in a sitting and not taken back. */
export const timesGiven = (from: Reader, sittingId: string): Promise<z.infer<typeof TimeRow>[]> =>
  rows(from, TimeRow, `SELECT t.attempt_id, t.code, t.minutes, t.from_at, t.to_at FROM attempts a JOIN attempt_times t ON t.attempt_id = a.id
    WHERE a.sitting_id = $sittingId AND t.undone_at IS NULL ORDER BY t.made_at`, { sittingId });

const IncidentRow = z.object({
  id: z.string(), room_id: z.string().nullable(), title: z.string(), from_at: z.number(), to_at: z.number(), basis: z.string(), state: z.string(),
  recorded_by: z.string(), recorded_at: z.number(), applied_by: z.string().nullable(), applied_at: z.number().nullable(), undone_at: z.number().nullable(),
  undone_by: z.string().nullable(), undo_reason: z.string().nullable(), credited: z.number(),
});

/** The incidents of a sitting with the number of people credited, in their order. */
export const incidentsOfSitting = (from: Reader, sittingId: string): Promise<z.infer<typeof IncidentRow>[]> =>
  rows(from, IncidentRow, `SELECT i.id, i.room_id, i.title, i.from_at, i.to_at, i.basis, i.state, i.recorded_by, i.recorded_at, i.applied_by, i.applied_at,
      i.undone_at, i.undone_by, i.undo_reason,
      (SELECT COUNT(*) FROM attempt_times t WHERE t.act_id = i.id AND t.undone_at IS NULL) AS credited
    FROM incidents i WHERE i.sitting_id = $sittingId ORDER BY i.from_at, i.id`, { sittingId });

const EndRow = z.object({ closed_at: z.number().nullable(), closed_by: z.string().nullable(), end_reason: z.string().nullable(), organisation: z.string(), title_zh: z.string() });

/** By whom and when a sitting was closed, whose it is, and of which exam. */
export const endOf = (from: Reader, sittingId: string): Promise<z.infer<typeof EndRow> | null> =>
  maybeOne(from, EndRow, `SELECT s.closed_at, s.closed_by, s.end_reason, o.name AS organisation, e.title_zh
    FROM sittings s JOIN organisations o ON o.id = s.organisation_id JOIN exams e ON e.id = s.exam_id WHERE s.id = $sittingId`, { sittingId });

const KindRow = z.object({ kind: z.string(), n: z.number(), people: z.number() });

/** How often each kind was observed in a sitting, and of how many people. */
export const observedKinds = (from: Reader, sittingId: string): Promise<z.infer<typeof KindRow>[]> =>
  rows(from, KindRow, `SELECT o.kind, COUNT(*) AS n, COUNT(DISTINCT a.id) AS people FROM attempts a JOIN observations o ON o.attempt_id = a.id
    WHERE a.sitting_id = $sittingId GROUP BY o.kind ORDER BY o.kind`, { sittingId });
