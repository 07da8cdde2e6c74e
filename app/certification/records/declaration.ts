import { createHash } from 'node:crypto';

/** What is signed, word for word in both languages. */
export interface DeclarationText {
  code: string;
  titleZh: string;
  titleEn: string;
  textZh: string;
  textEn: string;
}

/** By which the text that was signed is known again: SHA-256 over its fields, each on lines of its own. */
export const textHash = ({ code, titleZh, titleEn, textZh, textEn }: DeclarationText): string =>
  createHash('sha256').update(JSON.stringify([code, titleZh, titleEn, textZh, textEn])).digest('hex');

const folded = (name: string): string => name.normalize('NFKC').replace(/[\s·•‧．.]+/g, '').toLowerCase();

/** Whether somebody typed their own name; spaces, width, case and the dot in names of other peoples do not matter. */
export const isOwnName = (typed: string, name: string): boolean => folded(typed) !== '' && folded(typed) === folded(name);
