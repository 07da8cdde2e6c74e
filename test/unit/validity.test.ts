import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { expiryOf, isWindowSound, windowOpensOn, after } from '~/certification/validity/validity';
import type { Period, Validity } from '~/certification/requirement';
import { addDays, daysBetween, endOfMonth, isWorkingDay, type PlainDate } from '~/kernel/calendar';

const anyDay = fc.integer({ min: 0, max: 4000 }).map((n) => addDays('2024-01-01', n));
const anyPeriod: fc.Arbitrary<Period> = fc.oneof(
  fc.record({ count: fc.integer({ min: 1, max: 60 }), unit: fc.constant('months' as const) }),
  fc.record({ count: fc.integer({ min: 1, max: 6 }), unit: fc.constant('years' as const) }),
  fc.record({ count: fc.integer({ min: 1, max: 120 }), unit: fc.constant('working-days' as const) }),
);
const anyMonthDay = anyDay.map((day) => day.slice(5));
const anyFixed = fc.record({
  kind: fc.constant('fixed-date' as const), day: anyMonthDay, every: fc.integer({ min: 1, max: 5 }), least: anyPeriod, window: anyPeriod,
});
const anyValidity: fc.Arbitrary<Validity> = fc.oneof(
  fc.record({ kind: fc.constant('from-completion' as const), period: anyPeriod, window: anyPeriod }),
  fc.record({ kind: fc.constant('from-last-expiry' as const), period: anyPeriod, window: anyPeriod }),
  anyFixed,
);

const fromCompletion = (count: number, unit: Period['unit']): Validity =>
  ({ kind: 'from-completion', period: { count, unit }, window: { count: 1, unit: 'months' } });
const first = (validity: Validity, completedOn: PlainDate) => expiryOf({ validity, completedOn, lastExpiry: null });

/** What every validity that ends has. */
const day = (date: PlainDate | null | undefined): PlainDate => {
  if (date === null || date === undefined) throw new Error('there is no end');
  return date;
};

describe('how long something holds, from its completion', () => {
  it('until and including the corresponding day', () => {
    expect(first(fromCompletion(2, 'years'), '2026-07-01')).toBe('2028-07-01');
    expect(first(fromCompletion(18, 'months'), '2026-07-01')).toBe('2028-01-01');
  });

  it.each([
    ['2026-01-31', 1, 'months', '2026-02-28'],
    ['2028-01-31', 1, 'months', '2028-02-29'],
    ['2026-03-31', 6, 'months', '2026-09-30'],
    ['2028-02-29', 1, 'years', '2029-02-28'],
    ['2028-02-29', 4, 'years', '2032-02-29'],
    ['2027-02-28', 1, 'years', '2028-02-28'],
    ['2026-12-31', 2, 'months', '2027-02-28'],
  ] as const)('%s and %i %s: %s', (completedOn, count, unit, expiry) => {
    expect(first(fromCompletion(count, unit), completedOn)).toBe(expiry);
  });

  it('counts working days by the national calendar, make-up days included', () => {
    // 1 to 8 October 2025 were holidays, Sunday 28 September and Saturday 11 October were worked.
    expect(first(fromCompletion(1, 'working-days'), '2025-09-26')).toBe('2025-09-28');
    expect(first(fromCompletion(3, 'working-days'), '2025-09-30')).toBe('2025-10-11');
  });

  it('holds for ever without an end, and then has no window', () => {
    expect(first({ kind: 'for-ever' }, '2026-07-01')).toBeNull();
    expect(windowOpensOn({ validity: { kind: 'for-ever' }, expiry: '2026-07-01' })).toBeNull();
    expect(windowOpensOn({ validity: fromCompletion(1, 'years'), expiry: null })).toBeNull();
  });

  it('always ends after it was completed, and its window opens before it ends', () => {
    fc.assert(fc.property(anyValidity, anyDay, fc.option(anyDay), (validity, completedOn, lastExpiry) => {
      const expiry = expiryOf({ validity, completedOn, lastExpiry });
      expect(day(expiry) > completedOn).toBe(true);
      expect(day(windowOpensOn({ validity, expiry })) < day(expiry)).toBe(true);
    }));
  });

  it('never ends earlier for being completed later', () => {
    fc.assert(fc.property(anyValidity, anyDay, fc.integer({ min: 0, max: 800 }), fc.option(anyDay), (validity, completedOn, days, lastExpiry) => {
      // Whoever lets it lapse gives up the former date, which may be the better one.
      fc.pre(lastExpiry === null || validity.kind !== 'from-last-expiry' || addDays(completedOn, days) <= lastExpiry || completedOn > lastExpiry);
      const sooner = day(expiryOf({ validity, completedOn, lastExpiry }));
      expect(day(expiryOf({ validity, completedOn: addDays(completedOn, days), lastExpiry })) >= sooner).toBe(true);
    }));
  });
});

describe('a renewal from the last expiry', () => {
  const yearly: Validity = { kind: 'from-last-expiry', period: { count: 1, unit: 'years' }, window: { count: 3, unit: 'months' } };

  it('loses nothing when early, on the last day too', () => {
    expect(expiryOf({ validity: yearly, completedOn: '2026-10-05', lastExpiry: '2026-12-20' })).toBe('2027-12-20');
    expect(expiryOf({ validity: yearly, completedOn: '2026-12-20', lastExpiry: '2026-12-20' })).toBe('2027-12-20');
  });

  it('begins anew after a lapse', () => {
    expect(expiryOf({ validity: yearly, completedOn: '2026-12-21', lastExpiry: '2026-12-20' })).toBe('2027-12-21');
  });

  it('keeps to the end of the month over February', () => {
    const halfYearly: Validity = { ...yearly, period: { count: 6, unit: 'months' } };
    expect(expiryOf({ validity: halfYearly, completedOn: '2026-08-01', lastExpiry: '2026-08-31' })).toBe('2027-02-28');
    expect(expiryOf({ validity: halfYearly, completedOn: '2027-02-01', lastExpiry: '2027-02-28' })).toBe('2027-08-31');
    expect(expiryOf({ validity: yearly, completedOn: '2027-02-01', lastExpiry: '2027-02-28' })).toBe('2028-02-29');
  });

  it('never drifts, on whatever day of its window each was completed', () => {
    const months = fc.integer({ min: 1, max: 36 });
    const earlier = fc.array(fc.integer({ min: 0, max: 25 }), { minLength: 1, maxLength: 8 });
    fc.assert(fc.property(anyDay, months, earlier, (start, count, days) => {
      const validity: Validity = { kind: 'from-last-expiry', period: { count, unit: 'months' }, window: { count: 1, unit: 'months' } };
      const expiry = days.reduce((last, n) => day(expiryOf({ validity, completedOn: addDays(last, -n), lastExpiry: last })), start);
      const exact = after(start, { count: count * days.length, unit: 'months' });
      expect(expiry >= exact && expiry <= endOfMonth(exact)).toBe(true);
      if (start.slice(8) <= '27') expect(expiry).toBe(exact);
    }));
  });
});

describe('a fixed date', () => {
  const yearEnd: Validity = { kind: 'fixed-date', day: '12-31', every: 1, least: { count: 6, unit: 'months' }, window: { count: 3, unit: 'months' } };

  it('is the next one that leaves enough', () => {
    expect(first(yearEnd, '2026-06-30')).toBe('2026-12-31');
    expect(first(yearEnd, '2026-07-01')).toBe('2027-12-31');
    expect(first(yearEnd, '2026-12-31')).toBe('2027-12-31');
  });

  it('follows the former one by whole periods, also after a lapse', () => {
    const threeYearly: Validity = { ...yearEnd, every: 3 };
    expect(expiryOf({ validity: threeYearly, completedOn: '2026-11-01', lastExpiry: '2026-12-31' })).toBe('2029-12-31');
    expect(expiryOf({ validity: threeYearly, completedOn: '2027-05-01', lastExpiry: '2026-12-31' })).toBe('2029-12-31');
    expect(expiryOf({ validity: threeYearly, completedOn: '2029-11-01', lastExpiry: '2026-12-31' })).toBe('2032-12-31');
  });

  it('is the 28th of February in common years', () => {
    expect(first({ ...yearEnd, day: '02-29' }, '2026-05-01')).toBe('2027-02-28');
    expect(first({ ...yearEnd, day: '02-29' }, '2027-05-01')).toBe('2028-02-29');
  });

  it('moves on to the new day when the rule changed the day', () => {
    expect(expiryOf({ validity: { ...yearEnd, day: '06-30' }, completedOn: '2026-11-01', lastExpiry: '2026-12-31' })).toBe('2027-06-30');
  });

  it('leaves at least what must be left, and at most a period more', () => {
    fc.assert(fc.property(anyFixed, anyDay, (validity, completedOn) => {
      const expiry = day(first(validity, completedOn));
      const enough = after(completedOn, validity.least);
      expect(expiry >= enough).toBe(true);
      expect(daysBetween(enough, expiry)).toBeLessThanOrEqual(validity.every * 366);
    }));
  });

  it('never drifts: every expiry is that day of the year, whole periods apart', () => {
    fc.assert(fc.property(anyFixed, anyDay, fc.array(fc.integer({ min: -40, max: 900 }), { maxLength: 5 }), (validity, completedOn, gaps) => {
      const expiries = gaps.reduce<PlainDate[]>((known, gap) => {
        const lastExpiry = day(known.at(-1));
        return [...known, day(expiryOf({ validity, completedOn: addDays(lastExpiry, gap), lastExpiry }))];
      }, [day(first(validity, completedOn))]);
      for (const expiry of expiries) {
        expect(expiry.slice(5) === validity.day || (validity.day === '02-29' && expiry.slice(5) === '02-28')).toBe(true);
        expect((Number(expiry.slice(0, 4)) - Number(day(expiries[0]).slice(0, 4))) % validity.every).toBe(0);
      }
    }));
  });
});

describe('the window of a renewal', () => {
  it.each([
    ['2027-05-31', { count: 3, unit: 'months' }, '2027-02-28'],
    ['2028-05-31', { count: 3, unit: 'months' }, '2028-02-29'],
    ['2028-02-29', { count: 1, unit: 'years' }, '2027-02-28'],
    ['2025-10-11', { count: 3, unit: 'working-days' }, '2025-09-30'],
  ] as const)('of what ends on %s opens %o before: %s', (expiry, window, opens) => {
    expect(windowOpensOn({ validity: { kind: 'from-completion', period: { count: 3, unit: 'years' }, window }, expiry })).toBe(opens);
  });

  it('in working days opens on a working day', () => {
    fc.assert(fc.property(anyDay, fc.integer({ min: 1, max: 60 }), (expiry, count) => {
      const opens = windowOpensOn({ validity: { ...fromCompletion(1, 'years'), window: { count, unit: 'working-days' } } as Validity, expiry });
      expect(isWorkingDay(day(opens))).toBe(true);
    }));
  });

  it('is sound when it is shorter than what it renews: it then opens after the completion', () => {
    expect(isWindowSound({ ...fromCompletion(1, 'years'), window: { count: 12, unit: 'months' } } as Validity)).toBe(false);
    expect(isWindowSound({ ...fromCompletion(1, 'years'), window: { count: 11, unit: 'months' } } as Validity)).toBe(true);
    fc.assert(fc.property(anyValidity, anyDay, (validity, completedOn) => {
      fc.pre(isWindowSound(validity));
      expect(day(windowOpensOn({ validity, expiry: first(validity, completedOn) })) > completedOn).toBe(true);
    }));
  });
});
