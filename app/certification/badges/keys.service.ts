import { appendEvent, inTransaction, reader, type By, type Tx } from '~/db';
import { publicUrl } from '~/kernel/config';
import { decrypt, encrypt } from '~/kernel/secrets';
import { didOf, methodOf } from './did-key';
import { activeKey, allKeys, insertActive, markLeaked, retire, rootName, type KeyRecord } from './keys.repository';
import { newKeyPair, type KeyPair } from './proof';

const BY: By = 'system:certification';

export interface SigningKey extends KeyPair {
  id: string;
}

/** The pair of a stored key; the private half is kept sealed with the deployment's own key. */
export function opened({ id, public_key: publicKey, sealed }: KeyRecord): SigningKey {
  if (sealed === null) throw new Error(`the private half of signing key ${id} is gone`);
  return { id, publicKey, secretKey: decrypt(sealed) };
}

/** The key that signs now; made on the first run. Read each time: another process may have changed it. */
export async function signingKey(): Promise<SigningKey> {
  const found = await activeKey(reader());
  if (found) return opened(found);
  const fresh = await newKeyPair();
  await inTransaction((tx) => putInForce(tx, fresh, BY, 'first-run'));
  return signingKey();
}

async function putInForce(tx: Tx, { publicKey, secretKey }: KeyPair, by: By, cause: string, follows: string | null = null): Promise<void> {
  if (!await insertActive(tx, { publicKey, sealed: encrypt(secretKey) })) return;
  const made = await activeKey(tx);
  if (made) await appendEvent(tx, { kind: 'signing-key.made', subject: { kind: 'signing-key', id: made.id }, by, cause, body: { publicKey, follows } });
}

/**
 * Puts a new key in the place of the one that signs. What the old one signed stays genuine and can be checked for ever,
 * unless it leaked: then nobody can tell its badges from forged ones any more, and all of them count as withdrawn.
 * @returns the new public key
 */
export async function rotateKey(by: By, { leaked }: { leaked: boolean }): Promise<string> {
  const old = await signingKey();
  const fresh = await newKeyPair();
  return inTransaction(async (tx) => {
    if (await (leaked ? markLeaked(tx, old.id) : retire(tx, old.id)) === 0) return (await activeKey(tx))?.public_key ?? old.publicKey;
    await appendEvent(tx, { kind: 'signing-key.retired', subject: { kind: 'signing-key', id: old.id }, by, cause: leaked ? 'leaked' : 'rotation', body: { publicKey: old.publicKey } });
    await putInForce(tx, fresh, by, 'rotation', old.publicKey);
    return fresh.publicKey;
  });
}

/**
 * Who signs here, as a controlled identifier document: every key that ever signed, so that whoever has a badge can compare.
 * Keys that leaked are named with the time from which they count for nothing.
 */
export async function issuerDocument(): Promise<Record<string, unknown>> {
  await signingKey();
  const keys = await allKeys(reader());
  const good = keys.filter((key) => key.state !== 'leaked');
  return {
    '@context': ['https://www.w3.org/ns/cid/v1'],
    id: `${publicUrl()}/issuer`,
    name: await rootName(reader()) ?? publicUrl(),
    url: publicUrl(),
    alsoKnownAs: good.map((key) => didOf(key.public_key)),
    verificationMethod: keys.map((key) => ({
      id: methodOf(key.public_key), type: 'Multikey', controller: didOf(key.public_key), publicKeyMultibase: key.public_key,
      ...(key.state === 'leaked' && key.ended_at !== null && { revoked: new Date(key.ended_at).toISOString() }),
    })),
    assertionMethod: good.map((key) => methodOf(key.public_key)),
  };
}
