import { isRoot, ROLES, scopePaths, type Actor } from '~/identity';
import type { AccountsQuery } from '~/people';
import { ACCOUNT_STATES } from './account-states';

/** What the address of the list of accounts asks for, within the administrator's scope. */
export function accountsQuery(actor: Actor, url: string): Omit<AccountsQuery, 'page'> {
  const asked = new URL(url).searchParams;
  const paths = scopePaths(actor, 'administrator');
  const state = ACCOUNT_STATES.find((one) => one === asked.get('state'));
  return {
    paths,
    everywhere: paths.some(isRoot),
    search: (asked.get('q') ?? '').slice(0, 100),
    role: ROLES.find((role) => role === asked.get('role')),
    ...(state && state !== 'none' && { state }),
  };
}
