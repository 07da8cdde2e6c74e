import { countTry, type Limit, type Reader } from '~/db';
import { minutes } from '~/kernel/clock';
import { err, ok, type Result } from '~/kernel/result';
import { keyedHash } from '~/kernel/secrets';
import { readCheckCode, readNumber, type Snapshot } from './credential';
import { credentialByNumber } from './credentials.repository';

export interface CredentialStatus {
  number: string;
  state: 'valid' | 'revoked';
  /** When the state began, and for a revoked credential the kind of reason. */
  stateAt: number;
  reason: string | null;
}

/** What the public learns: with the check code everything that is printed, without it the status alone. */
export type CredentialCheck =
  | { found: 'nothing' }
  | { found: 'status'; status: CredentialStatus; wrongCode: boolean }
  | { found: 'facts'; status: CredentialStatus; facts: Snapshot };

/** Looks a credential up for a stranger. Numbers can be guessed, so personal facts need the check code too. */
export async function checkCredential(from: Reader, typedNumber: string, typedCode: string | null): Promise<CredentialCheck> {
  const number = readNumber(typedNumber);
  const credential = number && await credentialByNumber(from, number);
  if (!credential) return { found: 'nothing' };
  const status = { number: credential.number, state: credential.state, stateAt: credential.state_at, reason: credential.state_reason };
  const code = readCheckCode(typedCode ?? '');
  if (code === credential.check_code) return { found: 'facts', status, facts: credential.snapshot };
  return { found: 'status', status, wrongCode: code !== '' };
}

/** Enough for an office that checks a whole intake by hand, far too few for guessing codes. */
const LIMIT: Limit = { name: 'check-credential', tries: 60, seconds: 10 * 60 };

/** Counts one look-up from an address; refuses when there were too many. */
export async function mayCheck(address: string): Promise<Result<null>> {
  const wait = await countTry(LIMIT, keyedHash(`check ${address}`));
  return wait === 0 ? ok(null) : err('rate.limited', { minutes: Math.ceil(wait / minutes(1)) });
}
