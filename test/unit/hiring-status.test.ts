import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Evidence } from '~/certification/evidence';
import { hiringAnswer, HIRING_STATUSES, unjudged, type HiringProgramme, type HiringStatus, type Resit } from '~/certification/hiring/status';
import { gateOn, type KnownAssignment } from '~/certification/known';
import type { RequirementKind } from '~/certification/requirement';
import type { Pending } from '~/certification/starts/provisional';
import type { ExamProgress } from '~/certification/progress';
import { addDays, dateAt, startOfDate } from '~/kernel/calendar';
import { hours } from '~/kernel/clock';
import { textFor } from '~/text';
import { wordAnswer, type WordedAnswer } from '~/text/hiring-words';
import type { WordedReason } from '~/text/reason';

const ZONE = 'Asia/Shanghai';
const TODAY = '2026-06-01';
const START = '2026-07-01';
const at = (date: string): number => startOfDate(date, ZONE) + hours(10);

const CODES: Record<string, { kind: RequirementKind; targetId: string }> = {
  course: { kind: 'course', targetId: 'c' }, exam: { kind: 'exam', targetId: 'e' }, oath: { kind: 'declaration', targetId: 'd' },
};
const passed = (code: 'course' | 'exam' | 'oath', date: string, more: Partial<Evidence> = {}): Evidence => {
  const kind = { course: 'course-completion', exam: 'exam-result', oath: 'declaration' }[code] as Evidence['kind'];
  return { kind, ref: `${code}-${date}`, targetId: CODES[code]?.targetId ?? '', passed: true, at: at(date), facts: { percent: 80, cutScore: 60 }, ...more };
};
const failedOn = (date: string): Evidence => passed('exam', date, { passed: false, facts: { percent: 40, cutScore: 60 } });

interface Given {
  id?: string;
  codes?: ('course' | 'exam' | 'oath')[];
  evidence?: Evidence[];
  startOfDuty?: string;
  more?: Partial<KnownAssignment['input']>;
  madeOn?: string;
  on?: string;
  pending?: Pending[];
  exam?: ExamProgress['state'];
  resit?: Resit;
}

function anAssignment({ id = 'a', codes = ['course', 'exam'], evidence = [], startOfDuty = START, more = {}, madeOn = '2026-05-01' }: Given): KnownAssignment {
  return {
    id, personId: 'p', appointmentId: 'ap', programmeId: `programme-${id}`, programmeVersionId: 'v', cycle: 1, follows: null, madeAt: at(madeOn), endedAt: null,
    input: { gate: 'before-start-of-duty', dueOn: START, startOfDuty, requirements: codes.map((code) => ({ code, kind: 'course', targetId: '', ...CODES[code] })), evidence, ...more },
  };
}

function programme(given: Given): HiringProgramme {
  const { on = START, pending = [], exam = 'may-start', resit } = given;
  const [judged] = gateOn([anAssignment(given)], 'before-start-of-duty', on, ZONE).programmes;
  if (!judged) throw new Error('the assignment is not live on that day');
  const open = judged.clearance.requirements.filter(({ state }) => state !== 'met').map((one) => ({
    ...one, progress: one.kind === 'exam' ? { kind: 'exam' as const, state: exam, nextAt: null } : null, runningAttemptId: exam === 'in-progress' && one.kind === 'exam' ? 'r' : null,
  }));
  return { ...judged, pending, open, lastExpiry: null, since: dateAt(judged.assignment.madeAt, ZONE), resits: resit ? { exam: resit } : {} };
}

const answer = (...given: Given[]) => hiringAnswer({ on: given[0]?.on ?? START, today: TODAY, zone: ZONE, programmes: given.map((one, i) => programme({ id: `a${i}`, ...one })) });

const COURSE = passed('course', '2026-05-10');
const BOTH = [COURSE, passed('exam', '2026-05-20')];
const result = (on: string): Pending => ({ kind: 'result', code: 'exam', of: TODAY, on });
const sitting = (of: string, on = of): Pending => ({ kind: 'sitting', code: 'exam', of, on, title: '第一场' });
const waiverAsked = (on: string, until: string): Pending => ({ kind: 'waiver', code: null, waiverId: 'w', on, until });
const waived = (from: string, until: string) => ({ waivers: [{ id: 'w', requirementCode: null, from, until, grantedAt: at('2026-05-01') }] });

describe('what a hiring list says of a person', () => {
  it.each([
    { name: 'everything shown in time', given: { evidence: BOTH }, then: { status: 'cleared', from: START, until: null } },
    { name: 'shown on the very day of the start', given: { evidence: [COURSE, passed('exam', START)] }, then: { status: 'cleared', from: START } },
    { name: 'ends on the very day of the start', given: { evidence: [COURSE, passed('exam', '2026-05-20', { validUntil: START })] }, then: { status: 'cleared', until: START } },
    { name: 'a waiver in force on the day', given: { more: waived('2026-06-15', '2026-07-15') }, then: { status: 'waived', until: '2026-07-15' } },
    { name: 'handed in, the result due in time', given: { evidence: [COURSE], exam: 'awaiting-result', pending: [result('2026-06-04')] }, then: { status: 'will-be-cleared', from: START, conditions: [result('2026-06-04')] } },
    { name: 'a place in a sitting before the start', given: { evidence: [COURSE], pending: [sitting('2026-06-20')] }, then: { status: 'will-be-cleared', conditions: [sitting('2026-06-20')] } },
    { name: 'a waiver asked for that would reach the day', given: { pending: [waiverAsked('2026-06-20', '2026-08-01')] }, then: { status: 'will-be-cleared', until: '2026-08-01' } },
    { name: 'evidence is preferred to a waiver as what must turn out well', given: { evidence: [COURSE], pending: [waiverAsked('2026-06-20', '2026-08-01'), sitting('2026-06-20')] }, then: { status: 'will-be-cleared', conditions: [sitting('2026-06-20')] } },
    { name: 'the result comes after the start', given: { evidence: [COURSE], exam: 'awaiting-result', pending: [result('2026-07-03')] }, then: { status: 'late', from: '2026-07-03', conditions: [result('2026-07-03')] } },
    { name: 'the sitting is after the start', given: { evidence: [COURSE], pending: [sitting('2026-07-09')] }, then: { status: 'late', from: '2026-07-09' } },
    { name: 'cleared, but asked for a day before the duty begins', given: { evidence: BOTH, on: '2026-06-20' }, then: { status: 'late', from: START, conditions: [] } },
    { name: 'a waiver that begins after the day', given: { more: waived('2026-07-10', '2026-08-01') }, then: { status: 'late', from: '2026-07-10', until: '2026-08-01' } },
    { name: 'ends the day before the start', given: { evidence: [COURSE, passed('exam', '2026-05-20', { validUntil: '2026-06-30' })] }, then: { status: 'will-lapse', until: '2026-06-30' } },
    { name: 'the validity of the rule ends before the start', given: { evidence: [passed('course', '2025-06-10'), passed('exam', '2025-06-20')], more: { validity: { kind: 'from-completion', period: { count: 1, unit: 'years' }, window: { count: 1, unit: 'months' } } } }, then: { status: 'will-lapse', until: '2026-06-20' } },
    { name: 'a waiver that ends before the start', given: { more: waived('2026-05-02', '2026-06-30'), startOfDuty: '2026-05-15' }, then: { status: 'will-lapse', until: '2026-06-30' } },
    { name: 'ran out already', given: { evidence: [COURSE, passed('exam', '2026-05-12', { validUntil: '2026-05-30' })] }, then: { status: 'lapsed', until: '2026-05-30', reason: { code: 'clearance-expired', params: { on: '2026-05-30' } } } },
    { name: 'ran out, and a place is booked after the start', given: { evidence: [COURSE, passed('exam', '2026-05-12', { validUntil: '2026-05-30' })], pending: [sitting('2026-07-05')] }, then: { status: 'late', from: '2026-07-05' } },
    { name: 'a waiver that is over says nothing of itself', given: { more: waived('2026-05-02', '2026-05-20'), startOfDuty: '2026-05-02' }, then: { status: 'never-sat' } },
    { name: 'no attempt at the exam', given: { evidence: [COURSE] }, then: { status: 'never-sat', reason: { code: 'exam-not-taken', params: {} } } },
    { name: 'neither course nor exam', given: {}, then: { status: 'never-sat' } },
    { name: 'failed, a resit from a day on', given: { evidence: [COURSE, failedOn('2026-05-20')], exam: 'cooling-off', resit: { kind: 'from', on: '2026-06-03' } }, then: { status: 'failed', resit: { kind: 'from', on: '2026-06-03' } } },
    { name: 'failed, a place booked to take it again in time', given: { evidence: [COURSE, failedOn('2026-05-20')], pending: [sitting('2026-06-20')] }, then: { status: 'failed', from: START, resit: { kind: 'booked', on: '2026-06-20' } } },
    { name: 'failed, a place booked to take it again too late', given: { evidence: [COURSE, failedOn('2026-05-20')], pending: [sitting('2026-07-20')] }, then: { status: 'failed', from: '2026-07-20', resit: { kind: 'booked', on: '2026-07-20' } } },
    { name: 'failed, no attempt left', given: { evidence: [COURSE, failedOn('2026-05-20')], exam: 'no-attempts-left', resit: { kind: 'none' } }, then: { status: 'failed', resit: { kind: 'none' } } },
    { name: 'failed once, and a second result is awaited', given: { evidence: [COURSE, failedOn('2026-05-20')], exam: 'awaiting-result', pending: [result('2026-06-04')] }, then: { status: 'will-be-cleared' } },
    { name: 'failed, but a waiver is asked for', given: { evidence: [COURSE, failedOn('2026-05-20')], pending: [waiverAsked('2026-06-20', '2026-08-01')] }, then: { status: 'will-be-cleared' } },
    { name: 'failed once and passed later', given: { evidence: [COURSE, failedOn('2026-05-20'), passed('exam', '2026-05-25')] }, then: { status: 'cleared' } },
    { name: 'the exam passed, the course left', given: { evidence: [passed('exam', '2026-05-20')] }, then: { status: 'incomplete', reason: { code: 'course-not-completed', params: {} } } },
    { name: 'a declaration left to sign', given: { codes: ['course', 'exam', 'oath'], evidence: BOTH }, then: { status: 'incomplete', reason: { code: 'declaration-not-signed', params: {} } } },
    { name: 'the exam sat, its result awaited, and the course not done', given: { exam: 'awaiting-result', pending: [result('2026-06-04')] }, then: { status: 'incomplete' } },
    { name: 'the exam is being written, the course not done', given: { exam: 'in-progress', pending: [result('2026-06-01')] }, then: { status: 'incomplete' } },
    { name: 'revoked', given: { evidence: BOTH, more: { withdrawals: [{ at: at('2026-05-28'), lifted: 'nothing' }] } }, then: { status: 'withdrawn', reason: { code: 'credential-revoked', params: { on: '2026-05-28' } } } },
    { name: 'suspended', given: { evidence: BOTH, more: { suspensions: [{ from: at('2026-05-28'), until: null }] } }, then: { status: 'withdrawn', reason: { code: 'credential-suspended', params: { on: '2026-05-28' } } } },
    { name: 'of a past day: cleared only afterwards', given: { evidence: [passed('course', '2026-05-10'), passed('exam', '2026-05-28')], startOfDuty: '2026-05-20', on: '2026-05-20' }, then: { status: 'late', from: '2026-05-28' } },
    { name: 'of a past day: what is on its way today opened no gate then', given: { evidence: [COURSE], startOfDuty: '2026-05-20', on: '2026-05-20', pending: [result('2026-06-04')], exam: 'awaiting-result' }, then: { status: 'incomplete' } },
  ] as { name: string; given: Given; then: object }[])('$name', ({ given, then }) => {
    expect(answer(given)).toMatchObject(then);
  });

  it('is told by a table that leaves no status out', () => {
    const every: Record<HiringStatus, true> = {
      'cleared': true, 'waived': true, 'will-be-cleared': true, 'late': true, 'will-lapse': true, 'lapsed': true, 'incomplete': true, 'never-sat': true,
      'failed': true, 'withdrawn': true, 'unassigned': true, 'name-mismatch': true, 'unknown': true,
    };
    expect(Object.keys(every).sort()).toEqual([...HIRING_STATUSES].sort());
  });

  it('is nothing at all without a programme, never a permission', () => {
    expect(hiringAnswer({ on: START, today: TODAY, zone: ZONE, programmes: [] })).toEqual({
      status: 'unassigned', from: null, until: null, conditions: [], resit: null, reason: null, assignmentId: null,
    });
  });

  it('is no clearance for who is unknown or has another name', () => {
    for (const status of ['unknown', 'name-mismatch'] as const) expect(unjudged(status)).toMatchObject({ status, from: null, until: null, reason: null, assignmentId: null });
  });
});

describe('several programmes before one start', () => {
  it.each([
    { name: 'one missing forbids, whatever the other says', given: [{ evidence: BOTH }, { codes: ['exam'] }], then: { status: 'never-sat', assignmentId: 'a1' } },
    { name: 'a failed one is told before one that is awaited', given: [{ evidence: [COURSE], pending: [result('2026-06-04')], exam: 'awaiting-result' }, { evidence: [COURSE, failedOn('2026-05-20')] }], then: { status: 'failed', assignmentId: 'a1' } },
    { name: 'a waiver for one makes it a start under a waiver', given: [{ evidence: BOTH }, { codes: ['oath'], more: waived('2026-06-01', '2026-07-09') }], then: { status: 'waived', until: '2026-07-09' } },
    { name: 'under a waiver the clearance that ends first limits it', given: [{ evidence: [COURSE, passed('exam', '2026-05-20', { validUntil: '2026-07-05' })] }, { codes: ['oath'], more: waived('2026-06-01', '2026-07-09') }], then: { status: 'waived', until: '2026-07-05' } },
    { name: 'both cleared: the one that ends first limits it', given: [{ evidence: BOTH }, { codes: ['exam'], evidence: [passed('exam', '2026-05-20', { validUntil: '2026-09-01' })] }], then: { status: 'cleared', until: '2026-09-01' } },
    { name: 'both awaited: the conditions of both', given: [{ evidence: [COURSE], pending: [sitting('2026-06-10')] }, { codes: ['oath'], pending: [waiverAsked('2026-06-02', '2026-08-01')] }], then: { status: 'will-be-cleared', conditions: [sitting('2026-06-10'), waiverAsked('2026-06-02', '2026-08-01')] } },
  ] as { name: string; given: Given[]; then: object }[])('$name', ({ given, then }) => {
    expect(answer(...given)).toMatchObject(then);
  });
});

describe('whatever is shown, awaited and asked about', () => {
  const day = fc.integer({ min: -40, max: 60 }).map((n) => addDays(TODAY, n));
  const piece = fc.oneof(
    fc.tuple(fc.constantFrom('course', 'exam', 'oath'), day).map(([code, on]) => passed(code as 'course', on < TODAY ? on : TODAY)),
    day.map((on) => failedOn(on < TODAY ? on : TODAY)),
    fc.tuple(day, fc.integer({ min: 0, max: 60 })).map(([on, n]) => passed('exam', on < TODAY ? on : TODAY, { validUntil: addDays(on, n) })),
  );
  const pending = fc.oneof(
    day.filter((on) => on >= TODAY).map((on) => result(on)), day.filter((on) => on >= TODAY).map((on) => sitting(on)),
    fc.tuple(day.filter((on) => on >= TODAY), fc.integer({ min: 0, max: 60 })).map(([on, n]) => waiverAsked(on, addDays(on, n))),
  );
  const given: fc.Arbitrary<Given> = fc.record({
    codes: fc.constantFrom<('course' | 'exam' | 'oath')[]>(['course', 'exam'], ['exam'], ['course', 'exam', 'oath']), evidence: fc.uniqueArray(piece, { maxLength: 5, selector: ({ ref }) => ref }),
    pending: fc.array(pending, { maxLength: 3 }), startOfDuty: day, on: day, madeOn: fc.constant('2026-01-01'),
  });

  it('somebody may start exactly when the gate is open on that day', () => {
    fc.assert(fc.property(given, (one) => {
      const { status } = answer(one);
      const { open, basis } = gateOn([anAssignment(one)], 'before-start-of-duty', one.on ?? START, ZONE);
      expect(['cleared', 'waived'].includes(status)).toBe(open);
      if (open) expect(status).toBe(basis === 'evidence' ? 'cleared' : 'waived');
    }), { numRuns: 400 });
  });

  it('“will be cleared” comes true when its conditions do, and not without each of them', () => {
    fc.assert(fc.property(given, (one) => {
      const { status, conditions } = answer(one);
      if (status !== 'will-be-cleared') return;
      const opens = (came: Pending[]) => gateOn([anAssignment({ ...one, ...fulfilled(one, came) })], 'before-start-of-duty', one.on ?? START, ZONE).open;
      expect(conditions.length).toBeGreaterThan(0);
      expect(opens(conditions)).toBe(true);
      for (const left of conditions) expect(opens(conditions.filter((other) => other !== left))).toBe(false);
    }), { numRuns: 400 });
  });

  it('a permission that is told of begins, and ends, where the rule says', () => {
    fc.assert(fc.property(given, (one) => {
      const { status, from, until } = answer(one);
      const on = one.on ?? START;
      if (status === 'late') expect(from !== null && from > on).toBe(true);
      if (status === 'will-lapse') expect(until !== null && until < on && until >= TODAY).toBe(true);
      if (status === 'lapsed') expect(until !== null && until < on && until < TODAY).toBe(true);
    }), { numRuns: 400 });
  });

  /** The same, with what was awaited shown on its day. */
  function fulfilled({ evidence = [], more = {} }: Given, came: Pending[]): Pick<Given, 'evidence' | 'more'> {
    return {
      evidence: [...evidence, ...came.filter(({ kind }) => kind !== 'waiver').map(({ on }) => passed('exam', on))],
      more: { ...more, waivers: came.flatMap((one) => (one.kind === 'waiver' ? [{ id: 'x', requirementCode: null, from: one.on, until: one.until }] : [])) },
    };
  }
});

describe('what a hiring list says of a failed exam', () => {
  const params = { on: '2026-06-01', percent: 32, cutScore: 60 };
  const later = { code: 'exam-failed-next' as const, params: { ...params, nextAt: at('2026-06-03') } };
  const now = { code: 'exam-failed' as const, params };
  const say = (reason: WordedReason | null, resit: WordedAnswer['resit']) => wordAnswer(textFor('zh', ZONE), { status: 'failed', from: null, until: null, conditions: [], resit, reason });

  it.each([
    { reason: later, resit: { kind: 'from' as const, on: '2026-06-03' }, said: '2026年6月1日（周一）考试没有通过：32 分，合格线 60 分，最早可于2026年6月3日（周三）10:00再考' },
    { reason: later, resit: { kind: 'booked' as const, on: '2026-06-05' }, said: '2026年6月1日（周一）考试没有通过：32 分，合格线 60 分。已预约2026年6月5日（周五）的补考。' },
    { reason: now, resit: { kind: 'none' as const }, said: '2026年6月1日（周一）考试没有通过：32 分，合格线 60 分。目前没有补考机会，须由人事部门处理。' },
    { reason: now, resit: { kind: 'from' as const, on: '2026-06-01' }, said: '2026年6月1日（周一）考试没有通过：32 分，合格线 60 分。自2026年6月1日（周一）起可以补考。' },
    { reason: null, resit: { kind: 'none' as const }, said: '目前没有补考机会，须由人事部门处理。' },
  ])('is one account of how it went and when again: $said', ({ reason, resit, said }) => {
    expect(say(reason, resit)).toBe(said);
  });
});
