import { afterEach, beforeAll, beforeEach, expect, it } from 'vitest';
import { z } from 'zod';
import { askWaiver, assignFor, decideWaiver, recordCompletion, recordResult, recordStart } from '~/certification';
import { execute, inTransaction, one, reader, rows } from '~/db';
import { assign, findExam } from '~/exams';
import { judgeListAgain, listedLists, makeListOfFile, makeListOfIntake, mayStartOf, openList, pageOfRows, type HiringRow } from '~/exchange';
import type { Actor } from '~/identity';
import { dateAt } from '~/kernel/calendar';
import { clock, days, resetClock } from '~/kernel/clock';
import { useConfig } from '~/kernel/config';
import { newId } from '~/kernel/id';
import { must } from '~/kernel/result';
import { addNumber, adoptRootOrganisation, createIntake, type Organisation } from '~/people';
import { anActor, anOrganisation } from '../support/actors';
import { aCity, aResult, completeCourse, itIs, somebody, type City } from '../support/certification';
import { testConfig } from '../support/config';
import { onEveryDatabase } from '../support/databases';
import { anExam } from '../support/exams';
import { refusal } from '../support/intakes';
import { aSitting, codeOf } from '../support/sittings';

const Named = z.object({ name: z.string(), value: z.string() });
/** Valid by its check character, and nobody's. */
const IDENTITY = '11010519491231002X';

onEveryDatabase('a hiring list', () => {
  let city: City;
  let hr: Actor;
  let elsewhere: Organisation;
  beforeAll(async () => {
    useConfig(testConfig());
    itIs('2026-05-04');
    city = await aCity();
    elsewhere = await anOrganisation({ name: '云江市档案局' });
    hr = { ...anActor({ hr: [city.bureau.path] }), by: 'account:hr', accountId: 'hr' };
  });
  beforeEach(() => itIs('2026-06-22'));
  afterEach(resetClock);

  interface Recruit {
    personId: string;
    appointmentId: string;
    name: string;
    number: string;
  }
  const recruit = async (given: Parameters<typeof somebody>[1] = {}): Promise<Recruit> => {
    const person = await somebody(city, given);
    await assignFor(person.appointmentId);
    const { name, value } = await one(reader(), Named, `SELECT p.name, i.value FROM persons p JOIN identifiers i ON i.person_id = p.id WHERE p.id = $id AND i.kind = 'recruitment'`, { id: person.personId });
    return { ...person, name, number: value };
  };
  const learn = async ({ personId }: Recruit) => recordCompletion(await completeCourse(personId, city.course));
  const sit = async ({ personId }: Recruit, percent: number, released = true) => {
    const attemptId = await aResult(personId, city.exam, { percent, released });
    if (released) await recordResult(attemptId);
  };
  const pass = async (one: Recruit) => {
    await learn(one);
    await sit(one, 90);
  };
  const csv = (lines: string[], header = '报考号,姓名,上岗日期') => Buffer.from([header, ...lines].join('\n'));
  const brought = (file: Buffer, given: { organisationId?: string; id?: string; actor?: Actor } = {}) =>
    makeListOfFile(given.actor ?? hr, { id: given.id ?? newId(), title: '七月', organisationId: given.organisationId ?? city.bureau.id, fileName: '名单.csv', file });
  const rowsOf = async (id: string, filter: Parameters<typeof pageOfRows>[2] = {}): Promise<HiringRow[]> => (await pageOfRows(reader(), id, filter, 1)).rows;
  const answersTo = async (lines: string[], header?: string) => rowsOf(must(await brought(csv(lines, header))).id);

  it('says of each person how it stands as of their own day', async () => {
    const [cleared, never, failed, awaiting, learning, waived] = [await recruit(), await recruit(), await recruit(), await recruit(), await recruit(), await recruit()];
    await pass(cleared);
    await learn(never);
    await learn(failed);
    await sit(failed, 30);
    await learn(awaiting);
    await sit(awaiting, 95, false);
    await sit(learning, 90);
    const assignment = await one(reader(), z.object({ id: z.string() }), 'SELECT id FROM assignments WHERE person_id = $id', { id: waived.personId });
    const waiver = must(await askWaiver(hr, { id: newId(), assignmentId: assignment.id, requirementCode: null, from: '2026-07-01', until: '2026-07-31', reason: '考试推迟', proof: '通知', conditions: '', file: null }));
    must(await decideWaiver({ ...anActor({ hr: [(await adoptRootOrganisation()).path] }), by: 'account:chief' }, waiver, { grant: true, until: '2026-07-15', conditions: '', reason: '同意' }));
    const people = [cleared, never, failed, awaiting, learning, waived];
    const found = await answersTo([...people.map(({ number, name }) => `${number},${name},`), `${cleared.number},王大明,`, 'T0,无此人,']);
    expect(found.map(({ status }) => status)).toEqual(['cleared', 'never-sat', 'failed', 'will-be-cleared', 'incomplete', 'waived', 'name-mismatch', 'unknown']);
    expect(found.map(({ startOn }) => startOn)).toEqual([...people.map(() => '2026-07-01'), null, null]);
    expect(found[2]?.answer).toMatchObject({ reason: { code: 'exam-failed' }, resit: { kind: 'none' } });
    expect(found[3]?.answer).toMatchObject({ from: '2026-07-01', conditions: [{ kind: 'result', of: '2026-06-22' }] });
    expect(found[5]?.answer.until).toBe('2026-07-15');
    expect(found[6]).toMatchObject({ personId: null, knownName: cleared.name, answer: { reason: null, assignmentId: null } });
  });

  it('tells places that are booked, the next sitting with places, and when a resit is possible', async () => {
    const [booked, resits, waits] = [await recruit(), await recruit(), await recruit()];
    for (const one of [booked, resits, waits]) await learn(one);
    for (const one of [resits, waits]) await sit(one, 30);
    const bank = (await anExam()).bankId;
    await inTransaction((tx) => execute(tx, `UPDATE exams SET bank_id = $bank, delivery = 'sittings', cooling_off_hours = 24 WHERE id = $id`, { bank, id: city.exam.id }));
    const exam = await findExam(reader(), city.exam.id);
    const sitting = exam && await aSitting(exam, city.bureau, { startsAt: clock.now() + days(3), booking: 'assigned', rooms: [{ name: '一', seats: 2, seatsPerRow: 2 }] });
    if (!sitting) throw new Error('no sitting');
    try {
      const ask = () => answersTo([booked, resits, waits].map(({ number, name }) => `${number},${name},`));
      expect((await ask()).map(({ status, answer }) => [status, answer.resit])).toEqual([
        ['never-sat', null], ['failed', { kind: 'sitting', on: '2026-06-25' }], ['failed', { kind: 'sitting', on: '2026-06-25' }],
      ]);
      must(await assign(hr, sitting.id, { numbers: `${booked.number} ${resits.number}` }));
      const found = await ask();
      expect(found[0]).toMatchObject({ status: 'will-be-cleared', answer: { from: '2026-07-01', conditions: [{ kind: 'sitting', of: '2026-06-25', on: '2026-06-25' }] } });
      expect(found[1]).toMatchObject({ status: 'failed', answer: { reason: { code: 'exam-failed-next' }, resit: { kind: 'booked', on: '2026-06-25' } } });
      // Both seats are taken: a day from which, but no sitting.
      expect(found[2]).toMatchObject({ status: 'failed', answer: { resit: { kind: 'from', on: '2026-06-23' } } });
    } finally {
      await inTransaction((tx) => execute(tx, `UPDATE exams SET bank_id = NULL, delivery = 'open' WHERE id = $id`, { id: city.exam.id }));
    }
  });

  it('asks for the day that stands in the row rather than the one in the register', async () => {
    const one = await recruit({ startOfDuty: '2026-06-10' });
    await pass(one);
    const found = await answersTo([`${one.number},${one.name},2026年6月20日`, `${one.number},${one.name},2026-6-30`]);
    expect(found.map(({ status, startOn }) => [status, startOn])).toEqual([['late', '2026-06-20'], ['cleared', '2026-06-30']]);
  });

  it('finds people however their number is typed: recruitment, staff or identity number', async () => {
    const one = await recruit();
    await inTransaction(async (tx) => {
      must(await addNumber(tx, one.personId, { kind: 'staff', value: `G-${one.number}` }));
      must(await addNumber(tx, one.personId, { kind: 'national', value: IDENTITY }));
    });
    const found = await answersTo([`${one.number.toLowerCase()},${one.name}`, `Ｇ-${one.number},${one.name}`, `${IDENTITY.toLowerCase()},${one.name}`], '编号,姓名');
    expect(found.map(({ personId }) => personId)).toEqual([one.personId, one.personId, one.personId]);
    expect(found[2]?.number).toBe('110***********002X');
    const stored = await rows(reader(), z.object({ text: z.string() }), `SELECT number || number_keys || answer AS text FROM hiring_rows`);
    expect(stored.filter(({ text }) => text.includes('19491231'))).toEqual([]);
  });

  it('keeps an identity number masked even with a slip in it', async () => {
    const [row] = await answersTo(['110105194912310021,某某'], '身份证号,姓名');
    expect(row).toMatchObject({ status: 'unknown', number: '110***********0021' });
  });

  it('knows nobody outside the organisation that was asked about', async () => {
    const one = await recruit();
    const found = await rowsOf(must(await brought(csv([`${one.number},${one.name},`]), { organisationId: elsewhere.id, actor: anActor({ hr: [elsewhere.path] }) })).id);
    expect(found[0]).toMatchObject({ status: 'unknown', personId: null, organisation: null, post: null });
  });

  it('reads xlsx-like and GB 18030 files with titles above the header', async () => {
    const one = await recruit();
    const text = `2026年7月拟上岗人员,,\n\n序号\t报考号\t姓名\t到岗日期\n1\t${one.number}\t${one.name}\t20260701\n`;
    const gb = Buffer.from(new TextEncoder().encode(text));
    expect((await rowsOf(must(await brought(gb)).id)).map(({ line, personId }) => [line, personId])).toEqual([[4, one.personId]]);
  });

  it.each([
    { name: 'a row without a number', file: csv([',张三,']), code: 'hiring.row-number' },
    { name: 'a row without a name', file: csv(['T1,,']), code: 'hiring.row-name' },
    { name: 'a day that cannot be read', file: csv(['T1,张三,明天']), code: 'hiring.row-day' },
    { name: 'no column of names', file: csv(['T1'], '报考号'), code: 'csv.column-missing' },
    { name: 'no rows', file: csv([]), code: 'csv.empty' },
    { name: 'an old .xls', file: Buffer.from('d0cf11e0a1b11ae1', 'hex'), code: 'sheet.xls' },
  ])('is not made of a file with $name, and keeps nothing', async ({ file, code }) => {
    const before = (await listedLists(reader(), hr, '', 1)).count;
    expect(codeOf(await brought(file))).toBe(code);
    expect((await listedLists(reader(), hr, '', 1)).count).toBe(before);
  });

  it('is made of an intake with everybody in it', async () => {
    const { intakeId } = must(await createIntake(hr, {
      name: `批次 ${newId()}`, organisationId: city.bureau.id, startOfDuty: '2026-07-01',
      rows: ['周一', '吴二', '郑三'].map((name, i) => ({ name, recruitmentNumber: `N${Date.now() % 1e7}${i}`, post: '科员' })),
    }));
    const { id } = must(await makeListOfIntake(hr, { id: newId(), title: '', intakeId, organisationId: city.bureau.id }));
    expect((await rowsOf(id)).map(({ name, status }) => [name, status])).toEqual([['周一', 'unassigned'], ['吴二', 'unassigned'], ['郑三', 'unassigned']]);
    for (const { appointmentId } of await rowsOf(id)) await assignFor(appointmentId ?? '');
    must(await judgeListAgain(hr, id));
    expect((await rowsOf(id)).map(({ status }) => status)).toEqual(['never-sat', 'never-sat', 'never-sat']);
    const list = await openList(hr, id);
    expect(list).toMatchObject({ source: 'intake', intakeId, people: 3, counts: { 'never-sat': 3 } });
  });

  it('is made once, however often the form is sent', async () => {
    const one = await recruit();
    const id = newId();
    must(await brought(csv([`${one.number},${one.name},`]), { id }));
    must(await brought(csv([`${one.number},${one.name},`]), { id }));
    expect(await rowsOf(id)).toHaveLength(1);
    const made = await rows(reader(), z.object({ by: z.string() }), `SELECT by FROM ledger_events WHERE subject_id = $id AND kind = 'hiring-list.made'`, { id });
    expect(made).toEqual([{ by: 'account:hr' }]);
  });

  it('keeps its answer until it is asked again, and says as of when', async () => {
    const one = await recruit();
    const { id } = must(await brought(csv([`${one.number},${one.name},`])));
    const asked = clock.now();
    itIs('2026-06-24');
    await pass(one);
    expect((await rowsOf(id)).map(({ status }) => status)).toEqual(['never-sat']);
    expect((await openList(hr, id))?.judgedAt).toBe(asked);
    must(await judgeListAgain(hr, id));
    const list = await openList(hr, id);
    expect(list && [dateAt(list.judgedAt, 'Asia/Shanghai'), mayStartOf(list.counts), list.version]).toEqual(['2026-06-24', 1, 2]);
    expect((await rowsOf(id))[0]).toMatchObject({ status: 'cleared', startedOn: null });
    itIs('2026-07-02');
    expect(must(await recordStart(hr, { id: newId(), appointmentId: one.appointmentId, startedOn: '2026-07-01' })).kind).toBe('recorded');
    must(await judgeListAgain(hr, id));
    expect((await rowsOf(id))[0]).toMatchObject({ status: 'cleared', startedOn: '2026-07-01' });
    expect((await openList(hr, id))?.counts).toEqual({ cleared: 1, started: 1 });
  });

  it('is filtered by answer, by name and by number', async () => {
    const [a, b] = [await recruit({ name: '司马青' }), await recruit({ name: '欧阳白' })];
    await pass(a);
    const { id } = must(await brought(csv([`${a.number},${a.name},`, `${b.number},${b.name},`, 'T0,无此人,'])));
    const names = async (filter: Parameters<typeof pageOfRows>[2]) => (await rowsOf(id, filter)).map(({ name }) => name);
    expect(await names({ status: 'may-not' })).toEqual(['欧阳白', '无此人']);
    expect(await names({ status: 'not-started' })).toEqual(['司马青']);
    expect(await names({ status: 'unknown' })).toEqual(['无此人']);
    expect(await names({ search: '欧阳' })).toEqual(['欧阳白']);
    expect(await names({ search: a.number })).toEqual(['司马青']);
    expect(await names({ search: '%' })).toEqual([]);
    expect(await names({ lines: [4] })).toEqual(['无此人']);
    expect((await pageOfRows(reader(), id, {}, 99)).page).toBe(1);
  });

  it('is seen and made only by whoever is responsible there', async () => {
    const one = await recruit();
    const stranger = anActor({ hr: [elsewhere.path] });
    expect(await refusal(brought(csv([`${one.number},${one.name},`]), { actor: stranger }))).toBe('access.denied');
    const { id } = must(await brought(csv([`${one.number},${one.name},`])));
    expect(await refusal(openList(stranger, id))).toBe('access.denied');
    expect((await listedLists(reader(), stranger, '', 1)).lists.map((list) => list.id)).not.toContain(id);
    const inspector = anActor({ inspector: [city.bureau.path] });
    expect((await openList(inspector, id))?.id).toBe(id);
    expect(await refusal(judgeListAgain(inspector, id))).toBe('access.denied');
    expect(await openList(hr, newId())).toBeNull();
  });
});
