import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { clearance, type ClearanceInput } from '~/certification/clearance';
import type { Evidence } from '~/certification/evidence';
import type { Requirement, Tree, Validity } from '~/certification/requirement';
import type { GrantedWaiver } from '~/certification/withdrawal';
import { withdrawalBy } from '~/certification/withdrawal';
import { addDays, dateAt, startOfDate } from '~/kernel/calendar';
import { hours } from '~/kernel/clock';

const ZONE = 'Asia/Shanghai';
const EVER = '9999-12-31';
const COURSE: Requirement = { code: 'course', kind: 'course', targetId: 'c1' };
const EXAM: Requirement = { code: 'exam', kind: 'exam', targetId: 'e1' };
const LICENCE: Requirement = { code: 'licence', kind: 'external', targetId: 'licence' };
const on = (date: string, hour = 10) => startOfDate(date, ZONE) + hours(hour);
const code = (of: string): Tree => ({ kind: 'requirement', code: of });
const YEAR: Validity = { kind: 'from-completion', period: { count: 12, unit: 'months' }, window: { count: 3, unit: 'months' } };

const completed = (date: string, more: Partial<Evidence> = {}): Evidence =>
  ({ kind: 'course-completion', ref: `course ${date}`, targetId: 'c1', passed: true, at: on(date), facts: {}, ...more });
const passed = (date: string, percent = 80, more: Partial<Evidence> = {}): Evidence =>
  ({ kind: 'exam-result', ref: `exam ${date}`, targetId: 'e1', passed: percent >= 60, at: on(date), facts: { percent, cutScore: 60 }, ...more });
const licence = (date: string, validUntil: string | null = null): Evidence =>
  ({ kind: 'external', ref: `licence ${date}`, targetId: 'licence', passed: true, at: on(date), validUntil, facts: {} });
const waiver = (more: Partial<GrantedWaiver> = {}): GrantedWaiver =>
  ({ id: 'w1', requirementCode: null, from: '2026-07-01', until: '2026-08-31', grantedAt: on('2026-06-25'), ...more });

const judge = (evidence: Evidence[], more: Partial<ClearanceInput> = {}) =>
  clearance({ requirements: [COURSE, EXAM], evidence, startOfDuty: '2026-07-01', on: '2026-09-01', zone: ZONE, ...more });

describe('a tree of requirements', () => {
  const requirements = [COURSE, EXAM, LICENCE];

  it('is met by one branch of any-of, and counts only what that branch needs', () => {
    const tree: Tree = { kind: 'all', of: [code('course'), { kind: 'any', of: [code('exam'), code('licence')] }] };
    expect(judge([completed('2026-06-10')], { requirements, tree })).toMatchObject({ status: 'not-cleared', done: 1, total: 2 });
    expect(judge([completed('2026-06-10'), licence('2026-06-12')], { requirements, tree })).toMatchObject({ status: 'cleared', done: 2, total: 2, completedOn: '2026-06-12' });
  });

  it('is met by enough branches of n-of', () => {
    const tree: Tree = { kind: 'some', least: 2, of: [code('course'), code('exam'), code('licence')] };
    expect(judge([passed('2026-06-10')], { requirements, tree }).status).toBe('not-cleared');
    expect(judge([passed('2026-06-10'), licence('2026-07-03')], { requirements, tree })).toMatchObject({ status: 'cleared', mayStartOn: '2026-07-03' });
  });
});

describe('a requirement', () => {
  it('of an exam may ask for more or less than the exam itself', () => {
    const asks = (cutScore: number) => judge([passed('2026-06-10', 70)], { requirements: [{ ...EXAM, params: { cutScore } }] });
    expect(asks(80)).toMatchObject({ status: 'not-cleared', requirements: [{ state: 'failed', reason: { code: 'exam-below-required', params: { percent: 70, cutScore: 80 } } }] });
    expect(asks(70).status).toBe('cleared');
    expect(judge([passed('2026-06-10', 55)], { requirements: [{ ...EXAM, params: { cutScore: 50 } }] }).status).toBe('cleared');
  });

  const hour = (date: string, hundredths: number): Evidence => ({ kind: 'hours', ref: `h ${date}`, targetId: 'all', passed: true, at: on(date), facts: { hundredths } });
  const wanting = (window: NonNullable<Requirement['params']>['window']): Requirement => ({ code: 'hours', kind: 'hours', targetId: 'all', params: { hundredths: 4000, window } });

  it('of hours adds what lies in its window, and ends when it has left it', () => {
    const entries = [hour('2026-02-01', 2500), hour('2026-06-20', 1500)];
    expect(judge(entries, { requirements: [wanting({ kind: 'calendar-year' })], on: EVER }).periods).toEqual([{ from: '2026-07-01', until: '2026-12-31', basis: 'evidence' }]);
    expect(judge(entries, { requirements: [wanting({ kind: 'months', months: 8 })], on: EVER }).periods).toEqual([{ from: '2026-07-01', until: '2026-10-01', basis: 'evidence' }]);
    expect(judge(entries, { requirements: [wanting({ kind: 'dates', from: '2026-03-01', until: '2026-12-31' })] }))
      .toMatchObject({ status: 'not-cleared', requirements: [{ state: 'open', reason: { code: 'hours-short', params: { hours: 15, wanted: 40 } } }] });
  });

  it('ends with its evidence, unless other evidence carries on', () => {
    const requirements = [LICENCE];
    const ending = judge([licence('2026-06-01', '2026-08-15')], { requirements });
    expect(ending).toMatchObject({ status: 'not-cleared', expiredOn: '2026-08-15', requirements: [{ state: 'expired', reason: { code: 'evidence-expired', params: { untilOn: '2026-08-15' } } }] });
    expect(judge([licence('2026-06-01', '2026-08-15'), licence('2026-08-10', '2027-08-10')], { requirements }))
      .toMatchObject({ status: 'cleared', mayStartOn: '2026-07-01', until: '2027-08-10', requirements: [{ evidenceRef: 'licence 2026-08-10' }] });
  });

  it('does not take evidence of an earlier cycle, nor what was annulled', () => {
    const evidence = [completed('2026-06-10'), passed('2026-06-11')];
    expect(judge(evidence, { countsFrom: '2026-06-11' })).toMatchObject({ status: 'not-cleared', done: 1 });
    expect(judge([completed('2026-06-10'), passed('2026-06-11', 80, { facts: { percent: 80, void: true } })])).toMatchObject({ done: 1 });
  });
});

describe('a clearance with an end', () => {
  const evidence = [completed('2026-06-10'), passed('2026-06-20')];

  it('ends by the rule of its validity, and says so afterwards', () => {
    expect(judge(evidence, { validity: YEAR })).toMatchObject({ status: 'cleared', until: '2027-06-20', completedOn: '2026-06-20', ruleExpiry: '2027-06-20', changesOn: '2027-06-21' });
    expect(judge(evidence, { validity: YEAR, on: '2027-06-21' })).toMatchObject({ status: 'not-cleared', expiredOn: '2027-06-20', done: 2 });
  });

  it('is extended without moving what its rule says', () => {
    const extensions = [{ at: on('2027-06-01'), until: '2027-09-30' }];
    expect(judge(evidence, { validity: YEAR, extensions, on: '2027-07-01' })).toMatchObject({ status: 'cleared', until: '2027-09-30', ruleExpiry: '2027-06-20' });
    // Before anybody decided it, nobody knew.
    expect(judge(evidence, { validity: YEAR, extensions, on: '2027-05-31' }).until).toBe('2027-06-20');
  });

  it('rests while its credential is suspended, from that day to the one before it is reinstated', () => {
    const suspensions = [{ from: on('2026-07-10'), until: on('2026-07-20') }];
    expect(judge(evidence, { suspensions }).periods).toEqual([
      { from: '2026-07-01', until: '2026-07-09', basis: 'evidence' }, { from: '2026-07-20', until: null, basis: 'evidence' },
    ]);
    expect(judge(evidence, { suspensions, on: '2026-07-15' })).toMatchObject({ status: 'not-cleared', suspendedOn: '2026-07-10', withdrawnOn: null });
  });
});

describe('a waiver', () => {
  it('permits for its time, named and never as cleared', () => {
    expect(judge([completed('2026-06-10')], { waivers: [waiver()], on: '2026-07-15' }))
      .toMatchObject({ status: 'waived', mayStartOn: '2026-07-01', until: '2026-08-31', waiverId: 'w1', done: 1 });
    expect(judge([completed('2026-06-10')], { waivers: [waiver()] })).toMatchObject({ status: 'not-cleared', waiverId: null, periods: [{ basis: 'waiver', waiverId: 'w1' }] });
  });

  it('never counts before it was granted, nor after the day of its revocation', () => {
    const periods = (more: Partial<GrantedWaiver>) => judge([], { waivers: [waiver(more)], on: EVER }).periods;
    expect(periods({ grantedAt: on('2026-07-05') })).toMatchObject([{ from: '2026-07-05', until: '2026-08-31' }]);
    expect(periods({ revokedAt: on('2026-07-20') })).toMatchObject([{ from: '2026-07-01', until: '2026-07-20' }]);
    expect(judge([], { waivers: [waiver({ revokedAt: on('2026-07-20') })], on: '2026-07-19' }).until).toBe('2026-08-31');
  });

  it('for one requirement needs all the others, and gives way to evidence', () => {
    const waivers = [waiver({ requirementCode: 'exam' })];
    expect(judge([], { waivers, on: '2026-07-15' }).status).toBe('not-cleared');
    const waived = judge([completed('2026-06-10')], { waivers, on: '2026-07-15' });
    expect(waived).toMatchObject({ status: 'waived', requirements: [{ state: 'met' }, { state: 'waived', reason: { code: 'requirement-waived', params: { untilOn: '2026-08-31' } } }] });
    expect(judge([completed('2026-06-10'), passed('2026-07-20')], { waivers }).periods).toEqual([
      { from: '2026-07-01', until: '2026-07-19', basis: 'waiver', waiverId: 'w1' }, { from: '2026-07-20', until: null, basis: 'evidence' },
    ]);
  });

  it('of before does not stand against a revocation or a suspension; one that is granted after it does', () => {
    const evidence = [completed('2026-06-10'), passed('2026-06-11')];
    for (const more of [{ withdrawals: [withdrawalBy(on('2026-07-05'), 'personnel', 'misconduct')] }, { suspensions: [{ from: on('2026-07-05'), until: null }] }]) {
      expect(judge(evidence, { ...more, waivers: [waiver()], on: '2026-07-15' }).status).toBe('not-cleared');
      expect(judge(evidence, { ...more, waivers: [waiver({ grantedAt: on('2026-07-06') })], on: '2026-07-15' })).toMatchObject({ status: 'waived', mayStartOn: '2026-07-06' });
    }
  });
});

const anyDate = fc.integer({ min: 0, max: 300 }).map((days) => addDays('2026-01-01', days));
const anyUntil = fc.option(anyDate, { nil: null });
const anyEvidence: fc.Arbitrary<Evidence> = fc.record({
  kind: fc.constantFrom('course-completion' as const, 'exam-result' as const, 'external' as const, 'hours' as const),
  ref: fc.uuid(), targetId: fc.constantFrom('c1', 'e1', 'licence', 'all'), passed: fc.boolean(),
  at: fc.tuple(anyDate, fc.integer({ min: 0, max: 23 })).map(([date, hour]) => on(date, hour)), validUntil: anyUntil,
  facts: fc.record({ percent: fc.integer({ min: 0, max: 100 }), hundredths: fc.integer({ min: 0, max: 3000 }) }),
});
const anyWaiver: fc.Arbitrary<GrantedWaiver> = fc.record({
  id: fc.uuid(), requirementCode: fc.constantFrom(null, 'course', 'exam', 'licence', 'hours'), from: anyDate, until: anyDate,
  grantedAt: anyDate.map((date) => on(date)), revokedAt: fc.option(anyDate.map((date) => on(date)), { nil: null }),
});
const LEAVES: Requirement[] = [COURSE, EXAM, LICENCE, { code: 'hours', kind: 'hours', targetId: 'all', params: { hundredths: 3000, window: { kind: 'months', months: 3 } } }];
const anyTree: fc.Arbitrary<Tree> = fc.oneof(
  fc.constant<Tree>({ kind: 'all' }),
  fc.constant<Tree>({ kind: 'any', of: [code('course'), { kind: 'all', of: [code('exam'), code('licence')] }] }),
  fc.integer({ min: 1, max: 3 }).map((least): Tree => ({ kind: 'some', least, of: LEAVES.map((one) => code(one.code)) })),
);
const anyCase = fc.record({
  tree: anyTree, evidence: fc.array(anyEvidence, { maxLength: 10 }), waivers: fc.array(anyWaiver, { maxLength: 4 }),
  suspensions: fc.array(fc.tuple(anyDate, anyUntil).map(([from, until]) => ({ from: on(from), until: until === null || until < from ? null : on(until, 12) })), { maxLength: 2 }),
  withdrawals: fc.array(fc.tuple(anyDate, fc.constantFrom('result-annulled', 'attempt-voided', 'misconduct')).map(([date, reason]) => withdrawalBy(on(date), reason === 'attempt-voided' ? 'rule' : 'personnel', reason)), { maxLength: 2 }),
  extensions: fc.array(fc.tuple(anyDate, anyDate).map(([at, until]) => ({ at: on(at), until })), { maxLength: 2 }),
  validity: fc.constantFrom<Validity>({ kind: 'for-ever' }, YEAR, { ...YEAR, period: { count: 2, unit: 'months' } }), today: anyDate,
});
type Case = typeof anyCase extends fc.Arbitrary<infer C> ? C : never;
const judgeCase = ({ today, ...rest }: Case, more: Partial<ClearanceInput> = {}) =>
  clearance({ requirements: LEAVES, startOfDuty: '2026-02-01', on: today, zone: ZONE, ...rest, ...more });

const daysOf = (of: ReturnType<typeof clearance>, basis?: string) => (day: string) =>
  of.periods.some((one) => (basis === undefined || one.basis === basis) && one.from <= day && (one.until === null || day <= one.until));
const SOME_DAYS = Array.from({ length: 60 }, (_, i) => addDays('2026-01-01', i * 8));

describe('clearance, whatever it is made of', () => {
  it('gives the same answer in whatever order everything arrives', () => {
    fc.assert(fc.property(anyCase, fc.infiniteStream(fc.nat()), (one, random) => {
      const shuffled = <T>(all: readonly T[]): T[] => all.map((value) => ({ value, by: random.next().value as number })).sort((a, b) => a.by - b.by).map(({ value }) => value);
      expect(judgeCase(one, {
        evidence: shuffled(one.evidence), waivers: shuffled(one.waivers), suspensions: shuffled(one.suspensions), withdrawals: shuffled(one.withdrawals), extensions: shuffled(one.extensions),
      })).toEqual(judgeCase(one));
    }));
  });

  it('never permits less by more evidence that holds for ever', () => {
    fc.assert(fc.property(anyCase, anyEvidence, (one, more) => {
      const forEver = { ...one, validity: { kind: 'for-ever' as const } };
      const before = judgeCase(forEver, { on: EVER });
      const after = judgeCase(forEver, { on: EVER, evidence: [...one.evidence, { ...more, passed: true, facts: { percent: 100, hundredths: 100 } }] });
      for (const day of SOME_DAYS) if (daysOf(before)(day)) expect(daysOf(after)(day)).toBe(true);
    }));
  });

  it('never permits less by evidence that comes after the completion, whatever the validity', () => {
    fc.assert(fc.property(anyCase, anyEvidence, (one, more) => {
      const before = judgeCase(one, { on: EVER });
      if (before.completedOn === null || dateAt(more.at, ZONE) <= before.completedOn) return;
      const after = judgeCase(one, { on: EVER, evidence: [...one.evidence, { ...more, passed: true, facts: { percent: 100, hundredths: 100 } }] });
      if (one.withdrawals.some(({ lifted }) => lifted === 'later-result')) return;
      for (const day of SOME_DAYS) if (daysOf(before)(day)) expect(daysOf(after)(day)).toBe(true);
    }));
  });

  it('has the same part by evidence with and without waivers', () => {
    fc.assert(fc.property(anyCase, (one) => {
      const [withThem, without] = [judgeCase(one), judgeCase(one, { waivers: [] })];
      for (const day of SOME_DAYS) expect(daysOf(withThem, 'evidence')(day)).toBe(daysOf(without, 'evidence')(day));
      expect(withThem).toMatchObject({ completedOn: without.completedOn, ruleExpiry: without.ruleExpiry, done: without.done });
    }));
  });

  it('has periods in order that neither overlap nor begin before the start of duty, and a status that follows from them', () => {
    fc.assert(fc.property(anyCase, (one) => {
      const { periods, status, mayStartOn, until } = judgeCase(one);
      for (const [i, period] of periods.entries()) {
        expect(period.from >= '2026-02-01' && (period.until === null || period.until >= period.from)).toBe(true);
        const next = periods[i + 1];
        if (next) expect(period.until !== null && period.until < next.from).toBe(true);
      }
      const current = periods.find((period) => period.until === null || period.until >= one.today);
      expect({ status, mayStartOn, until }).toEqual({
        status: !current ? 'not-cleared' : current.basis === 'evidence' ? 'cleared' : 'waived', mayStartOn: current?.from ?? null, until: current?.until ?? null,
      });
    }));
  });

  it('does not change before the day that it names', () => {
    fc.assert(fc.property(anyCase, fc.integer({ min: 1, max: 200 }), (one, days) => {
      const answer = judgeCase(one);
      const later = addDays(one.today, days);
      if (answer.changesOn !== null && answer.changesOn <= later) return;
      expect(judgeCase({ ...one, today: later })).toEqual(answer);
    }));
  });
});
