import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { gradePaper, reaches } from '~/marking/grade';

const entry = (item: string, points: number) => ({ item, points, order: [] });
const keys = new Map([['a', { type: 'single' as const, key: 'x' }], ['b', { type: 'true-false' as const, key: true }], ['c', { type: 'single' as const, key: 'x' }]]);

describe('a grade', () => {
  it('adds the points of what is right', () => {
    const grade = gradePaper([entry('a', 2), entry('b', 3), entry('c', 5)], keys, new Map<string, string | boolean>([['a', 'x'], ['b', false]]));
    expect(grade).toMatchObject({ points: 2, maxPoints: 10, percent: 20 });
    expect(grade.marks).toEqual([{ item: 'a', points: 2, maxPoints: 2 }, { item: 'b', points: 0, maxPoints: 3 }, { item: 'c', points: 0, maxPoints: 5 }]);
  });

  it('stops at an item whose key is missing, so that nobody is failed for it', () => {
    expect(() => gradePaper([entry('gone', 1)], keys, new Map())).toThrow('no key');
  });

  it('lies between nothing and everything, and a further right answer never lowers it', () => {
    const paper = fc.array(fc.record({ points: fc.integer({ min: 1, max: 10 }), right: fc.boolean() }), { minLength: 1, maxLength: 40 });
    fc.assert(fc.property(paper, fc.nat(), (items, at) => {
      const entries = items.map(({ points }, i) => entry(String(i), points));
      const known = new Map(entries.map(({ item }) => [item, { type: 'single' as const, key: 'x' }]));
      const grade = (right: boolean[]) => gradePaper(entries, known, new Map(right.map((one, i) => [String(i), one ? 'x' : 'y'])));
      const before = grade(items.map(({ right }) => right));
      const after = grade(items.map(({ right }, i) => right || i === at % items.length));
      expect(before.percent).toBeGreaterThanOrEqual(0);
      expect(after.percent).toBeLessThanOrEqual(100);
      expect(after.points).toBeGreaterThanOrEqual(before.points);
    }));
  });
});

describe('the cut score', () => {
  it.each([
    { points: 60, max: 100, cut: 60, passed: true },
    { points: 59.999, max: 100, cut: 60, passed: false },
    { points: 57, max: 95, cut: 60, passed: true },
    { points: 0.1 + 0.2, max: 0.5, cut: 60, passed: true },
    { points: 0, max: 0, cut: 0, passed: false },
  ])('$points of $max at $cut per cent: passed is $passed', ({ points, max, cut, passed }) => {
    expect(reaches(points, max, cut)).toBe(passed);
  });

  it('is decided as with exact fractions', () => {
    const whole = fc.integer({ min: 1, max: 1000 });
    fc.assert(fc.property(fc.nat(1000), whole, fc.integer({ min: 0, max: 100 }), (points, max, cut) => {
      expect(reaches(Math.min(points, max), max, cut)).toBe(BigInt(Math.min(points, max)) * 100n >= BigInt(cut) * BigInt(max));
    }));
  });
});
