import { randomInt } from 'node:crypto';
import { keyedHash } from '~/kernel/secrets';

/** Without what looks alike on paper: 0 O, 1 I, 2 Z, 5 S, 8 B. */
export const CODE_ALPHABET = '34679ACDEFGHJKLMNPQRTUVWXY';
const LENGTH = 12;

/** A new one-time code, `XXXX-XXXX-XXXX`: 56 random bits. `below(n)` answers a random integer from 0 to n − 1. */
export function newCode(below: (n: number) => number = randomInt): string {
  const letters = Array.from({ length: LENGTH }, () => CODE_ALPHABET.charAt(below(CODE_ALPHABET.length)));
  return letters.join('').replace(/(.{4})(?=.)/g, '$1-');
}

/** The code's letters as typed: case, width, spaces and every kind of dash do not matter. */
export const foldCode = (typed: string): string => typed.normalize('NFKC').toUpperCase().replace(/[\s\p{Pd}_·]/gu, '');

/** Whether this can be a code at all; a typing slip is told at once. */
export const looksLikeCode = (typed: string): boolean => {
  const code = foldCode(typed);
  return code.length === LENGTH && Array.from(code).every((letter) => CODE_ALPHABET.includes(letter));
};

/** What is stored: without the deployment's key nobody can try codes against a copy of the database. */
export const codeHash = (typed: string): string => keyedHash(`activation code ${foldCode(typed)}`);
