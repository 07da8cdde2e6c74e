import { createHash } from 'node:crypto';
import { importJWK, CompactSign, compactVerify, decodeProtectedHeader, errors, type JWK } from 'jose';
import { reader } from '~/db';
import { allKeys, signingKey } from '../badges';
import type { LifeRecord} from './record';
import { canonical, SignedRecord } from './record';
import { publicJwk, secretJwk } from './record-key';

export interface PublishedKey extends JWK {
  kid: string;
}

/** Every key that ever signed here and did not leak, as a JWKS: what was signed with an old one can be checked for ever. */
export async function publishedKeys(): Promise<{ keys: PublishedKey[] }> {
  await signingKey();
  const keys = (await allKeys(reader())).filter((key) => key.state !== 'leaked');
  return { keys: keys.map((key) => ({ ...publicJwk(key.public_key), kid: kidOf(key.public_key), use: 'sig', alg: 'EdDSA' })) };
}

/** A key's name in signatures: short, and made of the key itself. */
const kidOf = (publicKey: string): string => createHash('sha256').update(publicKey).digest('base64url').slice(0, 22);

/** The record with the deployment's signature. */
export async function signRecord(record: LifeRecord): Promise<SignedRecord> {
  const key = await signingKey();
  const signature = await new CompactSign(new TextEncoder().encode(canonical(record)))
    .setProtectedHeader({ alg: 'EdDSA', kid: kidOf(key.publicKey), typ: 'shanggang-record+json' })
    .sign(await importJWK(secretJwk(key.publicKey, key.secretKey), 'EdDSA'));
  return { record, signature };
}

/**
 * - `genuine`: signed here, and nothing was changed
 * - `altered`: the signature does not belong to what is written
 * - `unknown-key`: signed by somebody else, or with a key that leaked
 * - `not-a-record`: no signed record at all
 */
export type RecordCheck = { verdict: 'genuine'; record: LifeRecord } | { verdict: 'altered' | 'unknown-key' | 'not-a-record' };

/** Whether a file that somebody brings is a record that was signed here and is unchanged. */
export async function verifyRecord(text: string): Promise<RecordCheck> {
  const read = readRecord(text);
  if (read === 'not-json') return { verdict: 'not-a-record' };
  // A field more or less is a change, if there is a signature to compare with.
  if (!read.whole) return { verdict: read.signed ? 'altered' : 'not-a-record' };
  const { record, signature } = read.whole;
  const key = (await publishedKeys()).keys.find((one) => one.kid === kidIn(signature));
  if (!key) return { verdict: 'unknown-key' };
  try {
    const { payload } = await compactVerify(signature, await importJWK(key, 'EdDSA'), { algorithms: ['EdDSA'] });
    return new TextDecoder().decode(payload) === canonical(record) ? { verdict: 'genuine', record } : { verdict: 'altered' };
  } catch (error) {
    if (error instanceof errors.JOSEError) return { verdict: 'altered' };
    throw error;
  }
}

function readRecord(text: string): 'not-json' | { whole: SignedRecord | null; signed: boolean } {
  try {
    const value: unknown = JSON.parse(text.replace(/^\ufeff/, ''));
    const parsed = SignedRecord.safeParse(value);
    const signed = typeof value === 'object' && value !== null && 'record' in value && 'signature' in value;
    return { whole: parsed.success ? parsed.data : null, signed };
  } catch {
    return 'not-json';
  }
}

function kidIn(signature: string): string | null {
  try {
    return decodeProtectedHeader(signature).kid ?? null;
  } catch {
    return null;
  }
}
