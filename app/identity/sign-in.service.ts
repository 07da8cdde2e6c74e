import { randomBytes } from 'node:crypto';
import { appendEvent, commitIfOk, inTransaction, reader, type Tx } from '~/db';
import { clock, type Instant } from '~/kernel/clock';
import { err, ok, type Result } from '~/kernel/result';
import type { Actor } from './access';
import { findAccountRow, findByName, savePassword, type AccountRow } from './account.repository';
import { mayTry, trySucceeded } from './limits.service';
import { passwordProblems } from './password';
import { hashPassword, passwordFits } from './password-hash';
import { deleteSignIns, endOtherSignIns, endSignIn, insertSignIn, openSignIns, signInRows } from './sign-in.repository';

/** Where a sign-in comes from, shown to its owner. */
export interface Origin {
  address: string;
  agent: string;
}

/** Opens a sign-in. @returns the token for the cookie; only its hash is stored */
export async function startSignIn(tx: Tx, account: { id: string; personId: string | null }, origin: Origin, cause: string): Promise<string> {
  const token = randomBytes(32).toString('base64url');
  const signInId = await insertSignIn(tx, { accountId: account.id, token, ...origin });
  await appendEvent(tx, {
    kind: 'sign-in.started', subject: { kind: 'account', id: account.id }, personId: account.personId,
    by: `account:${account.id}`, cause, body: { signInId },
  });
  return token;
}

/**
 * Signs in by name and password. The answer and its duration do not tell whether the name exists.
 * @param previousToken what the browser was signed in with; ended, so that a planted cookie is worth nothing
 */
export async function signIn(
  given: { name: string; password: string } & Origin, previousToken: string | null = null,
): Promise<Result<{ token: string }>> {
  const attempted = { kind: 'sign-in', name: given.name, address: given.address } as const;
  const allowed = await mayTry(attempted);
  if (!allowed.ok) return allowed;
  const account = await findByName(reader(), given.name);
  const fits = await passwordFits(account?.password_hash ?? null, given.password);
  if (!account || !fits) return err('sign-in.wrong');
  await trySucceeded(attempted);
  if (account.state !== 'active') return err('account.closed');
  const { address, agent } = given;
  const token = await inTransaction(async (tx) => {
    if (previousToken) await endByToken(tx, previousToken);
    return startSignIn(tx, { id: account.id, personId: account.person_id }, { address, agent }, 'password');
  });
  return ok({ token });
}

async function endByToken(tx: Tx, token: string): Promise<void> {
  const [row] = await signInRows(tx, token, tx.now);
  if (row) await endSignIn(tx, row.id);
}

export async function signOut(actor: Actor): Promise<void> {
  await inTransaction(async (tx) => {
    if ((await endSignIn(tx, actor.signInId)) === 0) return;
    await appendEvent(tx, {
      kind: 'sign-in.ended', subject: { kind: 'account', id: actor.accountId }, personId: actor.personId,
      by: actor.by, body: { signInId: actor.signInId },
    });
  });
}

/** Ends all other sign-ins of the account. @returns how many */
export async function signOutElsewhere(actor: Actor): Promise<number> {
  return inTransaction(async (tx) => {
    const ended = await endOtherSignIns(tx, actor.accountId, actor.signInId);
    if (ended === 0) return 0;
    await appendEvent(tx, {
      kind: 'sign-in.ended-elsewhere', subject: { kind: 'account', id: actor.accountId }, personId: actor.personId,
      by: actor.by, body: { ended },
    });
    return ended;
  });
}

/** Changes one's own password; all other sign-ins end. */
export async function changePassword(actor: Actor, given: { current: string; next: string; address: string }): Promise<Result<null>> {
  const attempted = { kind: 'password', name: actor.accountId, address: given.address } as const;
  const allowed = await mayTry(attempted);
  if (!allowed.ok) return allowed;
  const account = await findAccountRow(reader(), actor.accountId);
  if (!account || !(await passwordFits(account.password_hash, given.current))) return err('password.wrong', undefined, 'currentPassword');
  await trySucceeded(attempted);
  if (given.next === given.current) return err('password.unchanged', undefined, 'password');
  const good = goodPassword(given.next, account.sign_in_name);
  return good.ok ? storePassword(actor, account, await hashPassword(given.next)) : good;
}

/**
 * Whether somebody who is signed in knows the account's password, asked before something that a borrowed browser must
 * not do. Slowed like signing in.
 * @returns `password.wrong` at the field `password`
 */
export async function confirmPassword(actor: Actor, given: { password: string; address: string }): Promise<Result<null>> {
  const attempted = { kind: 'password', name: actor.accountId, address: given.address } as const;
  const allowed = await mayTry(attempted);
  if (!allowed.ok) return allowed;
  const account = await findAccountRow(reader(), actor.accountId);
  if (account?.state !== 'active' || !(await passwordFits(account.password_hash, given.password))) return err('password.wrong', undefined, 'password');
  await trySucceeded(attempted);
  return ok(null);
}

/** The first thing that a new password lacks; forms show all of them by `newPasswordFields`. */
export function goodPassword(password: string, signInName: string): Result<null> {
  const [first] = passwordProblems(password, signInName);
  return first ? { ok: false, error: { ...first, field: 'password' } } : ok(null);
}

const storePassword = (actor: Actor, account: AccountRow, hash: string): Promise<Result<null>> =>
  commitIfOk(async (tx) => {
    if ((await savePassword(tx, account.id, hash)) === 0) return err('account.closed');
    await endOtherSignIns(tx, account.id, actor.signInId);
    await appendEvent(tx, {
      kind: 'account.password-changed', subject: { kind: 'account', id: account.id }, personId: account.person_id, by: actor.by,
    });
    return ok(null);
  });

export interface OwnSignIn {
  id: string;
  startedAt: Instant;
  seenAt: Instant;
  address: string;
  agent: string;
  /** The one that asks. */
  here: boolean;
}

/** One's own open sign-ins, latest first. */
export async function ownSignIns(actor: Actor): Promise<OwnSignIn[]> {
  const found = await openSignIns(reader(), actor.accountId, clock.now());
  return found.map((row) => ({
    id: row.id, startedAt: row.created_at, seenAt: row.seen_at, address: row.address, agent: row.agent, here: row.id === actor.signInId,
  }));
}

/** Forgets sign-ins that ended before `before`; the ledger keeps that they were. For a sweep. */
export const forgetSignIns = (before: Instant): Promise<number> => inTransaction((tx) => deleteSignIns(tx, before));
