import { createCipheriv, createDecipheriv, createHmac, randomBytes } from 'node:crypto';
import { existsSync, linkSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { z } from 'zod';

const Key = z.string().regex(/^[0-9a-f]{64}$/);
const SecretsFile = z.object({
  /** Encrypts what must be readable again: identity numbers, keys of persons. */
  encryption: Key,
  /** Keyed hashes, for finding an identity number without storing it readably. */
  hashing: Key,
});

export interface Secrets {
  encryption: Buffer;
  hashing: Buffer;
}

/**
 * The deployment's secrets, from `<dataDir>/keys/deployment.json`; made on the first run. Several
 * machines that share a database must share this file. Losing it makes encrypted facts unreadable for ever.
 */
export function loadSecrets(dataDir: string): Secrets {
  const file = path.join(dataDir, 'keys', 'deployment.json');
  if (!existsSync(file)) create(file);
  const stored = SecretsFile.parse(JSON.parse(readFileSync(file, 'utf8')));
  return { encryption: Buffer.from(stored.encryption, 'hex'), hashing: Buffer.from(stored.hashing, 'hex') };
}

/** Written beside and linked into place, so that two processes starting at once end with the same file. */
function create(file: string): void {
  mkdirSync(path.dirname(file), { recursive: true, mode: 0o700 });
  const fresh = `${file}.${randomBytes(6).toString('hex')}`;
  const key = () => randomBytes(32).toString('hex');
  writeFileSync(fresh, JSON.stringify({ encryption: key(), hashing: key() }), { mode: 0o600, flush: true });
  try {
    linkSync(fresh, file);
  } catch (error) {
    if (!existsSync(file)) throw error;
  } finally {
    rmSync(fresh, { force: true });
  }
}

let current: Secrets | null = null;

export function useSecrets(secrets: Secrets): void {
  current = secrets;
}

export function secrets(): Secrets {
  if (!current) throw new Error('the secrets are not loaded');
  return current;
}

/** AES-256-GCM; the answer is `iv.tag.text` in base64url. */
export function encrypt(plain: string, key: Buffer = secrets().encryption): string {
  const { iv, tag, content } = seal(Buffer.from(plain, 'utf8'), key);
  return [iv, tag, content].map((part) => part.toString('base64url')).join('.');
}

/** The inverse of `encrypt`; throws when the text was altered or the key is another. */
export function decrypt(sealed: string, key: Buffer = secrets().encryption): string {
  const [iv, tag, text] = sealed.split('.').map((part) => Buffer.from(part, 'base64url'));
  if (!iv || !tag || !text) throw new Error('not an encrypted text');
  return unseal({ iv, tag, content: text }, key).toString('utf8');
}

/** The same for a file: iv, tag and content one after the other. */
export function encryptBytes(plain: Buffer, key: Buffer = secrets().encryption): Buffer {
  const { iv, tag, content } = seal(plain, key);
  return Buffer.concat([iv, tag, content]);
}

export function decryptBytes(sealed: Buffer, key: Buffer = secrets().encryption): Buffer {
  return unseal({ iv: sealed.subarray(0, 12), tag: sealed.subarray(12, 28), content: sealed.subarray(28) }, key);
}

interface Sealed {
  iv: Buffer;
  tag: Buffer;
  content: Buffer;
}

let pool = Buffer.alloc(0);
let used = 0;

/** Fetched for many at once: a call into the system for each costs more than the encryption of a short text. */
function someRandom(size: number): Buffer {
  if (used + size > pool.length) {
    pool = randomBytes(4096);
    used = 0;
  }
  used += size;
  return pool.subarray(used - size, used);
}

function seal(plain: Buffer, key: Buffer): Sealed {
  const iv = someRandom(12);
  const cipher = createCipheriv('aes-256-gcm', key, iv);
  const content = Buffer.concat([cipher.update(plain), cipher.final()]);
  return { iv, tag: cipher.getAuthTag(), content };
}

function unseal({ iv, tag, content }: Sealed, key: Buffer): Buffer {
  const decipher = createDecipheriv('aes-256-gcm', key, iv);
  decipher.setAuthTag(tag);
  return Buffer.concat([decipher.update(content), decipher.final()]);
}

/** HMAC-SHA-256 in hex: equal texts give equal hashes, and nobody without the key can test a guess. */
export const keyedHash = (text: string): string => createHmac('sha256', secrets().hashing).update(text).digest('hex');
