import { xchacha20poly1305 } from '@noble/ciphers/chacha.js';

const NONCE_BYTES = 24;

export interface Sealed {
  nonce: Uint8Array;
  box: Uint8Array;
}

/**
 * Encrypts `value` as JSON for one attempt. A library does it because a browser has no `crypto.subtle` on a
 * page that came by plain HTTP; `crypto.getRandomValues` is there also then.
 */
export function seal(key: Uint8Array, attemptId: string, value: unknown): Sealed {
  const nonce = crypto.getRandomValues(new Uint8Array(NONCE_BYTES));
  return { nonce, box: xchacha20poly1305(key, nonce, bytes(attemptId)).encrypt(bytes(JSON.stringify(value))) };
}

/** What was sealed; undefined when it was damaged or sealed with another key or for another attempt. */
export function unseal(key: Uint8Array, attemptId: string, { nonce, box }: Sealed): unknown {
  try {
    return JSON.parse(new TextDecoder().decode(xchacha20poly1305(key, nonce, bytes(attemptId)).decrypt(box)));
  } catch {
    return undefined;
  }
}

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);

export const toBase64Url = (some: Uint8Array): string =>
  btoa(Array.from(some, (byte) => String.fromCharCode(byte)).join('')).replace(/\+/g, '-').replace(/\//g, '_').replace(/=+$/, '');

export const fromBase64Url = (text: string): Uint8Array =>
  Uint8Array.from(atob(text.replace(/-/g, '+').replace(/_/g, '/')), (char) => char.charCodeAt(0));
