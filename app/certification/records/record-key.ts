import type { JWK } from 'jose';

const DIGITS = '123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz';

/** The bytes of a multibase text in base58btc (`z…`). */
export function base58Bytes(multibase: string): Buffer {
  if (!multibase.startsWith('z')) throw new Error('not base58btc');
  const digits = [...multibase.slice(1)];
  let number = 0n;
  for (const digit of digits) {
    const value = DIGITS.indexOf(digit);
    if (value < 0) throw new Error('not base58btc');
    number = number * 58n + BigInt(value);
  }
  const hex = number.toString(16);
  const zeros = digits.findIndex((digit) => digit !== '1');
  return Buffer.concat([Buffer.alloc(Math.max(0, zeros)), Buffer.from(hex.length % 2 === 1 ? `0${hex}` : hex, 'hex')]);
}

/** The two bytes in front that say what kind of key it is. */
const KIND = 2;
const LENGTH = 32;

const keyIn = (multibase: string): string => base58Bytes(multibase).subarray(KIND, KIND + LENGTH).toString('base64url');

/** The public half of an Ed25519 key as a JWK. */
export const publicJwk = (publicKey: string): JWK => ({ kty: 'OKP', crv: 'Ed25519', x: keyIn(publicKey) });

/** Both halves: the secret one is the seed, with which the multibase text begins. */
export const secretJwk = (publicKey: string, secretKey: string): JWK => ({ ...publicJwk(publicKey), d: keyIn(secretKey) });
