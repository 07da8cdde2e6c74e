import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { addDays, isWorkingDay } from '~/kernel/calendar';
import { dueSteps, ladder, type NoticeContent } from '~/notices';
import { textFor } from '~/text';
import { wordNotice } from '~/text/notice';

const stepOf = (input: Partial<Parameters<typeof dueSteps>[0]>) =>
  dueSteps({ dueOn: '2026-06-26', today: '2026-06-26', cleared: false, assignedOn: '2026-05-01', ...input }).map((one) => one.step);

describe('the reminder ladder', () => {
  it('steps down to the due date and on after it', () => {
    expect(ladder('2026-06-26').map(({ step, sendOn }) => `${step} ${sendOn}`)).toEqual([
      'before-14 2026-06-12', 'before-7 2026-06-18', 'before-3 2026-06-23', 'before-1 2026-06-25', 'due 2026-06-26',
      'overdue-1 2026-06-29', 'overdue-7 2026-07-03',
    ]);
  });

  it('sends what falls on a rest day on the working day before, and what is overdue on the one after', () => {
    // 2026-06-19 is Dragon Boat, 2026-06-27 a Saturday.
    const days = Object.fromEntries(ladder('2026-06-26').map(({ step, sendOn }) => [step, sendOn]));
    expect(days['before-7']).toBe('2026-06-18');
    expect(days['overdue-1']).toBe('2026-06-29');
  });

  it.each([
    { name: 'nothing is due long before', input: { today: '2026-06-01' }, steps: [] },
    { name: 'the first step comes on its day', input: { today: '2026-06-12' }, steps: ['before-14'] },
    { name: 'and is still the one to send when its day was missed', input: { today: '2026-06-15' }, steps: ['before-14'] },
    { name: 'a missed step gives way to the next', input: { today: '2026-06-18' }, steps: ['before-7'] },
    { name: 'on the due day the person is told so', input: {}, steps: ['due'] },
    { name: 'a week overdue is the last step', input: { today: '2026-09-01' }, steps: ['overdue-7'] },
    { name: 'who is cleared is told nothing', input: { cleared: true }, steps: [] },
    { name: 'who was assigned after the step is not reminded of it', input: { today: '2026-06-19', assignedOn: '2026-06-18' }, steps: [] },
    { name: 'who was assigned before it is', input: { today: '2026-06-19', assignedOn: '2026-06-17' }, steps: ['before-7'] },
  ])('$name', ({ input, steps }) => {
    expect(stepOf(input)).toEqual(steps);
  });

  it('sends on working days only, in the order of the steps', () => {
    fc.assert(fc.property(fc.integer({ min: 0, max: 700 }), (days) => {
      const steps = ladder(addDays('2026-01-01', days));
      expect(steps.every(({ sendOn }) => isWorkingDay(sendOn))).toBe(true);
      expect(steps.map((one) => one.sendOn)).toEqual(steps.map((one) => one.sendOn).sort());
    }));
  });

  it('tells each step at most once and at most one a day, when it is asked every day', () => {
    fc.assert(fc.property(fc.integer({ min: 0, max: 300 }), fc.integer({ min: 0, max: 30 }), (days, before) => {
      const dueOn = addDays('2026-01-10', days);
      const assignedOn = addDays(dueOn, -before);
      const told = new Set<string>();
      for (let today = assignedOn; today <= addDays(dueOn, 30); today = addDays(today, 1)) {
        const steps = dueSteps({ dueOn, today, cleared: false, assignedOn });
        expect(steps.length).toBeLessThanOrEqual(1);
        steps.forEach((one) => told.add(one.step));
      }
      // The step before may give way to it: after a week of holidays both fall on the same working day.
      expect(told.has('overdue-7')).toBe(true);
    }));
  });
});

describe('a notice', () => {
  const params = { assignmentId: 'a', dueOn: '2026-06-26', startOn: '2026-07-01', programmeZh: '新录用人员上岗培训', programmeEn: 'Training before the start of duty' };

  it.each([
    { name: 'some days before', days: 7, zh: '还有 7 天到期：“新录用人员上岗培训”', en: 'Due in 7 days: “Training before the start of duty”' },
    { name: 'the day before', days: 1, zh: '明天到期：“新录用人员上岗培训”', en: 'Due tomorrow: “Training before the start of duty”' },
    { name: 'on the due day', days: 0, zh: '今天到期：“新录用人员上岗培训”', en: 'Due today: “Training before the start of duty”' },
    { name: 'after it', days: -3, zh: '已逾期 3 天：“新录用人员上岗培训”', en: 'Overdue since Fri, 26 June 2026: “Training before the start of duty”' },
  ])('reminds $name', ({ days, zh, en }) => {
    const notice = { kind: 'reminder' as const, params: { ...params, days } };
    expect([wordNotice(textFor('zh'), notice).title, wordNotice(textFor('en'), notice).title]).toEqual([zh, en]);
  });

  it('leaves no placeholder unfilled in either language', () => {
    const notices: NoticeContent[] = [
      { kind: 'assigned', params }, { kind: 'replanned', params }, { kind: 'reminder', params: { ...params, days: 3 } },
      { kind: 'credential', params: { number: 'SG-2026-000001', mayStartOn: '2026-07-01' } },
      ...(['late-decided', 'late-replaced'] as const).map((kind) => ({
        kind, params: { attemptId: 'a', examZh: '考试', examEn: 'Exam', accepted: 2, refused: 0, receipt: 'HZ-1' },
      })),
    ];
    for (const lang of ['zh', 'en'] as const) {
      for (const notice of notices) {
        const { title, text } = wordNotice(textFor(lang), notice);
        expect(`${title} ${text}`).not.toMatch(/\{\{|undefined|null/);
      }
    }
  });
});
