import { createHash, randomBytes } from 'node:crypto';
import { uniformInt } from 'pure-rand/distribution/uniformInt';
import { xoroshiro128plusFromState } from 'pure-rand/generator/xoroshiro128plus';

/** Chance, passed in: a whole number from 0 up to, but not including, `below`. */
export type Random = (below: number) => number;

/** Chance that is the same for the same seed, on every machine. */
export function seededRandom(seed: string): Random {
  const digest = createHash('sha256').update(seed).digest();
  const generator = xoroshiro128plusFromState([0, 4, 8, 12].map((at) => digest.readInt32BE(at)));
  return (below) => uniformInt(generator, 0, below - 1);
}

/** A seed that nobody can guess. */
export const newSeed = (): string => randomBytes(16).toString('hex');

/** The values in another order, every order equally likely. */
export function shuffled<T>(values: readonly T[], random: Random): T[] {
  const left = [...values];
  const drawn: T[] = [];
  while (left.length > 0) drawn.push(...left.splice(random(left.length), 1));
  return drawn;
}
