import { z } from 'zod';
import { execute, insert, maybeOne, one, rows, type By, type Reader, type Tx } from '~/db';
import type { PlainDate } from '~/kernel/calendar';
import type { Instant } from '~/kernel/clock';
import { within } from '~/people';

export const EXTERNAL_STATES = ['asked', 'approved', 'refused', 'withdrawn', 'void'] as const;
export type ExternalState = (typeof EXTERNAL_STATES)[number];

const Row = z.object({
  id: z.string(), person_id: z.string(), name: z.string(), code: z.string(), title: z.string(), issuer: z.string(), issued_on: z.string(),
  valid_until: z.string().nullable(), file_id: z.string(), note: z.string(), state: z.enum(EXTERNAL_STATES), asked_at: z.number(), asked_by: z.string(),
  decided_at: z.number().nullable(), decided_by: z.string().nullable(), decision_reason: z.string().nullable(),
  voided_at: z.number().nullable(), voided_by: z.string().nullable(), void_reason: z.string().nullable(),
}).transform((row) => ({
  id: row.id, personId: row.person_id, name: row.name, code: row.code, title: row.title, issuer: row.issuer, issuedOn: row.issued_on,
  validUntil: row.valid_until, fileId: row.file_id, note: row.note, state: row.state, askedAt: row.asked_at, askedBy: row.asked_by,
  decidedAt: row.decided_at, decidedBy: row.decided_by, decisionReason: row.decision_reason,
  voidedAt: row.voided_at, voidedBy: row.voided_by, voidReason: row.void_reason,
}));
export type External = z.output<typeof Row>;

/** What had become of it before an instant. */
export function externalBefore(one: External, before: Instant): External {
  const notVoid = one.voidedAt !== null && one.voidedAt >= before ? { ...one, state: 'approved' as const, voidedAt: null, voidedBy: null, voidReason: null } : one;
  return one.decidedAt !== null && one.decidedAt >= before ? { ...notVoid, state: 'asked', decidedAt: null, decidedBy: null, decisionReason: null } : notVoid;
}

const SELECT = `SELECT e.id, e.person_id, p.name, e.code, e.title, e.issuer, e.issued_on, e.valid_until, e.file_id, e.note, e.state, e.asked_at, e.asked_by,
  e.decided_at, e.decided_by, e.decision_reason, e.voided_at, e.voided_by, e.void_reason FROM external_evidence e JOIN persons p ON p.id = e.person_id`;

export const findExternal = (from: Reader, id: string): Promise<External | null> => maybeOne(from, Row, `${SELECT} WHERE e.id = $id`, { id });

/** What somebody handed in, the newest first. */
export const externalOf = (from: Reader, personId: string): Promise<External[]> =>
  rows(from, Row, `${SELECT} WHERE e.person_id = $personId ORDER BY e.asked_at DESC, e.id DESC`, { personId });

const SERVES = `EXISTS (SELECT 1 FROM appointments a JOIN organisations o ON o.id = a.organisation_id WHERE a.person_id = e.person_id AND a.ended_on IS NULL AND`;

/** Evidence of people in scope in one state, what waits longest first. */
export async function externalInScope(from: Reader, query: { paths: readonly string[]; state: ExternalState; page: number; pageSize: number }): Promise<{ found: External[]; count: number }> {
  const scope = within('o.path', query.paths);
  const { n: count } = await one(from, z.object({ n: z.number() }),
    `SELECT COUNT(*) AS n FROM external_evidence e WHERE e.state = $state AND ${SERVES} ${scope.sql})`, { ...scope.params, state: query.state });
  const found = await rows(from, Row, `${SELECT} WHERE e.state = $state AND ${SERVES} ${scope.sql}) ORDER BY e.asked_at, e.id LIMIT $limit OFFSET $offset`, {
    ...scope.params, state: query.state, limit: query.pageSize, offset: (query.page - 1) * query.pageSize,
  });
  return { found, count };
}

export interface NewExternal {
  id: string;
  personId: string;
  code: string;
  title: string;
  issuer: string;
  issuedOn: PlainDate;
  validUntil: PlainDate | null;
  note: string;
  fileId: string;
}

export async function insertExternal(tx: Tx, one: NewExternal, by: By): Promise<void> {
  await insert(tx, 'external_evidence', [{
    id: one.id, person_id: one.personId, code: one.code, title: one.title, issuer: one.issuer, issued_on: one.issuedOn, valid_until: one.validUntil,
    file_id: one.fileId, note: one.note, state: 'asked', asked_at: tx.now, asked_by: by,
  }]);
}

/** @returns 0 when somebody was faster */
export const markDecided = (tx: Tx, id: string, decision: 'approved' | 'refused', by: By, reason: string): Promise<number> =>
  execute(tx, `UPDATE external_evidence SET state = $decision, decided_at = $now, decided_by = $by, decision_reason = $reason, version = version + 1
    WHERE id = $id AND state = 'asked'`, { id, decision, by, reason, now: tx.now });

export const markWithdrawn = (tx: Tx, id: string): Promise<number> =>
  execute(tx, `UPDATE external_evidence SET state = 'withdrawn', version = version + 1 WHERE id = $id AND state = 'asked'`, { id });

export const markVoid = (tx: Tx, id: string, by: By, reason: string): Promise<number> =>
  execute(tx, `UPDATE external_evidence SET state = 'void', voided_at = $now, voided_by = $by, void_reason = $reason, version = version + 1
    WHERE id = $id AND state = 'approved'`, { id, by, reason, now: tx.now });
