import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { z } from 'zod';
import { eventsAbout } from '~/audit';
import { reader } from '~/db';
import { directoryChanges, scimChanges } from '~/exchange';
import { revokeApplication } from '~/identity';
import { startOfDate } from '~/kernel/calendar';
import { resetClock } from '~/kernel/clock';
import { useConfig } from '~/kernel/config';
import { must } from '~/kernel/result';
import { personCard, type Organisation } from '~/people';
import { anActor, anOrganisation, aRootActor } from '../support/actors';
import { itIs } from '../support/certification';
import { testConfig } from '../support/config';
import { onEveryDatabase } from '../support/databases';
import { aScimService, aToken, scimClient, type ScimAnswer } from '../support/scim';

const USER = 'urn:ietf:params:scim:schemas:core:2.0:User';
const ENTERPRISE = 'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User';
const PATCH = 'urn:ietf:params:scim:api:messages:2.0:PatchOp';
const BULK = 'urn:ietf:params:scim:api:messages:2.0:BulkRequest';
const List = z.object({ totalResults: z.number(), startIndex: z.number().optional(), itemsPerPage: z.number().optional(), Resources: z.array(z.object({ id: z.string(), userName: z.string().optional(), displayName: z.string().optional() }).loose()) });
const One = z.object({ id: z.string(), meta: z.object({ version: z.string() }) }).loose();
const BulkAnswer = z.object({ Operations: z.array(z.object({ method: z.string(), bulkId: z.string().optional(), status: z.string(), location: z.string().optional(), response: z.object({ detail: z.string() }).loose().optional() })) });

onEveryDatabase('a directory by SCIM', () => {
  let service: Awaited<ReturnType<typeof aScimService>>;
  let bureau: Organisation;
  let office: Organisation;
  let other: Organisation;
  let app: { id: string; token: string };
  let call: ReturnType<typeof scimClient>;
  let serial = 0;

  beforeAll(async () => {
    useConfig(testConfig());
    itIs('2026-03-02');
    service = await aScimService();
    [bureau, other] = [await anOrganisation({ name: '民政局' }), await anOrganisation({ name: '档案局' })];
    office = await anOrganisation({ parent: bureau, name: '救助科' });
    app = await aToken(bureau);
    call = scimClient(service.port, app.token);
  });
  beforeEach(() => itIs('2026-03-02'));
  afterAll(async () => {
    await service.close();
    resetClock();
  });

  const said = (more: Record<string, unknown> = {}) => {
    serial += 1;
    return { schemas: [USER, ENTERPRISE], userName: `SC-${1000 + serial}`, name: { formatted: `董思远${serial}` }, active: true, title: '科员', [ENTERPRISE]: { department: office.code }, ...more };
  };
  const made = async (more: Record<string, unknown> = {}, client = call) => One.parse((await client('POST', '/Users', said(more))).body);
  const patch = (id: string, operations: unknown[], headers = {}): Promise<ScimAnswer> => call('PATCH', `/Users/${id}`, { schemas: [PATCH], Operations: operations }, headers);
  const found = async (filter: string, client = call) => List.parse((await client('GET', `/Users?filter=${encodeURIComponent(filter)}&sortBy=userName`)).body).Resources.map((one) => one.displayName);
  const bulk = async (operations: unknown[], failOnErrors?: number) =>
    BulkAnswer.parse((await call('POST', '/Bulk', { schemas: [BULK], Operations: operations, ...(failOnErrors !== undefined && { failOnErrors }) })).body).Operations;

  it('takes up people, changes and ends them, each with an event that names the application', async () => {
    const { id } = await made({ emails: [{ value: 'd@example.cn', type: 'work' }] });
    expect((await personCard(reader(), id))?.appointments).toMatchObject([{ organisationId: office.id, nature: 'main', post: '科员', startOfDuty: '2026-03-02' }]);
    expect((await patch(id, [{ op: 'replace', path: 'title', value: '副科长' }, { op: 'replace', path: `${ENTERPRISE}:department`, value: bureau.code }])).status).toBe(200);
    expect((await call('DELETE', `/Users/${id}`)).status).toBe(204);
    expect((await call('GET', `/Users/${id}`)).status).toBe(404);
    const events = await eventsAbout(reader(), id);
    expect(events.map((event) => event.kind)).toEqual(expect.arrayContaining(['person.registered', 'person.appointed', 'appointment.corrected', 'appointment.moved', 'appointment.ended', 'account.closed']));
    expect(new Set(events.map((event) => `${event.by} ${event.cause}`))).toEqual(new Set([`application:${app.id} scim`]));
    const { changes } = await scimChanges(reader(), { applicationId: app.id, page: 1 });
    expect(changes.filter((one) => one.personId === id).map((one) => [one.what, one.fields])).toEqual([['removed', []], ['changed', ['appointment', 'department']], ['created', []]]);
  });

  it('shows HR of the organisation what it changed, day by day, with what was before', async () => {
    itIs('2026-04-07');
    const { id } = await made();
    await patch(id, [{ op: 'replace', path: 'title', value: '副主任' }, { op: 'replace', path: 'emails', value: [{ value: 'neu@example.cn' }] }]);
    await patch(id, [{ op: 'replace', path: `${ENTERPRISE}:department`, value: 'NO-SUCH' }]);
    await call('PATCH', `/Users/${id}`, { schemas: [PATCH], Operations: [{ op: 'replace', path: 'userName', value: '!' }] });
    const seen = (path: string, more = {}) => directoryChanges(anActor({ hr: [path] }), { search: '', on: '2026-04-07', page: 1, ...more });
    const { changes, days } = await seen(bureau.path);
    const own = changes.filter((one) => one.personId === id);
    expect(own.map((one) => one.what).sort()).toEqual(expect.arrayContaining(['changed', 'changed', 'created']));
    expect(own.flatMap((one) => one.details)).toEqual(expect.arrayContaining([{ key: 'post', from: '科员', to: '副主任' }, { key: 'email', from: null, to: 'neu@example.cn' }]));
    expect(own.find((one) => one.what === 'created')?.details).toEqual(expect.arrayContaining([
      { key: 'organisation', from: null, to: office.name }, { key: 'post', from: null, to: '科员' }, { key: 'kind', from: null, to: 'staff' }, { key: 'startOfDuty', from: null, to: '2026-04-07' },
    ]));
    expect(own.find((one) => one.what === 'created')?.details.map((one) => one.key)).toContain('number');
    expect(own.flatMap((one) => one.warnings)).toEqual([{ code: 'place-unknown', given: 'NO-SUCH' }]);
    expect(days.find((one) => one.counts.created !== undefined && one.warnings > 0)?.start).toBe(startOfDate('2026-04-07', 'Asia/Shanghai'));
    expect((await seen(bureau.path, { filter: 'warnings' })).changes).toHaveLength(1);
    expect((await seen(bureau.path, { on: '2026-04-06' })).changes).toEqual([]);
    expect((await seen(other.path)).changes).toEqual([]);
    await expect(directoryChanges(anActor({ inspector: [bureau.path] }), { search: '', on: null, page: 1 })).rejects.toMatchObject({ problem: { code: 'access.denied' } });
  });

  it('does operations in bulk that lean on each other by bulkId', async () => {
    const [person, group] = [said(), { schemas: ['urn:ietf:params:scim:schemas:core:2.0:Group'], displayName: '值班组', members: [{ value: 'bulkId:first' }] }];
    const answers = await bulk([{ method: 'POST', path: '/Users', bulkId: 'first', data: person }, { method: 'POST', path: '/Groups', bulkId: 'second', data: group }]);
    expect(answers.map((one) => [one.bulkId, one.status])).toEqual([['first', '201'], ['second', '201']]);
    const [userId, groupId] = answers.map((one) => one.location?.split('/').at(-1) ?? '');
    const read = await call('GET', `/Groups/${groupId}`);
    expect(read.body['members']).toMatchObject([{ value: userId }]);
    const again = await bulk([{ method: 'PATCH', path: `/Users/${userId}`, data: { schemas: [PATCH], Operations: [{ op: 'replace', path: 'title', value: '主任' }] } }, { method: 'DELETE', path: `/Groups/${groupId}` }]);
    expect(again.map((one) => one.status)).toEqual(['200', '204']);
    expect((await call('GET', `/Users/${userId}`)).body['title']).toBe('主任');
  });

  it('goes on after errors, or stops at as many as it was told', async () => {
    const taken = await made();
    const wrong = () => ({ method: 'POST', path: '/Users', bulkId: `w${serial += 1}`, data: { ...said(), userName: (taken as { userName?: string }).userName } });
    const right = () => ({ method: 'POST', path: '/Users', bulkId: `r${serial += 1}`, data: said() });
    expect((await bulk([wrong(), right(), wrong(), right()])).map((one) => one.status)).toEqual(['409', '201', '409', '201']);
    expect((await bulk([right(), wrong(), right(), right()], 1)).map((one) => one.status)).toEqual(['201', '409']);
    expect((await bulk([wrong(), right(), wrong(), right()], 2)).map((one) => one.status)).toEqual(['409', '201', '409']);
  });

  it('is refused in bulk beyond its limits', async () => {
    const answer = await call('POST', '/Bulk', { schemas: [BULK], Operations: Array.from({ length: 1001 }, (_, i) => ({ method: 'POST', path: '/Users', bulkId: `x${i}`, data: {} })) });
    expect(answer.status).toBe(413);
  });

  it('may name a version for each operation of a bulk request', async () => {
    const { id, meta } = await made();
    const title = (value: string, version: string) => ({ method: 'PATCH', path: `/Users/${id}`, version, data: { schemas: [PATCH], Operations: [{ op: 'replace', path: 'title', value }] } });
    expect((await bulk([title('一', meta.version)])).map((one) => one.status)).toEqual(['200']);
    expect((await bulk([title('二', meta.version)])).map((one) => one.status)).toEqual(['412']);
  });

  it('answers 412 to whoever saw another version, and changes nothing', async () => {
    const { id, meta } = await made();
    const read = await call('GET', `/Users/${id}`);
    expect(read.etag).toBe(meta.version);
    const changed = await patch(id, [{ op: 'replace', path: 'title', value: '科长' }], { 'if-match': meta.version });
    expect([changed.status, changed.etag === meta.version]).toEqual([200, false]);
    for (const answer of [
      await patch(id, [{ op: 'replace', path: 'title', value: '处长' }], { 'if-match': meta.version }),
      await call('PUT', `/Users/${id}`, said(), { 'if-match': meta.version }), await call('DELETE', `/Users/${id}`, undefined, { 'if-match': meta.version }),
    ]) expect(answer.status).toBe(412);
    expect((await call('GET', `/Users/${id}`)).body['title']).toBe('科长');
    expect((await patch(id, [{ op: 'replace', path: 'title', value: '处长' }], { 'if-match': `W/"other", ${changed.etag}` })).status).toBe(200);
    expect((await patch(id, [{ op: 'replace', path: 'title', value: '局长' }], { 'if-match': '*' })).status).toBe(200);
  });

  it('keeps the version while nothing that it sees changes', async () => {
    const { id, meta } = await made();
    itIs('2026-03-05');
    expect((await call('GET', `/Users/${id}`)).etag).toBe(meta.version);
    expect((await patch(id, [{ op: 'replace', path: 'title', value: '科员' }])).status).toBe(204);
    expect((await call('GET', `/Users/${id}`)).etag).toBe(meta.version);
  });

  it('lets one of two changes at the same moment win', async () => {
    const { id, meta } = await made();
    const answers = await Promise.all(Array.from({ length: 4 }, (_, i) => patch(id, [{ op: 'replace', path: 'title', value: `岗位${i}` }], { 'if-match': meta.version })));
    expect(answers.map((one) => one.status).sort()).toEqual([200, 412, 412, 412]);
  });

  it('patches by paths: values in lists, attributes of extensions, and what is removed', async () => {
    const chief = await made();
    const { id } = await made({ emails: [{ value: 'a@example.cn', type: 'work', primary: true }, { value: 'b@example.cn', type: 'home' }], phoneNumbers: [{ value: '13800000000', type: 'work' }] });
    const answer = await patch(id, [
      { op: 'replace', path: 'emails[type eq "work"].value', value: 'c@example.cn' }, { op: 'remove', path: 'phoneNumbers' }, { op: 'add', path: `${ENTERPRISE}:manager`, value: { value: chief.id } },
      { op: 'replace', value: { 'name.formatted': '董思齐' } },
    ]);
    expect(answer.status).toBe(200);
    expect(answer.body).toMatchObject({ emails: [{ value: 'c@example.cn' }, { value: 'b@example.cn' }], name: { formatted: '董思齐' }, [ENTERPRISE]: { manager: { value: chief.id } } });
    expect(answer.body['phoneNumbers']).toBeUndefined();
    expect(await personCard(reader(), id)).toMatchObject({ name: '董思齐', email: 'c@example.cn', phone: null, appointments: [{ superiorName: expect.stringContaining('董思远') }] });
    expect((await patch(id, [{ op: 'remove', path: `${ENTERPRISE}:manager` }])).status).toBe(200);
    expect((await personCard(reader(), id))?.appointments[0]?.superiorName).toBeNull();
    for (const wrong of [{ op: 'replace', path: 'noSuch', value: 1 }, { op: 'move', path: 'title' }, { op: 'remove' }]) expect((await patch(id, [wrong])).status).toBe(400);
  });

  it('finds by filters: and, or, not, co, sw, ew, pr, in brackets, whatever the case', async () => {
    const mine = await anOrganisation({ name: '筛选局' });
    const client = scimClient(service.port, (await aToken(mine)).token);
    const someone = (userName: string, name: string, more: Record<string, unknown> = {}) => client('POST', '/Users', said({ userName, name: { formatted: name }, [ENTERPRISE]: { department: mine.code }, ...more }));
    await someone('Filter-Alpha', '甲', { emails: [{ value: 'Alpha@Example.cn', type: 'work' }] });
    await someone('filter-beta', '乙', { title: '50%_主任!' });
    await someone('filter-gamma', '丙', { active: false });
    const asked: [string, string[]][] = [
      ['userName eq "FILTER-ALPHA"', ['甲']], ['userName ne "filter-alpha"', ['乙', '丙']], ['userName sw "filter-" and not (userName ew "beta")', ['甲', '丙']],
      ['(userName co "alp" or userName co "BET") and active eq true', ['甲', '乙']], ['active eq "False"', ['丙']], ['emails pr', ['甲']], ['not (emails pr)', ['乙', '丙']],
      ['emails[type eq "work" and value co "alpha@"]', ['甲']], ['emails.value eq "alpha@example.cn"', ['甲']], ['title co "%_"', ['乙']], ['title eq "50%_主任!"', ['乙']], ['title co "a_b"', []],
      [`${ENTERPRISE}:department eq "${mine.code.toLowerCase()}"`, ['甲', '乙']], ['meta.created lt "2020-01-01T00:00:00Z"', []], ['displayName eq "乙"', ['乙']],
    ];
    const answers = await Promise.all(asked.map(async ([filter]) => [filter, await found(filter, client)] as const));
    expect(answers).toEqual(asked);
    for (const wrong of ['userName eq', 'password eq "x"', 'active gt true', 'meta.created eq "soon"', `userName eq "${'x'.repeat(2001)}"`]) {
      expect((await client('GET', `/Users?filter=${encodeURIComponent(wrong)}`)).status).toBe(400);
    }
  });

  it('finds groups by name and by who is in them: units to read, and groups of its own', async () => {
    const { id } = await made();
    const own = One.parse((await call('POST', '/Groups', { schemas: ['urn:ietf:params:scim:schemas:core:2.0:Group'], displayName: '应急组', members: [{ value: id }] })).body);
    const groups = async (filter: string) => List.parse((await call('GET', `/Groups?filter=${encodeURIComponent(filter)}`)).body).Resources.map((one) => one.displayName);
    expect(await groups(`members eq "${id}"`)).toEqual(['应急组', '救助科']);
    expect(await groups(`members.value eq "${id}" and displayName co "应急"`)).toEqual(['应急组']);
    expect(await groups('displayName eq "档案局"')).toEqual([]);
    expect((await call('PATCH', `/Groups/${office.id}`, { schemas: [PATCH], Operations: [{ op: 'replace', path: 'displayName', value: '别名' }] })).body).toMatchObject({ status: '400', scimType: 'mutability' });
    expect((await call('PATCH', `/Groups/${own.id}`, { schemas: [PATCH], Operations: [{ op: 'remove', path: `members[value eq "${id}"]` }] })).status).toBe(200);
    expect(await groups(`members eq "${id}"`)).toEqual(['救助科']);
  });

  it('pages through everybody once, by index and count, in the order that was asked for', async () => {
    const mine = await anOrganisation({ name: '分页局' });
    const client = scimClient(service.port, (await aToken(mine)).token);
    for (let i = 0; i < 7; i += 1) await client('POST', '/Users', said({ userName: `page-${i}`, [ENTERPRISE]: { department: mine.code } }));
    const page = async (query: string) => List.parse((await client('GET', `/Users?sortBy=userName&${query}`)).body);
    const seen: (string | undefined)[] = [];
    for (let startIndex = 1; startIndex <= 7; startIndex += 3) {
      const answer = await page(`startIndex=${startIndex}&count=3`);
      expect([answer.totalResults, answer.startIndex, answer.itemsPerPage]).toEqual([7, startIndex, Math.min(3, 8 - startIndex)]);
      seen.push(...answer.Resources.map((one) => one.userName));
    }
    expect(seen).toEqual(['page-0', 'page-1', 'page-2', 'page-3', 'page-4', 'page-5', 'page-6']);
    expect((await page('sortOrder=descending&count=1')).Resources[0]?.userName).toBe('page-6');
    expect(await page('count=0')).toMatchObject({ totalResults: 7, Resources: [] });
    expect((await page('startIndex=99')).Resources).toEqual([]);
    const search = await client('POST', '/Users/.search', { schemas: ['urn:ietf:params:scim:api:messages:2.0:SearchRequest'], filter: 'userName sw "page-"', startIndex: 2, count: 2, sortBy: 'userName' });
    expect(List.parse(search.body)).toMatchObject({ totalResults: 7, startIndex: 2, Resources: [{ userName: 'page-1' }, { userName: 'page-2' }] });
  });

  it('tells only the attributes that were asked for, or all but some', async () => {
    const { id } = await made();
    const only = (await call('GET', `/Users/${id}?attributes=userName,${ENTERPRISE}:department`)).body;
    expect([Object.keys(only).sort(), only[ENTERPRISE]]).toEqual([['id', 'schemas', 'userName', ENTERPRISE].sort(), { department: office.code }]);
    const without = (await call('GET', `/Users/${id}?excludedAttributes=name,meta,id`)).body;
    expect(['id', 'name', 'meta', 'userName'].map((name) => name in without)).toEqual([true, false, false, true]);
    const listed = List.parse((await call('GET', `/Users?attributes=NAME.formatted&filter=${encodeURIComponent(`id eq "${id}"`)}`)).body);
    expect(listed.Resources.map((one) => Object.keys(one).sort())).toEqual([['id', 'name', 'schemas']]);
    const search = { schemas: ['urn:ietf:params:scim:api:messages:2.0:SearchRequest'], filter: `id eq "${id}"`, excludedAttributes: [`${ENTERPRISE}:department`, 'groups'] };
    const [searched] = List.parse((await call('POST', '/Users/.search', search)).body).Resources;
    expect([searched?.[ENTERPRISE], searched && 'groups' in searched]).toEqual([{ employeeNumber: searched?.userName }, false]);
  });

  it('tells what cannot be read in the terms of the protocol', async () => {
    const answer = await fetch(`http://127.0.0.1:${service.port}/scim/v2/Users`, { method: 'POST', headers: { authorization: `Bearer ${app.token}`, 'content-type': 'application/scim+json' }, body: '{"schemas":' });
    expect([answer.status, answer.headers.get('content-type')]).toEqual([400, expect.stringContaining('application/scim+json')]);
    expect(await answer.json()).toMatchObject({ schemas: ['urn:ietf:params:scim:api:messages:2.0:Error'], status: '400' });
  });

  it('sees and changes nobody outside of its subtree', async () => {
    const theirs = scimClient(service.port, (await aToken(other)).token);
    const person = await made({ [ENTERPRISE]: { department: other.code } }, theirs);
    expect((await call('GET', `/Users/${person.id}`)).status).toBe(404);
    expect((await patch(person.id, [{ op: 'replace', path: 'title', value: '越权' }])).status).toBe(404);
    expect((await call('DELETE', `/Users/${person.id}`)).status).toBe(404);
    expect(await found(`id eq "${person.id}"`)).toEqual([]);
    const group = await call('POST', '/Groups', { schemas: ['urn:ietf:params:scim:schemas:core:2.0:Group'], displayName: '越权组', members: [{ value: person.id }] });
    expect(group.status).toBe(400);
    // A unit of somebody else is as good as unknown: the own one, with a warning.
    const { id } = await made({ [ENTERPRISE]: { department: other.code } });
    expect((await personCard(reader(), id))?.appointments[0]?.organisationId).toBe(bureau.id);
    const { changes } = await scimChanges(reader(), { applicationId: app.id, filter: 'warnings', page: 1 });
    expect(changes.find((one) => one.personId === id)).toMatchObject({ warnings: [{ code: 'place-unknown', given: other.code }] });
  });

  it('is let in by a token with the scope, until it ends or is revoked', async () => {
    const status = async (token: string, method = 'GET') => (await scimClient(service.port, token)(method, '/Users', method === 'POST' ? said() : undefined)).status;
    const reads = await aToken(bureau, ['scim.read']);
    expect([await status(reads.token), await status(reads.token, 'POST'), await status('sgt_nothing'), await status('')]).toEqual([200, 403, 401, 401]);
    const short = await aToken(bureau, ['scim.read'], '2026-03-03');
    itIs('2026-03-03', 23);
    expect(await status(short.token)).toBe(200);
    itIs('2026-03-04', 0);
    expect(await status(short.token)).toBe(401);
    itIs('2026-03-02');
    must(await revokeApplication(await aRootActor(), reads.id, '更换系统'));
    expect(await status(reads.token)).toBe(401);
    expect((await fetch(`http://127.0.0.1:${service.port}/scim/v2/Users`)).headers.get('www-authenticate')).toContain('Bearer');
  });
});
