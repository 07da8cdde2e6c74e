import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { z } from 'zod';
import {
  askPast, askWaiver, assignFor, checkPast, decideExternal, decideMerge, decidePast, decideWaiver, handInExternal, proposeMerge, WAITING_KINDS, waitingCounts, waitingThings, type WaitingKind,
} from '~/certification';
import { inTransaction, insert, one, reader } from '~/db';
import type { Actor } from '~/identity';
import { resetClock } from '~/kernel/clock';
import { useConfig } from '~/kernel/config';
import { newId } from '~/kernel/id';
import { must } from '~/kernel/result';
import { acceptTransfer, appoint, createPerson, proposeTransfer, type Organisation } from '~/people';
import { anActor, anOrganisation } from '../support/actors';
import { aCity, itIs, somebody, type City } from '../support/certification';
import { testConfig } from '../support/config';
import { onEveryDatabase } from '../support/databases';
import { aProgramme, PDF } from '../support/records';

const EVERYTHING = { limit: 1000, offset: 0 };

onEveryDatabase('what waits for somebody', () => {
  let city: City;
  let district: Organisation;
  let office: Organisation;
  let asker: Actor;
  let superior: Actor;
  let colleague: Actor;
  let elsewhere: Actor;
  let administrator: Actor;

  const named = (id: string, roles: Parameters<typeof anActor>[0], personId: string | null = null): Actor => ({ ...anActor(roles, personId), accountId: id, by: `account:${id}` });
  const countsFor = async (actor: Actor) => Object.fromEntries((await waitingCounts(reader(), actor)).filter(({ count }) => count > 0).map(({ kind, count }) => [kind, count]));
  const linksOf = async (actor: Actor, kind: WaitingKind) => (await waitingThings(reader(), actor, kind, EVERYTHING)).map(({ link }) => link);

  beforeAll(async () => {
    useConfig(testConfig({ DATA_DIR: mkdtempSync(path.join(tmpdir(), 'waiting-')) }));
    itIs('2026-05-04');
    city = await aCity();
    await aProgramme();
    district = await anOrganisation({ name: '青山区' });
    office = await anOrganisation({ name: '青山区财政局', parent: district });
    asker = named('w-asker', { hr: [office.path] });
    colleague = named('w-colleague', { hr: [office.path] });
    superior = named('w-superior', { hr: [district.path] });
    elsewhere = named('w-elsewhere', { hr: [city.bureau.path] });
    administrator = named('w-administrator', { administrator: [district.path] });
  });
  afterAll(resetClock);

  const recruitHere = async () => {
    const person = await somebody({ ...city, bureau: office });
    await assignFor(person.appointmentId);
    const { id } = await one(reader(), z.object({ id: z.string() }), 'SELECT id FROM assignments WHERE person_id = $id', { id: person.personId });
    return { ...person, assignmentId: id };
  };

  it('is nothing where nothing was asked for', async () => {
    for (const actor of [asker, superior, colleague, elsewhere]) expect(await countsFor(actor)).toEqual({});
  });

  it('is a waiver for a superior office and for an administrator, neither for who asked nor for an equal', async () => {
    const { assignmentId } = await recruitHere();
    const id = must(await askWaiver(asker, {
      id: newId(), assignmentId, requirementCode: null, from: '2026-05-05', until: '2026-06-30', reason: '台风停课', proof: '通知', conditions: '', file: null,
    }));
    expect([await linksOf(superior, 'waiver'), await linksOf(administrator, 'waiver')]).toEqual([[id], [id]]);
    expect([await linksOf(asker, 'waiver'), await linksOf(colleague, 'waiver'), await linksOf(elsewhere, 'waiver')]).toEqual([[], [], []]);
    const given = { grant: true, until: '2026-06-30', conditions: '', reason: '同意' };
    await expect(decideWaiver(colleague, id, given)).rejects.toThrow('access.denied');
    must(await decideWaiver(superior, id, given));
    expect(await countsFor(superior)).toEqual({});
  });

  it('is evidence for another officer than the one who handed it in, and never for the person', async () => {
    const { personId } = await recruitHere();
    const id = must(await handInExternal(asker, { personId, code: 'cert-a', title: '普通话二甲', issuer: '省语委', issuedOn: '2025-05-01', validUntil: null, note: '', file: PDF }));
    const self = named('w-self', { hr: [office.path] }, personId);
    expect([await linksOf(colleague, 'evidence'), await linksOf(superior, 'evidence')]).toEqual([[id], [id]]);
    expect([await linksOf(asker, 'evidence'), await linksOf(self, 'evidence'), await linksOf(elsewhere, 'evidence')]).toEqual([[], [], []]);
    expect((await decideExternal(self, id, { decision: 'approved', reason: '自己批' })).ok).toBe(false);
    must(await decideExternal(colleague, id, { decision: 'refused', reason: '看不清' }));
    expect(await countsFor(colleague)).toEqual({});
  });

  it('is a merge for whoever may act on both records', async () => {
    const [{ personId: survivorId }, { personId: mergedId }] = [await recruitHere(), await recruitHere()];
    const id = must(await proposeMerge(asker, { survivorId, mergedId, reason: '两次报考' }));
    expect([await linksOf(colleague, 'merge'), await linksOf(superior, 'merge'), await linksOf(asker, 'merge'), await linksOf(elsewhere, 'merge')]).toEqual([[id], [id], [], []]);
    must(await decideMerge(colleague, id, { decision: 'refused', reason: '同名不同人' }));
    expect(await countsFor(colleague)).toEqual({});
  });

  it('is a transfer for the office that receives', async () => {
    const { appointmentId, personId } = await recruitHere();
    const id = must(await proposeTransfer(asker, { appointmentId, organisationId: city.bureau.id, endsOn: '2026-05-31', reason: '调任' }));
    expect([await linksOf(elsewhere, 'transfer'), await linksOf(asker, 'transfer'), await linksOf(superior, 'transfer')]).toEqual([[id], [], []]);
    must(await acceptTransfer(elsewhere, id, { kind: 'staff', post: '科员', rank: null, startOfDuty: '2026-06-01', reason: '接收' }));
    expect(await linksOf(elsewhere, 'transfer')).toEqual([]);
    expect(personId).not.toBe('');
  });

  it('is an import with faults for the whole office, and one asked for only for another person', async () => {
    const { personId } = await recruitHere();
    const { value } = await one(reader(), z.object({ value: z.string() }), `SELECT value FROM identifiers WHERE person_id = $personId`, { personId });
    const { name } = await one(reader(), z.object({ name: z.string() }), `SELECT name FROM persons WHERE id = $personId`, { personId });
    const upload = async (...lines: string[]) => must(await checkPast(asker, {
      organisationId: office.id, fileName: '旧档案.csv', source: '档案室', file: Buffer.from(['报考号或工号,姓名,类别,代码,名称,发证单位,日期,有效期至,学时', ...lines].join('\n')), scan: PDF,
    }));
    const id = await upload('没有这个号,张三,证书,cert-a,证书,省厅,2020-05-01,,', `${value},${name},证书,cert-a,证书,省厅,2020-05-01,,`);
    expect([await linksOf(colleague, 'faulty-import'), await linksOf(asker, 'faulty-import'), await linksOf(elsewhere, 'faulty-import')]).toEqual([[id], [id], []]);
    expect(await linksOf(colleague, 'import')).toEqual([]);
    must(await askPast(asker, id));
    expect([await linksOf(colleague, 'import'), await linksOf(asker, 'import'), await linksOf(colleague, 'faulty-import')]).toEqual([[id], [], []]);
    expect(await linksOf(named('w-self', { hr: [office.path] }, personId), 'import')).toEqual([]);
    must(await decidePast(colleague, id, { decision: 'refused', reason: '来源不清' }));
    expect(await linksOf(colleague, 'import')).toEqual([]);
  });

  it('is counted as it is listed, kind by kind and in all, whoever looks, by one query each', async () => {
    for (const [i, kind] of (['waiver', 'extension', 'start', 'evidence'] as const).entries()) {
      const { personId, appointmentId, assignmentId } = await recruitHere();
      await inTransaction(async (tx) => {
        const asked = { id: newId(), asked_at: tx.now - i, asked_by: asker.by, reason: `事由 ${i}`, state: 'asked' };
        if (kind === 'waiver') await insert(tx, 'waivers', [{ ...asked, person_id: personId, assignment_id: assignmentId, requirement_code: null, asked_from: '2026-06-01', asked_until: '2026-06-30', valid_from: '2026-06-01', valid_until: '2026-06-30', proof: '', conditions: '' }]);
        if (kind === 'extension') await insert(tx, 'extensions', [{ ...asked, assignment_id: assignmentId, from_expiry: '2026-06-01', until: '2026-07-01' }]);
        if (kind === 'start') await insert(tx, 'starts', [{ ...asked, state: 'proposed', person_id: personId, appointment_id: appointmentId, started_on: '2026-05-04', basis: 'emergency', ground: '{}' }]);
      });
      if (kind === 'evidence') must(await handInExternal(asker, { personId, code: 'cert-a', title: '证书', issuer: '省厅', issuedOn: '2025-05-01', validUntil: null, note: '', file: PDF }));
    }
    const query = vi.spyOn(reader().sequelize, 'query');
    for (const actor of [asker, colleague, superior, elsewhere, administrator]) {
      query.mockClear();
      const counts = await waitingCounts(reader(), actor);
      expect(query).toHaveBeenCalledTimes(1);
      let all = 0;
      for (const { kind, count, since } of counts) {
        const things = await waitingThings(reader(), actor, kind, EVERYTHING);
        expect([kind, things.length, things[0]?.at ?? null]).toEqual([kind, count, since]);
        all += count;
      }
      query.mockClear();
      const things = await waitingThings(reader(), actor, undefined, EVERYTHING);
      expect(query).toHaveBeenCalledTimes(1);
      expect([things.length, things.map(({ at }) => at)]).toEqual([all, things.map(({ at }) => at).sort((a, b) => a - b)]);
    }
    query.mockRestore();
    expect(await countsFor(superior)).toMatchObject({ waiver: 1, extension: 1, start: 1, evidence: 1 });
    expect(await countsFor(administrator)).toEqual({ waiver: 1, extension: 1, start: 1 });
    expect(await countsFor(asker)).toEqual({});
  });

  it('knows every kind on both databases, also for somebody who may decide on all of them', async () => {
    const everything = named('w-root', { hr: ['/'.concat(district.path.split('/')[1] ?? '', '/')], administrator: ['/'.concat(district.path.split('/')[1] ?? '', '/')] });
    expect((await waitingCounts(reader(), everything)).map(({ kind }) => kind).sort()).toEqual([...WAITING_KINDS].sort());
  });

  it('is nothing for somebody without a role', async () => {
    const personId = await inTransaction(async (tx) => {
      const id = must(await createPerson(tx, asker, { name: '王晓梅' }));
      await appoint(tx, asker, { personId: id, organisationId: office.id, kind: 'staff', post: '科员', startOfDuty: '2020-01-01' });
      return id;
    });
    expect(await waitingCounts(reader(), named('w-nobody', {}, personId))).toEqual([]);
    expect(await waitingThings(reader(), named('w-nobody', {}, personId), undefined, EVERYTHING)).toEqual([]);
  });
});
