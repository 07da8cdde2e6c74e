import { z } from 'zod';
import { accountOf, execute, insert, maybeOne, one, rows, type Reader, type Tx } from '~/db';
import { newId } from '~/kernel/id';
import { within } from '~/people';
import { CREDENTIAL_STATES } from './state';

export const ACT_KINDS = ['revocation', 'suspension', 'correction'] as const;
export const ACT_STATES = ['asked', 'carried-out', 'refused', 'withdrawn', 'in-force', 'lifted', 'overtaken'] as const;

const ActRow = z.object({
  id: z.string(), kind: z.enum(ACT_KINDS), state: z.enum(ACT_STATES), reason: z.string(), explanation: z.string(),
  asked_at: z.number(), asked_by: z.string(), asker: z.string().nullable(), decided_at: z.number().nullable(), decided_by: z.string().nullable(), decider: z.string().nullable(),
  decision_note: z.string().nullable(), credential_id: z.string(), number: z.string(), credential_state: z.enum(CREDENTIAL_STATES), person_id: z.string(), name: z.string(),
  organisation: z.string(), organisation_path: z.string(), assignment_id: z.string(), successor: z.string().nullable(),
});
export type CredentialAct = z.infer<typeof ActRow>;

const SELECT = `SELECT x.id, x.kind, x.state, x.reason, x.explanation, x.asked_at, x.asked_by, aa.sign_in_name AS asker, x.decided_at, x.decided_by,
  da.sign_in_name AS decider, x.decision_note, x.credential_id, c.number, c.state AS credential_state, c.person_id, p.name, o.name AS organisation,
  o.path AS organisation_path, c.assignment_id, s.number AS successor
  FROM credential_acts x JOIN credentials c ON c.id = x.credential_id JOIN persons p ON p.id = c.person_id
  JOIN assignments a ON a.id = c.assignment_id JOIN appointments ap ON ap.id = a.appointment_id JOIN organisations o ON o.id = ap.organisation_id
  LEFT JOIN accounts aa ON aa.id = ${accountOf('x.asked_by')} LEFT JOIN accounts da ON da.id = ${accountOf('x.decided_by')}
  LEFT JOIN credentials s ON s.id = x.successor_id`;

export const findAct = (from: Reader, id: string): Promise<CredentialAct | null> => maybeOne(from, ActRow, `${SELECT} WHERE x.id = $id`, { id });

/** What was done to a credential and asked about it, the newest first. */
export const actsOf = (from: Reader, credentialId: string): Promise<CredentialAct[]> =>
  rows(from, ActRow, `${SELECT} WHERE x.credential_id = $credentialId ORDER BY x.asked_at DESC, x.id DESC`, { credentialId });

const LIMIT = 200;

/** What waits for somebody in these subtrees: revocations that were asked for, suspensions in force. The longest waiting first. */
export function openActs(from: Reader, paths: string[]): Promise<CredentialAct[]> {
  const { sql, params } = within('o.path', paths);
  return rows(from, ActRow, `${SELECT} WHERE x.state IN ('asked', 'in-force') AND ${sql} ORDER BY x.state, x.asked_at, x.id LIMIT $limit`, { ...params, limit: LIMIT });
}

/** What was decided lately in these subtrees. */
export function decidedActs(from: Reader, paths: string[], limit: number): Promise<CredentialAct[]> {
  const { sql, params } = within('o.path', paths);
  return rows(from, ActRow, `${SELECT} WHERE x.state NOT IN ('asked', 'in-force') AND ${sql} ORDER BY COALESCE(x.decided_at, x.asked_at) DESC, x.id DESC LIMIT $limit`, { ...params, limit });
}

/** How many revocations wait for a decision in these subtrees. */
export async function askedActs(from: Reader, paths: string[]): Promise<number> {
  const { sql, params } = within('o.path', paths);
  return (await one(from, z.object({ n: z.number() }), `SELECT COUNT(*) AS n FROM credential_acts x JOIN credentials c ON c.id = x.credential_id
    JOIN assignments a ON a.id = c.assignment_id JOIN appointments ap ON ap.id = a.appointment_id JOIN organisations o ON o.id = ap.organisation_id
    WHERE x.state = 'asked' AND ${sql}`, params)).n;
}

export interface NewAct {
  credentialId: string;
  kind: CredentialAct['kind'];
  state: 'asked' | 'in-force' | 'carried-out';
  reason: string;
  explanation: string;
  by: string;
  successorId?: string;
}

/** @returns the act's id; null when one of its kind is open for the credential */
export async function insertAct(tx: Tx, act: NewAct): Promise<string | null> {
  const id = newId();
  const added = await insert(tx, 'credential_acts', [{
    id, credential_id: act.credentialId, kind: act.kind, state: act.state, reason: act.reason, explanation: act.explanation, asked_at: tx.now, asked_by: act.by,
    successor_id: act.successorId ?? null,
  }], 'ON CONFLICT DO NOTHING');
  return added > 0 ? id : null;
}

/** Closes an act that is open; @returns 0 when somebody was faster */
export const closeAct = (tx: Tx, id: string, to: 'carried-out' | 'refused' | 'withdrawn' | 'lifted', { by, note }: { by: string; note: string }): Promise<number> =>
  execute(tx, `UPDATE credential_acts SET state = $to, decided_at = $now, decided_by = $by, decision_note = $note, version = version + 1
    WHERE id = $id AND state IN ('asked', 'in-force')`, { id, to, by, note, now: tx.now });

/** Closes everything that is open about a credential which another act or a rule has settled. */
export const overtakeActs = (tx: Tx, credentialId: string): Promise<number> =>
  execute(tx, `UPDATE credential_acts SET state = 'overtaken', decided_at = $now, version = version + 1
    WHERE credential_id = $credentialId AND state IN ('asked', 'in-force')`, { credentialId, now: tx.now });

/** Whether another account than this one may decide here: whose role holds over the organisation and who can sign in or will. */
export const anotherDecides = async (from: Reader, path: string, accountId: string): Promise<boolean> =>
  (await maybeOne(from, z.object({ id: z.string() }), `SELECT c.id FROM accounts c JOIN roles r ON r.account_id = c.id JOIN organisations o ON o.id = r.organisation_id
    WHERE c.id <> $accountId AND c.state <> 'closed' AND r.role IN ('hr', 'administrator') AND $path LIKE o.path || '%' LIMIT 1`, { path, accountId })) !== null;
