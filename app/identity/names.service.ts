import { execute, insert, places, rows, type Tx } from '~/db';
import { z } from 'zod';
import { foldName } from './name';
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
