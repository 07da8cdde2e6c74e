import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { z } from 'zod';
import {
  adjustHours, askWaiver, clearancesPassed, decideExternal, decideWaiver, handInExternal, issueUnprinted, openClearance, openCredential, openExternal, openFile, openRecord,
  recordCompletion, recordResult, recordStart, suspendCredential, syncHourRules, takeSignedRecord, voidExternal, waiverPage,
} from '~/certification';
import { execute, inTransaction, one, reader, rows } from '~/db';
import type { Actor } from '~/identity';
import { clock, resetClock } from '~/kernel/clock';
import { useConfig } from '~/kernel/config';
import { newId } from '~/kernel/id';
import { must } from '~/kernel/result';
import { acceptTransfer, adoptRootOrganisation, openPersonCard, peopleInScope, proposeTransfer, type Organisation } from '~/people';
import * as evidenceRoute from '~/routes/hr.evidence.$id';
import * as hoursRoute from '~/routes/hr.hours.$id';
import * as recordRoute from '~/routes/hr.people.$id_.record';
import { drainOutbox } from '~jobs/drain';
import { anActor, anOrganisation, aRequest, aSignedInAccount } from '../support/actors';
import { aCity, aResult, completeCourse, itIs, somebody, type City } from '../support/certification';
import { testConfig } from '../support/config';
import { onEveryDatabase } from '../support/databases';
import { aDraft, publish } from '../support/programmes';
import { PDF } from '../support/records';
import { routeArgs } from '../support/routes';

const Id = z.object({ id: z.string() });
const denied = (promise: Promise<unknown>) => expect(promise).rejects.toThrow('access.denied');

onEveryDatabase('somebody who went over to another organisation', () => {
  let city: City;
  let to: Organisation;
  let chief: Actor;
  let former: Actor;
  let formerSecond: Actor;
  let receiving: Actor;
  let formerCookie: string;
  let receivingCookie: string;
  let person: { personId: string; appointmentId: string };
  let early: string;
  let late: string;
  let before: string[];
  let after: string;

  const drain = () => drainOutbox({
    'certification.cleared': async (payload) => issueUnprinted((payload as { assignmentId: string }).assignmentId), 'certification.issued': async () => undefined,
  });
  const ids = async (sql: string, params: Record<string, string>) => (await rows(reader(), Id, sql, params)).map(({ id }) => id);
  const handedIn = async (actor: Actor) => must(await handInExternal(actor, {
    personId: person.personId, code: 'cert-a', title: '普通话二甲', issuer: '省语委', issuedOn: '2026-01-05', validUntil: null, note: '', file: PDF,
  }));
  const open = (actor: Actor, id: string, query = {}) => openClearance(actor, id, { on: null, knownOn: null, ...query }, clock.now());
  const fileOf = async (id: string) => (await one(reader(), z.object({ file_id: z.string() }), 'SELECT file_id FROM external_evidence WHERE id = $id', { id })).file_id;

  beforeAll(async () => {
    useConfig(testConfig({ DATA_DIR: mkdtempSync(path.join(tmpdir(), 'transfers-')) }));
    itIs('2026-03-02');
    city = await aCity();
    await syncHourRules('app/certification/hours/rules');
    const root = await adoptRootOrganisation();
    to = await anOrganisation({ name: '滨河区数据局' });
    chief = { ...anActor({ administrator: [root.path], hr: [root.path] }), accountId: 'a-chief', by: 'account:a-chief' };
    const office = (id: string, { path: at }: Organisation): Actor => ({ ...anActor({ hr: [at] }), accountId: id, by: `account:${id}` });
    [former, formerSecond, receiving] = [office('a-former', city.bureau), office('a-second', city.bureau), office('a-receiving', to)];
    const external = { code: 'ext', kind: 'external', targetId: 'cert-a', params: { titleZh: '普通话证书', titleEn: 'Certificate' } } as const;
    await publish(chief, await aDraft(chief, city, { requirements: [external] }));

    // In the first office: cleared by course, exam and a certificate; started.
    person = await somebody(city, { name: '吴迁', startOfDuty: '2026-03-09', email: 'wu@example.cn' });
    await drain();
    await recordCompletion(await completeCourse(person.personId, city.course));
    await recordResult(await aResult(person.personId, city.exam, { percent: 91 }));
    early = await handedIn(former);
    must(await decideExternal(formerSecond, early, { decision: 'approved', reason: '核对无误' }));
    await drain();
    before = await ids('SELECT id FROM assignments WHERE person_id = $id ORDER BY id', { id: person.personId });
    itIs('2026-03-09');
    must(await recordStart(former, { id: newId(), appointmentId: person.appointmentId, startedOn: '2026-03-09' }));
    const transfer = must(await proposeTransfer(former, { appointmentId: person.appointmentId, organisationId: to.id, endsOn: '2026-03-20', reason: '调任' }));
    must(await acceptTransfer(receiving, transfer, { kind: 'recruit', post: '科员', rank: null, startOfDuty: '2026-03-23', reason: '同意接收' }));

    // The day has come; then things go on in the second one.
    itIs('2026-03-21');
    await drain();
    itIs('2026-03-25');
    await drain();
    after = (await ids('SELECT id FROM assignments WHERE person_id = $id ORDER BY id', { id: person.personId })).find((id) => !before.includes(id)) ?? '';
    must(await voidExternal(receiving, early, '发证单位撤销'));
    late = await handedIn(receiving);
    must(await decideExternal(chief, late, { decision: 'approved', reason: '核对无误' }));
    must(await adjustHours(chief, { key: newId(), personId: person.personId, countsAs: 'classroom', occurredOn: '2026-03-24', hundredths: 700, reason: '补记' }));
    await recordResult(await aResult(person.personId, city.exam, { percent: 33 }));
    await inTransaction((tx) => execute(tx, `UPDATE persons SET phone = '13800000000' WHERE id = $id`, { id: person.personId }));
    const waiverId = newId();
    must(await askWaiver(receiving, { id: waiverId, assignmentId: after, requirementCode: null, from: '2026-03-25', until: '2026-04-30', reason: '材料在途', proof: '通知', conditions: '', file: null }));
    must(await decideWaiver(chief, waiverId, { grant: true, until: '2026-04-20', conditions: '', reason: '同意' }));
    await drain();
    formerCookie = (await aSignedInAccount({ role: 'hr', organisationId: city.bureau.id })).cookie;
    receivingCookie = (await aSignedInAccount({ role: 'hr', organisationId: to.id })).cookie;
  });
  afterAll(resetClock);

  it('is answered for by the former office as it was known on the last day there, and not a day further', async () => {
    expect([before.length, after]).toEqual([2, expect.any(String)]);
    for (const id of before) {
      const page = await open(former, id);
      expect(page).toMatchObject({ until: '2026-03-20', on: '2026-03-20', knownOn: '2026-03-20', compared: null, outlook: null, view: { status: 'cleared' } });
      expect(await open(former, id, { on: '2026-03-25', knownOn: '2026-03-25' })).toMatchObject({ on: '2026-03-20', knownOn: '2026-03-20' });
      expect((await open(former, id, { on: '2026-03-01', knownOn: '2026-03-01' }))?.view).toBeNull();
      expect(page?.timeline.length).toBeGreaterThan(3);
      expect(Math.max(...page?.timeline.map(({ at }) => at) ?? [])).toBeLessThan(Date.parse('2026-03-20T16:00:00Z'));
    }
    await denied(open(former, after));
    // What the first office had started from stays with it.
    const [startId = ''] = await ids('SELECT id FROM starts WHERE person_id = $id', { id: person.personId });
    expect(startId).not.toBe('');
  });

  it('is on record for the former office until that day: no later exam, evidence, hours, waiver, number or address', async () => {
    const opened = await openRecord(former, person.personId);
    expect(opened?.until).toBe('2026-03-20');
    expect(opened?.record).toMatchObject({
      person: { numbers: [{ kind: 'recruitment' }] }, appointments: [{ organisation: '云江市数据局', until: '2026-03-20' }], exams: [{ result: { percent: 91 } }],
      external: [{ state: 'approved' }], waivers: [], starts: [{ on: '2026-03-09' }],
    });
    expect(opened?.record.credentials.length).toBe(2);
    expect(opened?.record.clearances.map(({ status }) => status)).toEqual(['cleared', 'cleared']);
    const hoursThen = opened?.record.hours.reduce((sum, one) => sum + one.hundredths, 0);
    const hoursNow = (await openRecord(receiving, person.personId))?.record.hours.reduce((sum, one) => sum + one.hundredths, 0);
    expect(hoursNow).toBe((hoursThen ?? 0) + 700);
    expect(JSON.stringify(opened)).not.toMatch(/example\.cn|13800000000|滨河区/);
    // Part of a record is never signed as if it were the whole.
    await denied(takeSignedRecord(former, person.personId));
    await denied(openPersonCard(former, person.personId));
    expect((await peopleInScope(reader(), { paths: [city.bureau.path], search: '吴迁', page: 1 })).count).toBe(0);
    const page = await recordRoute.loader(routeArgs(aRequest(`/hr/people/${person.personId}/record`, { cookie: formerCookie }), { id: person.personId }));
    expect(await page.json()).toMatchObject({ until: '2026-03-20', passed: before.map(() => ({ organisation: '云江市数据局' })) });
    await denied(Promise.resolve(hoursRoute.loader(routeArgs(aRequest(`/hr/hours/${person.personId}`, { cookie: formerCookie }), { id: person.personId }))));
    const reads = await rows(reader(), z.object({ body: z.string() }), `SELECT body FROM ledger_events WHERE kind = 'person.read' AND person_id = $id AND by = 'account:a-former' AND subject_kind = 'person'`, { id: person.personId });
    expect(reads.map(({ body }) => JSON.parse(body) as unknown)).toContainEqual({ until: '2026-03-20' });
  });

  it('has evidence and credentials of that time, which the former office still opens, and later ones, which it does not', async () => {
    expect((await openExternal(former, early))).toMatchObject({ until: '2026-03-20', one: { state: 'approved', voidReason: null } });
    expect((await openFile(former, await fileOf(early)))?.content.equals(PDF)).toBe(true);
    await denied(openExternal(former, late));
    await denied(openFile(former, await fileOf(late)));
    const numbers = (await openRecord(former, person.personId))?.record.credentials.map(({ number }) => number) ?? [];
    for (const number of numbers) expect((await openCredential(former, number))?.person_id).toBe(person.personId);
    const shown = await evidenceRoute.loader(routeArgs(aRequest(`/hr/evidence/${early}`, { cookie: formerCookie }), { id: early }));
    expect(await shown.json()).toMatchObject({ until: '2026-03-20', decides: null, voids: false });
    const [waiver = ''] = await ids('SELECT id FROM waivers WHERE person_id = $id', { id: person.personId });
    await denied(waiverPage(former, waiver));
    expect((await waiverPage(receiving, waiver))?.waiver.state).toBe('granted');
  });

  it('is known to the new office with everything that came before', async () => {
    expect(await openRecord(receiving, person.personId)).toMatchObject({
      until: null, record: { appointments: [{ organisation: '云江市数据局' }, { organisation: '滨河区数据局' }], exams: [{ result: { percent: 91 } }, { result: { percent: 33 } }] },
    });
    for (const id of [...before, after]) expect((await open(receiving, id))?.until).toBeNull();
    expect((await clearancesPassed(receiving, person.personId)).map((row) => row.assignmentId).sort()).toEqual([...before].sort());
    expect((await openPersonCard(receiving, person.personId))?.email).toBe('wu@example.cn');
    const numbers = (await openRecord(receiving, person.personId))?.record.credentials.map(({ number }) => number) ?? [];
    for (const number of numbers) expect((await openCredential(receiving, number))?.person_id).toBe(person.personId);
    expect((await openFile(receiving, await fileOf(early)))?.content.equals(PDF)).toBe(true);
    expect((await takeSignedRecord(receiving, person.personId))?.record.person.name).toBe('吴迁');
    const stranger = anActor({ hr: [(await anOrganisation({ name: '别处' })).path] });
    for (const id of before) await denied(open(stranger, id));
    await denied(openRecord(stranger, person.personId));
    expect((await recordRoute.loader(routeArgs(aRequest(`/hr/people/${person.personId}/record`, { cookie: receivingCookie }), { id: person.personId }))).status).toBe(200);
  });

  it('keeps a credential that is suspended later in the former record, without the reason', async () => {
    const [number = ''] = (await openRecord(former, person.personId))?.record.credentials.map((row) => row.number) ?? [];
    must(await suspendCredential('account:a-chief', number, 'inquiry', '核查'));
    const then = (await openRecord(former, person.personId))?.record.credentials.find((row) => row.number === number);
    expect(then).toMatchObject({ state: 'suspended', stateReason: null });
  });
});
