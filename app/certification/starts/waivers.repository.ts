import { z } from 'zod';
import { accountOf, execute, insert, maybeOne, one, rows, type By, type Reader, type Tx } from '~/db';
import { WAIVER_STATES, type Waiver, type WaiverState } from './waiver';

/** An account, an application, or a part of the program. */
export const ByText = z.custom<By>((value) => typeof value === 'string' && /^(?:account|application|system):/.test(value));

const Row = z.object({
  id: z.string(), person_id: z.string(), assignment_id: z.string(), requirement_code: z.string().nullable(), state: z.enum(WAIVER_STATES),
  asked_from: z.string(), asked_until: z.string(), valid_from: z.string(), valid_until: z.string(), reason: z.string(), proof: z.string(),
  proof_file: z.string().nullable(), conditions: z.string(), asked_at: z.number(), asked_by: ByText, decided_at: z.number().nullable(),
  decided_by: ByText.nullable(), decision_reason: z.string().nullable(), revoked_at: z.number().nullable(), revoked_by: ByText.nullable(),
  revoke_reason: z.string().nullable(), version: z.number(),
}).transform((row): Waiver => ({
  id: row.id, personId: row.person_id, assignmentId: row.assignment_id, requirementCode: row.requirement_code, state: row.state,
  askedFrom: row.asked_from || row.valid_from, askedUntil: row.asked_until || row.valid_until, validFrom: row.valid_from, validUntil: row.valid_until,
  reason: row.reason, proof: row.proof, proofFile: row.proof_file, conditions: row.conditions, askedAt: row.asked_at, askedBy: row.asked_by,
  decidedAt: row.decided_at, decidedBy: row.decided_by, decisionReason: row.decision_reason,
  revokedAt: row.revoked_at, revokedBy: row.revoked_by, revokeReason: row.revoke_reason, version: row.version,
}));

const COLUMNS = `id, person_id, assignment_id, requirement_code, state, asked_from, asked_until, valid_from, valid_until, reason, proof, proof_file,
  conditions, asked_at, asked_by, decided_at, decided_by, decision_reason, revoked_at, revoked_by, revoke_reason, version`;

export const findWaiver = (from: Reader, id: string): Promise<Waiver | null> =>
  maybeOne(from, Row, `SELECT ${COLUMNS} FROM waivers WHERE id = $id`, { id });

/** All of an assignment, the latest first. */
export const waiversOf = (from: Reader, assignmentId: string): Promise<Waiver[]> =>
  rows(from, Row, `SELECT ${COLUMNS} FROM waivers WHERE assignment_id = $assignmentId ORDER BY asked_at DESC, id DESC`, { assignmentId });

export const insertWaiver = (tx: Tx, one: Waiver): Promise<number> =>
  insert(tx, 'waivers', [{
    id: one.id, person_id: one.personId, assignment_id: one.assignmentId, requirement_code: one.requirementCode, state: one.state,
    asked_from: one.askedFrom, asked_until: one.askedUntil, valid_from: one.validFrom, valid_until: one.validUntil,
    reason: one.reason, proof: one.proof, proof_file: one.proofFile, conditions: one.conditions, asked_at: one.askedAt, asked_by: one.askedBy,
  }], 'ON CONFLICT (id) DO NOTHING');

/** Writes an act down; 0 rows when somebody acted meanwhile. */
export const saveWaiver = (tx: Tx, { id, version, state, validFrom, validUntil, conditions, decidedAt, decidedBy, decisionReason, revokedAt, revokedBy, revokeReason }: Waiver): Promise<number> =>
  execute(tx, `UPDATE waivers SET state = $state, valid_from = $validFrom, valid_until = $validUntil, conditions = $conditions,
      decided_at = CAST($decidedAt AS BIGINT), decided_by = $decidedBy, decision_reason = $decisionReason,
      revoked_at = CAST($revokedAt AS BIGINT), revoked_by = $revokedBy, revoke_reason = $revokeReason, version = version + 1
    WHERE id = $id AND version = $version`,
  { id, version, state, validFrom, validUntil, conditions, decidedAt, decidedBy, decisionReason, revokedAt, revokedBy, revokeReason });

const Listed = z.object({
  id: z.string(), assignment_id: z.string(), person_id: z.string(), name: z.string(), organisation: z.string(), post: z.string(),
  version_id: z.string(), title_zh: z.string(), title_en: z.string(), requirement_code: z.string().nullable(), state: z.enum(WAIVER_STATES),
  valid_from: z.string(), valid_until: z.string(), reason: z.string(), asked_at: z.number(), asker: z.string().nullable(),
});
export type ListedWaiver = z.infer<typeof Listed>;

export interface WaiverFilter {
  /** Organisations under which to look; none means nothing. */
  paths: readonly string[];
  state?: WaiverState | undefined;
}

export const WAIVERS_PER_PAGE = 50;

/** Waivers, those that wait for a decision first, then the latest. */
export function listWaivers(from: Reader, filter: WaiverFilter, page: number): Promise<ListedWaiver[]> {
  const { where, params } = conditions(filter);
  return rows(from, Listed, `SELECT w.id, w.assignment_id, w.person_id, p.name, o.name AS organisation, ap.post, v.id AS version_id, v.title_zh, v.title_en,
      w.requirement_code, w.state, w.valid_from, w.valid_until, w.reason, w.asked_at, ask.sign_in_name AS asker
    ${FROM} LEFT JOIN accounts ask ON ask.id = ${accountOf('w.asked_by')}
    WHERE ${where} ORDER BY CASE w.state WHEN 'asked' THEN 0 ELSE 1 END, w.asked_at DESC, w.id DESC LIMIT $limit OFFSET $offset`,
  { ...params, limit: WAIVERS_PER_PAGE, offset: (page - 1) * WAIVERS_PER_PAGE });
}

const Count = z.object({ n: z.number() });

export async function countWaivers(from: Reader, filter: WaiverFilter): Promise<number> {
  const { where, params } = conditions(filter);
  return (await one(from, Count, `SELECT COUNT(*) AS n ${FROM} WHERE ${where}`, params)).n;
}

const FROM = `FROM waivers w JOIN assignments a ON a.id = w.assignment_id JOIN programme_versions v ON v.id = a.programme_version_id
  JOIN appointments ap ON ap.id = a.appointment_id JOIN organisations o ON o.id = ap.organisation_id JOIN persons p ON p.id = w.person_id`;

function conditions({ paths, state }: WaiverFilter) {
  const params: Record<string, string> = Object.fromEntries(paths.map((path, i) => [`path${i}`, `${path}%`]));
  const where = [paths.length === 0 ? '1 = 0' : `(${paths.map((_, i) => `o.path LIKE $path${i}`).join(' OR ')})`];
  if (state) {
    where.push('w.state = $state');
    params['state'] = state;
  }
  return { where: where.join(' AND '), params };
}
