import { getDocument } from 'pdfjs-dist/legacy/build/pdf.mjs';
import { afterEach, beforeAll, beforeEach, expect, it } from 'vitest';
import { z } from 'zod';
import { assignFor, recordCompletion, recordResult, rotateKey } from '~/certification';
import { one, reader, rows } from '~/db';
import { checkStatement, checkStatementFile, judgeListAgain, makeListOfFile, signList, statementsOf, takeRows, takeStatementPdf } from '~/exchange';
import type { Actor } from '~/identity';
import { resetClock } from '~/kernel/clock';
import { useConfig } from '~/kernel/config';
import { newId } from '~/kernel/id';
import { must } from '~/kernel/result';
import * as checkRoute from '~/routes/check._index';
import * as listRoute from '~/routes/hr.hiring.$id.list[.]xlsx';
import { openSheets } from '~/people';
import { anActor, anOrganisation, aRequest, aSignedInAccount } from '../support/actors';
import { aCity, aResult, completeCourse, itIs, somebody, type City } from '../support/certification';
import { testConfig } from '../support/config';
import { onEveryDatabase } from '../support/databases';
import { refusal } from '../support/intakes';
import { qrOfPdf, textOfPdf } from '../support/pdf';
import { routeArgs } from '../support/routes';

const Named = z.object({ name: z.string(), value: z.string() });
const Kinds = z.object({ kind: z.string() });

onEveryDatabase('a signed hiring statement', () => {
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

  /** A list of two: one who may start, one who has not sat the exam. */
  const aList = async (): Promise<{ id: string; names: string[]; later: () => Promise<void> }> => {
    const people = [];
    for (let i = 0; i < 2; i += 1) {
      const person = await somebody(city);
      await assignFor(person.appointmentId);
      people.push({ ...person, ...await one(reader(), Named, 'SELECT p.name, i.value FROM persons p JOIN identifiers i ON i.person_id = p.id WHERE p.id = $id', { id: person.personId }) });
    }
    const pass = async (personId: string) => {
      await recordCompletion(await completeCourse(personId, city.course));
      await recordResult(await aResult(personId, city.exam, { percent: 90 }));
    };
    const [first, second] = people;
    await pass(first?.personId ?? '');
    const file = Buffer.from(['报考号,姓名', ...people.map(({ value, name }) => `${value},${name}`)].join('\n'));
    const { id } = must(await makeListOfFile(hr, { id: newId(), title: '七月上岗', organisationId: city.bureau.id, fileName: 'l.csv', file }));
    return { id, names: people.map(({ name }) => name), later: () => pass(second?.personId ?? '') };
  };
  const signed = async (listId: string) => {
    const number = must(await signList(hr, listId));
    const code = (await statementsOf(reader(), listId)).find((row) => row.number === number)?.check_code ?? '';
    return { number, code };
  };

  it('says what was true as of when, and goes on saying it whatever happens later', async () => {
    const { id, names, later } = await aList();
    const { number, code } = await signed(id);
    expect(number).toMatch(/^HC2026-\d{6}$/);
    itIs('2026-06-24');
    await later();
    must(await judgeListAgain(hr, id));
    const checked = await checkStatement(number, code);
    expect(checked).toMatchObject({ found: 'statement', signed: 'genuine', list: { asOf: '2026-06-22T02:00:00.000Z', mayStart: 1, peopleCount: 2, organisation: '云江市数据局' } });
    expect(checked.found === 'statement' && checked.list.people?.map(({ name, status }) => [name, status])).toEqual([[names[0], 'cleared'], [names[1], 'never-sat']]);
    const again = await signed(id);
    expect(again.number).not.toBe(number);
    expect(await checkStatement(again.number, again.code)).toMatchObject({ list: { asOf: '2026-06-24T02:00:00.000Z', mayStart: 2 } });
    expect(await statementsOf(reader(), id)).toHaveLength(2);
  });

  it('is one for each moment, however often it is asked for', async () => {
    const { id } = await aList();
    const numbers = await Promise.all(Array.from({ length: 5 }, () => signList(hr, id)));
    expect(new Set(numbers.map(must)).size).toBe(1);
    const [a, b] = await Promise.all([aList(), aList()]);
    const two = await Promise.all([signList(hr, a.id), signList(hr, b.id)]);
    expect(new Set(two.map(must)).size).toBe(2);
  });

  it('shows the people to nobody who has not its check code', async () => {
    const { id, names } = await aList();
    const { number, code } = await signed(id);
    for (const [typed, isWrongCode] of [['', false], ['AAAAAA', true]] as const) {
      const checked = await checkStatement(number.toLowerCase(), typed);
      expect(checked).toMatchObject({ found: 'statement', signed: 'genuine', isWrongCode, list: { people: null, peopleCount: 2 } });
      expect(JSON.stringify(checked)).not.toContain(names[0]);
    }
    expect(await checkStatement(number, ` ${code.toLowerCase()} `)).toMatchObject({ list: { people: [{}, {}] } });
    expect(await checkStatement('HC2026-999999', code)).toEqual({ found: 'nothing' });
    expect(await checkStatement('SG-2026-000001', code)).toEqual({ found: 'nothing' });
  });

  it('is a paper that says everything, is kept byte for byte, and is known again', async () => {
    const { id, names } = await aList();
    const { number, code } = await signed(id);
    const first = await takeStatementPdf(hr, number);
    const second = await takeStatementPdf(hr, number);
    if (!first || !second) throw new Error('no paper');
    expect(first.content.equals(second.content)).toBe(true);
    const text = await textOfPdf(first.content);
    for (const part of [number, code, ...names, '七月上岗', '截至2026年6月22日（周一）10:00', '可以上岗', '未参加考试', '1/1']) expect(text).toContain(part);
    expect(await qrOfPdf(first.content)).toMatch(new RegExp(`/check/lists/${number}\\?code=${code}$`));
    const attached = (await (await getDocument({ data: new Uint8Array(first.content), verbosity: 0 }).promise).getAttachments()) as Record<string, { content: Uint8Array }>;
    expect(await checkStatementFile(Buffer.from(attached['hiring-list.json']?.content ?? []))).toMatchObject({ number, signed: 'genuine', list: { mayStart: 1 } });
    expect(await checkStatementFile(first.content)).toMatchObject({ found: 'statement', number, signed: 'genuine', list: { people: [{}, {}] } });
    const altered = Buffer.from(first.content);
    altered[altered.length - 20] = (altered[altered.length - 20] ?? 0) ^ 1;
    expect(await checkStatementFile(altered)).toBeNull();
    const told = await rows(reader(), Kinds, `SELECT kind FROM ledger_events WHERE subject_id = $id ORDER BY recorded_at, id`, { id });
    expect(told.map(({ kind }) => kind)).toEqual(['hiring-list.made', 'hiring-list.signed', 'hiring-list.taken', 'hiring-list.taken']);
  });

  it('is signed by the published key: changed anywhere it is altered, with a leaked key it is nobody’s', async () => {
    const { id } = await aList();
    const { number } = await signed(id);
    const stored = await one(reader(), z.object({ snapshot: z.string(), signature: z.string() }), 'SELECT snapshot, signature FROM hiring_statements WHERE number = $number', { number });
    const document = { list: JSON.parse(stored.snapshot) as { mayStart: number }, signature: stored.signature };
    const check = async (value: unknown) => {
      const found = await checkStatementFile(Buffer.from(JSON.stringify(value)));
      return found?.found === 'statement' ? found.signed : null;
    };
    expect(await check(document)).toBe('genuine');
    expect(await check({ ...document, list: { ...document.list, mayStart: 2 } })).toBe('altered');
    expect(await check({ ...document, more: 1 })).toBeNull();
    expect(await check({ list: document.list })).toBeNull();
    await rotateKey('system:a test', { leaked: false });
    expect(await check(document)).toBe('genuine');
    await rotateKey('system:a test', { leaked: true });
    expect(await check(document)).toBe('genuine');
    const { number: next } = await signed((await aList()).id);
    await rotateKey('system:a test', { leaked: true });
    expect(await checkStatement(next, '')).toMatchObject({ found: 'statement', signed: 'unknown-key' });
  });

  it('is checked at the common page by number, and by the file', async () => {
    const { id } = await aList();
    const { number, code } = await signed(id);
    const answer = await checkRoute.loader(routeArgs(aRequest(`/check?number=${number}&code=${code}`)));
    expect([answer.status, answer.headers.get('location')]).toEqual([302, `/check/lists/${number}?code=${code}`]);
    const pdf = await takeStatementPdf(hr, number);
    const body = new FormData();
    body.set('file', new File([new Uint8Array(pdf?.content ?? [])], 'a.pdf', { type: 'application/pdf' }));
    const request = new Request('http://localhost:3000/check', { method: 'POST', body, headers: { 'x-shanggang-address': '10.0.0.9', 'content-length': '100000' } });
    const posted = await checkRoute.action(routeArgs(request));
    expect(await posted.json()).toMatchObject({ statement: { found: 'statement', number, signed: 'genuine' } });
  });

  it('is made and taken only where one is responsible', async () => {
    const { id } = await aList();
    const { number } = await signed(id);
    const elsewhere = anActor({ hr: [(await anOrganisation()).path] });
    expect(await refusal(signList(elsewhere, id))).toBe('access.denied');
    expect(await refusal(takeStatementPdf(elsewhere, number))).toBe('access.denied');
    expect(await refusal(takeRows(elsewhere, id, {}))).toBe('access.denied');
    expect(await refusal(signList(anActor({ inspector: [city.bureau.path] }), id))).toBe('access.denied');
    expect(await takeStatementPdf(hr, 'HC2026-999999')).toBeNull();
  });

  it('has a workbook beside it with the same rows, and no formula in it', async () => {
    const { id, names } = await aList();
    const { cookie } = await aSignedInAccount({ role: 'hr', organisationId: city.bureau.id });
    const answer = await listRoute.loader(routeArgs(aRequest(`/hr/hiring/${id}/list.xlsx?status=cleared`, { cookie }), { id }));
    const sheets = must(await openSheets(Buffer.from(await answer.arrayBuffer()), { packed: 1e6, unpacked: 1e7 }));
    const lines = [];
    for await (const line of sheets[0]?.lines() ?? []) lines.push(line.cells);
    expect(lines.slice(1).map((cells) => [cells[0], cells[4], cells[5]])).toEqual([[names[0], '2026-07-01', '可以上岗']]);
    expect(lines[0]?.at(-1)).toContain('截至 2026年6月22日');
  });
});
