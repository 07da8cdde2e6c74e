import type { ResponseValue } from '~/itembank';
import { reaches } from './grade';
import { markOf, type Correction, type Keyed, type Mark } from './mark';

/** A result as it stands, with the mark of the item in question. */
export interface MarkedAttempt {
  attemptId: string;
  personId: string;
  response: ResponseValue;
  mark: Mark;
  /** What the item is worth on this paper. */
  worth: number;
  points: number;
  maxPoints: number;
  cutScore: number;
  passed: boolean;
  released: boolean;
}

export interface Effect {
  /** Results in which the item stands. */
  attempts: number;
  better: number;
  worse: number;
  /** Who would pass or fail by it; the release tells whether they know the former result. */
  passes: Changed[];
  fails: Changed[];
}

export type Changed = Pick<MarkedAttempt, 'attemptId' | 'personId' | 'released'>;

/** What a correction would do to results, exactly as marking again would do it; nothing is written. */
export function effectOf(keyed: Keyed, correction: Correction, marked: readonly MarkedAttempt[]): Effect {
  const effect: Effect = { attempts: marked.length, better: 0, worse: 0, passes: [], fails: [] };
  for (const one of marked) {
    const next = markOf(one.mark.item, keyed, one.response, one.worth, correction);
    const [points, maxPoints] = [one.points - one.mark.points + next.points, one.maxPoints - one.mark.maxPoints + next.maxPoints];
    const moved = share(points, maxPoints) - share(one.points, one.maxPoints);
    if (moved > TINY) effect.better += 1;
    if (moved < -TINY) effect.worse += 1;
    const passed = reaches(points, maxPoints, one.cutScore);
    const changed = { attemptId: one.attemptId, personId: one.personId, released: one.released };
    if (passed && !one.passed) effect.passes.push(changed);
    if (!passed && one.passed) effect.fails.push(changed);
  }
  return effect;
}

const TINY = 1e-9;
const share = (points: number, maxPoints: number): number => (maxPoints === 0 ? 0 : points / maxPoints);

/** What a second person has seen before deciding; other figures meanwhile make them look again. */
export const seenFigures = ({ attempts, better, worse, passes, fails }: Effect): string => [attempts, better, worse, passes.length, fails.length].join('-');
