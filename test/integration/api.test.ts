import { get } from 'node:http';
import { Validator } from '@seriousme/openapi-schema-validator';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { z } from 'zod';
import { assignFor, recordCompletion, recordResult } from '~/certification';
import { countTry, database, execute, inTransaction, one, reader, rows } from '~/db';
import { apiRouter, forgetAnswers, OPERATIONS, openApi, requestsOf } from '~/exchange';
import { APPLICATION_LIMITS, revokeApplication } from '~/identity';
import { advanceClock, days, minutes, resetClock } from '~/kernel/clock';
import { useConfig } from '~/kernel/config';
import { newId } from '~/kernel/id';
import { must } from '~/kernel/result';
import { addNumber, maskNationalNumber, type Organisation } from '~/people';
import { textFor } from '~/text';
import { anOrganisation, aRootActor } from '../support/actors';
import { ALL_SCOPES, anApi, anApiToken, apiClient } from '../support/api';
import { aCity, aResult, completeCourse, itIs, somebody, type City } from '../support/certification';
import { testConfig } from '../support/config';
import { onEveryDatabase } from '../support/databases';

const IDENTITY = '11010519491231002X';
const Verdicts = z.object({ asOf: z.string(), people: z.array(z.looseObject({ status: z.string(), mayStart: z.boolean() })) });
const Refusal = z.object({ status: z.number(), code: z.string(), errors: z.array(z.object({ detail: z.string(), pointer: z.string().optional(), parameter: z.string().optional() })).default([]) });
const Page = z.object({ items: z.array(z.looseObject({ id: z.string() })), next: z.string().nullable() });
const Feed = z.object({ items: z.array(z.looseObject({ kind: z.string() })), next: z.string(), more: z.boolean() });
const Opened = z.object({ standing: z.looseObject({ status: z.string(), requirements: z.array(z.looseObject({ kind: z.string(), state: z.string(), reason: z.object({ code: z.string(), text: z.string() }) })) }).nullable() });

describe('the description of the service', () => {
  it('is valid OpenAPI 3.1', async () => {
    useConfig(testConfig());
    const { valid, errors } = await new Validator().validate(openApi(textFor('en')));
    expect({ valid, errors }).toEqual({ valid: true, errors: undefined });
  });

  it('holds every address that is answered, and no other one', () => {
    interface Layer { route?: { path: string; methods: Record<string, boolean> } }
    const routed = (apiRouter().stack as unknown as Layer[]).flatMap(({ route }) => (route ? Object.keys(route.methods).filter((method) => method !== '_all').map((method) => `${method} ${route.path.replace(/:(\w+)/g, '{$1}')}`) : []));
    const described = Object.entries((openApi(textFor('en')) as { paths: Record<string, object> }).paths).flatMap(([path, methods]) => Object.keys(methods).map((method) => `${method} ${path}`));
    expect(routed.filter((one) => one !== 'get /openapi.json').sort()).toEqual(described.sort());
    expect(described).toHaveLength(OPERATIONS.length);
  });
});

onEveryDatabase('the service for personnel systems', () => {
  let city: City;
  let elsewhere: Organisation;
  let api: Awaited<ReturnType<typeof anApi>>;
  let application: { id: string; token: string };
  let call: ReturnType<typeof apiClient>;
  beforeAll(async () => {
    useConfig(testConfig());
    itIs('2026-05-04');
    city = await aCity();
    elsewhere = await anOrganisation({ name: '云江市档案局' });
    api = await anApi();
    application = await anApiToken(city.bureau);
    call = apiClient(api.port, application.token);
  });
  afterAll(() => api.close());
  beforeEach(() => itIs('2026-06-22'));
  afterEach(resetClock);

  const recruit = async (startOfDuty = '2026-07-01') => {
    const person = await somebody(city, { startOfDuty });
    await assignFor(person.appointmentId);
    const named = await one(reader(), z.object({ name: z.string(), value: z.string() }), `SELECT p.name, i.value FROM persons p JOIN identifiers i ON i.person_id = p.id WHERE p.id = $id AND i.kind = 'recruitment'`, { id: person.personId });
    return { ...person, name: named.name, number: named.value };
  };
  const pass = async (personId: string, percent = 90) => {
    await recordCompletion(await completeCourse(personId, city.course));
    await recordResult(await aResult(personId, city.exam, { percent }));
  };
  const askAbout = async (people: object[], headers?: Record<string, string>) => call('POST', '/clearance/check', { people }, headers);
  /** `fetch` asks caches not to answer when it is given a version. */
  const statusWith = (etag: string): Promise<number> => new Promise((resolve, reject) => {
    get({ port: api.port, path: '/api/v1/organisations', headers: { 'authorization': `Bearer ${application.token}`, 'if-none-match': etag } }, (answer) => { answer.resume(); resolve(answer.statusCode ?? 0); }).on('error', reject);
  });
  const events = (kind: string) => rows(reader(), z.object({ by: z.string(), body: z.string() }), 'SELECT by, body FROM ledger_events WHERE kind = $kind ORDER BY recorded_at, id', { kind });

  it('says of each person how it stands on their own day, in the order and under the mark of whoever asked', async () => {
    const [cleared, never, failed] = [await recruit(), await recruit(), await recruit()];
    await pass(cleared.personId);
    await pass(failed.personId, 30);
    await inTransaction(async (tx) => must(await addNumber(tx, cleared.personId, { kind: 'national', value: IDENTITY })));
    const { status, body } = await askAbout([
      { number: cleared.number, name: cleared.name, ref: 'a-1' }, { number: IDENTITY, name: cleared.name, startsOn: '2026-07-15' }, { number: never.number, name: never.name },
      { number: failed.number, name: failed.name }, { number: cleared.number, name: '王大明' }, { number: 'T0', name: '无此人' },
    ], { 'accept-language': 'en' });
    expect(status).toBe(200);
    const { people } = Verdicts.parse(body);
    expect(people.map((each) => [each.status, each.mayStart])).toEqual([['cleared', true], ['cleared', true], ['never-sat', false], ['failed', false], ['name-mismatch', false], ['unknown', false]]);
    expect(people[0]).toMatchObject({ ref: 'a-1', startsOn: '2026-07-01', personId: cleared.personId, appointmentId: cleared.appointmentId });
    expect(people[1]).toMatchObject({ startsOn: '2026-07-15', number: maskNationalNumber(IDENTITY) });
    expect(people[3]).toMatchObject({ reason: { code: 'exam-failed', text: expect.stringMatching(/[a-z]{3}/) as string } });
    expect(JSON.stringify(people[4])).not.toContain(cleared.name);
    expect(JSON.parse((await events('clearance.checked')).at(-1)?.body ?? '')).toEqual({ people: 6, counts: { 'cleared': 2, 'never-sat': 1, 'failed': 1, 'name-mismatch': 1, 'unknown': 1 } });
  });

  it('asks the database as often for five hundred people as for one', async () => {
    const person = await recruit();
    const asks = async (people: number): Promise<number> => {
      const query = vi.spyOn(database().reading, 'query');
      await askAbout(Array.from({ length: people }, (_, i) => (i === 0 ? { number: person.number, name: person.name } : { number: `T9${i}`, name: '某人' })));
      const asked = query.mock.calls.filter(([sql]) => typeof sql === 'string' && sql.startsWith('/**/ SELECT')).length;
      query.mockRestore();
      return asked;
    };
    const few = await asks(1);
    // Two keys a number, looked up in parts of five hundred.
    expect(await asks(500)).toBeLessThanOrEqual(few + 1);
  });

  it('refuses what is wrong with each field by its pointer, in the language asked for', async () => {
    const wrong = { people: [{ number: '', name: 'x', startsOn: '2026-02-30' }, { number: '1', name: '某人', day: 'x' }] };
    const { status, body, headers } = await call('POST', '/clearance/check', wrong, { 'accept-language': 'en' });
    const pointers = (told: unknown) => Refusal.parse(told).errors.map(({ pointer, parameter }) => pointer ?? parameter).sort();
    expect([status, Refusal.parse(body).code, headers.get('content-type')]).toEqual([422, 'api.fields', 'application/problem+json; charset=utf-8']);
    expect(pointers(body)).toEqual(['#/people/0/number', '#/people/0/startsOn', '#/people/1/day']);
    expect(Refusal.parse((await call('POST', '/clearance/check', wrong)).body).errors[0]?.detail).toMatch(/[\u4e00-\u9fff]/);
    const many = { people: Array.from({ length: 1001 }, () => ({ number: '1', name: '某人' })) };
    expect(pointers((await call('POST', '/clearance/check', many)).body)).toEqual(['#/people']);
    expect(pointers((await call('GET', '/clearances?limit=999&colour=red')).body)).toEqual(['colour', 'limit']);
    expect(pointers((await call('GET', '/clearances/not-an-id')).body)).toEqual(['id']);
    expect((await call('GET', '/people?organisation=NOWHERE')).body).toMatchObject({ status: 422, code: 'organisation.unknown', errors: [{ parameter: 'organisation' }] });
  });

  it('says by its status what else is wrong, each time as a problem', async () => {
    const strange = (headers: Record<string, string>, method = 'GET', path = '/people', body?: string) => apiClient(api.port, null)(method, path, body, headers);
    const readOnly = await anApiToken(city.bureau, ['people.read']);
    const expired = await anApiToken(city.bureau, ALL_SCOPES, '2026-06-30');
    const revoked = await anApiToken(city.bureau);
    must(await revokeApplication(await aRootActor(), revoked.id, '不再使用'));
    expect((await strange({})).body).toMatchObject({ status: 401, code: 'api.token-missing', type: expect.stringContaining('/developers#problem-401') as string });
    expect((await strange({ authorization: 'Bearer sgt_unknown' })).headers.get('www-authenticate')).toContain('invalid_token');
    expect((await strange({ authorization: `Bearer ${revoked.token}` })).body).toMatchObject({ status: 401, code: 'api.token-revoked' });
    expect((await strange({ authorization: `Bearer ${readOnly.token}` }, 'GET', '/clearances')).body).toMatchObject({ status: 403, code: 'api.scope' });
    expect((await call('GET', '/nothing')).status).toBe(404);
    const method = await call('DELETE', '/people');
    expect([method.status, method.headers.get('allow')]).toEqual([405, 'GET, HEAD']);
    expect((await call('POST', '/clearance/check', '{"people":')).status).toBe(400);
    expect((await call('POST', '/clearance/check', '<x/>', { 'content-type': 'text/xml' })).status).toBe(415);
    expect((await call('POST', '/clearance/check', JSON.stringify({ people: 'x'.repeat(1100 * 1024) }))).status).toBe(413);
    itIs('2026-07-01');
    expect((await strange({ authorization: `Bearer ${expired.token}` })).body).toMatchObject({ status: 401, code: 'api.token-expired' });
  });

  it('tells what is left of a minute’s requests, and refuses what goes beyond', async () => {
    const { id, token } = await anApiToken(city.bureau, ['people.read']);
    const client = apiClient(api.port, token);
    const { tries } = APPLICATION_LIMITS.requests;
    const first = await client('GET', '/organisations');
    expect([first.headers.get('ratelimit-policy'), first.headers.get('ratelimit')]).toEqual([`"application";q=${tries};w=60`, expect.stringMatching(`^"application";r=${tries - 1};t=\\d+$`)]);
    for (let more = 2; more < tries; more += 1) await countTry(APPLICATION_LIMITS.requests, id);
    expect((await client('GET', '/organisations')).headers.get('ratelimit')).toContain('r=0');
    const refused = await client('GET', '/organisations');
    expect([refused.status, Number(refused.headers.get('retry-after')) > 0, refused.headers.get('ratelimit')]).toEqual([429, true, expect.stringContaining('r=0')]);
    await vi.waitFor(async () => expect((await requestsOf(reader(), id))[0]).toMatchObject({ method: 'GET', path: '/organisations', status: 200 }));
  }, 60_000);

  it('shows nothing beyond the organisation of the application', async () => {
    const person = await recruit();
    const other = apiClient(api.port, (await anApiToken(elsewhere)).token);
    const { id } = await one(reader(), z.object({ id: z.string() }), 'SELECT id FROM assignments WHERE person_id = $id', { id: person.personId });
    expect((await other('POST', '/clearance/check', { people: [{ number: person.number, name: person.name }] })).body).toMatchObject({ people: [{ status: 'unknown', personId: null }] });
    const lists = await Promise.all(['/people', '/clearances', '/clearance-changes'].map(async (path) => (await other('GET', path)).body));
    expect(lists).toMatchObject([{ items: [] }, { items: [] }, { items: [] }]);
    expect((await other('GET', `/clearances/${id}`)).status).toBe(404);
    expect((await other('POST', '/starts', { appointmentId: person.appointmentId, startedOn: '2026-06-20' }, { 'idempotency-key': newId() })).status).toBe(404);
    expect((await other('GET', '/organisations')).body).toMatchObject({ items: [{ code: elsewhere.code }], next: null });
    expect((await other('GET', `/people?organisation=${city.bureau.code}`)).status).toBe(422);
  });

  it('lists clearances page by page, today and as they were on an earlier day, and none twice', async () => {
    itIs('2026-06-10');
    const person = await recruit();
    itIs('2026-06-15');
    await pass(person.personId);
    itIs('2026-06-22');
    const seen: string[] = [];
    for (let next: string | null = ''; next !== null;) {
      const page: z.infer<typeof Page> = Page.parse((await call('GET', `/clearances?limit=2${next === '' ? '' : `&cursor=${next}`}`)).body);
      seen.push(...page.items.map(({ id }) => id));
      next = page.next;
    }
    expect(new Set(seen).size).toBe(seen.length);
    expect(seen.length).toBeGreaterThan(2);
    const of = async (query: string) => Page.parse((await call('GET', `/clearances?personId=${person.personId}${query}`)).body).items;
    expect(await of('')).toMatchObject([{ status: 'cleared', state: 'may-start', mayStartOn: '2026-07-01', person: { name: person.name, recruitmentNumber: person.number } }]);
    expect(await of('&on=2026-06-12')).toMatchObject([{ status: 'not-cleared', mayStartOn: null }]);
    expect(await of('&on=2026-06-01')).toEqual([]);
    expect(await of('&status=not-cleared')).toEqual([]);
  });

  it('refuses a cursor that was made up, or belongs to another question or application', async () => {
    await recruit();
    await recruit();
    const { next } = Page.parse((await call('GET', '/clearances?limit=1')).body);
    const other = apiClient(api.port, (await anApiToken(city.bureau)).token);
    const refused = [await call('GET', `/clearances?limit=1&gate=none&cursor=${next}`), await call('GET', '/people?cursor=bWFkZQ.up'), await other('GET', `/clearances?limit=1&cursor=${next}`)];
    expect(refused.map(({ body }) => [Refusal.parse(body).status, Refusal.parse(body).code])).toEqual([[422, 'api.cursor'], [422, 'api.cursor'], [422, 'api.cursor']]);
    // As many a page as one likes.
    expect((await call('GET', `/clearances?limit=7&cursor=${next}`)).status).toBe(200);
  });

  it('opens one clearance with requirements, evidence and reasons, in the language asked for, and notes that it was read', async () => {
    const person = await recruit();
    await pass(person.personId);
    const { id } = await one(reader(), z.object({ id: z.string() }), 'SELECT id FROM assignments WHERE person_id = $id', { id: person.personId });
    const { body, headers } = await call('GET', `/clearances/${id}`, undefined, { 'accept-language': 'en-GB' });
    expect(headers.get('content-language')).toBe('en');
    const requirements = Opened.parse(body).standing?.requirements ?? [];
    expect(requirements.map(({ kind, state }) => [kind, state])).toEqual([['course', 'met'], ['exam', 'met']]);
    expect(requirements[1]).toMatchObject({ reason: { code: 'exam-passed' }, at: '2026-06-22T02:00:00.000Z' });
    expect(Opened.parse((await call('GET', `/clearances/${id}`)).body).standing?.requirements[1]?.reason.text).toMatch(/[\u4e00-\u9fff]/);
    expect(Opened.parse((await call('GET', `/clearances/${id}?on=2026-06-01`)).body).standing?.status).toBe('not-cleared');
    expect((await events('person.read')).at(-1)?.by).toBe(`application:${application.id}`);
  });

  it('tells changes from where one has read to, and leads on when there is nothing yet', async () => {
    const read = async (query: string) => Feed.parse((await call('GET', `/clearance-changes?${query}`)).body);
    let { next: cursor, more } = await read('since=2026-06-22T00:00:00Z&limit=200');
    while (more) ({ next: cursor, more } = await read(`cursor=${cursor}`));
    const person = await recruit();
    await pass(person.personId);
    const first = await read(`cursor=${cursor}&limit=1`);
    expect(first).toMatchObject({ more: true, items: [{ kind: 'assigned', before: null, after: { status: 'not-cleared' }, person: { id: person.personId, name: person.name } }] });
    const second = await read(`cursor=${first.next}`);
    expect(second).toMatchObject({ more: false, items: [{ kind: 'changed', before: { status: 'not-cleared' }, after: { status: 'cleared', mayStartOn: '2026-07-01' } }] });
    expect(await read(`cursor=${second.next}`)).toMatchObject({ more: false, items: [] });
  });

  it('records a start once under a key, answers the same request as before, and refuses another one under it', async () => {
    const person = await recruit('2026-06-15');
    await pass(person.personId);
    const key = { 'idempotency-key': newId() };
    const asked = { appointmentId: person.appointmentId, startedOn: '2026-06-22' };
    const first = await call('POST', '/starts', asked, key);
    const again = await call('POST', '/starts', asked, key);
    expect([first.status, again.status, again.headers.get('idempotent-replayed')]).toEqual([201, 201, 'true']);
    expect(again.body).toEqual(first.body);
    expect((await call('POST', '/starts', { ...asked, startedOn: '2026-06-21' }, key)).body).toMatchObject({ status: 422, code: 'api.key-other' });
    expect((await call('POST', '/starts', asked, { 'idempotency-key': newId() })).body).toMatchObject({ status: 409, code: 'start.recorded' });
    expect((await call('POST', '/starts', asked)).body).toMatchObject({ status: 400, code: 'api.key-missing' });
    expect((await call('POST', '/starts', asked, { 'idempotency-key': 'with space' })).body).toMatchObject({ status: 400, code: 'api.key-form' });
    const kept = await rows(reader(), z.object({ asked_by: z.string() }), 'SELECT asked_by FROM starts WHERE appointment_id = $id', { id: person.appointmentId });
    expect(kept).toEqual([{ asked_by: `application:${application.id}` }]);
    expect((await askAbout([{ number: person.number, name: person.name }])).body).toMatchObject({ people: [{ startedOn: '2026-06-22' }] });
  });

  it('records no start that is not permitted, and lets the key be used again', async () => {
    const person = await recruit('2026-06-15');
    const key = { 'idempotency-key': newId() };
    const asked = { appointmentId: person.appointmentId, startedOn: '2026-06-22' };
    expect((await call('POST', '/starts', asked, key)).body).toMatchObject({ status: 409, code: 'hiring.not-permitted', errors: [{ pointer: '#/startedOn' }] });
    expect((await call('POST', '/starts', { ...asked, startedOn: '2026-06-23' }, key)).body).toMatchObject({ status: 422, code: 'start.future' });
    await pass(person.personId);
    expect((await call('POST', '/starts', asked, key)).status).toBe(201);
  });

  it('does it once when the same request comes ten times at once: some are told to wait', async () => {
    const person = await recruit('2026-06-15');
    await pass(person.personId);
    const key = { 'idempotency-key': newId() };
    const answers = await Promise.all(Array.from({ length: 10 }, () => call('POST', '/starts', { appointmentId: person.appointmentId, startedOn: '2026-06-22' }, key)));
    expect(answers.every(({ status, body }) => status === 201 || Refusal.parse(body).code === 'api.key-busy')).toBe(true);
    expect(answers.filter(({ status, headers }) => status === 201 && headers.get('idempotent-replayed') === null)).toHaveLength(1);
    expect(await rows(reader(), z.object({ id: z.string() }), 'SELECT id FROM starts WHERE appointment_id = $id', { id: person.appointmentId })).toHaveLength(1);
  });

  it('takes over what a process claimed that is gone, and answers while it may still be at it that one must wait', async () => {
    const person = await recruit('2026-06-15');
    await pass(person.personId);
    const [key, asked] = [newId(), { appointmentId: person.appointmentId, startedOn: '2026-06-22' }];
    expect((await call('POST', '/starts', asked, { 'idempotency-key': key })).status).toBe(201);
    // As a crash between the claim and the effect leaves it.
    await inTransaction((tx) => execute(tx, 'UPDATE idempotent_requests SET status = NULL, answer = NULL WHERE key = $key', { key }));
    await inTransaction((tx) => execute(tx, 'DELETE FROM starts WHERE appointment_id = $id', { id: person.appointmentId }));
    expect((await call('POST', '/starts', asked, { 'idempotency-key': key })).body).toMatchObject({ status: 409, code: 'api.key-busy' });
    advanceClock(minutes(2));
    expect((await call('POST', '/starts', asked, { 'idempotency-key': key })).status).toBe(201);
  });

  it('forgets an answer after a day', async () => {
    const key = { 'idempotency-key': newId() };
    const asked = { people: [{ number: 'T0', name: '无此人' }] };
    const asOf = async () => Verdicts.parse((await call('POST', '/clearance/check', asked, key)).body).asOf;
    const first = await asOf();
    advanceClock(minutes(5));
    expect(await asOf()).toBe(first);
    advanceClock(days(1));
    expect(await asOf()).not.toBe(first);
    advanceClock(days(2));
    expect(await forgetAnswers(itIs('2026-07-22'))).toBeGreaterThan(0);
  });

  it('tells people, organisations, programmes and sittings, and nothing of what has not changed since', async () => {
    const person = await recruit();
    expect((await call('GET', `/people?number=${person.number}`)).body).toMatchObject({ items: [{ id: person.personId, recruitmentNumber: person.number, appointments: [{ id: person.appointmentId, organisation: { code: city.bureau.code }, startOfDuty: '2026-07-01', startedOn: null }] }] });
    expect((await call('GET', '/programmes')).body).toMatchObject({ items: [{ slug: 'before-start-of-duty', gate: 'before-start-of-duty', requirements: [{ kind: 'course' }, { kind: 'exam' }] }] });
    expect((await call('GET', '/sittings')).body).toEqual({ items: [], next: null });
    const first = await call('GET', '/organisations');
    expect(await statusWith(first.headers.get('etag') ?? '')).toBe(304);
    expect([first.headers.get('set-cookie'), first.headers.get('access-control-allow-origin')]).toEqual([null, null]);
  });
});
