import type { Line } from './line';

/** Headers compare by their letters: width, case, spaces, punctuation and notes in brackets do not matter. */
export const foldHeader = (text: string): string =>
  text.normalize('NFKC').toLowerCase().replace(/[(（[【].*?[)）\]】]/g, '').replace(/[\s_.*:：\-/、,'"]/g, '');

/** Finds the field that a header names. @param names by field, the names by which its column is known */
export function headerReader<F extends string>(names: Readonly<Record<F, readonly string[]>>): (title: string) => F | null {
  const known = new Map<string, F>();
  for (const field of Object.keys(names) as F[]) {
    for (const name of names[field]) known.set(foldHeader(name), field);
  }
  return (title) => known.get(foldHeader(title)) ?? null;
}

/** Titles and notes above the table are at most so many lines. */
const LINES_ABOVE = 30;

/** Of the first lines the one that names most fields, if it names at least `least` of them; the first of equals. */
export function findHeader<F extends string>(lines: readonly Line[], fieldOf: (title: string) => F | null, least: number): Line | null {
  let best: Line | null = null;
  let most = least - 1;
  for (const line of lines.slice(0, LINES_ABOVE)) {
    const named = new Set(line.cells.map(fieldOf).filter((field) => field !== null)).size;
    if (named > most) [best, most] = [line, named];
  }
  return best;
}

export const isBlank = ({ cells }: Line): boolean => cells.every((cell) => cell.trim() === '');
