import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { addDays, addWorkingDays, dateAt, daysBetween, isPlainDate, isWorkingDay, startOfDate, workingDayOnOrBefore } from '~/kernel/calendar';

const zone = 'Asia/Shanghai';
const anyDate = fc.integer({ min: 0, max: 1500 }).map((n) => addDays('2024-01-01', n));

describe('the calendar', () => {
  it('counts a make-up Saturday as a working day and a holiday Thursday as none', () => {
    expect(isWorkingDay('2026-10-10')).toBe(true);
    expect(isWorkingDay('2026-10-01')).toBe(false);
    expect(isWorkingDay('2026-11-23')).toBe(true);
    expect(isWorkingDay('2026-11-22')).toBe(false);
  });

  it('reads the date in the deployment’s zone, not in the machine’s', () => {
    expect(dateAt(Date.UTC(2026, 5, 30, 16, 0), zone)).toBe('2026-07-01');
    expect(dateAt(Date.UTC(2026, 5, 30, 15, 59), zone)).toBe('2026-06-30');
    expect(startOfDate('2026-07-01', zone)).toBe(Date.UTC(2026, 5, 30, 16, 0));
  });

  it('lands on a working day when it counts working days, forth and back', () => {
    fc.assert(fc.property(anyDate, fc.integer({ min: 1, max: 15 }), (date, n) => {
      const later = addWorkingDays(date, n);
      expect(isWorkingDay(later)).toBe(true);
      expect(daysBetween(date, later)).toBeGreaterThanOrEqual(n);
      expect(isWorkingDay(addWorkingDays(date, -n))).toBe(true);
      expect(isWorkingDay(workingDayOnOrBefore(date))).toBe(true);
    }));
  });

  it('knows which texts are dates', () => {
    expect(isPlainDate('2026-02-28')).toBe(true);
    expect(isPlainDate('2026-02-30')).toBe(false);
    expect(isPlainDate('2026-2-3')).toBe(false);
    expect(['2024-02-29', '2000-02-29', '2026-12-31'].filter(isPlainDate)).toHaveLength(3);
    expect(['2100-02-29', '2026-02-29', '2026-04-31', '2026-13-01', '2026-00-10', '2026-01-00', '2026-01-32'].filter(isPlainDate)).toEqual([]);
  });
});
