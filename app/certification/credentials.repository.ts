import { z } from 'zod';
import { execute, insert, json, maybeOne, one, rows, type Reader, type Tx } from '~/db';
import { newId } from '~/kernel/id';
import { credentialNumber, Snapshot } from './credential';
import { withdrawalBy, type RevocationCause, type RevocationReason, type Withdrawal } from './withdrawal';

const CredentialRow = z.object({
  id: z.string(), number: z.string(), check_code: z.string(), person_id: z.string(), assignment_id: z.string(),
  snapshot: json(Snapshot), state: z.enum(['valid', 'revoked']), issued_at: z.number(), valid_until: z.string().nullable(),
  pdf_file: z.string().nullable(), state_reason: z.string().nullable(), state_cause: z.enum(['personnel', 'rule']).nullable(), state_at: z.number(), organisation_path: z.string(),
});
export type Credential = z.infer<typeof CredentialRow>;

const SELECT = `SELECT c.id, c.number, c.check_code, c.person_id, c.assignment_id, c.snapshot, c.state, c.issued_at, c.valid_until,
  c.pdf_file, c.state_reason, c.state_cause, c.state_at, o.path AS organisation_path
  FROM credentials c JOIN assignments a ON a.id = c.assignment_id JOIN appointments p ON p.id = a.appointment_id
  JOIN organisations o ON o.id = p.organisation_id`;

/** A credential by its number, with the path of the holder's organisation; null when there is none. */
export const credentialByNumber = (from: Reader, number: string): Promise<Credential | null> =>
  maybeOne(from, CredentialRow, `${SELECT} WHERE c.number = $number`, { number });

export const findCredential = (from: Reader, id: string): Promise<Credential | null> =>
  maybeOne(from, CredentialRow, `${SELECT} WHERE c.id = $id`, { id });

/** What was issued for an assignment, the newest first: at most that one is valid, the others were replaced. */
export const credentialsOfAssignment = (from: Reader, assignmentId: string): Promise<Credential[]> =>
  rows(from, CredentialRow, `${SELECT} WHERE c.assignment_id = $assignmentId ORDER BY c.issued_at DESC, c.number DESC`, { assignmentId });

/** The newest credential of an assignment; null when none was issued. */
export const credentialOfAssignment = async (from: Reader, assignmentId: string): Promise<Credential | null> =>
  (await credentialsOfAssignment(from, assignmentId))[0] ?? null;

/** What a person holds, the newest first. */
export const credentialsOf = (from: Reader, personId: string): Promise<Credential[]> =>
  rows(from, CredentialRow, `${SELECT} WHERE c.person_id = $personId ORDER BY c.issued_at DESC, c.number DESC`, { personId });

/**
 * The next number of the year. The row stays locked until the transaction ends and a rollback gives the
 * number back, so that numbers have neither gaps nor twins.
 */
export async function nextNumber(tx: Tx, year: number): Promise<string> {
  const { last } = await one(tx, z.object({ last: z.number() }), `INSERT INTO credential_numbers (year, last) VALUES ($year, 1)
    ON CONFLICT (year) DO UPDATE SET last = credential_numbers.last + 1 RETURNING last`, { year });
  return credentialNumber(year, last);
}

export async function insertCredential(tx: Tx, row: { personId: string; assignmentId: string; snapshot: Snapshot; replaces: string | null }): Promise<string> {
  const id = newId();
  await insert(tx, 'credentials', [{
    id, number: row.snapshot.number, check_code: row.snapshot.checkCode, person_id: row.personId, assignment_id: row.assignmentId,
    snapshot: JSON.stringify(row.snapshot), state: 'valid', issued_at: tx.now, valid_until: row.snapshot.validUntil, state_at: tx.now,
    replaces: row.replaces,
  }]);
  return id;
}

export const savePdfFile = (tx: Tx, id: string, key: string): Promise<number> =>
  execute(tx, 'UPDATE credentials SET pdf_file = $key WHERE id = $id AND pdf_file IS NULL', { id, key });

export const markRevoked = (tx: Tx, id: string, cause: RevocationCause, reason: RevocationReason): Promise<number> =>
  execute(tx, `UPDATE credentials SET state = 'revoked', state_cause = $cause, state_reason = $reason, state_at = $now
    WHERE id = $id AND state = 'valid'`, { id, cause, reason, now: tx.now });

const RevokedRow = z.object({ state_at: z.number(), state_cause: z.enum(['personnel', 'rule']), state_reason: z.string() });

/** The revocations of credentials of an assignment. */
export const withdrawalsOf = async (from: Reader, assignmentId: string): Promise<Withdrawal[]> =>
  (await rows(from, RevokedRow, `SELECT state_at, state_cause, state_reason FROM credentials
    WHERE assignment_id = $assignmentId AND state = 'revoked'`, { assignmentId }))
    .map((row) => withdrawalBy(row.state_at, row.state_cause, row.state_reason));

const HolderRow = z.object({
  name: z.string(), recruitment_number: z.string().nullable(), organisation: z.string(), post: z.string(), issuer: z.string(),
});

/** What is printed about the holder of an assignment. The issuer is the organisation at the root. */
export const holderOf = (from: Reader, assignmentId: string) =>
  one(from, HolderRow, `SELECT p.name, i.value AS recruitment_number, o.name AS organisation, ap.post, root.name AS issuer
    FROM assignments a JOIN persons p ON p.id = a.person_id JOIN appointments ap ON ap.id = a.appointment_id
    JOIN organisations o ON o.id = ap.organisation_id
    JOIN organisations root ON root.parent_id IS NULL AND o.path LIKE root.path || '%'
    LEFT JOIN identifiers i ON i.person_id = p.id AND i.kind = 'recruitment'
    WHERE a.id = $assignmentId ORDER BY i.id LIMIT 1`, { assignmentId });

const TitleRow = z.object({ kind: z.enum(['course', 'exam']), target_id: z.string(), title_zh: z.string(), title_en: z.string(), minutes: z.number().nullable() });

/** The titles under which requirements of an assignment are printed: of the course version that was completed, of the exam. */
export const printedTitles = (from: Reader, versionId: string, personId: string) =>
  rows(from, TitleRow, `SELECT r.kind, r.course_id AS target_id, v.title_zh, v.title_en, d.minutes
      FROM requirements r JOIN completions d ON d.course_id = r.course_id AND d.person_id = $personId
      JOIN course_versions v ON v.id = d.course_version_id WHERE r.programme_version_id = $versionId
    UNION ALL SELECT r.kind, r.exam_id AS target_id, e.title_zh, e.title_en, NULL AS minutes
      FROM requirements r JOIN exams e ON e.id = r.exam_id WHERE r.programme_version_id = $versionId`, { versionId, personId });
