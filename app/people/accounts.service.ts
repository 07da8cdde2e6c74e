import { commitIfOk, reader, type Reader, type Tx } from '~/db';
import {
  accountNamed, accountOfPerson, accountRoles, authorise, BOUNDLESS_ROLES, can, closeAccount, CODE_LASTS, covers, endRole, findAccount, grantRole, isRoot, newActivationCode,
  openAccount, reopenAccount, scopePaths, type Account, type Actor, type Role,
} from '~/identity';
import type { Instant } from '~/kernel/clock';
import { err, ok, type Err, type Result } from '~/kernel/result';
import { openOrganisation } from './organisations/open.service';
import { personsByNumber, type AppointmentKind, type PersonNumber } from './person.repository';
import { appoint, createPerson, pathsOfPerson } from './person.service';

/** A code as shown once, on the screen of who asked for it. */
export interface FreshCode {
  code: string;
  signInName: string;
  expiresAt: Instant;
}

/** Whether the administrator may act on the account: all its roles in scope, or without roles its person. */
export async function mayAdminister(from: Reader, actor: Actor, account: Account): Promise<boolean> {
  const scope = scopePaths(actor, 'administrator');
  if (scope.some(isRoot)) return true;
  const roles = await accountRoles(from, account.id);
  // One role outside is enough to refuse: a new password would be a way to it.
  if (roles.length > 0) return roles.every((role) => scope.some((path) => covers(path, role.path)));
  return account.personId !== null && can(actor, 'administer accounts', { organisationPath: await pathsOfPerson(from, account.personId) });
}

/** Whether the account is one of those that the administrator's list shows: a role or its person in scope. */
export async function accountSeenBy(from: Reader, actor: Actor, account: Account): Promise<boolean> {
  const scope = scopePaths(actor, 'administrator');
  if (scope.some(isRoot)) return true;
  const places = (await accountRoles(from, account.id)).map((role) => role.path);
  if (account.personId) places.push(...(await pathsOfPerson(from, account.personId)));
  return can(actor, 'administer accounts', { organisationPath: places });
}

/** Runs `work` on an account that the actor may administer, in one transaction. */
function administer<T>(actor: Actor, accountId: string, work: (tx: Tx, account: Account) => Promise<Result<T>>): Promise<Result<T>> {
  return commitIfOk(async (tx) => {
    authorise(actor, 'see accounts');
    const account = await findAccount(tx, accountId);
    if (!account) return err('not-found');
    return (await mayAdminister(tx, actor, account)) ? work(tx, account) : err('account.has-roles');
  });
}

/** Within the own scope; a role that reaches everything only by whoever administers everything, and where that shows. */
function mayGrant(actor: Actor, role: Role, organisationPath: string): Result<null> {
  authorise(actor, 'administer accounts', { organisationPath });
  return BOUNDLESS_ROLES.includes(role) && !isRoot(organisationPath) ? err('role.only-root', undefined, 'role') : ok(null);
}

/** Grants a role over an organisation in the administrator's own scope. */
export const grantRoleTo = (actor: Actor, given: { accountId: string; role: Role; organisationId: string }): Promise<Result<null>> =>
  administer(actor, given.accountId, async (tx) => {
    const organisation = await openOrganisation(tx, given.organisationId, 'organisationId');
    if (!organisation.ok) return organisation;
    const allowed = mayGrant(actor, given.role, organisation.value.path);
    return allowed.ok ? grantRole(tx, actor, given) : allowed;
  });

/** The same for whoever signs in with this name or has this staff or recruitment number. */
export async function grantRoleToNamed(actor: Actor, given: { name: string; role: Role; organisationId: string }): Promise<Result<null>> {
  const { name, ...granted } = given;
  const personId = (await personsByNumber(reader(), [name])).get(name);
  const account = (await accountNamed(reader(), name)) ?? (personId === undefined ? null : await accountOfPerson(reader(), personId));
  if (!account) return err('account.unknown', { value: name }, 'name');
  const done = await grantRoleTo(actor, { accountId: account.id, ...granted });
  return done.ok || done.error.field !== undefined ? done : atField(done, 'name');
}

export const endRoleOf = (actor: Actor, given: { accountId: string; roleId: string }): Promise<Result<null>> =>
  administer(actor, given.accountId, (tx) => endRole(tx, actor, given));

export const closeAccountOf = (actor: Actor, given: { accountId: string; reason: string }): Promise<Result<null>> =>
  administer(actor, given.accountId, (tx) => closeAccount(tx, actor, given.accountId, given.reason));

export const reopenAccountOf = (actor: Actor, given: { accountId: string; reason: string }): Promise<Result<null>> =>
  administer(actor, given.accountId, (tx) => reopenAccount(tx, actor, given.accountId, given.reason));

/** A new one-time code for an account that the actor administers. */
export const newCodeForAccount = (actor: Actor, given: { accountId: string; reason: string }): Promise<Result<FreshCode>> =>
  administer(actor, given.accountId, (tx, account) => freshCode(tx, actor, account, given.reason));

/**
 * HR helps somebody who lost code or password. Accounts with roles are for administrators: the code shown
 * would open them to HR.
 */
export function newCodeForPerson(actor: Actor, given: { personId: string; reason: string }): Promise<Result<FreshCode>> {
  return commitIfOk(async (tx) => {
    authorise(actor, 'help with signing in', { personId: given.personId, organisationPath: await pathsOfPerson(tx, given.personId) });
    const account = await accountOfPerson(tx, given.personId);
    if (!account) return err('not-found');
    if ((await accountRoles(tx, account.id)).length > 0) return err('account.has-roles');
    return freshCode(tx, actor, account, given.reason);
  });
}

async function freshCode(tx: Tx, actor: Actor, account: Account, reason?: string): Promise<Result<FreshCode>> {
  if (account.state === 'closed') return err('account.closed');
  const purpose = account.state === 'invited' ? 'activate' : 'reset';
  const code = await newActivationCode(tx, actor, account.id, purpose, { personId: account.personId, ...(reason && { reason }) });
  return ok({ code, signInName: account.signInName, expiresAt: tx.now + CODE_LASTS[purpose] });
}

export interface NewMember {
  name: string;
  email?: string | null;
  phone?: string | null;
  staffNumber: string;
  organisationId: string;
  kind: AppointmentKind;
  post: string;
  rank?: string | null;
  startOfDuty: string;
}

/** Registers a person with appointment and account (signing in with the staff number), and makes the first code. */
export async function createMember(actor: Actor, given: NewMember): Promise<Result<FreshCode & { accountId: string }>> {
  const organisation = await openOrganisation(reader(), given.organisationId, 'organisationId');
  if (!organisation.ok) return organisation;
  authorise(actor, 'administer accounts', { organisationPath: organisation.value.path });
  const numbers: PersonNumber[] = [{ kind: 'staff', value: given.staffNumber }];
  return commitIfOk(async (tx) => {
    const person = await createPerson(tx, actor, { name: given.name, email: given.email, phone: given.phone, numbers });
    if (!person.ok) return person;
    await appoint(tx, actor, {
      personId: person.value, organisationId: given.organisationId, kind: given.kind, post: given.post, rank: given.rank, startOfDuty: given.startOfDuty,
    });
    const opened = await openAccount(tx, actor, { personId: person.value, signInName: given.staffNumber });
    return opened.ok ? firstCode(tx, actor, opened.value) : atField(opened, 'staffNumber');
  });
}

/** Opens an account without a person, for a role alone, and makes the first code. */
export async function createPureAccount(actor: Actor, given: { signInName: string; role: Role; organisationId: string }): Promise<Result<FreshCode & { accountId: string }>> {
  const organisation = await openOrganisation(reader(), given.organisationId, 'organisationId');
  if (!organisation.ok) return organisation;
  const allowed = mayGrant(actor, given.role, organisation.value.path);
  if (!allowed.ok) return allowed;
  return commitIfOk(async (tx) => {
    const opened = await openAccount(tx, actor, { personId: null, signInName: given.signInName });
    if (!opened.ok) return opened;
    const granted = await grantRole(tx, actor, { accountId: opened.value, role: given.role, organisationId: given.organisationId });
    return granted.ok ? firstCode(tx, actor, opened.value) : granted;
  });
}

async function firstCode(tx: Tx, actor: Actor, accountId: string): Promise<Result<FreshCode & { accountId: string }>> {
  const account = await findAccount(tx, accountId);
  if (!account) return err('not-found');
  const made = await freshCode(tx, actor, account);
  return made.ok ? ok({ ...made.value, accountId }) : made;
}

const atField = (failed: Err, field: string): Err => ({ ok: false, error: { ...failed.error, field } });
