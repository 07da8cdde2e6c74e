import { z } from 'zod';
import { execute, insert, json, maybeOne, places, rows, type Reader, type Tx } from '~/db';
import { newId } from '~/kernel/id';
import { Snapshot } from './credential';
import { CREDENTIAL_STATES, stateAfter, statesBefore, type CredentialChange } from './credentials/state';
import type { RevocationCause } from './withdrawal';

const CredentialRow = z.object({
  id: z.string(), number: z.string(), check_code: z.string(), person_id: z.string(), assignment_id: z.string(),
  snapshot: json(Snapshot), state: z.enum(CREDENTIAL_STATES), issued_at: z.number(), valid_from: z.string().nullable(), valid_until: z.string().nullable(), end_cause: z.enum(['law']).nullable(),
  replaces: z.string().nullable(), pdf_file: z.string().nullable(), state_reason: z.string().nullable(), state_cause: z.enum(['personnel', 'rule']).nullable(), state_at: z.number(), organisation_path: z.string(),
});
export type Credential = z.infer<typeof CredentialRow>;

const SELECT = `SELECT c.id, c.number, c.check_code, c.person_id, c.assignment_id, c.snapshot, c.state, c.issued_at, c.valid_from, c.valid_until, c.end_cause,
  c.replaces, c.pdf_file, c.state_reason, c.state_cause, c.state_at, o.path AS organisation_path
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

/** The credential that replaces another; null while none does. */
export const successorOf = (from: Reader, id: string): Promise<Credential | null> =>
  maybeOne(from, CredentialRow, `${SELECT} WHERE c.replaces = $id`, { id });

export async function insertCredential(tx: Tx, row: { personId: string; assignmentId: string; snapshot: Snapshot; replaces: string | null }): Promise<string> {
  const id = newId();
  await insert(tx, 'credentials', [{
    id, number: row.snapshot.number, check_code: row.snapshot.checkCode, person_id: row.personId, assignment_id: row.assignmentId,
    snapshot: JSON.stringify(row.snapshot), state: 'valid', issued_at: tx.now, valid_from: row.snapshot.validFrom, valid_until: row.snapshot.validUntil, state_at: tx.now,
    replaces: row.replaces,
  }]);
  return id;
}

export const savePdfFile = (tx: Tx, id: string, key: string): Promise<number> =>
  execute(tx, 'UPDATE credentials SET pdf_file = $key WHERE id = $id AND pdf_file IS NULL', { id, key });

/** @returns 0 when the credential is in a state from which there is no such change */
export function moveState(tx: Tx, id: string, change: CredentialChange, { cause, reason }: { cause: RevocationCause; reason: string }): Promise<number> {
  const before = statesBefore(change);
  const after = stateAfter(before[0] ?? 'revoked', change);
  const { list, params } = places(before);
  return execute(tx, `UPDATE credentials SET state = $after, state_cause = $cause, state_reason = $reason, state_at = $now, version = version + 1
    WHERE id = $id AND state IN (${list})`, { ...params, id, after, cause, reason, now: tx.now });
}
