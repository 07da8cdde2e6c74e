import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { lastExpiryInWindow, nextCycle, renewalDueOn } from '~/certification/validity/cycles';
import { windowOpensOn } from '~/certification/validity/validity';
import type { Validity } from '~/certification/requirement';
import { stateOfExam } from '~/exams/exam-state';
import { whyNot } from '~/exams/sittings/eligibility';
import { addDays } from '~/kernel/calendar';

const yearly: Validity = { kind: 'from-last-expiry', period: { count: 1, unit: 'years' }, window: { count: 3, unit: 'months' } };
const held = { validity: yearly, ruleExpiry: '2027-06-30', expiry: '2027-06-30', heldFrom: '2026-06-30' };

describe('the next cycle', () => {
  it('begins when the window opens and is due before the former one ends', () => {
    expect(nextCycle({ ...held, today: '2027-03-29' })).toBeNull();
    expect(nextCycle({ ...held, today: '2027-03-30' })).toEqual({ countsFrom: '2027-03-30', dueOn: '2027-06-30' });
  });

  it('counts what was done since the window opened, also when it is found later', () => {
    expect(nextCycle({ ...held, today: '2027-05-10' })?.countsFrom).toBe('2027-03-30');
  });

  it('is due on the working day before a weekend, and never before somebody had a working day for it', () => {
    // 27 June 2027 is a Sunday.
    expect(renewalDueOn('2027-06-27', '2027-04-01')).toBe('2027-06-25');
    expect(renewalDueOn('2027-06-27', '2027-06-25')).toBe('2027-06-28');
    expect(renewalDueOn('2027-06-27', '2027-09-01')).toBe('2027-09-02');
  });

  it('has the window that was promised when an extension moved the end', () => {
    expect(nextCycle({ ...held, expiry: '2027-09-30', today: '2027-03-30' })).toEqual({ countsFrom: '2027-03-30', dueOn: '2027-09-30' });
  });

  it('never counts what made the former one, however long the window', () => {
    const all: Validity = { ...yearly, window: { count: 2, unit: 'years' } };
    expect(nextCycle({ ...held, validity: all, today: '2026-06-30' })?.countsFrom).toBe('2026-07-01');
  });

  it('does not come when nothing expires', () => {
    expect(nextCycle({ ...held, validity: { kind: 'for-ever' }, today: '2030-01-01' })).toBeNull();
    expect(nextCycle({ ...held, ruleExpiry: null, expiry: null, today: '2030-01-01' })).toBeNull();
  });
});

describe('the expiries that are looked at on a day', () => {
  it('are exactly those whose window is open', () => {
    const window = fc.record({ count: fc.integer({ min: 1, max: 60 }), unit: fc.constantFrom('months' as const, 'working-days' as const, 'years' as const) });
    const day = fc.integer({ min: 0, max: 1500 }).map((n) => addDays('2025-01-01', n));
    fc.assert(fc.property(window, day, (one, today) => {
      const validity: Validity = { ...yearly, window: { ...one, count: one.unit === 'years' ? 1 : one.count } };
      const last = lastExpiryInWindow(validity, today) ?? '';
      expect((windowOpensOn({ validity, expiry: last }) ?? '9999-12-31') <= today).toBe(true);
      expect((windowOpensOn({ validity, expiry: addDays(last, 1) }) ?? '') > today).toBe(true);
    }), { numRuns: 60 });
    expect(lastExpiryInWindow({ kind: 'for-ever' }, '2027-01-01')).toBeNull();
  });
});

describe('an exam that is taken anew', () => {
  const limits = { maxAttempts: 2, coolingOffHours: 24 };
  const exam = { ...limits, hasBank: true, practice: false, opensAt: null, closesAt: null };
  const failed = { state: 'released' as const, handedInAt: 1000, passed: false };
  const passed = { state: 'released' as const, handedInAt: 2000, passed: true };
  const former = (one: typeof failed | typeof passed) => ({ ...one, former: true });

  it('is neither passed nor used up by what was handed in before', () => {
    expect(stateOfExam({ exam, courseDone: true, attempts: [failed, passed], now: 5000 }).state).toBe('passed');
    expect(stateOfExam({ exam, courseDone: true, attempts: [former(failed), former(passed)], now: 5000 })).toEqual({ state: 'may-start', nextAt: null, attemptsLeft: 2 });
    expect(whyNot(limits, [failed, passed], 5000)).toBe('exam.passed');
    expect(whyNot(limits, [former(failed), former(passed)], 5000)).toBeNull();
  });

  it('is judged by what was handed in since', () => {
    expect(stateOfExam({ exam, courseDone: true, attempts: [former(passed), failed, failed], now: 5000 }).state).toBe('no-attempts-left');
    expect(whyNot(limits, [former(passed), failed], 5000)).toBe('exam.cooling-off');
  });
});
