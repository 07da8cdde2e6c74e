import { createHash, randomBytes } from 'node:crypto';
import type { Instant } from '~/kernel/clock';

export interface StoredResponse {
  item: string;
  seq: number;
  /** JSON text as stored. */
  response: string;
}

/**
 * The hash that a receipt carries: SHA-256, in hex, over one line per stored response, sorted by item,
 * after a line with the attempt and the instant of hand-in. Whoever has the stored responses can compute
 * it again; a response that was added, removed or altered changes it.
 */
export function receiptHash(attemptId: string, handedInAt: Instant, responses: StoredResponse[]): string {
  const lines = responses
    .map(({ item, seq, response }) => JSON.stringify([item, seq, response]))
    .sort();
  return createHash('sha256').update([JSON.stringify([attemptId, handedInAt]), ...lines].join('\n')).digest('hex');
}

/** Short enough to write down: the first 16 digits in groups of four. */
export const shortHash = (hash: string): string => (hash.slice(0, 16).match(/.{4}/g) ?? []).join('-');

/** Whether what somebody copied from a receipt, the short or the long form, belongs to `hash`. */
export function matchesHash(typed: string, hash: string): boolean {
  const digits = typed.toLowerCase().replace(/[^0-9a-f]/g, '');
  return (digits.length === 16 || digits.length === 64) && hash.startsWith(digits);
}

// Without 0, 1, I, L, O, U: read aloud and copied by hand.
const LETTERS = '23456789ABCDEFGHJKMNPQRSTVWXYZ';

/** A receipt's number: `HZ-` (回执) and ten letters, 49 random bits. */
export function newReceiptNumber(): string {
  const letters = [...randomBytes(10)].map((byte) => LETTERS[byte % LETTERS.length]).join('');
  return `HZ-${letters.slice(0, 5)}-${letters.slice(5)}`;
}

/** The number as stored, from however somebody typed it. */
export function normalReceiptNumber(typed: string): string {
  const letters = typed.toUpperCase().replace(/[^0-9A-Z]/g, '').replace(/^HZ/, '');
  return `HZ-${letters.slice(0, 5)}-${letters.slice(5)}`;
}

/** Whether a stored response is an answer: `null` is one that was cleared. */
export const isAnswer = (response: string): boolean => response !== 'null';
