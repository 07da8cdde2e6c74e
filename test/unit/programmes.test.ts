import fc from 'fast-check';
import { afterEach, describe, expect, it } from 'vitest';
import {
  applies, AppliesTo, causesOf, combination, dueOn, faultsOf, ruleParts, sentenceOf, type Names, type Requirement, type Surroundings, type Tree,
} from '~/certification';
import { addDays, isWorkingDay, useOwnDays } from '~/kernel/calendar';
import { textFor } from '~/text';

const { add, codesIn, combine, indispensable, isFulfilled, moveInto, remove, shift, writtenOut } = combination;
const { addPart, asGroup, negatePart, partsOf } = ruleParts;

const NAMES: Names = {
  course: new Map([['c', '电子政务基础']]), exam: new Map([['e', '电子政务基础']]), programme: new Map([['p', '网络安全上岗培训']]),
  organisation: new Map([['o', '市财政局']]), intake: new Map([['i', '2026 年第一批']]),
};
const COURSE: Requirement = { code: 'course', kind: 'course', targetId: 'c' };
const EXAM: Requirement = { code: 'exam', kind: 'exam', targetId: 'e', params: { cutScore: 60 } };
const HOLD: Requirement = { code: 'hold', kind: 'credential', targetId: 'p' };
const ref = (code: string): Tree => ({ kind: 'requirement', code });

describe('a rule of whom a programme applies to', () => {
  const somebody = { kind: 'recruit', nature: 'main', post: '综合科科员', rank: null, organisationPath: '/r/o/u/', intakeId: 'i', startOfDuty: '2026-07-01' } as const;

  it.each([
    { name: 'the first form that was stored', rule: { kinds: ['recruit'] }, expected: true },
    { name: 'everybody, when nothing is asked', rule: { kind: 'all', of: [] }, expected: true },
    { name: 'nobody, when one of nothing is asked', rule: { kind: 'any', of: [] }, expected: false },
    { name: 'an organisation with what lies beneath', rule: { kind: 'organisation', ids: ['o'] }, expected: true },
    { name: 'part of a post', rule: { kind: 'post-contains', words: ['科员'] }, expected: true },
    { name: 'no rank as none of those', rule: { kind: 'not', of: { kind: 'rank', ranks: ['一级科员'] } }, expected: true },
    { name: 'the nature of an appointment', rule: { kind: 'nature', natures: ['concurrent', 'main'] }, expected: true },
    { name: 'an appointment that is not a secondment', rule: { kind: 'nature', natures: ['secondment'] }, expected: false },
    { name: 'a start on the last day', rule: { kind: 'start-of-duty', from: '2026-01-01', until: '2026-07-01' }, expected: true },
    { name: 'a start that is too early', rule: { kind: 'start-of-duty', from: '2026-07-02' }, expected: false },
  ])('reads $name', ({ rule, expected }) => {
    expect(applies(AppliesTo.parse(rule), somebody)).toBe(expected);
  });

  it('is edited by place, through exceptions too', () => {
    const start = asGroup(AppliesTo.parse({ kinds: ['recruit'] }));
    const grown = asGroup(addPart(start, [], { kind: 'any', of: [] }));
    const filled = asGroup(addPart(asGroup(negatePart(grown, [1])), [1], { kind: 'post', posts: ['局长'] }));
    expect(filled).toEqual({ kind: 'all', of: [{ kind: 'appointment', kinds: ['recruit'] }, { kind: 'not', of: { kind: 'any', of: [{ kind: 'post', posts: ['局长'] }] } }] });
    expect(partsOf(filled).rule).toMatchObject({ kind: 'all', of: [{ not: false }, { not: true, rule: { kind: 'any', of: [{ path: [1, 0] }] } }] });
  });
});

describe('a due date', () => {
  afterEach(() => useOwnDays(new Map()));

  it.each([
    { name: 'lies three working days before the start of duty', rule: { kind: 'before-start', workingDays: 3 }, start: '2026-07-01', due: '2026-06-26' },
    { name: 'jumps over the national holiday', rule: { kind: 'before-start', workingDays: 3 }, start: '2026-10-09', due: '2026-09-29' },
    { name: 'counts a Saturday on which work is made up', rule: { kind: 'before-start', workingDays: 3 }, start: '2026-02-24', due: '2026-02-12' },
    { name: 'counts working days after the start', rule: { kind: 'after-start', workingDays: 2 }, start: '2026-09-30', due: '2026-10-09' },
    { name: 'ends with a month that has no such day', rule: { kind: 'months-after-start', months: 6 }, start: '2026-08-31', due: '2027-02-28' },
    { name: 'finds the corresponding day a year later', rule: { kind: 'months-after-start', months: 12 }, start: '2027-02-28', due: '2028-02-28' },
    { name: 'is the date that is fixed, also when it has passed', rule: { kind: 'fixed', on: '2020-01-01' }, start: '2026-07-01', due: '2020-01-01' },
  ] as const)('$name', ({ rule, start, due }) => {
    expect(dueOn(rule, start)).toBe(due);
  });

  it('moves when a day off is made up for a year not published yet', () => {
    const rule = { kind: 'before-start', workingDays: 1 } as const;
    expect(dueOn(rule, '2031-03-05')).toBe('2031-03-04');
    useOwnDays(new Map([['2031-03-04', false], ['2031-03-02', true]]));
    expect(dueOn(rule, '2031-03-05')).toBe('2031-03-03');
    expect(dueOn({ kind: 'before-start', workingDays: 2 }, '2031-03-05')).toBe('2031-03-02');
  });

  it('of a rule of working days is a working day', () => {
    fc.assert(fc.property(fc.integer({ min: 0, max: 3000 }), fc.integer({ min: 1, max: 40 }), (days, workingDays) => {
      const start = addDays('2024-01-01', days);
      expect(isWorkingDay(dueOn({ kind: 'before-start', workingDays }, start))).toBe(true);
      expect(isWorkingDay(dueOn({ kind: 'after-start', workingDays }, start))).toBe(true);
    }), { numRuns: 50 });
  });
});

describe('a combination', () => {
  const tree: Tree = { kind: 'any', of: [{ kind: 'all', of: [ref('course'), ref('exam')] }, ref('hold')] };

  it('is fulfilled by one of its ways', () => {
    expect(isFulfilled(tree, (code) => code === 'hold')).toBe(true);
    expect(isFulfilled(tree, (code) => code === 'course')).toBe(false);
    expect(isFulfilled({ kind: 'some', least: 2, of: [ref('a'), ref('b'), ref('c')] }, (code) => code !== 'b')).toBe(true);
  });

  it('names what nobody can do without', () => {
    expect(indispensable(tree, [COURSE, EXAM, HOLD])).toEqual([]);
    expect(indispensable({ kind: 'all' }, [COURSE, EXAM])).toEqual([COURSE, EXAM]);
    expect(indispensable({ kind: 'all', of: [ref('course'), { kind: 'any', of: [ref('exam'), ref('hold')] }] }, [COURSE, EXAM, HOLD])).toEqual([COURSE]);
  });

  it('is edited by place', () => {
    const grown = add(add({ kind: 'all', of: [] }, [], ref('a')), [], { kind: 'any', of: [] });
    const moved = moveInto(add(grown, [], ref('b')), [0], [1]);
    expect(moved).toEqual({ kind: 'all', of: [{ kind: 'any', of: [ref('a')] }, ref('b')] });
    expect(shift(moved, [1], -1)).toEqual({ kind: 'all', of: [ref('b'), { kind: 'any', of: [ref('a')] }] });
    expect(combine(moved, [0], { kind: 'some', least: 1 })).toMatchObject({ of: [{ kind: 'some', least: 1 }, {}] });
    expect(remove(moved, [0, 0])).toEqual({ kind: 'all', of: [{ kind: 'any', of: [] }, ref('b')] });
  });

  const anyTree = fc.letrec<{ tree: Tree }>((tie) => ({
    tree: fc.oneof({ maxDepth: 3 }, fc.constantFrom('a', 'b', 'c').map(ref), fc.record({ kind: fc.constantFrom('all' as const, 'any' as const), of: fc.array(tie('tree'), { maxLength: 4 }) })),
  })).tree;

  it('loses and doubles nothing when something moves', () => {
    fc.assert(fc.property(anyTree, fc.array(fc.nat(3), { maxLength: 3 }), fc.array(fc.nat(3), { maxLength: 3 }), (before, from, to) => {
      expect(codesIn(moveInto(before, from, to)).sort()).toEqual(codesIn(before).sort());
      expect(codesIn(shift(before, from, 1)).sort()).toEqual(codesIn(before).sort());
    }));
  });
});

describe('a programme reads back as a sentence', () => {
  const told = {
    gate: 'before-start-of-duty', due: { kind: 'before-start', workingDays: 3 }, validity: { kind: 'for-ever' }, requirements: [COURSE, EXAM, HOLD],
    appliesTo: AppliesTo.parse({ kind: 'all', of: [{ kind: 'appointment', kinds: ['recruit'] }] }),
    tree: { kind: 'any', of: [{ kind: 'all', of: [ref('course'), ref('exam')] }, ref('hold')] },
  } satisfies Parameters<typeof sentenceOf>[0];

  it('in Chinese', () => {
    expect(sentenceOf(told, NAMES, textFor('zh'))).toBe(
      '新录用人员须最迟于上岗日前第 3 个工作日做到：学完课程《电子政务基础》并且通过考试《电子政务基础》（不低于 60%），或者持有“网络安全上岗培训”的有效证书。达到全部要求后方可上岗。资格长期有效。');
  });

  it('in English', () => {
    expect(sentenceOf(told, NAMES, textFor('en'))).toBe(
      'New recruits must, by 3 working days before the start of duty: complete the course “电子政务基础” and pass the exam “电子政务基础” (at least 60%), or hold a valid credential of “网络安全上岗培训”. '
      + 'Work may start only once all of this is met. The clearance does not expire.');
  });
});

describe('a version is checked', () => {
  const around: Surroundings = {
    programmeId: 'mine', courses: new Set(['c']), exams: new Map([['e', { ready: true, closed: false }], ['empty', { ready: false, closed: false }], ['over', { ready: true, closed: true }]]),
    programmes: new Map([['p', []], ['q', ['r']], ['r', ['mine']], ['mine', []]]), organisations: new Set(['o']), intakes: new Set(['i']),
  };
  const sound = {
    titleZh: '甲', titleEn: 'A', gate: 'before-start-of-duty', due: { kind: 'before-start', workingDays: 3 }, validity: { kind: 'for-ever' },
    appliesTo: { kind: 'appointment', kinds: ['recruit'] }, requirements: [COURSE, EXAM], tree: { kind: 'all' },
  } satisfies Parameters<typeof faultsOf>[0];
  const found = (given: object) => faultsOf({ ...sound, ...given }, around).map(({ code, at }) => `${code} ${at}`);
  const asking = (...requirements: Requirement[]) => ({ requirements });

  it('finds nothing wrong where nothing is', () => expect(found({})).toEqual([]));

  it.each([
    { name: 'no requirements', given: { requirements: [] }, fault: 'programme.no-requirements requirements' },
    { name: 'more asked than there is', given: { tree: { kind: 'some', least: 3, of: [ref('course'), ref('exam')] } }, fault: 'programme.least-too-high group:top' },
    { name: 'an empty group', given: { tree: { kind: 'all', of: [ref('course'), ref('exam'), { kind: 'any', of: [] }] } }, fault: 'programme.group-empty group:2' },
    { name: 'the same twice', given: asking(COURSE, { ...COURSE, code: 'again' }), fault: 'programme.requirement-twice requirement:again' },
    { name: 'its own credential', given: asking({ ...HOLD, targetId: 'mine' }), fault: 'programme.credential-own requirement:hold' },
    { name: 'a credential that leads back to it', given: asking({ ...HOLD, targetId: 'q' }), fault: 'programme.credential-circular requirement:hold' },
    { name: 'a credential nobody can earn', given: asking({ ...HOLD, targetId: 'gone' }), fault: 'programme.credential-withdrawn requirement:hold' },
    { name: 'an exam without items', given: asking({ ...EXAM, targetId: 'empty' }), fault: 'programme.exam-not-ready requirement:exam' },
    { name: 'an exam that is over', given: asking({ ...EXAM, targetId: 'over' }), fault: 'programme.exam-closed requirement:exam' },
    { name: 'hours that say not how many', given: asking({ code: 'h', kind: 'hours', targetId: 'all', params: {} }), fault: 'programme.hours-incomplete requirement:h' },
    { name: 'a declaration without text', given: asking({ code: 'd', kind: 'declaration', targetId: 'd', params: { titleZh: '甲', titleEn: 'A' } }), fault: 'programme.declaration-incomplete requirement:d' },
    { name: 'a window longer than the validity', given: { validity: { kind: 'from-completion', period: { count: 1, unit: 'months' }, window: { count: 1, unit: 'years' } } }, fault: 'programme.window-too-long validity' },
    { name: 'a due date after the gate', given: { due: { kind: 'months-after-start', months: 1 } }, fault: 'programme.due-after-gate basics' },
    { name: 'a confirmation of rank for others than recruits', given: { gate: 'before-confirmation', appliesTo: { kind: 'all', of: [] } }, fault: 'programme.confirmation-recruits applies' },
    { name: 'an organisation that is gone', given: { appliesTo: { kind: 'organisation', ids: ['x'] } }, fault: 'programme.rule-unknown applies' },
  ])('and names $name', ({ given, fault }) => {
    expect(found(given)).toContain(fault);
  });
});

describe('an assignment is impossible', () => {
  const facts = { gate: 'before-start-of-duty', needed: [EXAM], sittingDays: new Map(), earnable: new Set(['p']), circular: new Set<string>() } as const;
  const dates = { dueOn: '2026-06-26', startOfDuty: '2026-07-01', assignedOn: '2026-05-01' };
  const kinds = (given: object, on: object = {}, person?: Parameters<typeof causesOf>[2]) =>
    causesOf({ ...facts, ...given }, { ...dates, ...on }, person).map(({ kind, reasons }) => `${kind} ${reasons.map(({ code }) => code).join(' ')}`);

  it('not, when all can be done', () => expect(kinds({})).toEqual([]));

  it.each([
    { name: 'when it was due before it was assigned', on: { assignedOn: '2026-06-27' }, expected: ['due-before-assigned due-passed'] },
    { name: 'when it is due after the start that it is to precede', on: { dueOn: '2026-07-02' }, expected: ['contradiction due-after-gate'] },
    { name: 'when no sitting comes in time', given: { sittingDays: new Map([['e', ['2026-06-27']]]) }, expected: ['no-sitting-left no-sitting'] },
    { name: 'when the credential asked for was withdrawn', given: { needed: [{ ...HOLD, targetId: 'gone' }] }, expected: ['contradiction credential-withdrawn'] },
    { name: 'when credentials ask for each other', given: { needed: [HOLD], circular: new Set(['p']) }, expected: ['contradiction credential-circular'] },
    { name: 'when hours count only afterwards', given: { needed: [{ code: 'h', kind: 'hours', targetId: 'all', params: { window: { kind: 'dates', from: '2026-07-01', until: '2026-12-31' } } }] }, expected: ['contradiction hours-after-due'] },
  ])('$name', ({ given = {}, on = {}, expected }) => {
    expect(kinds(given, on)).toEqual(expected);
  });

  it('not for who has passed, or has a place', () => {
    expect(kinds({ sittingDays: new Map([['e', []]]) }, {}, { exams: new Set(['e']), credentials: new Set() })).toEqual([]);
  });

  it('not by a way that nobody has to go', () => {
    const tree = writtenOut({ kind: 'any', of: [ref('course'), ref('exam')] }, [COURSE, EXAM]);
    expect(kinds({ needed: indispensable(tree, [COURSE, EXAM]), sittingDays: new Map([['e', []]]) })).toEqual([]);
  });
});
