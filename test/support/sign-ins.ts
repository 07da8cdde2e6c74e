import { inTransaction } from '~/db';
import { activate, actorOf, newActivationCode, openAccount, type Actor } from '~/identity';
import { must } from '~/kernel/result';
import { aRequest } from './actors';

/** Who seeds. */
export const by = { by: 'system:a test' } as const;
/** A browser. */
export const origin = { address: '10.1.1.1', agent: 'Firefox 78' };
export const PASSWORD = '竹影扫阶尘不动 Kx7';

let numbers = 0;
const aName = () => `BJ2026-${String((numbers += 1)).padStart(4, '0')}`;

/** An account that is invited, and its code. */
export async function invited(purpose: 'activate' | 'reset' = 'activate'): Promise<{ accountId: string; name: string; code: string }> {
  const name = aName();
  return inTransaction(async (tx) => {
    const accountId = must(await openAccount(tx, by, { personId: null, signInName: name }));
    return { accountId, name, code: await newActivationCode(tx, by, accountId, purpose) };
  });
}

/** An account that was activated, and its sign-in. */
export async function activated(): Promise<{ accountId: string; name: string; token: string }> {
  const account = await invited();
  const { token } = must(await activate({ ...account, ...origin, password: PASSWORD }));
  return { ...account, token };
}

/** Who a browser with this token is. */
export const asActor = async (token: string): Promise<Actor | null> => actorOf(aRequest('/home', { cookie: `sid=${token}` }));
