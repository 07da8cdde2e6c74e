import { appendEvent, appendEvents, commitIfOk, reader, type Reader, type Tx } from '~/db';
import { clock, days, type Instant } from '~/kernel/clock';
import { err, ok, type Result } from '~/kernel/result';
import type { Actor } from './access';
import { findByName, savePassword, type AccountRow } from './account.repository';
import { looksLikeCode, newCode } from './code';
import { findCode, insertCodes, replaceCodes, spendCode, type CodeRow, type Purpose } from './code.repository';
import { mayTry, trySucceeded } from './limits.service';
import { hashPassword } from './password-hash';
import { endOtherSignIns } from './sign-in.repository';
import { goodPassword, startSignIn, type Origin } from './sign-in.service';

/** How long a code works. */
export const CODE_LASTS = { activate: days(30), reset: days(3) } as const satisfies Record<Purpose, number>;

/** Whose code is made. */
export interface CodeFor {
  accountId: string;
  personId: string | null;
}

/**
 * Makes a one-time code each; codes made before stop working.
 * @param reason why it was asked for, kept in the ledger
 * @returns the codes by account, which are stored nowhere: show them once
 */
export async function newActivationCodes(
  tx: Tx, actor: Pick<Actor, 'by'>, accounts: readonly CodeFor[], purpose: Purpose, reason?: string,
): Promise<Map<string, string>> {
  const expiresAt = tx.now + CODE_LASTS[purpose];
  const codes = new Map(accounts.map(({ accountId }) => [accountId, newCode()]));
  await replaceCodes(tx, [...codes.keys()]);
  await insertCodes(tx, codes, { purpose, by: actor.by, expiresAt });
  await appendEvents(tx, accounts.map(({ accountId, personId }) => ({
    kind: 'account.code-made', subject: { kind: 'account', id: accountId }, personId, by: actor.by,
    body: { purpose, expiresAt }, ...(reason && { personal: { reason } }),
  })));
  return codes;
}

/** One code, as `newActivationCodes`. */
export async function newActivationCode(
  tx: Tx, actor: Pick<Actor, 'by'>, accountId: string, purpose: Purpose, because: { personId?: string | null; reason?: string } = {},
): Promise<string> {
  const codes = await newActivationCodes(tx, actor, [{ accountId, personId: because.personId ?? null }], purpose, because.reason);
  return codes.get(accountId) ?? '';
}

interface Given {
  name: string;
  code: string;
}

/** Looks a code up. Only who has both number and code learns more than "wrong". */
async function judge(from: Reader, given: Given, now: Instant): Promise<Result<{ account: AccountRow; code: CodeRow }>> {
  const account = await findByName(from, given.name);
  const code = await findCode(from, given.code);
  if (!account || code?.account_id !== account.id) return err('activation.wrong');
  if (account.state === 'closed') return err('account.closed');
  if (code.used_at !== null) return err('activation.used');
  if (code.replaced_at !== null) return err('activation.replaced');
  if (code.expires_at <= now) return err('activation.expired');
  return ok({ account, code });
}

export interface CheckedCode {
  accountId: string;
  personId: string | null;
  signInName: string;
  purpose: Purpose;
}

/** First step: is the code right? Nothing changes yet; the answer says whom to greet. */
export async function checkCode(given: Given & { address: string }): Promise<Result<CheckedCode>> {
  if (!looksLikeCode(given.code)) return err('activation.malformed', undefined, 'code');
  const attempted = { kind: 'activation', name: given.name, address: given.address } as const;
  const allowed = await mayTry(attempted);
  if (!allowed.ok) return allowed;
  const judged = await judge(reader(), given, clock.now());
  if (!judged.ok) return judged;
  await trySucceeded(attempted);
  const { account, code } = judged.value;
  return ok({ accountId: account.id, personId: account.person_id, signInName: account.sign_in_name, purpose: code.purpose });
}

/**
 * Second step: sets the password and signs in. The code is used up; all earlier sign-ins end.
 * @returns the token for the cookie
 */
export async function activate(given: Given & Origin & { password: string }): Promise<Result<{ token: string }>> {
  const checked = await checkCode(given);
  if (!checked.ok) return checked;
  const good = goodPassword(given.password, checked.value.signInName);
  if (!good.ok) return good;
  const hash = await hashPassword(given.password);
  return commitIfOk(async (tx) => {
    const judged = await judge(tx, given, tx.now);
    return judged.ok ? setPassword(tx, judged.value.account, judged.value.code, hash, given) : judged;
  });
}

async function setPassword(tx: Tx, account: AccountRow, code: CodeRow, hash: string, origin: Origin): Promise<Result<{ token: string }>> {
  if (!(await spendCode(tx, code.id))) return err('activation.used');
  await savePassword(tx, account.id, hash);
  await endOtherSignIns(tx, account.id, null);
  await appendEvent(tx, {
    kind: code.purpose === 'activate' ? 'account.activated' : 'account.password-reset',
    subject: { kind: 'account', id: account.id }, personId: account.person_id, by: `account:${account.id}`, cause: 'one-time code',
  });
  const { address, agent } = origin;
  return ok({ token: await startSignIn(tx, { id: account.id, personId: account.person_id }, { address, agent }, 'one-time code') });
}
