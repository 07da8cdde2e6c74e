import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { clearance, type Evidence, type Requirement } from '~/certification';
import { withdrawalBy, type Withdrawal } from '~/certification/withdrawal';
import { addDays, dateAt, startOfDate } from '~/kernel/calendar';
import { hours } from '~/kernel/clock';

const ZONE = 'Asia/Shanghai';
const COURSE: Requirement = { code: 'course', kind: 'course', targetId: 'c1' };
const EXAM: Requirement = { code: 'exam', kind: 'exam', targetId: 'e1' };
const START = '2026-07-01';

const on = (date: string, hour = 10) => startOfDate(date, ZONE) + hours(hour);
const completed = (date: string, ref = 'completion'): Evidence =>
  ({ kind: 'course-completion', ref, targetId: 'c1', passed: true, at: on(date), facts: {} });
const result = (date: string, passed: boolean, ref = 'attempt'): Evidence =>
  ({ kind: 'exam-result', ref, targetId: 'e1', passed, at: on(date), facts: { percent: passed ? 80 : 40, cutScore: 60, attempt: 1 } });

interface Asked { startOfDuty?: string; today?: string; requirements?: Requirement[]; withdrawals?: Withdrawal[] }
const judge = (evidence: Evidence[], { startOfDuty = START, today = '2026-12-31', requirements = [COURSE, EXAM], withdrawals = [] }: Asked = {}) =>
  clearance({ requirements, evidence, startOfDuty, withdrawals, on: today, zone: ZONE });

describe('clearance', () => {
  it('is not given without evidence, and says what is missing', () => {
    const answer = judge([]);
    expect(answer).toMatchObject({ status: 'not-cleared', mayStartOn: null, done: 0 });
    expect(answer.requirements.map((one) => one.reason.code)).toEqual(['course-not-completed', 'exam-not-taken']);
  });

  it('is given when every requirement is met, from the start of duty', () => {
    expect(judge([completed('2026-06-10'), result('2026-06-20', true)])).toMatchObject({ status: 'cleared', mayStartOn: START, done: 2 });
  });

  it('counts from the release when that is later than the start of duty', () => {
    expect(judge([completed('2026-06-10'), result('2026-07-03', true)]).mayStartOn).toBe('2026-07-03');
  });

  it('takes the date of the deployment, not of the machine', () => {
    const late = { ...result('2026-07-03', true), at: on('2026-07-03', 0) + 1 };
    expect(new Date(late.at).toISOString().slice(0, 10)).toBe('2026-07-02');
    expect(judge([completed('2026-06-10'), late]).mayStartOn).toBe('2026-07-03');
  });

  it('ignores evidence of a later date than the one asked about', () => {
    const evidence = [completed('2026-06-10'), result('2026-06-20', true)];
    expect(judge(evidence, { today: '2026-06-19' }).status).toBe('not-cleared');
    expect(judge(evidence, { today: '2026-06-20' }).status).toBe('cleared');
  });

  it('tells a failed exam with its figures, and the pass once there is one', () => {
    const failed = judge([completed('2026-06-10'), result('2026-06-12', false)]);
    expect(failed.requirements[1]).toMatchObject({ state: 'failed', evidenceRef: 'attempt', reason: { code: 'exam-failed', params: { on: '2026-06-12', percent: 40, cutScore: 60 } } });
    const passed = judge([completed('2026-06-10'), result('2026-06-12', false), result('2026-06-14', true, 'second')]);
    expect(passed.requirements[1]).toMatchObject({ state: 'met', evidenceRef: 'second', reason: { code: 'exam-passed' } });
  });

  it('does not take a course for an exam, nor another course for this one', () => {
    expect(judge([{ ...completed('2026-06-10'), targetId: 'e1' }, { ...completed('2026-06-10', 'x'), targetId: 'c2' }]).done).toBe(0);
  });

  it.each(['misconduct', 'issued-in-error', 'left-service'])('is taken back for good by an office (%s) from that day on, whatever is met later', (reason) => {
    const evidence = [completed('2026-06-10'), result('2026-06-20', true), result('2026-07-20', true, 'second')];
    const asked = (today: string) => judge(evidence, { today, withdrawals: [withdrawalBy(on('2026-07-05'), 'personnel', reason)] });
    expect(asked('2026-12-31').status).toBe('not-cleared');
    expect(asked('2026-07-04')).toMatchObject({ status: 'cleared', withdrawnOn: null });
    expect(asked('2026-07-05')).toMatchObject({ status: 'not-cleared', mayStartOn: null, withdrawnOn: '2026-07-05', done: 2 });
  });

  it('is given again after an office annulled the result, by a later result alone', () => {
    const asked = (evidence: Evidence[]) => judge([completed('2026-06-10'), ...evidence], { withdrawals: [withdrawalBy(on('2026-07-05'), 'personnel', 'result-annulled')] });
    expect(asked([result('2026-06-20', true), result('2026-06-22', true, 'known by then')])).toMatchObject({ status: 'not-cleared', withdrawnOn: '2026-07-05', done: 2 });
    expect(asked([result('2026-06-20', true), result('2026-07-20', true, 'second')]))
      .toMatchObject({ status: 'cleared', mayStartOn: '2026-07-20', withdrawnOn: null, requirements: [{}, { evidenceRef: 'second' }] });
  });

  it('is given again after a rule took it back as soon as every requirement is met, whenever that happened', () => {
    const withdrawals = [withdrawalBy(on('2026-07-05'), 'rule', 'attempt-voided')];
    expect(judge([completed('2026-06-10'), result('2026-07-05', false)], { withdrawals })).toMatchObject({ status: 'not-cleared', withdrawnOn: '2026-07-05', done: 1 });
    for (const date of ['2026-07-04', '2026-07-20']) {
      expect(judge([completed('2026-06-10'), result('2026-07-05', false), result(date, true, 'second')], { withdrawals }))
        .toMatchObject({ status: 'cleared', mayStartOn: date, withdrawnOn: null, done: 2 });
    }
  });

  it('stays taken back by an office though a rule had taken it back before and it was given again', () => {
    const withdrawals = [withdrawalBy(on('2026-07-25'), 'personnel', 'misconduct'), withdrawalBy(on('2026-07-05'), 'rule', 'result-annulled')];
    const asked = (today: string) => judge([completed('2026-06-10'), result('2026-07-20', true)], { withdrawals, today });
    expect(asked('2026-07-24')).toMatchObject({ status: 'cleared', withdrawnOn: null });
    expect(asked('2026-07-25')).toMatchObject({ status: 'not-cleared', withdrawnOn: '2026-07-25' });
  });

  it('is never given by a programme without requirements', () => {
    expect(judge([], { requirements: [] }).status).toBe('not-cleared');
  });
});

const anyDate = fc.integer({ min: 0, max: 400 }).map((days) => addDays('2026-01-01', days));
const anyEvidence = fc.record({
  kind: fc.constantFrom('course-completion' as const, 'exam-result' as const),
  ref: fc.string({ minLength: 1, maxLength: 6 }),
  targetId: fc.constantFrom('c1', 'e1', 'other'),
  passed: fc.boolean(),
  at: fc.tuple(anyDate, fc.integer({ min: 0, max: 23 })).map(([date, hour]) => on(date, hour)),
  facts: fc.constant({ percent: 50, cutScore: 60 }),
});
const anyHistory = fc.uniqueArray(anyEvidence, { selector: (one) => `${one.kind}:${one.ref}`, maxLength: 12 });

describe('clearance, whatever happened', () => {
  it('does not depend on the order in which evidence arrives', () => {
    fc.assert(fc.property(anyHistory.chain((all) => fc.tuple(fc.constant(all), fc.shuffledSubarray(all, { minLength: all.length }))), anyDate,
      ([all, shuffled], today) => { expect(judge(shuffled, { today })).toEqual(judge(all, { today })); }));
  });

  it('is never taken back, nor moved later, by more passed evidence', () => {
    fc.assert(fc.property(anyHistory, anyEvidence, anyDate, (history, more, today) => {
      const before = judge(history, { today });
      const after = judge([...history, { ...more, ref: `new ${more.ref}`, passed: true }], { today });
      expect(after.done).toBeGreaterThanOrEqual(before.done);
      if (before.status === 'cleared') {
        expect(after.status).toBe('cleared');
        expect((after.mayStartOn ?? '') <= (before.mayStartOn ?? '')).toBe(true);
      }
    }));
  });

  it('once given on a date stays given on every later date', () => {
    fc.assert(fc.property(anyHistory, anyDate, fc.integer({ min: 0, max: 200 }), (history, today, later) => {
      const now = judge(history, { today });
      if (now.status === 'cleared') expect(judge(history, { today: addDays(today, later) })).toMatchObject({ status: 'cleared', mayStartOn: now.mayStartOn });
    }));
  });

  it('permits work on the later of the start of duty and what satisfied the last requirement', () => {
    fc.assert(fc.property(anyHistory, anyDate, (history, startOfDuty) => {
      const answer = judge(history, { startOfDuty });
      if (answer.status !== 'cleared') return;
      const dates = answer.requirements.map((one) => dateAt(one.at ?? 0, ZONE));
      expect(answer.mayStartOn).toBe([startOfDuty, ...dates].sort().at(-1));
    }));
  });

  it('names for each requirement that is met the evidence that satisfies it', () => {
    fc.assert(fc.property(anyHistory, (history) => {
      for (const one of judge(history).requirements.filter((outcome) => outcome.state === 'met')) {
        expect(history.some((piece) => piece.ref === one.evidenceRef && piece.passed && piece.targetId === one.targetId)).toBe(true);
      }
    }));
  });
});
