import type { PaperEntry, ResponseValue } from '~/itembank';
import { markOf, type Correction, type Keyed, type Mark } from './mark';

export interface Grade {
  marks: Mark[];
  points: number;
  maxPoints: number;
  /** Of all points, unrounded. */
  percent: number;
}

/**
 * Marks a paper. An item without a response gets nothing; one whose key is missing is a defect of the bank
 * and stops the grading, so that nobody is failed for it.
 * @param corrections what was decided about keys that turned out to be wrong, by item version
 */
export function gradePaper(
  entries: PaperEntry[], keys: ReadonlyMap<string, Keyed>, responses: ReadonlyMap<string, ResponseValue>, corrections: ReadonlyMap<string, Correction> = new Map(),
): Grade {
  const marks = entries.map((entry): Mark => {
    const keyed = keys.get(entry.item);
    if (!keyed) throw new Error(`no key for item version ${entry.item}`);
    return markOf(entry.item, keyed, responses.get(entry.item) ?? null, entry.points, corrections.get(entry.item));
  });
  const points = sum(marks.map((mark) => mark.points));
  const maxPoints = sum(marks.map((mark) => mark.maxPoints));
  return { marks, points, maxPoints, percent: maxPoints === 0 ? 0 : (points / maxPoints) * 100 };
}

/**
 * Whether points reach the cut score in per cent. Nothing is rounded; the smallest of margins only keeps
 * binary fractions from failing somebody who reached the cut score exactly.
 */
export const reaches = (points: number, maxPoints: number, cutScore: number): boolean =>
  maxPoints > 0 && points * 100 - cutScore * maxPoints >= -1e-9 * maxPoints;

const sum = (values: number[]): number => values.reduce((total, value) => total + value, 0);
