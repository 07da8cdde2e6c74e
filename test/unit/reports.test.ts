import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { dateAt, isWorkingDay, localTimeAt } from '~/kernel/calendar';
import { columnsOf } from '~/reports/columns';
import { Tally, groupPlan } from '~/reports/groups';
import { spanOf } from '~/reports/period';
import { REPORT_KINDS, ReportQuery, STATES } from '~/reports/report';
import { leadingPosts } from '~/reports/rows/leading';
import type { Post } from '~/reports/rows/posts.repository';
import { resultThen } from '~/reports/rows/results-then';
import type { ReportRow } from '~/reports/rows/row';
import type { Unit } from '~/reports/rows/units.repository';
import { isRhythm, nextRun, type Rhythm } from '~/reports/schedule';
import { personFigures, UnitSum } from '~/reports/appraisal/rule';
import { textFor } from '~/text';

const ZONE = 'Asia/Shanghai';
const at = (local: string): number => Date.parse(`${local}:00+08:00`);
const run = (rhythm: Rhythm, after: string): string => localTimeAt(nextRun(rhythm, at(after), ZONE), ZONE);

describe('a schedule', () => {
  it.each([
    { name: 'is made every working day at its hour', rhythm: { rhythm: 'daily', day: 0, hour: 8 }, after: '2026-12-01T07:59', next: '2026-12-01T08:00' },
    { name: 'is made the next day once its hour has come', rhythm: { rhythm: 'daily', day: 0, hour: 8 }, after: '2026-12-01T08:00', next: '2026-12-02T08:00' },
    { name: 'leaves out a weekend', rhythm: { rhythm: 'daily', day: 0, hour: 8 }, after: '2026-12-04T09:00', next: '2026-12-07T08:00' },
    { name: 'is made on its day of the week', rhythm: { rhythm: 'weekly', day: 3, hour: 9 }, after: '2026-12-01T12:00', next: '2026-12-02T09:00' },
    { name: 'is made a week later once that has passed', rhythm: { rhythm: 'weekly', day: 1, hour: 9 }, after: '2026-12-01T12:00', next: '2026-12-07T09:00' },
    { name: 'goes from a Saturday to the Monday after', rhythm: { rhythm: 'weekly', day: 6, hour: 9 }, after: '2026-12-01T12:00', next: '2026-12-07T09:00' },
    { name: 'is made on the day after the National Day holidays', rhythm: { rhythm: 'monthly', day: 1, hour: 8 }, after: '2025-09-30T08:00', next: '2025-10-09T08:00' },
    { name: 'is not made twice for a day off that has passed', rhythm: { rhythm: 'monthly', day: 1, hour: 8 }, after: '2025-10-09T08:00', next: '2025-11-03T08:00' },
    { name: 'takes the last day of a month that is shorter', rhythm: { rhythm: 'monthly', day: 31, hour: 8 }, after: '2026-06-01T08:00', next: '2026-06-30T08:00' },
  ] as const)('$name', ({ rhythm, after, next }) => expect(run(rhythm, after)).toBe(next));

  const rhythms = fc.oneof(
    fc.record({ rhythm: fc.constant('daily' as const), day: fc.constant(0), hour: fc.integer({ min: 0, max: 23 }) }),
    fc.record({ rhythm: fc.constant('weekly' as const), day: fc.integer({ min: 1, max: 7 }), hour: fc.integer({ min: 0, max: 23 }) }),
    fc.record({ rhythm: fc.constant('monthly' as const), day: fc.integer({ min: 1, max: 31 }), hour: fc.integer({ min: 0, max: 23 }) }),
  );

  it('always comes later, on a working day, at its hour', () => {
    fc.assert(fc.property(rhythms, fc.integer({ min: at('2024-01-01T00:00'), max: at('2027-12-31T00:00') }), (rhythm, after) => {
      const next = nextRun(rhythm, after, ZONE);
      expect(isRhythm(rhythm)).toBe(true);
      expect(next).toBeGreaterThan(after);
      expect(isWorkingDay(dateAt(next, ZONE))).toBe(true);
      expect(localTimeAt(next, ZONE).slice(11)).toBe(`${String(rhythm.hour).padStart(2, '0')}:00`);
    }));
  });

  it('leaves nothing out: what comes next after an instant comes next after every later one before it', () => {
    fc.assert(fc.property(rhythms, fc.integer({ min: at('2025-01-01T00:00'), max: at('2026-12-31T00:00') }), fc.double({ min: 0, max: 1, noNaN: true }), (rhythm, after, part) => {
      const next = nextRun(rhythm, after, ZONE);
      expect(nextRun(rhythm, Math.floor(after + (next - 1 - after) * part), ZONE)).toBe(next);
    }));
  });
});

describe('a period', () => {
  it.each([
    ['last-week', '2026-12-02', { from: '2026-11-23', until: '2026-11-29' }],
    ['this-month', '2026-02-11', { from: '2026-02-01', until: '2026-02-28' }],
    ['last-month', '2026-01-31', { from: '2025-12-01', until: '2025-12-31' }],
    ['this-quarter', '2026-05-31', { from: '2026-04-01', until: '2026-06-30' }],
    ['last-quarter', '2026-02-01', { from: '2025-10-01', until: '2025-12-31' }],
    ['this-year', '2026-02-01', { from: '2026-01-01', until: '2026-12-31' }],
    ['last-year', '2026-02-01', { from: '2025-01-01', until: '2025-12-31' }],
    ['any', '2026-02-01', null],
  ] as const)('%s on %s', (period, on, span) => expect(spanOf({ period }, on)).toEqual(span));

  it('of dates must have both, in order', () => {
    const problems = (given: object) => { const read = ReportQuery.safeParse({ kind: 'results', period: 'dates', ...given }); return read.success ? [] : read.error.issues.map(({ path, message }) => `${path.join('.')} ${message}`); };
    expect(problems({})).toEqual(['from field.required', 'until field.required']);
    expect(problems({ from: '2026-02-02', until: '2026-02-01' })).toEqual(['until report.period-order']);
    expect(problems({ from: '2026-02-02', until: '2026-02-30' })).toEqual(['until field.date']);
    expect(problems({ from: '2026-02-01', until: '2026-02-01' })).toEqual([]);
  });
});

describe('the words of reports', () => {
  it.each(['zh', 'en'] as const)('are there for every column and state in %s', (lang) => {
    const { has } = textFor(lang);
    const keys = REPORT_KINDS.flatMap((kind) => [...columnsOf(kind).map(({ code }) => `reports.column.${code}`), ...STATES[kind].map((state) => `reports.state.${kind}.${state}`)]);
    expect(keys.filter((key) => !has(key))).toEqual([]);
  });
});

const unit = (id: string, parentId: string | null, path: string): Unit => ({ id, parentId, path, pathNow: path, code: id, name: id });
const UNITS = [unit('city', null, '/city/'), unit('a', 'city', '/city/a/'), unit('a1', 'a', '/city/a/a1/'), unit('b', 'city', '/city/b/')];
let made = 0;
const row = (given: Partial<ReportRow>): ReportRow => ({ personId: `p${(made += 1)}`, organisationId: 'a', rank: null, intake: null, kind: 'staff', on: null, state: 'passed', measure: 80, cells: {}, ...given });
const query = (given: object = {}) => ReportQuery.parse({ kind: 'results', layout: 'groups', ...given });

describe('numbers by groups', () => {
  it('tell units right beneath the chosen one with everything that lies beneath them, and the chosen one itself', () => {
    const [root = UNITS[0]] = UNITS;
    const tally = new Tally(groupPlan(query(), UNITS, root ?? null));
    for (const organisationId of ['a1', 'a', 'city', 'b']) tally.add(row({ organisationId }));
    const { groups, all } = tally.summary(false);
    expect(groups.map(({ key, all: n }) => [key, n])).toEqual([['city', { kind: 'count', value: 1 }], ['a', { kind: 'count', value: 2 }], ['b', { kind: 'count', value: 1 }]]);
    expect(all).toEqual({ kind: 'count', value: 4 });
  });

  it('come by month with what has no day at the end, and with the mean of what was measured', () => {
    const tally = new Tally(groupPlan(query({ groupBy: 'month' }), UNITS, null));
    for (const [on, measure] of [['2026-11-03', 50], ['2026-10-01', 90], ['2026-11-30', 70], [null, null]] as const) tally.add(row({ on, measure }));
    const { groups, mean } = tally.summary(false);
    expect(groups.map(({ key, mean: own }) => [key, own])).toEqual([['2026-10', 90], ['2026-11', 60], ['', null]]);
    expect(mean).toBe(70);
  });

  it('hide a small group, and say nothing of how many lines it has', () => {
    const tally = new Tally(groupPlan(query(), UNITS, UNITS[0] ?? null));
    for (let i = 0; i < 20; i += 1) tally.add(row({ organisationId: i < 3 ? 'b' : 'a1', state: i % 2 === 0 ? 'passed' : 'failed' }));
    const { groups } = tally.summary(true);
    expect(groups.find(({ key }) => key === 'b')).toEqual({ key: 'b', cells: [{ kind: 'withheld' }, { kind: 'withheld' }], all: { kind: 'few' }, mean: null });
    expect(groups.find(({ key }) => key === 'a')?.all).toEqual({ kind: 'withheld' });
  });

  it('count people: many results of one person are a small group', () => {
    const tally = new Tally(groupPlan(query({ groupBy: 'rank' }), UNITS, null));
    for (let i = 0; i < 9; i += 1) tally.add(row({ personId: 'one', rank: '一级科员' }));
    expect(tally.summary(true).groups[0]?.all).toEqual({ kind: 'withheld' });
  });
});

const post = (given: Partial<Post>): Post => ({ id: 'x', personId: 'p', name: '', organisationId: 'a', kind: 'staff', nature: 'main', post: '', rank: null, startOfDuty: '2026-01-01', intakeId: null, intake: null, ...given });

describe('somebody with several appointments', () => {
  it.each([
    { name: 'stands under the main one', posts: [post({ id: '1', startOfDuty: '2020-01-01' }), post({ id: '2', nature: 'secondment', startOfDuty: '2026-01-01' })], leads: '1' },
    { name: 'else under the latest', posts: [post({ id: '1', nature: 'concurrent', startOfDuty: '2020-01-01' }), post({ id: '2', nature: 'concurrent' })], leads: '2' },
    { name: 'and under one of two of the same day', posts: [post({ id: '2' }), post({ id: '1' })], leads: '2' },
  ])('$name', ({ posts, leads }) => expect(leadingPosts(posts).get('p')).toBe(leads));
});

describe('a result on a day', () => {
  const stored = { attempt_id: 't', person_id: 'p', exam_id: 'x', title_zh: '', title_en: '', number: 1, handed_in_at: 5, percent: 90, cut_score: 60, passed: true, released_at: 20, state: 'void' };
  const graded = { subject_id: 't', kind: 'attempt.graded', at: 10, body: { percent: 55, cutScore: 60, passed: false } } as const;
  const released = { subject_id: 't', kind: 'result.released', at: 20, body: {} } as const;
  const regraded = { subject_id: 't', kind: 'attempt.regraded', at: 30, body: { cutScore: 60, after: { percent: 90, passed: true } } } as const;

  it('is what it was by then, whatever became of it', () => {
    expect(resultThen(stored, [graded])).toBeNull();
    expect(resultThen(stored, [graded, released])).toMatchObject({ percent: 55, passed: false, releasedAt: 20 });
    expect(resultThen(stored, [graded, released, regraded])).toMatchObject({ percent: 90, passed: true, releasedAt: 20 });
    expect(resultThen(stored, [graded, released, regraded, { subject_id: 't', kind: 'attempt.voided', at: 40, body: {} }])).toBeNull();
  });
});

describe('figures for appraisals', () => {
  const clearance = (given: object) => ({ leads: true, gate: 'before-start-of-duty', startOfDuty: '2026-01-01', state: 'may-start', ...given }) as unknown as Parameters<typeof personFigures>[1][number];
  const target = (done: number, amount: number) => ({ code: 'online-year', met: done >= amount, nearest: 0, alternatives: [{ done, amount }] }) as unknown as Parameters<typeof personFigures>[0]['targets'][number];

  it('count clearances by evidence of posts that were taken up, and what is overdue of everything', () => {
    const figures = personFigures({ hundredths: 4000, targets: [target(4000, 5000)] }, [
      clearance({}), clearance({ state: 'under-waiver' }), clearance({ startOfDuty: '2027-01-01', state: 'not-yet' }), clearance({ gate: 'none', state: 'overdue' }), clearance({ leads: false, state: 'overdue' }),
    ], '2026-12-01');
    expect(figures).toEqual([
      { code: 'hours', part: 4000, whole: null }, { code: 'targets', part: 0, whole: 1 }, { code: 'target:online-year', part: 4000, whole: 5000 },
      { code: 'certified', part: 1, whole: 2 }, { code: 'overdue', part: 2, whole: 5 },
    ]);
  });

  it('of a unit are those of its people together', () => {
    const sum = new UnitSum();
    sum.add(personFigures({ hundredths: 6000, targets: [target(6000, 5000)] }, [clearance({})], '2026-12-01'));
    sum.add(personFigures({ hundredths: 1000, targets: [target(1000, 5000)] }, [clearance({ state: 'overdue' })], '2026-12-01'));
    sum.add(personFigures({ hundredths: 0, targets: [] }, [], '2026-12-01'));
    expect(sum.figures()).toEqual([
      { code: 'people', part: 3, whole: null }, { code: 'hours-reached', part: 1, whole: 2 }, { code: 'hours-mean', part: 7000, whole: 3 }, { code: 'certified', part: 1, whole: 2 }, { code: 'overdue', part: 1, whole: 2 },
    ]);
  });
});
