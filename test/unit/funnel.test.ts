import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { FUNNEL_GROUPS, FUNNEL_STEPS, funnelBy, mondayOf, reachedOf, type FunnelCell } from '~/certification';
import { addDays, daysBetween } from '~/kernel/calendar';

const cells: fc.Arbitrary<FunnelCell[]> = fc.array(fc.record({
  organisationId: fc.constantFrom('o1', 'o2', 'o3'), organisation: fc.constant('局'), intakeId: fc.constantFrom(null, 'n1', 'n2'), intake: fc.constant('批次'),
  startOfDuty: fc.integer({ min: 0, max: 60 }).map((days) => addDays('2026-06-01', days)), step: fc.nat({ max: FUNNEL_STEPS.length - 1 }), people: fc.integer({ min: 1, max: 9 }),
}), { maxLength: 30 });

describe('the funnel', () => {
  it('begins with everybody and never grows from step to step', () => {
    fc.assert(fc.property(cells, (given) => {
      const reached = reachedOf(given);
      expect(reached[0]).toBe(given.reduce((sum, { people }) => sum + people, 0));
      expect(reached).toEqual([...reached].sort((a, b) => b - a));
    }));
  });

  it.each(FUNNEL_GROUPS)('adds up, grouped by %s', (group) => {
    fc.assert(fc.property(cells, (given) => {
      const lines = funnelBy(given, group);
      expect(new Set(lines.map(({ key }) => key)).size).toBe(lines.length);
      expect(FUNNEL_STEPS.map((_, i) => lines.reduce((sum, { reached }) => sum + (reached[i] ?? 0), 0))).toEqual(reachedOf(given));
    }));
  });
});

describe('the Monday of a week', () => {
  it.each([['2026-12-01', '2026-11-30'], ['2026-11-30', '2026-11-30'], ['2026-12-06', '2026-11-30'], ['1969-12-31', '1969-12-29']])('of %s is %s', (day, monday) => {
    expect(mondayOf(day)).toBe(monday);
  });

  it('is at most six days before, and the same for the whole week', () => {
    fc.assert(fc.property(fc.integer({ min: -9000, max: 30_000 }), (n) => {
      const day = addDays('1970-01-01', n);
      expect(daysBetween(mondayOf(day), day)).toBeGreaterThanOrEqual(0);
      expect(daysBetween(mondayOf(day), day)).toBeLessThan(7);
      expect(mondayOf(addDays(mondayOf(day), 6))).toBe(mondayOf(day));
    }));
  });
});
