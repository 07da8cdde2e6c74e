import { z } from 'zod';
import { containing, one, rows, places, type Params, type Reader } from '~/db';
import { foldName, ROLES, type AccountState, type Role } from '~/identity';
import { within } from './organisation.repository';

export interface AccountsQuery {
  /** Organisation paths that the reader administers. */
  paths: readonly string[];
  /** Also accounts that belong nowhere: for administrators of the whole deployment. */
  everywhere: boolean;
  search?: string;
  state?: AccountState;
  role?: Role;
  page: number;
  pageSize?: number;
}

export interface ListedAccount {
  id: string;
  signInName: string;
  personId: string | null;
  personName: string | null;
  state: AccountState;
  roles: { role: Role; organisationName: string }[];
}

const AccountRow = z.object({
  id: z.string(), sign_in_name: z.string(), person_id: z.string().nullable(), person_name: z.string().nullable(),
  state: z.enum(['invited', 'active', 'closed']),
});
const RoleRow = z.object({ account_id: z.string(), role: z.enum(ROLES), organisation_name: z.string() });

/** Accounts whose person serves in scope, or that hold a role there; by sign-in name. */
export async function accountsInScope(from: Reader, query: AccountsQuery): Promise<{ accounts: ListedAccount[]; count: number; pageCount: number }> {
  const pageSize = query.pageSize ?? 50;
  const { sql, params } = conditions(query);
  const joined = `FROM accounts a LEFT JOIN persons p ON p.id = a.person_id WHERE ${sql}`;
  const { n: count } = await one(from, z.object({ n: z.number() }), `SELECT COUNT(*) AS n ${joined}`, params);
  const found = await rows(from, AccountRow, `SELECT a.id, a.sign_in_name, a.person_id, p.name AS person_name, a.state ${joined}
    ORDER BY a.sign_in_name LIMIT $limit OFFSET $offset`, { ...params, limit: pageSize, offset: (query.page - 1) * pageSize });
  const roles = await rolesByAccount(from, found.map((row) => row.id));
  return {
    accounts: found.map((row) => ({
      id: row.id, signInName: row.sign_in_name, personId: row.person_id, personName: row.person_name, state: row.state, roles: roles.get(row.id) ?? [],
    })),
    count,
    pageCount: Math.max(1, Math.ceil(count / pageSize)),
  };
}

async function rolesByAccount(from: Reader, ids: string[]): Promise<Map<string, ListedAccount['roles']>> {
  const byAccount = new Map<string, ListedAccount['roles']>();
  if (ids.length === 0) return byAccount;
  const { list, params } = places(ids);
  const found = await rows(from, RoleRow, `SELECT r.account_id, r.role, o.name AS organisation_name
    FROM roles r JOIN organisations o ON o.id = r.organisation_id WHERE r.account_id IN (${list}) ORDER BY r.role, o.path`, params);
  for (const row of found) {
    byAccount.set(row.account_id, [...(byAccount.get(row.account_id) ?? []), { role: row.role, organisationName: row.organisation_name }]);
  }
  return byAccount;
}

function conditions(query: AccountsQuery): { sql: string; params: Params } {
  const parts: string[] = [];
  const params: Params = {};
  if (!query.everywhere) {
    const scope = within('o.path', query.paths);
    parts.push(`(EXISTS (SELECT 1 FROM roles r JOIN organisations o ON o.id = r.organisation_id WHERE r.account_id = a.id AND ${scope.sql})
      OR EXISTS (SELECT 1 FROM appointments t JOIN organisations o ON o.id = t.organisation_id
        WHERE t.person_id = a.person_id AND t.ended_on IS NULL AND ${scope.sql}))`);
    Object.assign(params, scope.params);
  }
  const search = query.search?.trim();
  if (search) {
    parts.push(`(lower(p.name) LIKE $search ESCAPE '!' OR EXISTS (SELECT 1 FROM sign_in_names n
      WHERE n.account_id = a.id AND n.name LIKE $name ESCAPE '!'))`);
    Object.assign(params, { search: containing(search), name: containing(foldName(search)) });
  }
  if (query.state) {
    parts.push('a.state = $state');
    params['state'] = query.state;
  }
  if (query.role) {
    parts.push('EXISTS (SELECT 1 FROM roles f WHERE f.account_id = a.id AND f.role = $role)');
    params['role'] = query.role;
  }
  return { sql: parts.length > 0 ? parts.join(' AND ') : '1 = 1', params };
}
