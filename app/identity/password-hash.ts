import { hash, verify } from '@node-rs/argon2';
import { normalisePassword } from './password';

/** OWASP Password Storage Cheat Sheet: argon2id with 19 MiB, two passes, one lane; argon2id is the library's default. */
const PARAMETERS = { memoryCost: 19_456, timeCost: 2, parallelism: 1 };

/** Hash of a password that nobody has, to spend the same time on names that do not exist. */
const NOBODY = '$argon2id$v=19$m=19456,t=2,p=1$c2hhbmdnYW5nLW5vYm9keQ$qZ7mHq0xH5pXw5m1u1o8nqk7c3mVb0l5S1kZ2v2o0qA';

export const hashPassword = (password: string): Promise<string> => hash(normalisePassword(password), PARAMETERS);

/** Whether the password fits; takes as long when there is no hash, so that time does not tell which names exist. */
export async function passwordFits(stored: string | null, password: string): Promise<boolean> {
  const fits = await verify(stored ?? NOBODY, normalisePassword(password));
  return fits && stored !== null;
}
