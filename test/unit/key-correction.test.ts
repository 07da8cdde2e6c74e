import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { effectOf, type MarkedAttempt } from '~/marking/correction';
import { gradePaper, reaches } from '~/marking/grade';
import { CORRECTION_KINDS, markOf, type Correction, type Keyed } from '~/marking/mark';

const SINGLE: Keyed = { type: 'single', key: 'a' };
const correction = (given: Partial<Correction>): Correction => ({ kind: 'key', key: 'b', favourable: true, ...given });

describe('a corrected key', () => {
  it.each([
    { name: 'gives the points to the right answer that was marked wrong', response: 'b', given: {}, points: 2 },
    { name: 'leaves the points to whoever answered by the published key', response: 'a', given: {}, points: 2 },
    { name: 'takes them when it was decided so', response: 'a', given: { favourable: false }, points: 0 },
    { name: 'gives nothing for an answer that is wrong by both keys', response: 'c', given: {}, points: 0 },
    { name: 'gives nothing for no answer', response: null, given: {}, points: 0 },
    { name: 'credits everybody, who did not answer too', response: null, given: { kind: 'credit' as const, key: null }, points: 2 },
  ])('$name', ({ response, given, points }) => {
    expect(markOf('one', SINGLE, response, 2, correction(given))).toEqual({ item: 'one', points, maxPoints: 2 });
  });

  it('leaves an item out with its points, so that the others weigh more', () => {
    const entries = ['one', 'two'].map((item) => ({ item, points: 2, order: ['a', 'b', 'c'] }));
    const keys = new Map(entries.map(({ item }) => [item, SINGLE]));
    const grade = gradePaper(entries, keys, new Map([['one', 'c'], ['two', 'a']]), new Map([['one', correction({ kind: 'leave-out', key: null })]]));
    expect(grade).toMatchObject({ points: 2, maxPoints: 2, percent: 100 });
  });
});

const response = fc.constantFrom('a', 'b', 'c', null);
const anyCorrection: fc.Arbitrary<Correction> = fc.record({ kind: fc.constantFrom(...CORRECTION_KINDS), favourable: fc.boolean() })
  .map(({ kind, favourable }) => ({ kind, favourable, key: kind === 'key' ? 'b' : null }));

describe('the effect of a correction', () => {
  it('told beforehand is what marking again brings about, for any paper and any answers', () => {
    fc.assert(fc.property(fc.array(fc.array(response, { minLength: 1, maxLength: 6 }), { maxLength: 8 }), anyCorrection, fc.integer({ min: 0, max: 100 }), (papers, asked, cutScore) => {
      const marked = papers.map((answers, i): MarkedAttempt => {
        const [before] = graded(answers);
        return {
          attemptId: String(i), personId: String(i), response: answers[0] ?? null, mark: before.marks[0] ?? { item: '0', points: 0, maxPoints: 0 }, worth: 2,
          points: before.points, maxPoints: before.maxPoints, cutScore, passed: reaches(before.points, before.maxPoints, cutScore), released: i % 2 === 0,
        };
      });
      const effect = effectOf(SINGLE, asked, marked);
      const again = papers.map((answers) => graded(answers, asked)[0]);
      const passes = marked.filter((one, i) => !one.passed && reaches(again[i]?.points ?? 0, again[i]?.maxPoints ?? 0, cutScore)).map(({ attemptId }) => attemptId);
      const fails = marked.filter((one, i) => one.passed && !reaches(again[i]?.points ?? 0, again[i]?.maxPoints ?? 0, cutScore)).map(({ attemptId }) => attemptId);
      expect(effect.attempts).toBe(papers.length);
      expect(effect.passes.map(({ attemptId }) => attemptId)).toEqual(passes);
      expect(effect.fails.map(({ attemptId }) => attemptId)).toEqual(fails);
      expect([effect.better, effect.worse]).toEqual([
        marked.filter((one, i) => (again[i]?.percent ?? 0) > (one.maxPoints === 0 ? 0 : (one.points / one.maxPoints) * 100) + 1e-6).length,
        marked.filter((one, i) => (again[i]?.percent ?? 0) < (one.maxPoints === 0 ? 0 : (one.points / one.maxPoints) * 100) - 1e-6).length,
      ]);
    }));
  });

  it('never takes points from anybody when nobody is to be worse off', () => {
    fc.assert(fc.property(response, fc.constantFrom('a', 'b', 'c'), (answered, key) => {
      const before = markOf('one', SINGLE, answered, 2, undefined);
      expect(markOf('one', SINGLE, answered, 2, correction({ key })).points).toBeGreaterThanOrEqual(before.points);
    }));
  });
});

function graded(answers: (string | null)[], asked?: Correction) {
  const entries = answers.map((_, i) => ({ item: String(i), points: 2, order: ['a', 'b', 'c'] }));
  const keys = new Map(entries.map(({ item }) => [item, SINGLE]));
  return [gradePaper(entries, keys, new Map(answers.map((answer, i) => [String(i), answer])), new Map(asked ? [['0', asked]] : []))] as const;
}
