import { foldName } from '~/identity';
import { isHan, nameKey, plainName } from './likeness';

/** What somebody typed to find a person, in the spellings by which people are known. */
export interface Sought {
  /** As a name in its letters alone. */
  name: string;
  /** How a name begins that sounds like it. */
  sounds: string;
  /** How the first letters of a name may begin; null: it was written in characters. */
  initials: string | null;
  /** How a recruitment or staff number may begin. */
  number: string;
}

const LONGEST = 60;
/** Fewer letters than this would find half the register; a Chinese character says more. */
const LEAST = 2;

/** @returns null when there is too little to look for */
export function readSought(typed: string): Sought | null {
  const text = typed.normalize('NFKC').trim().slice(0, LONGEST);
  const name = plainName(text);
  const sounds = nameKey(text);
  const han = isHan(text);
  if (sounds === '' || (!han && [...sounds].length < LEAST)) return null;
  return { name, sounds, initials: han ? null : sounds, number: foldName(text) };
}
