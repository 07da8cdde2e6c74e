import { countTry, inTransaction, reader, type Limit, type Reader } from '~/db';
import { dateAt, type PlainDate } from '~/kernel/calendar';
import { clock, minutes, type Instant } from '~/kernel/clock';
import { config } from '~/kernel/config';
import { err, ok, type Result } from '~/kernel/result';
import { keyedHash } from '~/kernel/secrets';
import { plainName } from '~/people';
import { readCheckCode, readNumber, type Snapshot } from './credential';
import { logCheck, type CheckWay } from './credentials/checks.repository';
import { networkOf } from './credentials/network';
import { numberOfPdf } from './credentials/pdfs.repository';
import { standingOn, type Standing } from './credentials/state';
import { credentialByNumber, findCredential, successorOf, type Credential } from './credentials.repository';

export interface CredentialStatus {
  number: string;
  state: Standing;
  /** When the state began, and the kind of reason. */
  stateAt: Instant;
  reason: string | null;
  issuer: string;
  issuedAt: Instant;
  validFrom: PlainDate | null;
  /** As it holds now; the paper may say an earlier day. */
  validUntil: PlainDate | null;
  isExtended: boolean;
  /** A change of law ends it before the printed day, or gave an end to what has none on paper. */
  isEndedByLaw: boolean;
}

/** What is known beside what is printed, to those who see the printed facts. */
export interface CredentialLinks {
  replacedBy: string | null;
}

/** What the public learns: with the check code or the name everything that is printed, without them the status alone. */
export type CredentialCheck =
  | { found: 'nothing' }
  | { found: 'status'; status: CredentialStatus; wrong: 'code' | 'name' | null }
  | { found: 'facts'; status: CredentialStatus; facts: Snapshot; links: CredentialLinks };

/** One more fact beside the number. */
export type Proof = { code: string } | { name: string } | null;

export function statusOf(credential: Credential, today: PlainDate): CredentialStatus {
  const { number, state, state_at: stateAt, state_reason: reason, issued_at: issuedAt, valid_from: validFrom, valid_until: validUntil, snapshot } = credential;
  return {
    number, state: standingOn(today, { state, validFrom, validUntil }), stateAt, reason, issuer: snapshot.issuer, issuedAt, validFrom, validUntil,
    isExtended: validUntil !== null && snapshot.validUntil !== null && validUntil > snapshot.validUntil,
    isEndedByLaw: credential.end_cause === 'law' && validUntil !== snapshot.validUntil,
  };
}

const today = (): PlainDate => dateAt(clock.now(), config().TIME_ZONE);

/** Looks a credential up for a stranger. Numbers can be guessed, so personal facts need one more fact. */
export async function checkCredential(from: Reader, typedNumber: string, proof: Proof): Promise<CredentialCheck> {
  const number = readNumber(typedNumber);
  const credential = number && await credentialByNumber(from, number);
  if (!credential) return { found: 'nothing' };
  const status = statusOf(credential, today());
  const given = givenIn(proof);
  if (given === null) return { found: 'status', status, wrong: null };
  return proves(credential, given) ? factsOf(from, credential) : { found: 'status', status, wrong: given.kind };
}

interface Given {
  kind: 'code' | 'name';
  value: string;
}

function givenIn(proof: Proof): Given | null {
  if (proof === null) return null;
  const given: Given = 'code' in proof ? { kind: 'code', value: readCheckCode(proof.code) } : { kind: 'name', value: plainName(proof.name) };
  return given.value === '' ? null : given;
}

const proves = ({ check_code: code, snapshot }: Credential, { kind, value }: Given): boolean => value === (kind === 'code' ? code : plainName(snapshot.name));

async function factsOf(from: Reader, credential: Credential): Promise<CredentialCheck> {
  const replacedBy = await successorOf(from, credential.id);
  return {
    found: 'facts', status: statusOf(credential, today()), facts: credential.snapshot,
    // What a rule revoked does not lead to its successor: its holder hands that out (decision 019).
    links: { replacedBy: credential.state === 'superseded' ? replacedBy?.number ?? null : null },
  };
}

/** Every fact of a credential whose file somebody holds, by the file's hash: having the file is knowing what it says. */
export async function factsOfPdf(from: Reader, sha256: string): Promise<CredentialCheck> {
  const number = await numberOfPdf(from, sha256);
  const credential = number && await credentialByNumber(from, number);
  return credential ? factsOf(from, credential) : { found: 'nothing' };
}

/** Every fact of a credential, for whoever has proved to hold it in another way; never for a number alone. */
export async function factsOfNumber(from: Reader, typedNumber: string): Promise<CredentialCheck> {
  const number = readNumber(typedNumber);
  const credential = number && await credentialByNumber(from, number);
  return credential ? factsOf(from, credential) : { found: 'nothing' };
}

/** Notes for its holder that a credential was checked: the day, the way and the kind of network, nothing about who. */
export async function noteCheck(typedNumber: string, how: CheckWay, address: string): Promise<void> {
  const number = readNumber(typedNumber);
  const credential = number && await credentialByNumber(reader(), number);
  if (!credential) return;
  await inTransaction((tx) => logCheck(tx, { credentialId: credential.id, day: dateAt(tx.now, config().TIME_ZONE), how, network: networkOf(address) }));
}

/** Enough for an office that checks a whole intake by hand, far too few for guessing codes. */
const LIMIT: Limit = { name: 'check-credential', tries: 60, seconds: 10 * 60 };

/** Counts one look-up from an address; refuses when there were too many. */
export async function mayCheck(address: string): Promise<Result<null>> {
  const wait = await countTry(LIMIT, keyedHash(`check ${address}`));
  return wait === 0 ? ok(null) : err('rate.limited', { minutes: Math.ceil(wait / minutes(1)) });
}

/** The number of what a credential replaces, and of what replaces it, for its holder. */
export async function linksOf(from: Reader, credential: Credential): Promise<{ replaces: string | null; replacedBy: string | null }> {
  const [former, next] = [credential.replaces === null ? null : await findCredential(from, credential.replaces), await successorOf(from, credential.id)];
  return { replaces: former?.number ?? null, replacedBy: next?.number ?? null };
}
