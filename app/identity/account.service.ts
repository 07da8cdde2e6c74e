import { appendEvent, appendEvents, inTransaction, type By, type Doer, type Reader, type Tx } from '~/db';
import { err, must, ok, type Result } from '~/kernel/result';
import {
  anyAccountBut, close, deleteRole, findAccountRow, findByName, findByPerson, findRootOrganisation, insertAccounts, insertRole,
  reopen, rolesOf, rolesOver, rootAdministrators, savePassword, takenNames, type AccountRow, type AccountState, type RoleRow,
} from './account.repository';
import { newActivationCode } from './activation.service';
import { openCode, replaceCodes } from './code.repository';
import { foldName, foldWidth, isSignInName } from './name';
import { hashPassword } from './password-hash';
import type { Role } from './policy';
import { endOtherSignIns } from './sign-in.repository';

export interface Account {
  id: string;
  personId: string | null;
  signInName: string;
  state: AccountState;
}

const shown = (row: AccountRow): Account =>
  ({ id: row.id, personId: row.person_id, signInName: row.sign_in_name, state: row.state });

export async function findAccount(from: Reader, id: string): Promise<Account | null> {
  const row = await findAccountRow(from, id);
  return row && shown(row);
}

/** The account that signs in with this name. */
export async function accountNamed(from: Reader, name: string): Promise<Account | null> {
  const row = await findByName(from, name);
  return row && shown(row);
}

export async function accountOfPerson(from: Reader, personId: string): Promise<Account | null> {
  const row = await findByPerson(from, personId);
  return row && shown(row);
}

/** An account to be opened; `personId` is null for a pure account. */
export interface NewAccount {
  personId: string | null;
  signInName: string;
}

/**
 * Opens accounts, invited until somebody activates them.
 * @returns the ids, in order; all or none are opened
 */
export async function openAccounts(tx: Tx, actor: Doer, fresh: readonly NewAccount[]): Promise<Result<string[]>> {
  const named = fresh.map(({ personId, signInName }) => ({ personId, signInName: foldWidth(signInName) }));
  if (!named.every(({ signInName }) => isSignInName(signInName))) return err('person.number-form', undefined, 'signInName');
  const taken = await takenNames(tx, named.map(({ signInName }) => signInName));
  for (const { signInName } of named) {
    if (taken.has(foldName(signInName))) return err('field.taken', { value: signInName }, 'signInName');
    taken.add(foldName(signInName));
  }
  const ids = await insertAccounts(tx, named);
  await appendEvents(tx, named.map(({ personId }, i) => (
    { kind: 'account.opened', subject: { kind: 'account', id: ids[i] ?? '' }, personId, by: actor.by, cause: actor.cause })));
  return ok(ids);
}

/** One account, as `openAccounts`. @returns its id */
export async function openAccount(tx: Tx, actor: Doer, fresh: NewAccount): Promise<Result<string>> {
  const opened = await openAccounts(tx, actor, [fresh]);
  return opened.ok ? ok(opened.value[0] ?? '') : opened;
}

/** Makes an account usable without its owner's doing: for seeds, never for people. */
export async function presetPassword(tx: Tx, accountId: string, passwordHash: string): Promise<void> {
  await savePassword(tx, accountId, passwordHash);
}

export { hashPassword };

/** Grants a role over an organisation and all beneath it. */
export async function grantRole(tx: Tx, actor: Doer, given: { accountId: string; role: Role; organisationId: string }): Promise<Result<null>> {
  const account = await findAccountRow(tx, given.accountId);
  if (!account) return err('not-found');
  if (!(await insertRole(tx, given.accountId, given.role, given.organisationId))) return err('role.held', undefined, 'role');
  await appendEvent(tx, {
    kind: 'role.granted', subject: { kind: 'account', id: given.accountId }, personId: account.person_id, by: actor.by,
    body: { role: given.role, organisationId: given.organisationId },
  });
  return ok(null);
}

/** Ends a role. The last administrator of the deployment keeps theirs: nobody could grant it again. */
export async function endRole(tx: Tx, actor: Doer, given: { accountId: string; roleId: string }): Promise<Result<null>> {
  const account = await findAccountRow(tx, given.accountId);
  const role = (await rolesOf(tx, given.accountId)).find((held) => held.id === given.roleId);
  if (!account || !role) return err('not-found');
  const before = await rootAdministrators(tx);
  await deleteRole(tx, role.id);
  if (before.length > 0 && (await rootAdministrators(tx)).length === 0) return err('account.last-administrator');
  await appendEvent(tx, {
    kind: 'role.ended', subject: { kind: 'account', id: given.accountId }, personId: account.person_id, by: actor.by,
    body: { role: role.role, organisationId: role.organisation_id },
  });
  return ok(null);
}

/**
 * Ends every role over an organisation that is no more; with `carryTo` the same roles hold over that one from now on. The root
 * organisation never ends, so an administrator of the deployment remains.
 */
export async function endRolesOver(tx: Tx, { by, cause }: { by: By; cause: string }, organisationId: string, carryTo: string | null): Promise<void> {
  const held = await rolesOver(tx, organisationId);
  const events = [];
  for (const { id, role, account_id: accountId, person_id: personId } of held) {
    const about = { subject: { kind: 'account', id: accountId }, personId, by, cause };
    await deleteRole(tx, id);
    events.push({ ...about, kind: 'role.ended', body: { role, organisationId } });
    if (carryTo !== null && await insertRole(tx, accountId, role, carryTo)) events.push({ ...about, kind: 'role.granted', body: { role, organisationId: carryTo } });
  }
  await appendEvents(tx, events);
}

/** Closes an account: its sign-ins end, its codes stop working. What it did stays. */
export async function closeAccount(tx: Tx, actor: Doer, accountId: string, reason: string): Promise<Result<null>> {
  const account = await findAccountRow(tx, accountId);
  if (!account) return err('not-found');
  if (actor.by === `account:${accountId}`) return err('account.own');
  const administrators = await rootAdministrators(tx);
  if (administrators.length === 1 && administrators[0]?.id === accountId) return err('account.last-administrator');
  if ((await close(tx, accountId)) === 0) return err('account.not-open');
  await endOtherSignIns(tx, accountId, null);
  await replaceCodes(tx, [accountId]);
  await noteState(tx, actor, 'account.closed', account, reason);
  return ok(null);
}

/** Opens a closed account again, with the password it had. */
export async function reopenAccount(tx: Tx, actor: Doer, accountId: string, reason: string): Promise<Result<null>> {
  const account = await findAccountRow(tx, accountId);
  if (!account) return err('not-found');
  if ((await reopen(tx, accountId)) === 0) return err('conflict.changed');
  await noteState(tx, actor, 'account.reopened', account, reason);
  return ok(null);
}

const noteState = (tx: Tx, actor: Doer, kind: string, account: AccountRow, reason: string): Promise<void> =>
  appendEvent(tx, {
    kind, subject: { kind: 'account', id: account.id }, personId: account.person_id, by: actor.by, cause: actor.cause,
    ...(account.person_id ? { personal: { reason } } : { body: { reason } }),
  });

/** Which of these are names with which somebody signs in; folded. */
export const takenSignInNames = takenNames;

/** The roles of an account, with where they hold. */
export const accountRoles = (from: Reader, accountId: string): Promise<RoleRow[]> => rolesOf(from, accountId);

/** When the account's present code was made and until when it works; null when there is none. */
export const presentCode = openCode;

const FIRST_ADMINISTRATOR = 'admin';

/**
 * A one-time link for the first administrator, only while nobody else has an account and it was not used
 * yet; started again without using it, the program makes a new one. The root organisation must exist.
 */
export async function firstAdministratorLink(publicUrl: string): Promise<string | null> {
  const by: By = 'system:first start';
  const code = await inTransaction(async (tx) => {
    const existing = await findByName(tx, FIRST_ADMINISTRATOR);
    if ((await anyAccountBut(tx, existing?.id ?? '')) || (existing && existing.state !== 'invited')) return null;
    const accountId = existing?.id ?? (await openFirst(tx, by));
    return newActivationCode(tx, { by }, accountId, 'activate');
  });
  return code && `${publicUrl.replace(/\/$/, '')}/activate?name=${FIRST_ADMINISTRATOR}&code=${code}`;
}

async function openFirst(tx: Tx, by: By): Promise<string> {
  const root = await findRootOrganisation(tx);
  if (!root) throw new Error('the root organisation is missing: adopt it first');
  const accountId = must(await openAccount(tx, { by }, { personId: null, signInName: FIRST_ADMINISTRATOR }));
  must(await grantRole(tx, { by }, { accountId, role: 'administrator', organisationId: root.id }));
  return accountId;
}
