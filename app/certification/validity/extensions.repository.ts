import { z } from 'zod';
import { accountOf, execute, insert, maybeOne, places, rows, type Reader, type Tx } from '~/db';
import type { PlainDate } from '~/kernel/calendar';
import { EXTENSION_STATES } from './extension';

const Row = z.object({
  id: z.string(), assignment_id: z.string(), person_id: z.string(), organisation_path: z.string(), state: z.enum(EXTENSION_STATES), from_expiry: z.string(),
  until: z.string(), reason: z.string(), asked_at: z.number(), asked_by: z.string(), asker: z.string().nullable(),
  decided_at: z.number().nullable(), decided_by: z.string().nullable(), decider: z.string().nullable(), decision_reason: z.string().nullable(),
}).transform((row) => ({
  id: row.id, assignmentId: row.assignment_id, personId: row.person_id, organisationPath: row.organisation_path, state: row.state, fromExpiry: row.from_expiry, until: row.until,
  reason: row.reason, askedAt: row.asked_at, askedBy: row.asked_by, asker: row.asker, decidedAt: row.decided_at, decidedBy: row.decided_by,
  decider: row.decider, decisionReason: row.decision_reason,
}));
export type Extension = z.infer<typeof Row>;

const SELECT = `SELECT x.id, x.assignment_id, a.person_id, o.path AS organisation_path, x.state, x.from_expiry, x.until, x.reason, x.asked_at, x.asked_by,
    ask.sign_in_name AS asker, x.decided_at, x.decided_by, dec.sign_in_name AS decider, x.decision_reason
  FROM extensions x JOIN assignments a ON a.id = x.assignment_id JOIN appointments ap ON ap.id = a.appointment_id
  JOIN organisations o ON o.id = ap.organisation_id
  LEFT JOIN accounts ask ON ask.id = ${accountOf('x.asked_by')} LEFT JOIN accounts dec ON dec.id = ${accountOf('x.decided_by')}`;

export const findExtension = (from: Reader, id: string): Promise<Extension | null> =>
  maybeOne(from, Row, `${SELECT} WHERE x.id = $id`, { id });

/** All of an assignment, the latest first. */
export const extensionsOf = (from: Reader, assignmentId: string): Promise<Extension[]> =>
  rows(from, Row, `${SELECT} WHERE x.assignment_id = $assignmentId ORDER BY x.asked_at DESC, x.id DESC`, { assignmentId });

/** @returns 0 when this very request was made already */
export const insertExtension = (tx: Tx, one: { id: string; assignmentId: string; fromExpiry: PlainDate; until: PlainDate; reason: string; askedBy: string }): Promise<number> =>
  insert(tx, 'extensions', [{
    id: one.id, assignment_id: one.assignmentId, state: 'asked', from_expiry: one.fromExpiry, until: one.until, reason: one.reason,
    asked_at: tx.now, asked_by: one.askedBy,
  }], 'ON CONFLICT (id) DO NOTHING');

/** @returns 0 when it was decided or withdrawn meanwhile */
export const decide = (tx: Tx, id: string, to: { state: 'granted' | 'refused'; by: string; reason: string; fromExpiry: PlainDate }): Promise<number> =>
  execute(tx, `UPDATE extensions SET state = $state, decided_at = $now, decided_by = $by, decision_reason = $reason, from_expiry = $fromExpiry, version = version + 1
    WHERE id = $id AND state = 'asked'`, { id, ...to, now: tx.now });

export const withdraw = (tx: Tx, id: string): Promise<number> =>
  execute(tx, `UPDATE extensions SET state = 'withdrawn', decided_at = $now, version = version + 1 WHERE id = $id AND state = 'asked'`, { id, now: tx.now });

const UntilRow = z.object({ assignment_id: z.string(), until: z.string() });

/** The day to which each of these assignments is extended; none for those that are not. */
export async function extendedTo(from: Reader, assignmentIds: readonly string[]): Promise<Map<string, PlainDate>> {
  if (assignmentIds.length === 0) return new Map();
  const { list, params } = places([...assignmentIds]);
  const found = await rows(from, UntilRow, `SELECT assignment_id, MAX(until) AS until FROM extensions WHERE state = 'granted' AND assignment_id IN (${list})
    GROUP BY assignment_id`, params);
  return new Map(found.map((row) => [row.assignment_id, row.until]));
}

const ListedRow = z.object({
  id: z.string(), assignment_id: z.string(), name: z.string(), organisation: z.string(), from_expiry: z.string(), until: z.string(), reason: z.string(),
  asked_at: z.number(), asker: z.string().nullable(),
});
export type AskedExtension = z.infer<typeof ListedRow>;

/** What waits for a decision beneath these organisations, the oldest first. */
export async function askedExtensions(from: Reader, paths: readonly string[]): Promise<AskedExtension[]> {
  if (paths.length === 0) return [];
  return rows(from, ListedRow, `SELECT x.id, x.assignment_id, p.name, o.name AS organisation, x.from_expiry, x.until, x.reason, x.asked_at, ask.sign_in_name AS asker
    FROM extensions x JOIN assignments a ON a.id = x.assignment_id JOIN appointments ap ON ap.id = a.appointment_id
    JOIN organisations o ON o.id = ap.organisation_id JOIN persons p ON p.id = a.person_id
    LEFT JOIN accounts ask ON ask.id = ${accountOf('x.asked_by')}
    WHERE x.state = 'asked' AND (${paths.map((_, i) => `o.path LIKE $path${i}`).join(' OR ')}) ORDER BY x.asked_at, x.id LIMIT 100`,
  Object.fromEntries(paths.map((path, i) => [`path${i}`, `${path}%`])));
}
