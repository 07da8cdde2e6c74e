import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { deadline, type TimeGrant } from '~/exams/deadline';

const MINUTE = 60_000;
const START = 1_800_000_000_000;
const at = (minutes: number) => START + minutes * MINUTE;
const input = (given: { minutes?: number; closesAt?: number | null; grants?: TimeGrant[] } = {}) => ({
  exam: { minutes: given.minutes ?? 60 },
  window: { closesAt: given.closesAt ?? null },
  attempt: { startedAt: START },
  grants: given.grants ?? [],
});

describe('the deadline', () => {
  it.each([
    { name: 'is the start and the minutes of the exam', given: {}, minutes: 60, cutBy: null },
    { name: 'is not touched by a window that closes later', given: { closesAt: at(61) }, minutes: 60, cutBy: null },
    { name: 'is cut by a window that closes earlier, and says so', given: { closesAt: at(40) }, minutes: 40, cutBy: 'window' },
    { name: 'is at once when the window is closed already', given: { closesAt: at(-5) }, minutes: 0, cutBy: 'window' },
    { name: 'adds minutes that were granted', given: { grants: [{ id: 'a', code: 'grant', minutes: 15 }] }, minutes: 75, cutBy: null },
    { name: 'lets no window swallow what was granted', given: { closesAt: at(60), grants: [{ id: 'a', code: 'grant', minutes: 15 }] }, minutes: 75, cutBy: null },
    { name: 'credits exactly the time that was lost', given: { grants: [{ id: 'a', code: 'interval', from: at(10), to: at(24) }] }, minutes: 74, cutBy: null },
    { name: 'credits overlapping intervals once', given: { grants: [{ id: 'a', code: 'interval', from: at(10), to: at(24) }, { id: 'b', code: 'interval', from: at(20), to: at(30) }] }, minutes: 80, cutBy: null },
    { name: 'does not credit what was lost before the start', given: { grants: [{ id: 'a', code: 'interval', from: at(-10), to: at(5) }] }, minutes: 65, cutBy: null },
    { name: 'does not credit what was lost after the end', given: { grants: [{ id: 'a', code: 'interval', from: at(60), to: at(70) }] }, minutes: 60, cutBy: null },
    { name: 'credits what was lost in time that was itself credited', given: { grants: [{ id: 'a', code: 'interval', from: at(50), to: at(70) }, { id: 'b', code: 'interval', from: at(75), to: at(80) }] }, minutes: 85, cutBy: null },
  ] as { name: string; given: Parameters<typeof input>[0]; minutes: number; cutBy: 'window' | null }[])('$name', ({ given, minutes, cutBy }) => {
    const found = deadline(input(given));
    expect(found.at).toBe(at(minutes));
    expect(found.cutBy).toBe(cutBy);
  });

  it('names the parts that lead from the start to it', () => {
    expect(deadline(input({ closesAt: at(50), grants: [{ id: 'g', code: 'grant', minutes: 5 }, { id: 'i', code: 'interval', from: at(1), to: at(3) }] })).parts).toEqual([
      { code: 'exam', ms: 60 * MINUTE }, { code: 'window', ms: -10 * MINUTE }, { code: 'grant', id: 'g', ms: 5 * MINUTE }, { code: 'interval', id: 'i', ms: 2 * MINUTE },
    ]);
  });

  const grant = fc.oneof(
    fc.record({ id: fc.string({ minLength: 1 }), code: fc.constant('grant' as const), minutes: fc.integer({ min: 0, max: 60 }) }),
    fc.record({ id: fc.string({ minLength: 1 }), code: fc.constant('interval' as const), from: fc.integer({ min: -100, max: 200 }), long: fc.integer({ min: 0, max: 90 }) })
      .map(({ id, code, from, long }) => ({ id, code, from: at(from), to: at(from + long) })),
  );
  const anyInput = fc.record({
    minutes: fc.integer({ min: 1, max: 600 }),
    closesAt: fc.option(fc.integer({ min: -60, max: 700 }).map(at)),
    grants: fc.array(grant, { maxLength: 8 }),
  }).map(input);

  it('is the start plus the sum of its parts, and never before the start', () => {
    fc.assert(fc.property(anyInput, (given) => {
      const found = deadline(given);
      expect(found.at).toBe(START + found.parts.reduce((sum, part) => sum + part.ms, 0));
      expect(found.at).toBeGreaterThanOrEqual(START);
    }));
  });

  it('is never made earlier by a grant', () => {
    fc.assert(fc.property(anyInput, grant, (given, more) => {
      expect(deadline({ ...given, grants: [...given.grants, more] }).at).toBeGreaterThanOrEqual(deadline(given).at);
    }));
  });

  it('moves by exactly the minutes that were granted, and never by more than all that was granted or lost', () => {
    fc.assert(fc.property(anyInput, (given) => {
      const base = deadline({ ...given, grants: [] }).at;
      const minutes = given.grants.reduce((sum, one) => sum + (one.code === 'grant' ? one.minutes * MINUTE : 0), 0);
      const lost = given.grants.reduce((sum, one) => sum + (one.code === 'interval' ? one.to - one.from : 0), 0);
      const moved = deadline(given).at - base;
      expect(moved).toBeGreaterThanOrEqual(minutes);
      expect(moved).toBeLessThanOrEqual(minutes + lost);
    }));
  });

  it('does not depend on the order of the grants, and counts the same interval once', () => {
    fc.assert(fc.property(anyInput, (given) => {
      const { at: found } = deadline(given);
      expect(deadline({ ...given, grants: [...given.grants].reverse() }).at).toBe(found);
      const intervals = given.grants.filter((one) => one.code === 'interval');
      expect(deadline({ ...given, grants: [...given.grants, ...intervals] }).at).toBe(found);
    }));
  });

  it('without grants lies in the window and within the minutes of the exam', () => {
    fc.assert(fc.property(anyInput, (given) => {
      const found = deadline({ ...given, grants: [] }).at;
      expect(found).toBeLessThanOrEqual(START + given.exam.minutes * MINUTE);
      if (given.window.closesAt !== null) expect(found).toBeLessThanOrEqual(Math.max(START, given.window.closesAt));
    }));
  });
});
