import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { z } from 'zod';
import {
  addAttendees, applyPast, askPast, checkPast, countLines, decideExternal, decideMerge, decidePast, handInExternal, linkStaffNumber, linesOf, openDeclaration, openEvent, openFile, openRecord,
  partMerge, planEvent, previewMerge, proposeMerge, publishedKeys, recordAttendance, signDeclaration, takeSignedRecord, undoPast, verifyRecord, voidExternal, withdrawExternal,
} from '~/certification';
import { enrolTx } from '~/courses';
import { inTransaction, insert, one, reader, rows } from '~/db';
import { activate, newActivationCode, openAccount, signIn, type Actor } from '~/identity';
import { resetClock } from '~/kernel/clock';
import { useConfig } from '~/kernel/config';
import { newId } from '~/kernel/id';
import { must } from '~/kernel/result';
import { acceptTransfer, endTransferred, personCard, personsByNumber, pathsOfPerson, proposeTransfer } from '~/people';
import { PLACES, LEFT_ALONE } from '~/certification/records/merge/places';
import { anActor, anOrganisation } from '../support/actors';
import { aCity, aResult, itIs, somebody, type City } from '../support/certification';
import { testConfig } from '../support/config';
import { onEveryDatabase } from '../support/databases';
import { aProgramme, anAssignment, PDF } from '../support/records';
import { asActor, origin, PASSWORD } from '../support/sign-ins';

const Any = z.record(z.string(), z.unknown());

onEveryDatabase('records', (dialect) => {
  let city: City;
  let hr: Actor;
  let other: Actor;
  let versionId: string;

  const officer = (id: string): Actor => ({ ...anActor({ hr: [city.bureau.path] }), accountId: id, by: `account:${id}` });
  const evidence = (personId: string) => rows(reader(), z.object({ kind: z.string(), ref: z.string(), passed: z.number(), facts: z.string(), valid_until: z.string().nullable() }),
    'SELECT kind, ref, passed, facts, valid_until FROM evidence WHERE person_id = $personId ORDER BY kind, ref', { personId });
  const numberOf = async (personId: string): Promise<string> =>
    (await one(reader(), z.object({ value: z.string() }), `SELECT value FROM identifiers WHERE person_id = $personId AND kind = 'recruitment'`, { personId })).value;
  const handedIn = async (personId: string, actor: Actor = hr, given = {}): Promise<string> => must(await handInExternal(actor, {
    personId, code: 'cert-a', title: '普通话二甲', issuer: '省语委', issuedOn: '2025-05-01', validUntil: null, note: '', file: PDF, ...given,
  }));

  beforeAll(async () => {
    useConfig(testConfig({ DATA_DIR: mkdtempSync(path.join(tmpdir(), 'records-')) }));
    itIs('2026-03-02');
    city = await aCity();
    hr = officer('a-hr');
    other = officer('a-other');
    ({ versionId } = await aProgramme());
  });
  afterAll(resetClock);

  it('count evidence from outside once somebody else has approved it, and not any more once it is annulled', async () => {
    const { personId } = await somebody(city);
    const self = { ...anActor({}, personId), accountId: 'a-self', by: 'account:a-self' } as Actor;
    const id = await handedIn(personId, hr, { validUntil: '2027-05-01' });
    expect(await evidence(personId)).toEqual([]);
    expect((await decideExternal(hr, id, { decision: 'approved', reason: '自己批' })).ok).toBe(false);
    await expect(decideExternal(self, id, { decision: 'approved', reason: '自己批' })).rejects.toThrow('access.denied');
    must(await decideExternal(other, id, { decision: 'approved', reason: '核对无误' }));
    expect(await evidence(personId)).toMatchObject([{ kind: 'external', ref: id, passed: 1, valid_until: '2027-05-01' }]);
    expect((await decideExternal(officer('a-third'), id, { decision: 'refused', reason: '再议' })).ok).toBe(false);
    must(await voidExternal(hr, id, '发证单位撤销'));
    const [annulled] = await evidence(personId);
    expect([annulled?.passed, annulled?.facts]).toEqual([0, expect.stringContaining('"void":true')]);
  });

  it('take no file but a scan, no unknown kind, and show a scan to those alone whom it concerns', async () => {
    const { personId } = await somebody(city);
    const wrong = async (given: object) => { const made = await handInExternal(hr, { personId, code: 'cert-a', title: '证书', issuer: '省厅', issuedOn: '2025-05-01', validUntil: null, note: '', file: PDF, ...given }); return made.ok ? 'ok' : made.error.code; };
    expect(await wrong({ file: Buffer.from('<html>') })).toBe('records.file-type');
    expect(await wrong({ file: Buffer.concat([PDF, Buffer.alloc(5 * 1024 * 1024)]) })).toBe('records.file-too-large');
    expect(await wrong({ code: 'no-such' })).toBe('field.choose');
    expect(await wrong({ issuedOn: '2026-03-03' })).toBe('records.date-future');
    const id = await handedIn(personId);
    const { file_id: fileId } = await one(reader(), z.object({ file_id: z.string() }), 'SELECT file_id FROM external_evidence WHERE id = $id', { id });
    expect((await openFile(other, fileId))?.content.equals(PDF)).toBe(true);
    await expect(openFile(anActor({}, (await somebody(city)).personId), fileId)).rejects.toThrow('access.denied');
    expect((await withdrawExternal(other, id)).ok).toBe(false);
    must(await withdrawExternal(hr, id));
  });

  it('keep a declaration word for word, signed with name and password, once', async () => {
    const { personId, appointmentId } = await somebody(city, { name: '林晓' });
    const assignmentId = await anAssignment(versionId, { personId, appointmentId });
    const name = `decl-${dialect}`;
    const token = await inTransaction(async (tx) => {
      const accountId = must(await openAccount(tx, { by: 'system:a test' }, { personId, signInName: name }));
      return newActivationCode(tx, { by: 'system:a test' }, accountId, 'activate');
    }).then(async (code) => must(await activate({ name, code, ...origin, password: PASSWORD })).token);
    const actor = await asActor(token);
    if (!actor) throw new Error('not signed in');
    const page = await openDeclaration(actor, assignmentId, 'DEC');
    const sign = (given = {}) => signDeclaration(actor, { assignmentId, code: 'DEC', hash: page?.hash ?? '', name: '林晓', password: PASSWORD, lang: 'zh', address: '10.0.0.1', ...given });
    const refused = async (given: object) => { const made = await sign(given); return made.ok ? 'ok' : made.error.code; };
    expect(await refused({ name: '林小' })).toBe('records.own-name');
    expect(await refused({ password: 'wrong' })).toBe('password.wrong');
    expect(await refused({ hash: 'x' })).toBe('records.text-changed');
    expect(await evidence(personId)).toEqual([]);
    must(await sign());
    must(await sign());
    expect(await evidence(personId)).toMatchObject([{ kind: 'declaration', passed: 1 }]);
    expect((await openDeclaration(actor, assignmentId, 'DEC'))?.signed).toMatchObject({ signedName: '林晓', textZh: '我承诺保守国家秘密。', textEn: 'I promise to keep secrets.' });
    await expect(openDeclaration(hr, assignmentId, 'DEC')).rejects.toThrow('access.denied');
  });

  it('count who was at an event, with hours; corrected attendance counts as it is corrected', async () => {
    const [there, late] = [await somebody(city), await somebody(city)];
    const id = must(await planEvent(hr, { organisationId: city.bureau.id, series: 'series-a', title: '岗前集中培训', fromOn: '2026-03-01', untilOn: '2026-03-02', place: '党校', hundredths: 1400, capacity: 2 }));
    const numbers = [await numberOf(there.personId), await numberOf(late.personId)];
    expect((await addAttendees(hr, id, `${numbers[0]} nobody-1`)).ok).toBe(false);
    expect(must(await addAttendees(hr, id, numbers.join('\n')))).toBe(2);
    expect((await addAttendees(hr, id, await numberOf((await somebody(city)).personId))).ok).toBe(false);
    const marks = async (state: 'attended' | 'left-early' | 'absent', leave: number) => {
      const page = await openEvent(hr, id);
      return must(await recordAttendance(hr, id, (page?.attendees ?? []).map((row) => (row.personId === there.personId ? { id: row.id, state: 'attended' as const, leave: 0 } : { id: row.id, state, leave }))));
    };
    expect(await marks('left-early', 400)).toBe(2);
    expect((await evidence(there.personId)).filter((row) => row.kind === 'event-attendance')).toMatchObject([{ passed: 1 }]);
    expect((await evidence(late.personId)).filter((row) => row.kind === 'event-attendance')).toMatchObject([{ passed: 0 }]);
    expect(await marks('attended', 100)).toBe(1);
    expect((await evidence(late.personId)).filter((row) => row.kind === 'event-attendance')).toMatchObject([{ passed: 1 }]);
    expect(await marks('absent', 0)).toBe(1);
    expect((await evidence(late.personId)).filter((row) => row.kind === 'event-attendance')).toMatchObject([{ passed: 0, facts: expect.stringContaining('"void":true') as string }]);
    const entries = await rows(reader(), z.object({ status: z.string() }), `SELECT status FROM hour_entries WHERE person_id = $personId AND kind = 'classroom' ORDER BY id`, { personId: late.personId });
    expect(entries.map((row) => row.status)).toEqual(['annulled', 'annulled']);
  });

  it('take over the past: faults beside their cells, duplicates left out, approved by another, once, and back again', async () => {
    const { personId } = await somebody(city, { name: '赵一' });
    const number = await numberOf(personId);
    const lines = [
      '报考号或工号,姓名,类别,代码,名称,发证单位,日期,有效期至,学时,备注',
      `${number},赵一,证书,cert-a,普通话二甲,省语委,2019年5月1日,,,x`,
      `${number},赵一,证书,cert-a,普通话二级甲等,省语委,2019-05-01,,,`,
      `${number},赵二,培训,series-a,岗前培训,党校,2018/3/1,,12,`,
      'nobody-9,钱三,证书,cert-a,证书,省厅,2019-05-01,,,',
      `${number},赵一,培训,series-a,岗前培训,党校,2018/3/1,,12,`,
    ];
    const upload = (text: string) => checkPast(hr, { organisationId: city.bureau.id, fileName: 'past.csv', source: '登记册', file: Buffer.from(text), scan: PDF });
    const id = must(await upload(lines.join('\r\n')));
    const checked = await linesOf(reader(), id, { limit: 100 });
    expect(checked.map(({ line, state, problems }) => `${line} ${state} ${problems.map((one) => `${one.field}:${one.problem.code}`).join()}`)).toEqual([
      '2 ready ', '3 duplicate ', '4 wrong name:past.name-differs', '5 wrong number:past.number-unknown', '6 ready ',
    ]);
    expect(await upload(lines.join('\r\n'))).toMatchObject({ ok: false, error: { code: 'past.known-file' } });
    expect((await decidePast(other, id, { decision: 'approved', reason: '早了' })).ok).toBe(false);
    must(await askPast(hr, id));
    expect((await decidePast(hr, id, { decision: 'approved', reason: '自己批' })).ok).toBe(false);
    expect(await evidence(personId)).toEqual([]);
    must(await decidePast(other, id, { decision: 'approved', reason: '抽查无误' }));
    await Promise.all([applyPast(id), applyPast(id)]);
    await applyPast(id);
    expect(await countLines(reader(), id)).toMatchObject({ applied: 2, ready: 0 });
    const counted = () => evidence(personId).then((found) => found.filter((row) => row.kind !== 'hours').map((row) => `${row.kind} ${row.passed}`));
    expect(await counted()).toEqual(['event-attendance 1', 'external 1']);
    // Another file with the same facts: nothing new in it.
    const again = must(await upload(`${lines[0]}\r\n${lines[1]}`));
    expect(await countLines(reader(), again)).toMatchObject({ duplicate: 1, ready: 0 });
    must(await undoPast(hr, id, '弄错了'));
    expect(await counted()).toEqual(['event-attendance 0', 'external 0']);
  });

  it('give a record for life that anybody can check, and notice each change', async () => {
    const { personId } = await somebody(city, { name: '周宁' });
    await aResult(personId, city.exam, { percent: 91 });
    must(await decideExternal(other, await handedIn(personId), { decision: 'approved', reason: '核对无误' }));
    const self = { ...anActor({}, personId), accountId: 'a-zn', by: 'account:a-zn' } as Actor;
    const signed = await takeSignedRecord(self, personId);
    const text = JSON.stringify(signed, null, 2);
    expect(signed?.record).toMatchObject({ person: { name: '周宁' }, exams: [{ result: { percent: 91, passed: true } }], external: [{ title: '普通话二甲', state: 'approved' }] });
    expect((await publishedKeys()).keys[0]).toMatchObject({ kty: 'OKP', crv: 'Ed25519', alg: 'EdDSA' });
    expect(JSON.stringify(await publishedKeys())).not.toContain('"d"');
    expect((await verifyRecord(text)).verdict).toBe('genuine');
    expect((await verifyRecord(text.replace('周宁', '周平'))).verdict).toBe('altered');
    expect((await verifyRecord(text.replace('"record": {', '"record": { "more": 1,'))).verdict).toBe('altered');
    expect((await verifyRecord(text.replace(/"signature": "[^.]+/, '"signature": "e30'))).verdict).toBe('unknown-key');
    expect((await verifyRecord('{"a":1}')).verdict).toBe('not-a-record');
    await expect(openRecord(anActor({}, (await somebody(city)).personId), personId)).rejects.toThrow('access.denied');
    const reads = async () => (await one(reader(), z.object({ n: z.number() }), `SELECT COUNT(*) AS n FROM ledger_events WHERE person_id = $personId AND kind = 'person.read'`, { personId })).n;
    const before = await reads();
    await openRecord(self, personId);
    expect(await reads()).toBe(before);
    await openRecord(hr, personId);
    expect(await reads()).toBe(before + 1);
  });

  it('link a staff number after the start, with which people sign in from then on', async () => {
    const { personId, appointmentId } = await somebody(city);
    const number = await numberOf(personId);
    const code = await inTransaction(async (tx) => newActivationCode(tx, { by: 'system:a test' }, must(await openAccount(tx, { by: 'system:a test' }, { personId, signInName: number })), 'activate'));
    must(await activate({ name: number, code, ...origin, password: PASSWORD }));
    expect(await linkStaffNumber(hr, personId, 'GH-0001')).toMatchObject({ ok: false, error: { code: 'link.not-started' } });
    await inTransaction((tx) => insert(tx, 'starts', [{
      id: newId(), person_id: personId, appointment_id: appointmentId, started_on: '2026-03-02', basis: 'clearance', state: 'recorded', ground: '{}', asked_at: tx.now, asked_by: 'account:a-hr',
    }]));
    must(await linkStaffNumber(hr, personId, 'GH-0001'));
    for (const name of ['gh-0001', number]) expect((await signIn({ name, password: PASSWORD, ...origin })).ok).toBe(true);
    expect((await personsByNumber(reader(), ['GH-0001'])).get('GH-0001')).toBe(personId);
    expect((await linkStaffNumber(hr, (await somebody(city)).personId, 'gh-0001')).ok).toBe(false);
  });

  it('know for every table with people in it what merging does', async () => {
    const tables = dialect === 'sqlite'
      ? await rows(reader(), z.object({ name: z.string() }), `SELECT m.name FROM sqlite_master m JOIN pragma_table_info(m.name) c WHERE m.type = 'table' AND c.name = 'person_id'`)
      : await rows(reader(), z.object({ name: z.string() }), `SELECT table_name AS name FROM information_schema.columns WHERE column_name = 'person_id' AND table_schema = 'public'`);
    expect(tables.map((row) => row.name).sort()).toEqual([...PLACES.map((place) => place.table), ...Object.keys(LEFT_ALONE)].sort());
  });

  it('merge two records of one person and part them again exactly', async () => {
    const [a, b] = [await somebody(city, { name: '孙悦' }), await somebody(city, { name: '孙悦' })];
    for (const person of [a, b]) {
      await anAssignment(versionId, person);
      await inTransaction((tx) => enrolTx(tx, { personId: person.personId, courseId: city.course.id, source: 'assigned', by: 'system:a test' }));
      await aResult(person.personId, city.exam, { percent: 40 });
      must(await decideExternal(other, await handedIn(person.personId), { decision: 'approved', reason: '核对无误' }));
      await inTransaction(async (tx) => must(await openAccount(tx, { by: 'system:a test' }, { personId: person.personId, signInName: await numberOf(person.personId) })));
    }
    const [survivorId, mergedId] = [a.personId, b.personId];
    const everything = async () => Object.fromEntries(await Promise.all(PLACES.map(async ({ table, key }) => {
      const found = await rows(reader(), Any, `SELECT * FROM ${table} WHERE person_id IN ($survivorId, $mergedId) ORDER BY ${key}, person_id`, { survivorId, mergedId });
      return [table, found.map(({ computed_at: _, version: __, ...row }) => row)] as const;
    })));
    const before = await everything();
    const preview = must(await previewMerge(hr, survivorId, mergedId));
    expect(preview.places.filter((row) => ['enrolments', 'attempts', 'external_evidence'].includes(row.table))).toEqual([
      { table: 'external_evidence', moves: 1, stays: 0 }, { table: 'enrolments', moves: 0, stays: 1 }, { table: 'attempts', moves: 1, stays: 0 },
    ]);
    const id = must(await proposeMerge(hr, { survivorId, mergedId, reason: '两次报考' }));
    expect((await proposeMerge(other, { survivorId: mergedId, mergedId: survivorId, reason: '反过来' })).ok).toBe(false);
    expect((await decideMerge(hr, id, { decision: 'merged', reason: '自己确认' })).ok).toBe(false);
    must(await decideMerge(other, id, { decision: 'merged', reason: '身份证相同' }));
    const numbers = await rows(reader(), z.object({ number: z.number() }), 'SELECT number FROM attempts WHERE person_id = $survivorId ORDER BY number', { survivorId });
    expect(numbers.map((row) => row.number)).toEqual([1, 2]);
    expect((await evidence(mergedId)).length).toBe(0);
    const names = await rows(reader(), z.object({ person_id: z.string(), n: z.number() }), `SELECT c.person_id, COUNT(*) AS n FROM sign_in_names s JOIN accounts c ON c.id = s.account_id
      WHERE c.person_id IN ($survivorId, $mergedId) GROUP BY c.person_id`, { survivorId, mergedId });
    expect(names).toEqual([{ person_id: survivorId, n: 2 }]);
    must(await partMerge(other, id, '其实是两个人'));
    expect(await everything()).toEqual(before);
    const back = await rows(reader(), z.object({ person_id: z.string(), state: z.string(), n: z.number() }), `SELECT c.person_id, c.state, COUNT(*) AS n FROM sign_in_names s JOIN accounts c ON c.id = s.account_id
      WHERE c.person_id IN ($survivorId, $mergedId) GROUP BY c.person_id, c.state ORDER BY c.person_id`, { survivorId, mergedId });
    expect(back.map(({ state, n }) => [state, n])).toEqual([['invited', 1], ['invited', 1]]);
  });

  it('follow somebody to another organisation, which accepts; the former appointment ends on its day', async () => {
    const { personId, appointmentId } = await somebody(city, { name: '吴迁', startOfDuty: '2026-03-02' });
    const to = await anOrganisation({ name: '滨河区数据局' });
    const receiving = { ...anActor({ hr: [to.path] }), accountId: 'a-to', by: 'account:a-to' } as Actor;
    const propose = (given = {}) => proposeTransfer(hr, { appointmentId, organisationId: to.id, endsOn: '2026-03-10', reason: '调任', ...given });
    expect(await propose({ organisationId: city.bureau.id })).toMatchObject({ ok: false, error: { code: 'transfer.same-place' } });
    await expect(proposeTransfer(receiving, { appointmentId, organisationId: to.id, endsOn: '2026-03-10', reason: '挖人' })).rejects.toThrow('access.denied');
    const id = must(await propose());
    const accept = (actor: Actor, startOfDuty = '2026-03-11') => acceptTransfer(actor, id, { kind: 'staff', post: '四级主任科员', rank: null, startOfDuty, reason: '同意接收' });
    await expect(accept(hr)).rejects.toThrow('access.denied');
    expect(await accept(receiving, '2026-03-01')).toMatchObject({ ok: false, error: { code: 'transfer.dates' } });
    must(await accept(receiving));
    expect((await accept(receiving)).ok).toBe(false);
    // Until its last day both sides see the person; then the former one does not any more.
    expect((await pathsOfPerson(reader(), personId)).sort()).toEqual([city.bureau.path, to.path].sort());
    await endTransferred(id);
    await endTransferred(id);
    expect(await pathsOfPerson(reader(), personId)).toEqual([to.path]);
    expect((await personCard(reader(), personId))?.appointments.map((one) => [one.organisationName, one.endedOn])).toEqual([['滨河区数据局', null], ['云江市数据局', '2026-03-10']]);
    const jobs = await rows(reader(), z.object({ payload: z.string() }), `SELECT payload FROM outbox WHERE name = 'people.appointed' AND payload LIKE '%' || CAST($appointmentId AS TEXT) || '%'`, { appointmentId });
    expect(jobs.length).toBe(2);
    expect((await openRecord(hr, personId))?.until).toBe('2026-03-10');
    await expect(takeSignedRecord(hr, personId)).rejects.toThrow('access.denied');
    expect((await openRecord(receiving, personId))?.record.appointments.length).toBe(2);
  });

  it('do not merge across what the officer manages, nor two people with identity numbers', async () => {
    const [a, b] = [await somebody(city), await somebody(city)];
    const elsewhere = await anOrganisation({ name: '别处' });
    const stranger = { ...anActor({ hr: [elsewhere.path] }), accountId: 'a-str', by: 'account:a-str' } as Actor;
    await expect(proposeMerge(stranger, { survivorId: a.personId, mergedId: b.personId, reason: '试试' })).rejects.toThrow('access.denied');
    expect((await proposeMerge({ ...hr, personId: a.personId }, { survivorId: a.personId, mergedId: b.personId, reason: '试试' })).ok).toBe(false);
    await inTransaction((tx) => insert(tx, 'identifiers', [a, b].map(({ personId }) => ({ id: newId(), person_id: personId, kind: 'national', value: null, encrypted: 'x', value_hash: newId() }))));
    expect(await proposeMerge(hr, { survivorId: a.personId, mergedId: b.personId, reason: '试试' })).toMatchObject({ ok: false, error: { code: 'merge.national-numbers' } });
  });
});
