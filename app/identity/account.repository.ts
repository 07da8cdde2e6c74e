import { z } from 'zod';
import { execute, insert, maybeOne, places, rows, type Reader, type Tx } from '~/db';
import { newId } from '~/kernel/id';
import { foldName } from './name';
import { ROLES, type Role } from './policy';

const ACCOUNT_STATES = ['invited', 'active', 'closed'] as const;
export type AccountState = (typeof ACCOUNT_STATES)[number];

const AccountRow = z.object({
  id: z.string(), person_id: z.string().nullable(), sign_in_name: z.string(), password_hash: z.string().nullable(),
  state: z.enum(ACCOUNT_STATES), version: z.number(),
});
export type AccountRow = z.infer<typeof AccountRow>;

const COLUMNS = 'a.id, a.person_id, a.sign_in_name, a.password_hash, a.state, a.version';

/** The account that signs in with this name, in whatever case and width it was typed. */
export const findByName = (from: Reader, name: string): Promise<AccountRow | null> =>
  maybeOne(from, AccountRow, `SELECT ${COLUMNS} FROM sign_in_names n JOIN accounts a ON a.id = n.account_id
    WHERE n.name = $name`, { name: foldName(name) });

export const findAccountRow = (from: Reader, id: string): Promise<AccountRow | null> =>
  maybeOne(from, AccountRow, `SELECT ${COLUMNS} FROM accounts a WHERE a.id = $id`, { id });

export const findByPerson = (from: Reader, personId: string): Promise<AccountRow | null> =>
  maybeOne(from, AccountRow, `SELECT ${COLUMNS} FROM accounts a WHERE a.person_id = $personId`, { personId });

/** Which of these names are taken, folded. */
export async function takenNames(from: Reader, names: string[]): Promise<Set<string>> {
  if (names.length === 0) return new Set();
  const { list, params } = places(names.map(foldName));
  const found = await rows(from, z.object({ name: z.string() }), `SELECT name FROM sign_in_names WHERE name IN (${list})`, params);
  return new Set(found.map((row) => row.name));
}

/** @returns the ids, in order */
export async function insertAccounts(tx: Tx, fresh: readonly { personId: string | null; signInName: string }[]): Promise<string[]> {
  const made = fresh.map((account) => ({ id: newId(), ...account }));
  await insert(tx, 'accounts', made.map(({ id, personId, signInName }) =>
    ({ id, person_id: personId, sign_in_name: signInName, password_hash: null, state: 'invited', created_at: tx.now })));
  await insert(tx, 'sign_in_names', made.map(({ id, signInName }) => ({ name: foldName(signInName), account_id: id, created_at: tx.now })));
  return made.map(({ id }) => id);
}

export const savePassword = (tx: Tx, accountId: string, hash: string): Promise<number> =>
  execute(tx, `UPDATE accounts SET password_hash = $hash, state = 'active', version = version + 1
    WHERE id = $accountId AND state <> 'closed'`, { accountId, hash });

export const close = (tx: Tx, accountId: string): Promise<number> =>
  execute(tx, `UPDATE accounts SET state = 'closed', version = version + 1 WHERE id = $accountId AND state <> 'closed'`, { accountId });

export const reopen = (tx: Tx, accountId: string): Promise<number> =>
  execute(tx, `UPDATE accounts SET state = CASE WHEN password_hash IS NULL THEN 'invited' ELSE 'active' END, version = version + 1
    WHERE id = $accountId AND state = 'closed'`, { accountId });

const RoleRow = z.object({
  id: z.string(), role: z.enum(ROLES), organisation_id: z.string(), organisation_name: z.string(), path: z.string(),
});
export type RoleRow = z.infer<typeof RoleRow>;

export const rolesOf = (from: Reader, accountId: string): Promise<RoleRow[]> =>
  rows(from, RoleRow, `SELECT r.id, r.role, r.organisation_id, o.name AS organisation_name, o.path
    FROM roles r JOIN organisations o ON o.id = r.organisation_id
    WHERE r.account_id = $accountId ORDER BY r.role, o.path`, { accountId });

/** @returns false when the account holds the role there already */
export async function insertRole(tx: Tx, accountId: string, role: Role, organisationId: string): Promise<boolean> {
  const added = await insert(tx, 'roles', [{ id: newId(), account_id: accountId, role, organisation_id: organisationId, created_at: tx.now }],
    'ON CONFLICT (account_id, role, organisation_id) DO NOTHING');
  return added > 0;
}

export const deleteRole = (tx: Tx, roleId: string): Promise<number> => execute(tx, 'DELETE FROM roles WHERE id = $roleId', { roleId });

const OverRow = z.object({ id: z.string(), role: z.enum(ROLES), account_id: z.string(), person_id: z.string().nullable() });

/** The roles held over one organisation itself. */
export const rolesOver = (from: Reader, organisationId: string): Promise<z.infer<typeof OverRow>[]> =>
  rows(from, OverRow, `SELECT r.id, r.role, r.account_id, a.person_id FROM roles r JOIN accounts a ON a.id = r.account_id
    WHERE r.organisation_id = $organisationId ORDER BY r.id`, { organisationId });

const Id = z.object({ id: z.string() });

/** Accounts that can sign in and administer the whole deployment. */
export const rootAdministrators = (from: Reader): Promise<{ id: string }[]> =>
  rows(from, Id, `SELECT DISTINCT a.id FROM accounts a
    JOIN roles r ON r.account_id = a.id AND r.role = 'administrator'
    JOIN organisations o ON o.id = r.organisation_id AND o.parent_id IS NULL
    WHERE a.state = 'active'`);

/** Some account other than `id`, or null when there is none. */
export const anyAccountBut = (from: Reader, id: string): Promise<{ id: string } | null> =>
  maybeOne(from, Id, 'SELECT id FROM accounts WHERE id <> $id LIMIT 1', { id });

export const findRootOrganisation = (from: Reader): Promise<{ id: string } | null> =>
  maybeOne(from, Id, 'SELECT id FROM organisations WHERE parent_id IS NULL ORDER BY path LIMIT 1');
