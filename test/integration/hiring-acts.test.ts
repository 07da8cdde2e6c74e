import { afterEach, beforeAll, beforeEach, expect, it } from 'vitest';
import { z } from 'zod';
import { assignFor, recordCompletion, recordResult } from '~/certification';
import { execute, inTransaction, one, reader, rows } from '~/db';
import { actOnPeople, actsOf, makeListOfFile, openAct, openList, pageOfRows, type Act } from '~/exchange';
import { findExam } from '~/exams';
import type { Actor } from '~/identity';
import { clock, days, resetClock } from '~/kernel/clock';
import { useConfig } from '~/kernel/config';
import { newId } from '~/kernel/id';
import { must } from '~/kernel/result';
import * as actRoute from '~/routes/hr.hiring.$id.act';
import { anActor, anOrganisation, aRequest, aSignedInAccount } from '../support/actors';
import { aCity, aResult, completeCourse, countOf, itIs, somebody, type City } from '../support/certification';
import { testConfig } from '../support/config';
import { onEveryDatabase } from '../support/databases';
import { anExam } from '../support/exams';
import { refusal } from '../support/intakes';
import { answerOf, routeArgs } from '../support/routes';
import { aSitting, codeOf } from '../support/sittings';

const Named = z.object({ name: z.string(), value: z.string() });
const State = z.object({ state: z.string(), by: z.string() });

onEveryDatabase('acting on people of a hiring list', () => {
  let city: City;
  let hr: Actor;
  beforeAll(async () => {
    useConfig(testConfig());
    itIs('2026-05-04');
    city = await aCity();
    hr = { ...anActor({ hr: [city.bureau.path] }), by: 'account:hr', accountId: 'hr' };
  });
  beforeEach(() => itIs('2026-06-22'));
  afterEach(resetClock);

  interface Recruit { personId: string; appointmentId: string; name: string; value: string }
  const recruit = async (): Promise<Recruit> => {
    const person = await somebody(city);
    await assignFor(person.appointmentId);
    return { ...person, ...await one(reader(), Named, 'SELECT p.name, i.value FROM persons p JOIN identifiers i ON i.person_id = p.id WHERE p.id = $id', { id: person.personId }) };
  };
  const pass = async ({ personId }: Recruit) => {
    await recordCompletion(await completeCourse(personId, city.course));
    await recordResult(await aResult(personId, city.exam, { percent: 90 }));
  };
  /** A list of these people, and of somebody whom nobody knows in the last line. */
  const aList = async (...people: Recruit[]): Promise<string> => {
    const file = Buffer.from(['报考号,姓名', ...people.map(({ value, name }) => `${value},${name}`), 'T0,无此人'].join('\n'));
    return must(await makeListOfFile(hr, { id: newId(), title: '七月', organisationId: city.bureau.id, fileName: 'l.csv', file })).id;
  };
  /** What came of it, by line: null when done. */
  const act = async (list: string, what: Act, id = newId()): Promise<(string | null)[]> => {
    must(await actOnPeople(hr, list, id, {}, what));
    const outcomes = (await openAct(hr, list, id))?.outcomes ?? [];
    return outcomes.sort((a, b) => a.line - b.line).map(({ problem }) => problem?.code ?? null);
  };

  it('reminds each of what is missing, once a day', async () => {
    const [open, cleared] = [await recruit(), await recruit()];
    await pass(cleared);
    const list = await aList(open, cleared);
    expect(await act(list, { kind: 'remind' })).toEqual([null, 'reminder.nothing', 'hiring.not-judged']);
    expect(await act(list, { kind: 'remind' })).toEqual(['reminder.today', 'reminder.nothing', 'hiring.not-judged']);
    itIs('2026-06-23');
    expect(await act(list, { kind: 'remind' })).toEqual([null, 'reminder.nothing', 'hiring.not-judged']);
    const notices = await rows(reader(), z.object({ kind: z.string(), params: z.string() }), `SELECT kind, params FROM notices WHERE person_id = $id AND step LIKE 'by-hand:%'`, { id: open.personId });
    expect(notices).toHaveLength(2);
    expect(JSON.parse(notices[0]?.params ?? '')).toMatchObject({ startOn: '2026-07-01', openZh: expect.stringContaining('；') as string });
    expect(await countOf('ledger_events', `kind = 'person.reminded' AND person_id = $id`, { id: open.personId })).toBe(2);
  });

  it('records the start of whoever may start on their day, and says why not of the others', async () => {
    const [cleared, missing, started] = [await recruit(), await recruit(), await recruit()];
    await pass(cleared);
    await pass(started);
    itIs('2026-07-02');
    const list = await aList(cleared, missing, started);
    must(await actOnPeople(hr, list, newId(), { lines: [4] }, { kind: 'start', on: null }));
    expect(await act(list, { kind: 'start', on: '2026-07-02' })).toEqual([null, 'hiring.not-permitted', 'start.recorded', 'hiring.not-judged']);
    const starts = await rows(reader(), z.object({ started_on: z.string() }), `SELECT started_on FROM starts WHERE person_id IN ($a, $b) ORDER BY started_on`, { a: cleared.personId, b: started.personId });
    expect(starts.map(({ started_on }) => started_on)).toEqual(['2026-07-01', '2026-07-02']);
    expect((await openList(hr, list))?.counts).toEqual({ 'cleared': 2, 'never-sat': 1, 'unknown': 1, 'started': 2 });
    expect((await pageOfRows(reader(), list, { status: 'not-started' }, 1)).count).toBe(0);
  });

  it('records no start before its day', async () => {
    const one = await recruit();
    await pass(one);
    expect(await act(await aList(one), { kind: 'start', on: null })).toEqual(['start.future', 'hiring.not-judged']);
  });

  it('asks for a waiver each, which another person decides on', async () => {
    const [a, b] = [await recruit(), await recruit()];
    const list = await aList(a, b);
    const waiver: Act = { kind: 'waiver', from: '2026-07-01', until: '2026-07-31', reason: '考试推迟', proof: '培训中心通知' };
    expect(await act(list, waiver)).toEqual([null, null, 'hiring.not-judged']);
    expect(await act(list, waiver)).toEqual(['waiver.asked', 'waiver.asked', 'hiring.not-judged']);
    expect(await act(list, { ...waiver, until: '2027-07-31' })).toEqual(['waiver.too-long', 'waiver.too-long', 'hiring.not-judged']);
    const asked = await rows(reader(), State, `SELECT state, asked_by AS by FROM waivers WHERE person_id IN ($a, $b)`, { a: a.personId, b: b.personId });
    expect(asked).toEqual([{ state: 'asked', by: 'account:hr' }, { state: 'asked', by: 'account:hr' }]);
    expect((await pageOfRows(reader(), list, {}, 1)).rows.map(({ status }) => status)).toEqual(['will-be-cleared', 'will-be-cleared', 'unknown']);
  });

  it('gives places in a sitting while there are some', async () => {
    const people = [await recruit(), await recruit(), await recruit()];
    const bank = (await anExam()).bankId;
    await inTransaction((tx) => execute(tx, `UPDATE exams SET bank_id = $bank, delivery = 'sittings' WHERE id = $id`, { bank, id: city.exam.id }));
    const exam = await findExam(reader(), city.exam.id);
    const sitting = exam && await aSitting(exam, city.bureau, { startsAt: clock.now() + days(3), booking: 'assigned', rooms: [{ name: '一', seats: 2, seatsPerRow: 2 }] });
    if (!sitting) throw new Error('no sitting');
    const list = await aList(...people);
    const outcomes = await act(list, { kind: 'book', sittingId: sitting.id });
    expect(outcomes.filter((code) => code === null)).toHaveLength(2);
    expect(outcomes).toContain('booking.full');
    expect(outcomes.at(-1)).toBe('hiring.not-judged');
    expect(await refusal(actOnPeople(hr, list, newId(), {}, { kind: 'book', sittingId: newId() }))).toBe('access.denied');
  });

  it('does nothing twice when the form is sent twice, nor when it was cut off before it was noted', async () => {
    const one = await recruit();
    await pass(one);
    itIs('2026-07-02');
    const list = await aList(one);
    const id = newId();
    expect(await act(list, { kind: 'start', on: null }, id)).toEqual([null, 'hiring.not-judged']);
    expect(await act(list, { kind: 'start', on: null }, id)).toEqual([null, 'hiring.not-judged']);
    // As if the program had been killed after the start was recorded and before the act was.
    await inTransaction(async (tx) => {
      await execute(tx, 'DELETE FROM hiring_outcomes WHERE act_id = $id', { id });
      await execute(tx, 'DELETE FROM hiring_acts WHERE id = $id', { id });
    });
    expect(await act(list, { kind: 'start', on: null }, id)).toEqual([null, 'hiring.not-judged']);
    expect(await countOf('starts', 'person_id = $id', { id: one.personId })).toBe(1);
    expect((await actsOf(reader(), list)).map(({ kind, done, refused }) => ({ kind, done, refused }))).toEqual([{ kind: 'start', done: 1, refused: 1 }]);
  });

  it('takes those who were ticked or whom the filter finds, and not too many', async () => {
    const [a, b] = [await recruit(), await recruit()];
    await pass(a);
    const list = await aList(a, b);
    const acted = async (filter: Parameters<typeof actOnPeople>[3]) => {
      const id = must(await actOnPeople(hr, list, newId(), filter, { kind: 'remind' }));
      return (await openAct(hr, list, id))?.outcomes.map(({ name }) => name);
    };
    expect(await acted({ lines: [3] })).toEqual([b.name]);
    expect(await acted({ status: 'cleared' })).toEqual([a.name]);
    expect(codeOf(await actOnPeople(hr, list, newId(), { lines: [] }, { kind: 'remind' }))).toBe('hiring.nobody');
    expect(codeOf(await actOnPeople(hr, list, newId(), { search: 'nobody at all' }, { kind: 'remind' }))).toBe('hiring.nobody');
    const many = Array.from({ length: 501 }, (_, i) => `X${i},张三`);
    const { id } = must(await makeListOfFile(hr, { id: newId(), title: 'many', organisationId: city.bureau.id, fileName: 'l.csv', file: Buffer.from(['编号,姓名', ...many].join('\n')) }));
    expect(codeOf(await actOnPeople(hr, id, newId(), {}, { kind: 'remind' }))).toBe('hiring.too-many');
  });

  it('is for HR of the list’s organisation only', async () => {
    const one = await recruit();
    const list = await aList(one);
    const id = must(await actOnPeople(hr, list, newId(), {}, { kind: 'remind' }));
    const elsewhere = anActor({ hr: [(await anOrganisation()).path] });
    expect(await refusal(actOnPeople(elsewhere, list, newId(), {}, { kind: 'remind' }))).toBe('access.denied');
    expect(await refusal(openAct(elsewhere, list, id))).toBe('access.denied');
    expect(await refusal(actOnPeople(anActor({ inspector: [city.bureau.path] }), list, newId(), {}, { kind: 'remind' }))).toBe('access.denied');
    expect(await openAct(hr, newId(), id)).toBeNull();
  });

  it('is posted by a form without JavaScript, with a clear word beside the field', async () => {
    const one = await recruit();
    const list = await aList(one);
    const { cookie } = await aSignedInAccount({ role: 'hr', organisationId: city.bureau.id });
    const address = `/hr/hiring/${list}/act?kind=waiver&row=2`;
    const form = { __form: 'waiver', act: newId(), from: '2026-07-01', until: '', reason: '考试推迟', proof: '通知' };
    const wrong = await answerOf(() => actRoute.action(routeArgs(aRequest(address, { cookie, form }), { id: list })));
    expect(wrong.status).toBe(422);
    expect(JSON.parse(wrong.text)).toMatchObject({ form: 'waiver', reply: { initialValue: { reason: '考试推迟' }, error: { until: [{ code: 'field.required' }] } } });
    const right = await answerOf(() => actRoute.action(routeArgs(aRequest(address, { cookie, form: { ...form, until: '2026-07-20' } }), { id: list })));
    expect([right.status, right.location]).toEqual([302, `/hr/hiring/${list}/acts/${form.act}`]);
  });
});
