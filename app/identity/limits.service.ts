import { countTry, forgetTries, takeBackTry, type Limit } from '~/db';
import { err, ok, type Result } from '~/kernel/result';
import { keyedHash } from '~/kernel/secrets';
import { foldName } from './name';

/**
 * Guessing is slowed by whom and from where. One name from one address stops soonest; a name alone later,
 * or a stranger could lock a whole intake out by its numbers; an address last, since an office, a training
 * room or a whole bureau may share one.
 */
export const LIMITS = {
  nameAndAddress: { name: 'name-address', tries: 8, seconds: 15 * 60 },
  name: { name: 'name', tries: 40, seconds: 60 * 60 },
  address: { name: 'address', tries: 150, seconds: 15 * 60 },
} as const satisfies Record<string, Limit>;

export interface Attempted {
  /** What is tried: its limits are apart, a forgotten password does not use up the codes. */
  kind: 'sign-in' | 'activation' | 'password';
  name: string;
  address: string;
}

function keys({ kind, name, address }: Attempted): [Limit, string][] {
  const key = (text: string) => keyedHash(`${kind} ${text}`);
  return [
    [LIMITS.nameAndAddress, key(`${foldName(name)} ${address}`)],
    [LIMITS.name, key(foldName(name))],
    [LIMITS.address, key(address)],
  ];
}

/**
 * Counts a try before it is made, so that tries made at once count too.
 * @returns `rate.limited` with the minutes to wait
 */
export async function mayTry(attempted: Attempted): Promise<Result<null>> {
  for (const [limit, key] of keys(attempted)) {
    const wait = await countTry(limit, key);
    if (wait > 0) return err('rate.limited', { minutes: Math.ceil(wait / 60_000) });
  }
  return ok(null);
}

/** A try that succeeded does not count: forgotten for the name and address, taken back for the others. */
export async function trySucceeded(attempted: Attempted): Promise<void> {
  const [pair, ...others] = keys(attempted);
  if (pair) await forgetTries(...pair);
  for (const [limit, key] of others) await takeBackTry(limit, key);
}
