import { execute, insert, places, rows, type Tx } from '~/db';
import { z } from 'zod';
import { err, ok, type Result } from '~/kernel/result';
import { foldName, foldWidth, isSignInName } from './name';
import { endOtherSignIns } from './sign-in.repository';

/** Another name with which an account can sign in. @returns false when the name belongs to somebody */
export const addSignInName = async (tx: Tx, accountId: string, name: string): Promise<boolean> =>
  (await insert(tx, 'sign_in_names', [{ name: foldName(name), account_id: accountId, created_at: tx.now }], 'ON CONFLICT (name) DO NOTHING')) > 0;

const Name = z.object({ name: z.string() });

/** All names of one account lead to another from now on; whoever is signed in with the former is signed out. @returns the names */
export async function moveSignInNames(tx: Tx, from: string, to: string): Promise<string[]> {
  const names = (await rows(tx, Name, 'SELECT name FROM sign_in_names WHERE account_id = $from', { from })).map((row) => row.name);
  await returnSignInNames(tx, names, to);
  await endOtherSignIns(tx, from, null);
  return names;
}

/** These names lead to an account again. */
export async function returnSignInNames(tx: Tx, names: readonly string[], to: string): Promise<void> {
  if (names.length === 0) return;
  const { list, params } = places([...names]);
  await execute(tx, `UPDATE sign_in_names SET account_id = $to WHERE name IN (${list})`, { ...params, to });
}

/** The account is another person's record from now on, of the same human being. */
export const rebindAccount = (tx: Tx, accountId: string, personId: string): Promise<number> =>
  execute(tx, 'UPDATE accounts SET person_id = $personId, version = version + 1 WHERE id = $accountId', { accountId, personId });

/** The account signs in with another name instead of the one by which it is known; other names that it has stay. */
export async function renameAccount(tx: Tx, accountId: string, name: string): Promise<Result<null>> {
  if (!isSignInName(name)) return err('person.number-form', undefined, 'signInName');
  const [before] = await rows(tx, Name, 'SELECT sign_in_name AS name FROM accounts WHERE id = $accountId', { accountId });
  if (!before) return err('not-found');
  const owner = await rows(tx, z.object({ account_id: z.string() }), 'SELECT account_id FROM sign_in_names WHERE name = $name', { name: foldName(name) });
  if (owner.some((row) => row.account_id !== accountId)) return err('field.taken', { value: name }, 'signInName');
  await execute(tx, 'UPDATE accounts SET sign_in_name = $name, version = version + 1 WHERE id = $accountId', { accountId, name: foldWidth(name) });
  if (foldName(before.name) !== foldName(name)) await execute(tx, 'DELETE FROM sign_in_names WHERE name = $name AND account_id = $accountId', { accountId, name: foldName(before.name) });
  if (owner.length === 0) await insert(tx, 'sign_in_names', [{ name: foldName(name), account_id: accountId, created_at: tx.now }]);
  return ok(null);
}
