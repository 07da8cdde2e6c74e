import { describe, expect, it } from 'vitest';
import { clearance, type ClearanceInput, type Evidence } from '~/certification/clearance';
import { limitBy, stands, type LawLimit } from '~/certification/validity/limits';
import { startOfDate } from '~/kernel/calendar';
import { textFor } from '~/text';
import { clearanceSentence } from '~/ui/clearance/clearance-sentence';

const zone = 'Asia/Shanghai';
const on = (date: string) => startOfDate(date, zone);

describe('a limit by change of law', () => {
  it.each([
    ['stands from the day after its date', { until: '2026-12-31', liftedOn: null }, [['2026-12-31', false], ['2027-01-01', true], ['2030-01-01', true]]],
    ['never stands when lifted by then', { until: '2026-12-31', liftedOn: '2026-10-08' }, [['2026-12-31', false], ['2027-01-01', false]]],
    ['never stands when lifted on the day after, on which the permission would have been missing', { until: '2026-12-31', liftedOn: '2027-01-01' }, [['2027-01-01', false]]],
    ['stands until the day on which it is lifted', { until: '2026-12-31', liftedOn: '2027-02-10' }, [['2027-01-01', true], ['2027-02-09', true], ['2027-02-10', false]]],
  ] as const)('%s', (_, limit, days) => {
    for (const [day, stopped] of days) expect([day, stands(limit, day)]).toEqual([day, stopped]);
  });
});

describe('what lifts a limit', () => {
  const law: LawLimit = {
    at: on('2026-07-15'), until: '2026-12-31', countsFrom: '2026-07-01', cancelledAt: null,
    requirements: [{ kind: 'course', targetId: 'delta' }, { kind: 'exam', targetId: 'test' }],
  };
  const shown = (kind: string, targetId: string, date: string, more: { passed?: boolean; facts?: { void?: boolean } } = {}) =>
    ({ kind, targetId, passed: more.passed ?? true, at: on(date), facts: more.facts ?? {} });
  const course = shown('course-completion', 'delta', '2026-09-01');
  const exam = shown('exam-result', 'test', '2026-10-08');
  const lifted = (evidence: ReturnType<typeof shown>[], one = law, date = '9999-12-30') => limitBy(one, evidence, { on: date, zone })?.liftedOn;

  it('is all that was asked for, on the day of the last', () => {
    expect(lifted([course])).toBeNull();
    expect(lifted([course, exam])).toBe('2026-10-08');
    expect(lifted([exam, course, shown('exam-result', 'test', '2026-11-08')])).toBe('2026-10-08');
  });

  it('is nothing that was shown before it counts, failed, annulled, about something else, or later than asked about', () => {
    expect(lifted([course, shown('exam-result', 'test', '2026-06-30')])).toBeNull();
    expect(lifted([course, shown('exam-result', 'test', '2026-10-08', { passed: false })])).toBeNull();
    expect(lifted([course, shown('exam-result', 'test', '2026-10-08', { facts: { void: true } })])).toBeNull();
    expect(lifted([course, shown('exam-result', 'other', '2026-10-08')])).toBeNull();
    expect(lifted([course, exam], law, '2026-10-07')).toBeNull();
  });

  it('is also its cancellation, from that day on', () => {
    const cancelled = { ...law, cancelledAt: on('2027-02-01') };
    expect(lifted([], cancelled)).toBe('2027-02-01');
    expect(lifted([], cancelled, '2027-01-31')).toBeNull();
    expect(lifted([course, exam], cancelled)).toBe('2026-10-08');
    expect(lifted([course, shown('exam-result', 'test', '2027-03-01')], cancelled)).toBe('2027-02-01');
  });

  it('is not asked about before the limit was imposed', () => {
    expect(limitBy(law, [course, exam], { on: '2026-07-14', zone })).toBeNull();
  });
});

describe('a clearance under a limit', () => {
  const law: LawLimit = { at: on('2026-07-15'), until: '2026-12-31', countsFrom: '2026-07-01', cancelledAt: null, requirements: [{ kind: 'course', targetId: 'delta' }] };
  const shown = (targetId: string, date: string): Evidence => ({ kind: 'course-completion', ref: `${targetId} ${date}`, targetId, passed: true, at: on(date), facts: {} });
  const judged = (more: Partial<ClearanceInput> = {}) => clearance({
    requirements: [{ code: 'course', kind: 'course', targetId: 'old' }], evidence: [shown('old', '2026-03-01')], startOfDuty: '2026-03-01', limits: [law],
    validity: { kind: 'from-completion', period: { count: 2, unit: 'years' }, window: { count: 3, unit: 'months' } }, on: '2027-03-01', zone, ...more,
  });
  const periods = (more: Partial<ClearanceInput> = {}) => judged(more).periods.map(({ from, until, basis }) => [from, until, basis]);

  it('ends on its date, holds on when the new was shown in time, and goes on from the day when it was shown late', () => {
    expect(periods()).toEqual([['2026-03-01', '2026-12-31', 'evidence']]);
    expect(judged()).toMatchObject({ status: 'not-cleared', expiredOn: '2026-12-31', lawUntil: '2026-12-31', ruleExpiry: '2028-03-01' });
    expect(periods({ evidence: [shown('old', '2026-03-01'), shown('delta', '2026-09-01')] })).toEqual([['2026-03-01', '2028-03-01', 'evidence']]);
    expect(periods({ evidence: [shown('old', '2026-03-01'), shown('delta', '2027-02-10')] })).toEqual([
      ['2026-03-01', '2026-12-31', 'evidence'], ['2027-02-10', '2028-03-01', 'evidence'],
    ]);
  });

  it('says that the law ends it, before and after that day, and only while nothing lifts that', () => {
    const late = { evidence: [shown('old', '2026-03-01'), shown('delta', '2027-02-10')] };
    expect(judged({ on: '2026-08-01' })).toMatchObject({ status: 'cleared', until: '2026-12-31', lawUntil: '2026-12-31' });
    expect(judged({ ...late, on: '2027-02-09' })).toMatchObject({ status: 'not-cleared', lawUntil: '2026-12-31' });
    expect(judged({ ...late, on: '2027-02-10' })).toMatchObject({ status: 'cleared', until: '2028-03-01', lawUntil: null });
    expect(judged({ on: '2026-07-14' }).lawUntil).toBeNull();
    // The rule would have ended it on the same day: then the law changes nothing.
    const sameDay = judged({ limits: [{ ...law, until: '2028-03-01' }], on: '2027-01-01' });
    expect([sameDay.until, sameDay.lawUntil]).toEqual(['2028-03-01', null]);
  });

  it('is worded as such, for each gate and in both languages', () => {
    const told = (on: string, gate: 'before-start-of-duty' | 'before-confirmation' | 'none', lang: 'zh' | 'en') =>
      clearanceSentence(textFor(lang, zone), { view: judged({ on }), gate, on, dueOn: '2026-02-20', name: '林晓' });
    expect(told('2026-08-01', 'before-start-of-duty', 'zh')).toBe('林晓可以上岗，自2026年3月1日（周日）起；因法规变更，资格提前至2026年12月31日（周四）到期');
    expect(told('2027-01-01', 'before-start-of-duty', 'zh')).toBe('林晓不能上岗：因法规变更，资格已于2026年12月31日（周四）提前到期');
    expect(told('2026-08-01', 'none', 'en')).toBe('林晓 meets every requirement; a change of law ends that on Thu, 31 December 2026');
    expect(told('2027-01-01', 'before-confirmation', 'en')).toBe('林晓 does not meet what is required before confirmation: a change of law ended it on Thu, 31 December 2026');
    expect(told('2026-07-14', 'before-start-of-duty', 'en')).toBe('林晓 may work, from Sun, 1 March 2026 to Wed, 1 March 2028');
  });

  it('is as it was on days before the limit was imposed', () => {
    expect(periods({ on: '2026-07-14' })).toEqual([['2026-03-01', '2028-03-01', 'evidence']]);
  });

  it('is bridged by a waiver of the whole, not by one of a requirement', () => {
    const waiver = { id: 'w', from: '2027-01-01', until: '2027-03-31', grantedAt: on('2026-12-20') };
    expect(periods({ waivers: [{ ...waiver, requirementCode: null }] })).toEqual([['2026-03-01', '2026-12-31', 'evidence'], ['2027-01-01', '2027-03-31', 'waiver']]);
    expect(periods({ waivers: [{ ...waiver, requirementCode: 'course' }] })).toEqual([['2026-03-01', '2026-12-31', 'evidence']]);
  });
});
