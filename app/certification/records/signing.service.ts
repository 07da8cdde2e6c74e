import { createHash } from 'node:crypto';
import { CompactSign, compactVerify, decodeProtectedHeader, errors, importJWK, type JWK } from 'jose';
import { reader } from '~/db';
import type { Instant } from '~/kernel/clock';
import { allKeys, signingKey } from '../badges';
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

/** What is signed; it stands in the head of the signature, so that one cannot pass for the other. */
export type SignedType = 'shanggang-record+json' | 'shanggang-hiring-list+json';

/** A compact JWS (EdDSA) by the deployment's key over a document in its one spelling. */
export async function signText(text: string, type: SignedType): Promise<string> {
  const key = await signingKey();
  return new CompactSign(new TextEncoder().encode(text))
    .setProtectedHeader({ alg: 'EdDSA', kid: kidOf(key.publicKey), typ: type })
    .sign(await importJWK(secretJwk(key.publicKey, key.secretKey), 'EdDSA'));
}

/**
 * - `genuine`: signed here as such a document, and nothing was changed
 * - `altered`: the signature does not belong to what is written
 * - `unknown-key`: signed by somebody else, or with a key that leaked
 */
export type Signed = 'genuine' | 'altered' | 'unknown-key';

/** Whether a signature is one of ours over exactly this text. */
export async function signedText(text: string, signature: string, type: SignedType): Promise<Signed> {
  const head = headOf(signature);
  const key = (await publishedKeys()).keys.find((one) => one.kid === head?.kid);
  if (!key) return 'unknown-key';
  if (head?.typ !== type) return 'altered';
  try {
    const { payload } = await compactVerify(signature, await importJWK(key, 'EdDSA'), { algorithms: ['EdDSA'] });
    return new TextDecoder().decode(payload) === text ? 'genuine' : 'altered';
  } catch (error) {
    if (error instanceof errors.JOSEError) return 'altered';
    throw error;
  }
}

/** With which key of this deployment something was signed, old and leaked ones too; null: with none of them, as it says. */
export async function signerOf(signature: string): Promise<{ kid: string; state: 'active' | 'retired' | 'leaked'; endedAt: Instant | null } | null> {
  const kid = headOf(signature)?.kid;
  const key = (await allKeys(reader())).find((one) => kidOf(one.public_key) === kid);
  return key && kid !== undefined ? { kid, state: key.state, endedAt: key.ended_at } : null;
}

function headOf(signature: string): { kid?: string | undefined; typ?: string | undefined } | null {
  try {
    return decodeProtectedHeader(signature);
  } catch {
    return null;
  }
}
