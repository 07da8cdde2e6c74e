import { createHash } from 'node:crypto';
import { z } from 'zod';
import { execute, insert, rows, type Reader, type Tx } from '~/db';
import { dateAt } from '~/kernel/calendar';
import type { Instant } from '~/kernel/clock';
import { days, hours } from '~/kernel/clock';
import { config } from '~/kernel/config';
import { newId } from '~/kernel/id';
import { ROLES } from './policy';

/** A sign-in ends after this long without a request … */
export const IDLE = hours(12);
/** … and after this long in any case. */
const LONGEST = days(7);

/** Only the hash is stored: a copy of the database signs nobody in. 256 random bits need no slow hash. */
export const tokenHash = (token: string): string => createHash('sha256').update(token).digest('hex');

const HELD = z.enum([...ROLES, 'leader']).nullable();
const Row = z.object({
  id: z.string(), seen_at: z.number(), account_id: z.string(), person_id: z.string().nullable(), sign_in_name: z.string(), role: HELD, path: z.string().nullable(),
});

const GRANTED = `LEFT JOIN roles r ON r.account_id = a.id LEFT JOIN organisations o ON o.id = r.organisation_id`;
/** Whoever holds a leading appointment today leads that organisation and what lies beneath it. */
const LEADS = `JOIN appointments p ON p.person_id = a.person_id AND p.kind = 'leader' AND p.start_of_duty <= $today AND (p.ended_on IS NULL OR p.ended_on >= $today)
  JOIN organisations o ON o.id = p.organisation_id`;

/** A sign-in that counts at `now`, with its account's roles: one row per role, one with nulls if there is none granted. */
export function signInRows(from: Reader, token: string, now: Instant): Promise<z.infer<typeof Row>[]> {
  const signIns = `FROM sign_ins s JOIN accounts a ON a.id = s.account_id AND a.state = 'active'`;
  const counts = `s.token_hash = $hash AND s.ended_at IS NULL AND s.expires_at > $now AND s.seen_at > $idle`;
  return rows(from, Row, `SELECT s.id, s.seen_at, s.account_id, a.person_id, a.sign_in_name, r.role, o.path ${signIns} ${GRANTED} WHERE ${counts}
    UNION ALL SELECT s.id, s.seen_at, s.account_id, a.person_id, a.sign_in_name, 'leader', o.path ${signIns} ${LEADS} WHERE ${counts}
    ORDER BY role, path`, { hash: tokenHash(token), now, idle: now - IDLE, today: dateAt(now, config().TIME_ZONE) });
}

const AccountRow = z.object({ person_id: z.string().nullable(), sign_in_name: z.string(), role: HELD, path: z.string().nullable() });

/** The roles of an account that may sign in, as `signInRows` has them; none when it may not. */
export const heldRoles = (from: Reader, accountId: string, now: Instant): Promise<z.infer<typeof AccountRow>[]> =>
  rows(from, AccountRow, `SELECT a.person_id, a.sign_in_name, r.role, o.path FROM accounts a ${GRANTED} WHERE a.id = $accountId AND a.state = 'active'
    UNION ALL SELECT a.person_id, a.sign_in_name, 'leader', o.path FROM accounts a ${LEADS} WHERE a.id = $accountId AND a.state = 'active'
    ORDER BY role, path`, { accountId, today: dateAt(now, config().TIME_ZONE) });

export async function insertSignIn(tx: Tx, signIn: { accountId: string; token: string; address: string; agent: string }): Promise<string> {
  const id = newId();
  await insert(tx, 'sign_ins', [{
    id, token_hash: tokenHash(signIn.token), account_id: signIn.accountId, created_at: tx.now, seen_at: tx.now,
    expires_at: tx.now + LONGEST, ended_at: null, address: signIn.address.slice(0, 60), agent: signIn.agent.slice(0, 300),
  }]);
  return id;
}

export const renew = (tx: Tx, signInId: string): Promise<number> =>
  execute(tx, 'UPDATE sign_ins SET seen_at = $now WHERE id = $signInId AND seen_at < $now', { signInId, now: tx.now });

export const endSignIn = (tx: Tx, signInId: string): Promise<number> =>
  execute(tx, 'UPDATE sign_ins SET ended_at = $now WHERE id = $signInId AND ended_at IS NULL', { signInId, now: tx.now });

/** Ends every sign-in of an account but one (or all, with `except` null). */
export const endOtherSignIns = (tx: Tx, accountId: string, except: string | null): Promise<number> =>
  execute(tx, `UPDATE sign_ins SET ended_at = $now
    WHERE account_id = $accountId AND ended_at IS NULL AND id <> $except`, { accountId, except: except ?? '', now: tx.now });

const SignInRow = z.object({ id: z.string(), created_at: z.number(), seen_at: z.number(), address: z.string(), agent: z.string() });

/** Sign-ins of an account that still count, latest first. */
export const openSignIns = (from: Reader, accountId: string, now: Instant): Promise<z.infer<typeof SignInRow>[]> =>
  rows(from, SignInRow, `SELECT id, created_at, seen_at, address, agent FROM sign_ins
    WHERE account_id = $accountId AND ended_at IS NULL AND expires_at > $now AND seen_at > $idle
    ORDER BY seen_at DESC`, { accountId, now, idle: now - IDLE });

/** Forgets sign-ins that ended or ran out before `before`; the ledger keeps that they were. */
export const deleteSignIns = (tx: Tx, before: Instant): Promise<number> =>
  execute(tx, 'DELETE FROM sign_ins WHERE expires_at < $before OR ended_at < $before', { before });
