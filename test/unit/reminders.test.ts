import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { REQUIREMENT_KINDS, type RequirementKind } from '~/certification';
import { addDays, isWorkingDay } from '~/kernel/calendar';
import {
  audienceOf, Directory, House, isQuietTime, ladder, Ladders, localMoment, lookBack, mayRemindAt, nextReminding, quietEnds, RUNGS, SHIPPED_HOUSE, stepOn, stepsBetween, urgentAt, weeklyDayOf,
  type NoticeContent,
} from '~/notices';
import { textFor } from '~/text';
import { wordNotice } from '~/text/notice';

const ZONE = 'Asia/Shanghai';
const ladders = new Ladders(SHIPPED_HOUSE.ladders);
const EVERYTHING: readonly RequirementKind[] = REQUIREMENT_KINDS;

const stepOf = ({ today = '2026-06-26', since = addDays(today, -14), ...input }: Partial<Parameters<typeof stepOn>[0]> & { today?: string; since?: string }) =>
  stepOn({ dueOn: '2026-06-26', assignedOn: '2026-05-01', openKinds: ['course'], ...input }, today, since, ladders)?.step ?? null;

describe('the reminder ladder', () => {
  it('steps down to the due date and on after it', () => {
    expect(ladder('2026-06-26').map(({ step, sendOn }) => `${step} ${sendOn}`)).toEqual([
      'before-30 2026-05-27', 'before-14 2026-06-12', 'before-7 2026-06-18', 'before-3 2026-06-23', 'before-1 2026-06-25', 'due 2026-06-26',
      'overdue-1 2026-06-29', 'overdue-7 2026-07-03', 'overdue-14 2026-07-10',
    ]);
  });

  it('sends what falls on a rest day on the working day before, and what is overdue on the one after', () => {
    // 2026-06-19 is Dragon Boat, 2026-06-27 a Saturday.
    const days = Object.fromEntries(ladder('2026-06-26').map(({ step, sendOn }) => [step, sendOn]));
    expect(days['before-7']).toBe('2026-06-18');
    expect(days['overdue-1']).toBe('2026-06-29');
  });

  it.each([
    { name: 'nothing is due long before', input: { today: '2026-05-26' }, step: null },
    { name: 'the first step comes on its day', input: { today: '2026-05-27' }, step: 'before-30' },
    { name: 'and is still the one to send when its day was missed', input: { today: '2026-06-01' }, step: 'before-30' },
    { name: 'a missed step gives way to the next', input: { today: '2026-06-18' }, step: 'before-7' },
    { name: 'on the due day the person is told so', input: {}, step: 'due' },
    { name: 'two weeks overdue is the last step', input: { today: '2026-07-10' }, step: 'overdue-14' },
    { name: 'and not sent weeks later', input: { today: '2026-08-03' }, step: null },
    { name: 'a step whose day was planned before does not come again', input: { today: '2026-06-24', since: '2026-06-23' }, step: null },
    { name: 'who has nothing left to do is told nothing', input: { openKinds: [] }, step: null },
    { name: 'what must only be signed is not reminded of a month ahead', input: { today: '2026-05-27', openKinds: ['declaration'] as const }, step: null },
    { name: 'but in the last week', input: { today: '2026-06-18', openKinds: ['declaration'] as const }, step: 'before-7' },
    { name: 'who was assigned today is not reminded today', input: { today: '2026-06-12', assignedOn: '2026-06-12' }, step: null },
    { name: 'nor of steps that lie before', input: { today: '2026-06-15', assignedOn: '2026-06-13' }, step: null },
  ])('$name', ({ input, step }) => {
    expect(stepOf(input)).toBe(step);
  });

  it('sends on working days only, in the order of the steps', () => {
    fc.assert(fc.property(fc.integer({ min: 0, max: 700 }), (days) => {
      const steps = ladder(addDays('2026-01-01', days));
      expect(steps.every(({ sendOn }) => isWorkingDay(sendOn))).toBe(true);
      expect(steps.map((one) => one.sendOn)).toEqual(steps.map((one) => one.sendOn).sort());
    }));
  });

  it('names whom to tell beside the person', () => {
    expect([-7, 0, 1, 7, 14].map((offset) => audienceOf({ offset: offset as 1 }, SHIPPED_HOUSE))).toEqual(['person', 'person', 'person', 'manager', 'hr']);
  });
});

/** A person over half a year: when it was due, assigned, done; on which days nothing ran; what was open. */
const lives = fc.record({
  dueIn: fc.integer({ min: 20, max: 150 }), assignedBefore: fc.integer({ min: 0, max: 60 }), doneAfter: fc.option(fc.integer({ min: 0, max: 120 })),
  outages: fc.array(fc.record({ from: fc.integer({ min: 0, max: 180 }), days: fc.integer({ min: 1, max: 30 }) }), { maxLength: 3 }),
  kinds: fc.uniqueArray(fc.constantFrom(...EVERYTHING), { minLength: 1 }),
  rungs: fc.uniqueArray(fc.constantFrom(...RUNGS), { minLength: 1 }),
});

describe('planning day by day', () => {
  it('tells no step twice, nothing on rest days, one step a day, and nothing after it was done', () => {
    fc.assert(fc.property(lives, ({ dueIn, assignedBefore, doneAfter, outages, kinds, rungs }) => {
      const own = new Ladders({ ...SHIPPED_HOUSE.ladders, course: rungs });
      const start = '2026-02-01';
      const dueOn = addDays(start, dueIn);
      const assignedOn = addDays(dueOn, -assignedBefore);
      const doneOn = doneAfter === null ? null : addDays(assignedOn, doneAfter);
      const told: { step: string; on: string; offset: number }[] = [];
      let planned: string | null = null;
      for (let ahead = 0; ahead < 200; ahead += 1) {
        const today = addDays(start, ahead);
        const down = outages.some(({ from, days }) => ahead >= from && ahead < from + days);
        if (down || !isWorkingDay(today) || today < assignedOn) continue;
        const openKinds = doneOn !== null && today >= doneOn ? [] : kinds;
        const step = stepOn({ dueOn, assignedOn, openKinds }, today, lookBack(planned, today), own);
        if (step) told.push({ step: step.step, on: today, offset: step.offset });
        planned = today;
      }
      expect(new Set(told.map(({ step }) => step)).size).toBe(told.length);
      expect(new Set(told.map(({ on }) => on)).size).toBe(told.length);
      expect(told.map(({ offset }) => offset)).toEqual(told.map(({ offset }) => offset).sort((a, b) => a - b));
      for (const { on } of told) {
        expect(isWorkingDay(on)).toBe(true);
        expect(on > assignedOn).toBe(true);
        if (doneOn !== null) expect(on < doneOn).toBe(true);
      }
    }), { numRuns: 300 });
  });

  it('says for a span what it says day by day', () => {
    fc.assert(fc.property(lives, fc.integer({ min: 0, max: 150 }), ({ dueIn, assignedBefore, kinds }, from) => {
      const one = { dueOn: addDays('2026-02-01', dueIn), assignedOn: addDays('2026-02-01', dueIn - assignedBefore), openKinds: kinds };
      const first = addDays('2026-02-01', from);
      const days = Array.from({ length: 30 }, (_, i) => addDays(first, i + 1));
      let planned = first;
      const byDay = days.filter(isWorkingDay).flatMap((day) => {
        const step = stepOn(one, day, planned, ladders);
        planned = day;
        return step ?? [];
      });
      expect(stepsBetween(one, first, addDays(first, 30), ladders)).toEqual(byDay);
    }), { numRuns: 300 });
  });
});

const at = (local: string) => Date.parse(`${local}:00+08:00`);
const clockTime = fc.tuple(fc.integer({ min: 0, max: 23 }), fc.integer({ min: 0, max: 59 })).map(([hour, minute]) => `${String(hour).padStart(2, '0')}:${String(minute).padStart(2, '0')}`);

describe('quiet hours', () => {
  it.each([
    { name: 'in the morning', time: '07:59', quiet: true }, { name: 'until they end', time: '08:00', quiet: false },
    { name: 'at noon', time: '12:00', quiet: false }, { name: 'in the evening', time: '20:00', quiet: true }, { name: 'at midnight', time: '00:00', quiet: true },
  ])('hold or not $name', ({ time, quiet }) => {
    expect(isQuietTime(time, SHIPPED_HOUSE)).toBe(quiet);
  });

  it('may be none', () => {
    expect(isQuietTime('03:00', { quietFrom: '08:00', quietUntil: '08:00' })).toBe(false);
  });

  it('move what can wait to the first moment of a working day outside of them', () => {
    // A Friday evening: the Monday after. 2026-06-19 is a holiday, 20 and 21 a weekend.
    expect(nextReminding(at('2026-06-18T20:30'), SHIPPED_HOUSE, ZONE)).toBe(at('2026-06-22T08:00'));
    expect(nextReminding(at('2026-06-18T10:30'), SHIPPED_HOUSE, ZONE)).toBe(at('2026-06-18T10:30'));
  });

  it('never let anything that can wait go out in them or on a rest day', () => {
    fc.assert(fc.property(clockTime, clockTime, fc.integer({ min: 0, max: 365 * 24 * 60 }), (quietFrom, quietUntil, minutes) => {
      const quiet = { quietFrom, quietUntil };
      const now = Date.parse('2026-01-01T00:00:00+08:00') + minutes * 60_000;
      const next = nextReminding(now, quiet, ZONE);
      expect(next).toBeGreaterThanOrEqual(now);
      expect(mayRemindAt(next, quiet, ZONE)).toBe(true);
      const { day, time } = localMoment(next, ZONE);
      expect(isWorkingDay(day)).toBe(true);
      expect(isQuietTime(time, quiet)).toBe(false);
      expect(isQuietTime(localMoment(quietEnds(now, quiet, ZONE), ZONE).time, quiet)).toBe(false);
    }), { numRuns: 300 });
  });

  it.each([
    { name: 'a sitting in a week that is moved at night is told of in the morning', about: '2026-06-30T09:00', at: '2026-06-23T08:00' },
    { name: 'one that begins in the morning is told of at once', about: '2026-06-23T09:00', at: '2026-06-22T22:00' },
    { name: 'what is about now is told at once', about: null, at: '2026-06-22T22:00' },
  ])('$name', ({ about, at: expected }) => {
    expect(urgentAt(at('2026-06-22T22:00'), about === null ? null : at(about), SHIPPED_HOUSE, ZONE)).toBe(at(expected));
  });

  it.each([{ mode: 'send' as const, at: '2026-06-22T22:00' }, { mode: 'wait' as const, at: '2026-06-23T08:00' }])('can be set to $mode whatever it is about', ({ mode, at: expected }) => {
    for (const about of [null, at('2026-06-23T09:00'), at('2026-07-30T09:00')]) {
      expect(urgentAt(at('2026-06-22T22:00'), about, { ...SHIPPED_HOUSE, urgentInQuiet: mode }, ZONE)).toBe(at(expected));
    }
  });

  it('may not hold the hour of the digest', () => {
    expect(House.safeParse(SHIPPED_HOUSE).success).toBe(true);
    const refused = House.safeParse({ ...SHIPPED_HOUSE, digestHour: 7 });
    expect(refused.error?.issues.map(({ path, message }) => [path, message])).toEqual([[['digestHour'], 'notice.hour-quiet']]);
  });
});

describe('the weekly digest', () => {
  it.each([
    { name: 'comes on its weekday', day: '2026-06-24', weeklyOn: 1, on: '2026-06-22' },
    { name: 'a day later after a holiday', day: '2026-06-19', weeklyOn: 5, on: null },
    { name: 'not in a week that is all holidays', day: '2026-10-02', weeklyOn: 4, on: null },
    { name: 'on the working day that follows', day: '2026-05-04', weeklyOn: 1, on: '2026-05-06' },
  ])('$name', ({ day, weeklyOn, on }) => {
    expect(weeklyDayOf(day, { weeklyOn })).toBe(on);
  });
});

describe('the directory', () => {
  const directory = new Directory({
    units: [{ id: 'root', name: '市', path: '/root/' }, { id: 'bureau', name: '局', path: '/root/bureau/' }, { id: 'office', name: '科', path: '/root/bureau/office/' }, { id: 'other', name: '委', path: '/root/other/' }],
    leaders: [{ personId: 'head', organisationId: 'bureau' }, { personId: 'chief', organisationId: 'office' }],
    hr: [{ personId: 'hr-city', organisationId: 'root' }, { personId: 'hr-bureau', organisationId: 'bureau' }],
  });

  it('finds the leader of the organisation, else its personnel officers', () => {
    expect(directory.managersOf('office', 'p')).toEqual(['chief']);
    expect(directory.managersOf('office', 'chief')).toEqual(['hr-bureau']);
    expect(directory.managersOf('other', 'p')).toEqual(['hr-city']);
  });

  it('finds the personnel officers of the nearest organisation above, never the person themself', () => {
    expect(directory.hrOf('office', 'p')).toEqual(['hr-bureau']);
    expect(directory.hrOf('bureau', 'hr-bureau')).toEqual(['hr-city']);
    expect(directory.recipients('hr', 'office', 'p')).toEqual(['chief', 'hr-bureau']);
    expect(directory.recipients('manager', 'office', 'p')).toEqual(['chief']);
  });

  it('says of everybody what they answer for', () => {
    expect(directory.everybody().map(({ personId, units }) => `${personId} ${units.map(({ id }) => id).join()}`)).toEqual(['chief office', 'head bureau', 'hr-bureau bureau', 'hr-city root']);
  });
});

describe('a notice', () => {
  const params = { assignmentId: 'a', dueOn: '2026-06-26', startOn: '2026-07-01', programmeZh: '新录用人员上岗培训', programmeEn: 'Training before the start of duty' };
  const open = { openZh: '完成课程《电子政务基础》', openEn: 'complete “E-government”' };

  it.each([
    { name: 'some days before', days: 7, zh: '还有 7 天到期：“新录用人员上岗培训”', en: 'Due in 7 days: “Training before the start of duty”' },
    { name: 'the day before', days: 1, zh: '明天到期：“新录用人员上岗培训”', en: 'Due tomorrow: “Training before the start of duty”' },
    { name: 'on the due day', days: 0, zh: '今天到期：“新录用人员上岗培训”', en: 'Due today: “Training before the start of duty”' },
    { name: 'after it', days: -3, zh: '已逾期 3 天：“新录用人员上岗培训”', en: 'Overdue since Fri, 26 June 2026: “Training before the start of duty”' },
  ])('reminds $name', ({ days, zh, en }) => {
    const notice = { kind: 'reminder' as const, params: { ...params, ...open, days } };
    expect([wordNotice(textFor('zh'), notice).title, wordNotice(textFor('en'), notice).title]).toEqual([zh, en]);
  });

  it('says what is still open, or that everything is', () => {
    const words = (given: { openZh: string; openEn: string }) => (['zh', 'en'] as const).map((lang) => wordNotice(textFor(lang), { kind: 'reminder', params: { ...params, ...given, days: 7 } }).text);
    expect(words(open)).toEqual([expect.stringContaining('还没有完成：完成课程《电子政务基础》。'), expect.stringContaining('Still open: complete “E-government”.')]);
    expect(words({ openZh: '', openEn: '' })[0]).toContain('上岗前的全部要求');
  });

  it('is worded by own words with the same placeholders, whose values are not read as placeholders again', () => {
    const notice = { kind: 'reminder' as const, params: { ...params, programmeZh: '{{dueOn}}', days: 7, openZh: '', openEn: '' } };
    expect(wordNotice(textFor('zh'), notice, { title: '{{ programme }}：{{days}} 天', text: '{{dueOn}}' })).toEqual({ title: '{{dueOn}}：7 天', text: '2026年6月26日（周五）' });
  });

  it('leaves no placeholder unfilled in either language', () => {
    const notices: NoticeContent[] = [
      { kind: 'assigned', params }, { kind: 'replanned', params }, { kind: 'reminder', params: { ...params, ...open, days: 3 } },
      { kind: 'credential', params: { number: 'SG-2026-000001', mayStartOn: '2026-07-01' } },
      ...(['late-decided', 'late-replaced'] as const).map((kind) => ({
        kind, params: { attemptId: 'a', examZh: '考试', examEn: 'Exam', accepted: 2, refused: 0, receipt: 'HZ-1' },
      })),
      ...(['escalation', 'team-lost', 'team-ends'] as const).map((kind) => ({ kind, params: { onDay: '2026-07-03', count: 2, names: '甲、乙', organisation: '市数据局' } })),
      ...([
        'waiver-asked', 'waiver-granted', 'waiver-refused', 'waiver-revoked', 'waiver-ends', 'waiver-to-decide', 'waiver-decided-granted', 'waiver-decided-refused', 'waiver-decided-revoked',
        'extension-granted', 'extension-refused', 'extension-to-decide', 'extension-decided-granted', 'extension-decided-refused', 'clearance-ends', 'clearance-lost',
      ] as const).map((kind) => ({ kind, params: { assignmentId: 'a', name: '甲', programmeZh: '岗前培训', programmeEn: 'Training', fromOn: '2026-07-01', untilOn: '2026-07-31', conditions: '', reason: '停课', page: '/x' } })),
      ...(['start-recorded', 'start-emergency', 'start-cancelled', 'start-to-confirm', 'start-decided-confirmed', 'start-decided-refused', 'team-emergency'] as const)
        .map((kind) => ({ kind, params: { name: '甲', startedOn: '2026-07-01', reason: '防汛', page: '/x' } })),
      { kind: 'weekly', params: { onDay: '2026-07-06', organisation: '市数据局', cleared: 1, open: 2, overdue: 1, dueSoon: 0, startsSoon: 1 } },
      ...(['password-changed', 'password-reset', 'calendar-renewed'] as const).map((what) => ({ kind: 'security' as const, params: { what, doneAt: at('2026-07-03T10:00') } })),
    ];
    for (const lang of ['zh', 'en'] as const) {
      for (const notice of notices) {
        const { title, text } = wordNotice(textFor(lang), notice);
        expect(`${title} ${text}`).not.toMatch(/\{\{|undefined|null/);
      }
    }
  });
});
