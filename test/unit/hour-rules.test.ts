import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ruleFor, scopeOn, targetsIn, type RuleBook } from '~/certification/hours/book';
import { convert, type HourInput } from '~/certification/hours/convert';
import { judge, type JudgedEntry } from '~/certification/hours/judge';
import { rankClass } from '~/certification/hours/rank';
import { readRule } from '~/certification/hours/rule-file';
import { carriesOut, targetsOf, type HourRecord, type YearSum } from '~/certification/hours/targets';
import { textFor } from '~/text';
import { wordHourStep } from '~/text/hours-words';
import { anEntry, anInput, aPost, aRule, inBook, shippedText } from '../support/hour-rules';

const NATIONAL = aRule(shippedText('national'));
const YUNNAN = aRule(shippedText('yunnan'));
const SIX = aRule(shippedText('six-a-day'));
const CAPPED = aRule(`
code: city
version: '2.1'
title: { zh: 本市, en: City }
effective: { from: '2026-01-01' }
applies: { regions: all }
convert:
  online-course: { by: steps, steps: [{ atLeast: 30, hours: 1 }, { moreThan: 15, hours: 0.5 }, { moreThan: 0, hours: 0.25 }] }
  exam-passed: { by: fixed, hours: 0.5 }
  classroom: { by: day, hours: 8 }
  transfer: { by: stated }
caps:
  - { kinds: [online-course, exam-passed], per: day, hours: 8 }
  - { kinds: [online-course, exam-passed], per: year, hours: 20 }
  - { kinds: [transfer], per: entry, hours: 18 }
targets:
  - code: all-year
    title: { zh: 年度, en: Year }
    anyOf: [{ measure: hours, amount: 10 }]
    carryOver: { atMost: 4 }
`);

const worded = (input: HourInput, rule = NATIONAL) => {
  const { hundredths, steps } = convert(input, rule);
  return { hundredths, zh: steps.map((step) => wordHourStep(textFor('zh'), step)).join('；'), en: steps.map((step) => wordHourStep(textFor('en'), step)).join('; ') };
};

describe('the shipped rules, on cases worked out by hand', () => {
  it.each([
    // national: 45 minutes are an hour, a day 7.5, tests nothing, leave at most a seventh
    { name: 'national: 90 minutes online are 2 hours', rule: NATIONAL, input: { kind: 'online-course', minutes: 90 }, expected: 200, en: '90 min of online learning, 45 min an hour, = 2 hours by rule national 1' },
    { name: 'national: 44 minutes are 0.97, never more than was learned', rule: NATIONAL, input: { kind: 'online-course', minutes: 44 }, expected: 97, en: '44 min of online learning, 45 min an hour, = 0.97 hours by rule national 1' },
    { name: 'national: 12 days in a classroom are 90 hours', rule: NATIONAL, input: { kind: 'classroom', days: 1200 }, expected: 9000, en: '12 days of classroom training, 7.5 a day, = 90 hours by rule national 1' },
    { name: 'national: a passed exam counts nothing', rule: NATIONAL, input: { kind: 'exam-passed', minutes: 60 }, expected: 0, en: 'No rule gives hours for: exam passed' },
    { name: 'national: one of seven days on leave leaves the other six', rule: NATIONAL, input: { kind: 'classroom', days: 700, leave: { missed: 100, of: 700 } }, expected: 4500, en: '7 days of classroom training, 7.5 a day, = 52.5 hours by rule national 1; leave of 1 in 7 is within the 1/7 that is allowed; what was attended is 45 hours' },
    { name: 'national: more than a seventh on leave counts nothing', rule: NATIONAL, input: { kind: 'classroom', days: 500, leave: { missed: 100, of: 500 } }, expected: 0, en: '5 days of classroom training, 7.5 a day, = 37.5 hours by rule national 1; leave of 1 in 5 is more than the 1/7 that is allowed: the course counts nothing' },
    { name: 'national: hours from elsewhere count as stated once they are accepted', rule: NATIONAL, input: { kind: 'transfer', stated: 2450, approved: true }, expected: 2450, en: '24.5 hours as stated, by rule national 1' },
    { name: 'national: hours from elsewhere count nothing before', rule: NATIONAL, input: { kind: 'transfer', stated: 2450 }, expected: 0, en: 'Learning from elsewhere counts once it has been accepted' },
    // Yunnan: 30 and more 1, between 15 and 30 0.5, 15 and less 0.25, a test 0.5
    { name: 'Yunnan: 46 minutes are 1 hour', rule: YUNNAN, input: { kind: 'online-course', minutes: 46 }, expected: 100, en: '46 min of online learning = 1 hour by rule yunnan-online 1' },
    { name: 'Yunnan: 30 minutes exactly are 1', rule: YUNNAN, input: { kind: 'online-course', minutes: 30 }, expected: 100, en: '30 min of online learning = 1 hour by rule yunnan-online 1' },
    { name: 'Yunnan: 29 minutes are 0.5', rule: YUNNAN, input: { kind: 'online-course', minutes: 29 }, expected: 50, en: '29 min of online learning = 0.5 hours by rule yunnan-online 1' },
    { name: 'Yunnan: 15 minutes exactly are a micro course, 0.25', rule: YUNNAN, input: { kind: 'online-course', minutes: 15 }, expected: 25, en: '15 min of online learning = 0.25 hours by rule yunnan-online 1' },
    { name: 'Yunnan: nothing learned is nothing', rule: YUNNAN, input: { kind: 'online-course', minutes: 0 }, expected: 0, en: '0 min of online learning = 0 hours by rule yunnan-online 1' },
    { name: 'Yunnan: a course counts lesson by lesson', rule: YUNNAN, input: { kind: 'online-course', minutes: 100, lessons: [45, 30, 20, 5] }, expected: 275, en: '4 lessons of 100 min in all, each by its length, = 2.75 hours by rule yunnan-online 1' },
    { name: 'Yunnan: a passed test is 0.5', rule: YUNNAN, input: { kind: 'exam-passed', minutes: 60 }, expected: 50, en: 'Exam passed = 0.5 hours by rule yunnan-online 1' },
    { name: 'Yunnan: the classroom is left to other rules', rule: YUNNAN, input: { kind: 'classroom', days: 100 }, expected: 0, en: 'No rule gives hours for: classroom training' },
    // six a day, as in Nanjing
    { name: 'six a day: three and a half days are 21', rule: SIX, input: { kind: 'classroom', days: 350 }, expected: 2100, en: '3.5 days of classroom training, 6 a day, = 21 hours by rule six-a-day 1' },
    { name: 'six a day: half a day is 3', rule: SIX, input: { kind: 'classroom', days: 50 }, expected: 300, en: '0.5 days of classroom training, 6 a day, = 3 hours by rule six-a-day 1' },
    { name: 'six a day: a course without its days counts nothing and says so', rule: SIX, input: { kind: 'classroom', minutes: 300 }, expected: 0, en: 'The number of days is missing' },
  ] as const)('$name', ({ rule, input, expected, en }) => {
    const found = worded(anInput(input as Partial<HourInput> & Pick<HourInput, 'kind'>), rule);
    expect(found).toMatchObject({ hundredths: expected, en });
    expect(found.zh).not.toMatch(/\{\{|undefined/);
  });

  it('say in Chinese what they say in English', () => {
    expect(worded(anInput({ kind: 'online-course', minutes: 46 }), YUNNAN).zh).toBe('网络课程 46 分钟，按规则 yunnan-online 1 计 1 学时');
    expect(worded(anInput({ kind: 'classroom', days: 500, leave: { missed: 100, of: 500 } })).zh)
      .toBe('面授 5 天，每天 7.5 学时，按规则 national 1 计 37.5 学时；请假 1/5，超过 1/7，本次培训不计学时');
  });

  it('set the national targets by rank, with their alternatives', () => {
    const book = [inBook(NATIONAL)];
    expect(targetsIn(book, { paths: ['/city/'], rank: 'county-and-above' }, '2026-05-01').map((one) => one.code)).toEqual(['five-years', 'online-year']);
    expect(targetsIn(book, { paths: ['/city/'], rank: 'others' }, '2026-05-01').map((one) => one.code)).toEqual(['concentrated-year', 'online-year']);
  });

  it('pass the surplus over 84 hours on, once', () => {
    const book = [inBook(SIX)];
    const record = aRecord([sum(2025, 10_000), sum(2026, 8_000)]);
    const [target] = targetsOf(record, book, '2026-12-31');
    expect(target).toMatchObject({ met: true, alternatives: [{ amount: 8400, done: 9600, carried: 1600 }], surplus: 1200 });
    // Of the 96 hours, 16 came from before; they are used first, so what goes on was earned in 2026.
    expect(targetsOf(aRecord([sum(2025, 10_000), sum(2026, 0)]), book, '2026-12-31')[0]).toMatchObject({ alternatives: [{ done: 1600 }], surplus: 0 });
    expect(targetsOf(aRecord([sum(2025, 20_000), sum(2026, 0)]), book, '2027-06-01')[0]).toMatchObject({ alternatives: [{ done: 0, carried: 0 }] });
  });
});

const sum = (year: number, hundredths: number, rest: Partial<YearSum> = {}): YearSum => ({ year, kind: 'classroom', offTheJob: true, hundredths, days: 0, ...rest });
const aRecord = (sums: YearSum[], rest: Partial<HourRecord> = {}): HourRecord => ({ posts: [aPost()], sums, closedYears: [], carries: [], ...rest });

describe('targets', () => {
  const leader = [aPost({ rank: 'county-and-above' })];

  it('of five years count the period of the plan, by months or by hours, whichever is nearer', () => {
    const record = aRecord([sum(2022, 90_000, { days: 9000 }), sum(2023, 30_000, { days: 4000 }), sum(2026, 20_000, { days: 2600 })], { posts: leader });
    const [target] = targetsOf(record, [inBook(NATIONAL)], '2026-06-01');
    expect(target).toMatchObject({
      from: 2023, until: 2027, met: true, nearest: 0,
      alternatives: [{ measure: 'months', amount: 300, done: 300, met: true }, { measure: 'hours', amount: 55_000, done: 50_000, met: false }],
    });
  });

  it('count only what is off the job where the rule says so', () => {
    const [target] = targetsOf(aRecord([sum(2026, 10_000, { kind: 'transfer', offTheJob: false, days: 9000 })], { posts: leader }), [inBook(NATIONAL)], '2026-06-01');
    expect(target?.alternatives.map((one) => one.done)).toEqual([0, 10_000]);
  });

  it('take what a closed year passed on as it was frozen, whatever its entries say now', () => {
    const sums = [sum(2025, 30_000), sum(2026, 5_000)];
    const book = [inBook(SIX)];
    const frozen = { closedYears: [2025], carries: [{ year: 2025, target: 'all-year', hundredths: 700 }] };
    expect(targetsOf(aRecord(sums, frozen), book, '2026-06-01')[0]?.alternatives[0]).toMatchObject({ carried: 700, done: 5700 });
    expect(targetsOf(aRecord(sums, { closedYears: [2025] }), book, '2026-06-01')[0]?.alternatives[0]).toMatchObject({ carried: 0 });
  });

  it('pass on at most what the rule allows', () => {
    expect(carriesOut(aRecord([sum(2026, 3_000)]), [inBook(CAPPED)], 2026)).toEqual([{ year: 2026, target: 'all-year', hundredths: 400 }]);
    expect(carriesOut(aRecord([sum(2026, 900)]), [inBook(CAPPED)], 2026)).toEqual([]);
  });
});

describe('the choice of the rule', () => {
  const region = (code: string, extra = '') => aRule(shippedText('yunnan').replace("['530000']", `['${code}']`).replace('code: yunnan-online', `code: near-${code}${extra}`));
  const book: RuleBook = [inBook(NATIONAL), inBook(region('a'), { paths: ['/city/'] }), inBook(region('b'), { paths: ['/city/district/'] })];
  const at = (path: string, on = '2026-03-01') => ruleFor(book, { paths: [path], rank: 'others' }, 'online-course', on)?.rule.code;

  it('falls on the nearest region above the person', () => {
    expect([at('/city/district/bureau/'), at('/city/other/'), at('/elsewhere/')]).toEqual(['near-b', 'near-a', 'national']);
  });

  it('falls on a version that is effective on the day of learning', () => {
    expect([at('/city/', '2023-12-31'), at('/city/', '2024-01-01'), at('/city/', '2028-01-01')]).toEqual(['national', 'near-a', 'national']);
  });

  it('falls on the newest version of a set', () => {
    const newer = inBook(aRule(shippedText('national').replace("version: '1'", "version: '2'").replace("'2023-01-01'", "'2026-07-01'")), { id: 'new', number: 2 });
    const versions = [newer, inBook(NATIONAL)];
    const of = (on: string) => ruleFor(versions, { paths: ['/x/'], rank: 'others' }, 'classroom', on)?.id;
    expect([of('2026-06-30'), of('2026-07-01')]).toEqual(['national', 'new']);
  });

  it('follows the post that somebody held on the day', () => {
    const posts = [aPost({ path: '/a/', until: '2026-05-31' }), aPost({ path: '/b/', from: '2026-06-01', rank: 'county-and-above' })];
    expect([scopeOn(posts, '2026-05-31'), scopeOn(posts, '2026-06-01'), scopeOn(posts, '2019-01-01').paths])
      .toEqual([{ paths: ['/a/'], rank: 'others' }, { paths: ['/b/'], rank: 'county-and-above' }, ['/a/', '/b/']]);
  });

  it.each([
    ['四级调研员', 'county-and-above'], ['县处级副职', 'county-and-above'], ['副厅', 'county-and-above'], ['一级主任科员', 'others'], ['乡科级正职', 'others'], ['办事员', 'others'],
  ])('takes %s as %s', (rank, expected) => {
    expect(rankClass({ kind: 'staff', rank })).toBe(expected);
  });

  it('takes leaders without a rank as county level and above, others as others', () => {
    expect([rankClass({ kind: 'leader', rank: null }), rankClass({ kind: 'recruit', rank: ' ' })]).toEqual(['county-and-above', 'others']);
  });
});

describe('caps', () => {
  const posts = [aPost()];
  const book = [inBook(CAPPED)];
  const total = (entries: JudgedEntry[]) => [...judge(entries, posts, book).values()].reduce((all, one) => all + one.hundredths, 0);

  it('leave of an entry what is left of the day, and say so', () => {
    const day = Array.from({ length: 7 }, (_, i) => anEntry({ kind: 'online-course', minutes: 40 }, '2026-03-02', `a${i}`));
    const half = anEntry({ kind: 'online-course', minutes: 20 }, '2026-03-02', 'b');
    const last = anEntry({ kind: 'online-course', minutes: 46 }, '2026-03-02', 'c');
    const judged = judge([...day, half, last], posts, book).get(last.id);
    expect(judged).toMatchObject({ converted: 100, hundredths: 50 });
    expect(judged?.steps.map((step) => wordHourStep(textFor('en'), step)).join('; '))
      .toBe('46 min of online learning = 1 hour by rule city 2.1; cap of 8 a day, 7.5 were used: leaves 0.5 hours');
  });

  it('of one entry cut that entry only', () => {
    const two = [anEntry({ kind: 'transfer', stated: 4000, approved: true }, '2026-03-02'), anEntry({ kind: 'transfer', stated: 1700, approved: true }, '2026-03-02')];
    expect([...judge(two, posts, book).values()].map((one) => one.hundredths)).toEqual([1800, 1700]);
  });

  it('of a day let a course of several days fill each of its days', () => {
    const course = anEntry({ kind: 'classroom', days: 300 }, '2026-03-02');
    expect(judge([course], posts, [inBook(SIX)]).get(course.id)?.hundredths).toBe(1800);
  });

  const entries = fc.array(fc.record({
    kind: fc.constantFrom('online-course' as const, 'exam-passed' as const, 'transfer' as const), minutes: fc.integer({ min: 0, max: 200 }),
    stated: fc.integer({ min: 0, max: 5000 }), day: fc.integer({ min: 1, max: 4 }), ref: fc.integer({ min: 0, max: 1_000_000 }),
  }), { maxLength: 40 }).map((all) => all.map(({ day, ref, ...input }, i) => anEntry({ ...input, approved: true }, `2026-05-0${day}`, `${ref}-${i}`)));

  it('give the same in whatever order entries arrive', () => {
    fc.assert(fc.property(entries, fc.infiniteStream(fc.nat()), (all, stream) => {
      const shuffled = all.map((entry) => ({ entry, at: stream.next().value ?? 0 })).sort((a, b) => a.at - b.at).map(({ entry }) => entry);
      const [one, other] = [judge(all, posts, book), judge(shuffled, posts, book)];
      for (const { id } of all) expect(other.get(id)).toEqual(one.get(id));
    }));
  });

  it('are never exceeded, and never give more than was learned', () => {
    fc.assert(fc.property(entries, (all) => {
      const judged = judge(all, posts, book);
      const online = all.filter(({ input }) => input.kind !== 'transfer');
      const of = (some: JudgedEntry[]) => some.reduce((sum, one) => sum + (judged.get(one.id)?.hundredths ?? 0), 0);
      expect(of(online)).toBeLessThanOrEqual(2000);
      for (const day of ['01', '02', '03', '04']) expect(of(online.filter((one) => one.occurredOn.endsWith(day)))).toBeLessThanOrEqual(800);
      for (const { id } of all) expect(judged.get(id)?.hundredths).toBeLessThanOrEqual(judged.get(id)?.converted ?? -1);
    }));
  });

  it('waste nothing: learning that fits beneath them counts whole', () => {
    fc.assert(fc.property(fc.array(fc.integer({ min: 1, max: 200 }), { maxLength: 5 }), (minutes) => {
      const some = minutes.map((n) => anEntry({ kind: 'online-course', minutes: n }, '2026-05-01'));
      expect(total(some)).toBe(some.reduce((all, one) => all + convert(one.input, CAPPED).hundredths, 0));
    }));
  });
});

describe('a file of rules', () => {
  const problems = (text: string) => {
    const read = readRule(text);
    return read.ok ? [] : read.problems.map(({ code, params: { line, field } }) => `${line} ${field} ${code}`);
  };
  const lines = shippedText('six-a-day').split('\n');
  const lineOf = (start: string) => lines.findIndex((line) => line.trimStart().startsWith(start)) + 1;

  it.each([
    { name: 'that is fine has none', from: '', to: '', expected: [] },
    { name: 'a field that nobody knows', from: 'transferIn: {', to: 'transferTo: {', expected: [`${lineOf('transferIn')} transferTo hour-rule.unknown-field`] },
    { name: 'a version without quotes', from: "version: '1'", to: 'version: 1', expected: [`${lineOf('version')} version hour-rule.type`] },
    { name: 'three decimals', from: 'hours: 48', to: 'hours: 0.125', expected: [`${lineOf('- { kinds: [transfer]')} caps.1.hours hour-rule.decimals`] },
    { name: 'a kind that does not exist', from: 'offTheJob: [classroom]', to: 'offTheJob: [lecture]', expected: [`${lineOf('offTheJob')} offTheJob.0 hour-rule.choose`] },
    { name: 'a conversion without its amount', from: '{ by: day, hours: 6 }', to: '{ by: day }', expected: [`${lineOf('classroom: {')} convert.classroom.hours hour-rule.missing`] },
    { name: 'an unknown conversion', from: 'by: day', to: 'by: week', expected: [`${lineOf('classroom: {')} convert.classroom.by hour-rule.form`] },
    { name: 'a date that does not exist', from: "'2023-01-01'", to: "'2023-02-30'", expected: [`${lineOf('effective')} effective.from hour-rule.date`] },
    { name: 'broken YAML', from: 'caps:', to: 'caps: [', expected: expect.arrayContaining([expect.stringMatching(/ {2}hour-rule\.yaml$/)]) },
  ])('$name', ({ from, to, expected }) => {
    expect(problems(shippedText('six-a-day').replace(from, to))).toEqual(expected);
  });

  it('does not unfold references', () => {
    expect(problems('a: &x [1]\nb: *x')).toEqual(['1  hour-rule.yaml']);
  });

  it('is told in both languages, with its line', () => {
    const written = shippedText('national').replace('by: minutes, minutes: 45', 'by: minutes, minutes: 0');
    const line = written.split('\n').findIndex((one) => one.includes('minutes: 0')) + 1;
    const read = readRule(written);
    const said = (['zh', 'en'] as const).map((lang) => (read.ok ? '' : read.problems.map((one) => textFor(lang).problem(one)).join()));
    expect(said).toEqual([`第 ${line} 行：convert.online-course.minutes 应当 ≥ 1。`, `Line ${line}: convert.online-course.minutes must be ≥ 1.`]);
  });
});
