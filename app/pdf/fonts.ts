import { createRequire } from 'node:module';
import { openSync } from 'fontkit';

const resolve = createRequire(import.meta.url).resolve;

/**
 * Noto Serif SC (OFL), whole files, so that rare characters in names are there too. A serif because official
 * papers are set in Song type; TrueType outlines because their subset is a quarter of the CFF one.
 */
export const FONTS = {
  regular: resolve('@expo-google-fonts/noto-serif-sc/400Regular/NotoSerifSC_400Regular.ttf'),
  bold: resolve('@expo-google-fonts/noto-serif-sc/700Bold/NotoSerifSC_700Bold.ttf'),
};

let known: Set<number> | null = null;

/** Only the code points are kept: the opened font would hold 15 MB for ever. */
function codePoints(): Set<number> {
  if (known) return known;
  const font = openSync(FONTS.regular);
  if (!('characterSet' in font)) throw new Error('the font is a collection');
  known = new Set(font.characterSet);
  return known;
}

/** The characters of `text` that the font cannot print, each once. */
export const missingCharacters = (text: string): string[] =>
  [...new Set(text.normalize('NFC'))].filter((character) => character >= ' ' && !codePoints().has(character.codePointAt(0) ?? 0));

/** What stands for a character that no font has: the mark that printers use. */
const LACKING = '〓';

/** A text for a list that is never refused for one rare character; numbers say who is meant. */
export function printable(text: string): string {
  const missing = new Set(missingCharacters(text));
  return missing.size === 0 ? text : [...text].map((character) => (missing.has(character) ? LACKING : character)).join('');
}

/** A document cannot be printed as it should be; the message names the characters. */
export class MissingCharactersError extends Error {
  constructor(readonly characters: string[]) {
    super(`the font of documents lacks ${characters.map(named).join(', ')}`);
    this.name = 'MissingCharactersError';
  }
}

const named = (character: string): string => `${character} (U+${(character.codePointAt(0) ?? 0).toString(16).toUpperCase()})`;
