import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { z } from 'zod';
import { eventsOf } from '~/audit';
import { assignFor } from '~/certification';
import { recruitRows } from '~/certification/recruits.repository';
import { inTransaction, reader, rows } from '~/db';
import { makeListOfFile, pageOfRows } from '~/exchange';
import { candidatesBy } from '~/exams/sittings/people.repository';
import { prepare, ReportQuery, reportRows } from '~/reports';
import type { Actor } from '~/identity';
import { clock, resetClock } from '~/kernel/clock';
import { useConfig } from '~/kernel/config';
import { newId } from '~/kernel/id';
import { must, type Result } from '~/kernel/result';
import {
  addAppointment, appoint, correctAppointment, correctPerson, createPerson, endAppointment, endDueAppointment, findHeld, moveAppointment, openCorrection, peopleInScope, personCard,
  sweepAppointmentEnds, type AppointmentForm, type Organisation,
} from '~/people';
import { anActor, anOrganisation, aRootActor } from '../support/actors';
import { aCity, itIs, type City } from '../support/certification';
import { testConfig } from '../support/config';
import { onEveryDatabase } from '../support/databases';
import { aDraft, publish } from '../support/programmes';

const BY = { by: 'system:a test' } as const;
const TODAY = '2026-03-02';
let serial = 0;

onEveryDatabase('appointments of a person', () => {
  let root: Actor;
  let city: City;
  let here: Organisation;
  let there: Organisation;
  let hr: Actor;
  beforeAll(async () => {
    useConfig(testConfig());
    itIs(TODAY);
    root = await aRootActor();
    city = await aCity();
    [here, there] = [await anOrganisation({ name: '财政局' }), await anOrganisation({ name: '审计局' })];
    hr = anActor({ hr: [here.path] });
  });
  beforeEach(() => itIs(TODAY));
  afterAll(resetClock);

  /** Somebody with a main appointment since 5 January. */
  const aMember = (given: { unit?: Organisation; startOfDuty?: string; kind?: 'staff' | 'recruit' } = {}) => inTransaction(async (tx) => {
    serial += 1;
    const number = `AP-${serial}`;
    const personId = must(await createPerson(tx, BY, { name: `秦越${serial}`, numbers: [{ kind: 'staff', value: number }] }));
    const id = await appoint(tx, BY, { personId, organisationId: (given.unit ?? here).id, kind: given.kind ?? 'staff', post: '科员', rank: '一级科员', startOfDuty: given.startOfDuty ?? '2026-01-05' });
    return { personId, id, number };
  });
  const form = (more: Partial<AppointmentForm> = {}): AppointmentForm =>
    ({ kind: 'staff', nature: 'concurrent', post: '联络员', rank: null, startOfDuty: '2026-03-09', endsOn: null, superior: '', reason: '工作需要', ...more });
  const add = (personId: string, more: Partial<AppointmentForm> & { unit?: Organisation; endsFormer?: boolean; actor?: Actor } = {}) => {
    const { unit = here, endsFormer = false, actor = root, ...rest } = more;
    return addAppointment(actor, { ...form(rest), personId, organisationId: unit.id, endsFormer });
  };
  const said = async (asked: Promise<Result<unknown>>): Promise<string> => {
    const answer = await asked;
    return answer.ok ? 'done' : `${answer.error.code} ${answer.error.field ?? '-'}`;
  };
  const held = async (id: string) => {
    const one = await findHeld(reader(), id);
    if (!one) throw new Error('no appointment');
    return one;
  };
  const asks = async (): Promise<string[]> => {
    const Row = z.object({ payload: z.string() });
    return (await inTransaction((tx) => rows(tx, Row, `UPDATE outbox SET status = 'done' WHERE name = 'people.appointed' AND status = 'waiting' RETURNING payload`)))
      .map(({ payload }) => (JSON.parse(payload) as { appointmentId: string }).appointmentId).sort();
  };
  const told = async (id: string) => (await eventsOf(reader(), { kind: 'appointment', id })).map((event) => event.kind);

  it('can be several at once: one main, others beside it, some of them away for a time', async () => {
    const { personId, id } = await aMember();
    const [second, away] = [must(await add(personId, { unit: there })), must(await add(personId, { nature: 'secondment', endsOn: '2026-09-30', post: '挂职副局长', unit: there }))];
    const card = await personCard(reader(), personId);
    expect(card?.appointments.map((one) => [one.id, one.nature, one.endsOn])).toEqual([[id, 'main', null], [second, 'concurrent', null], [away, 'secondment', '2026-09-30']]);
    expect((await eventsOf(reader(), { kind: 'appointment', id: away }))[0]).toMatchObject({
      kind: 'person.appointed', by: root.by, personId, body: { nature: 'secondment', startOfDuty: '2026-03-09', endsOn: '2026-09-30', organisationId: there.id }, personal: { post: '挂职副局长' },
    });
  });

  it('have one main one at a time, however they overlap', async () => {
    const { personId } = await aMember();
    for (const [startOfDuty, endsOn] of [['2026-03-09', null], ['2025-12-01', '2026-02-01'], ['2026-01-06', '2026-01-31']] as const) {
      expect(await said(add(personId, { nature: 'main', startOfDuty, endsOn }))).toBe('appointment.main-twice nature');
    }
    expect(await said(add(personId, { nature: 'main', startOfDuty: '2025-03-01', endsOn: '2025-12-31' }))).toBe('done');
    const beside = must(await add(personId));
    expect(await said(correctAppointment(root, beside, { ...form({ nature: 'main' }), version: (await held(beside)).version }))).toBe('appointment.main-twice nature');
  });

  it('keep one main one when two officers appoint at the same moment', async () => {
    const { personId, id } = await aMember();
    must(await endAppointment(root, id, { lastDay: TODAY, reason: '离任' }));
    const answers = await Promise.all(Array.from({ length: 6 }, (_, i) => said(add(personId, { nature: 'main', post: `科长${i}` }))));
    expect(answers.sort()).toEqual([...Array<string>(5).fill('appointment.main-twice nature'), 'done']);
  });

  it('let a new main one end the former on the day before', async () => {
    const { personId, id } = await aMember();
    const next = must(await add(personId, { nature: 'main', unit: there, endsFormer: true }));
    expect(await held(id)).toMatchObject({ endedOn: null, endsOn: '2026-03-08' });
    expect(await told(id)).toEqual(['appointment.end-planned', 'person.appointed']);
    itIs('2026-03-08');
    await endDueAppointment(id);
    expect((await held(id)).endedOn).toBeNull();
    itIs('2026-03-09');
    await sweepAppointmentEnds(clock.now());
    await endDueAppointment(id);
    expect([(await held(id)).endedOn, (await held(next)).endedOn]).toEqual(['2026-03-08', null]);
    expect((await told(id)).filter((kind) => kind === 'appointment.ended')).toHaveLength(1);
    // A former one that begins with the new one or later has no day before.
    const late = await aMember({ startOfDuty: '2026-03-09' });
    expect(await said(add(late.personId, { nature: 'main', endsFormer: true }))).toBe('appointment.main-twice nature');
    expect((await held(late.id)).endsOn).toBeNull();
  });

  it('end on a day that fits: not before they began, at once or by plan, and only once', async () => {
    const { personId, id } = await aMember();
    expect(await said(endAppointment(root, id, { lastDay: '2026-01-04', reason: '误填' }))).toBe('appointment.dates lastDay');
    expect(await said(add(personId, { endsOn: '2026-03-08' }))).toBe('appointment.dates endsOn');
    must(await endAppointment(root, id, { lastDay: '2026-02-27', reason: '辞去职务' }));
    expect((await held(id)).endedOn).toBe('2026-02-27');
    expect(await said(endAppointment(root, id, { lastDay: TODAY, reason: '再次' }))).toBe('transfer.ended -');
    expect(await said(correctAppointment(root, id, { ...form(), version: (await held(id)).version }))).toBe('transfer.ended -');
    const [event] = await eventsOf(reader(), { kind: 'appointment', id });
    expect(event).toMatchObject({ kind: 'appointment.ended', body: { endedOn: '2026-02-27' }, personal: { reason: '辞去职务' } });
    // What has not begun can be called off today.
    const late = await aMember({ startOfDuty: '2026-07-01' });
    expect(await said(endAppointment(root, late.id, { lastDay: '2026-04-01', reason: '未报到' }))).toBe('appointment.dates lastDay');
    expect(await said(endAppointment(root, late.id, { lastDay: TODAY, reason: '未报到' }))).toBe('done');
  });

  it('are corrected with what was before in the ledger, and not by somebody who saw an older version', async () => {
    const { id, number } = await aMember();
    const superior = await aMember();
    const seen = await held(id);
    const given = { ...form({ nature: 'main', post: '副科长', rank: '四级主任科员', startOfDuty: '2026-01-12', superior: superior.number }), version: seen.version };
    expect(await said(correctAppointment(root, id, { ...given, superior: 'NO-SUCH' }))).toBe('person.number-unknown superior');
    expect(await said(correctAppointment(root, id, { ...given, superior: number }))).toBe('appointment.own-superior superior');
    expect(must(await correctAppointment(root, id, given))).toBe(true);
    expect((await eventsOf(reader(), { kind: 'appointment', id }))[0]).toMatchObject({
      kind: 'appointment.corrected', body: { startOfDuty: { from: '2026-01-05', to: '2026-01-12' }, superiorId: { from: null, to: superior.personId } },
      personal: { post: { from: '科员', to: '副科长' }, rank: { from: '一级科员', to: '四级主任科员' }, reason: '工作需要' },
    });
    expect(await said(correctAppointment(root, id, { ...given, post: '别的' }))).toBe('conflict.changed -');
    expect(must(await correctAppointment(root, id, { ...given, version: (await held(id)).version }))).toBe(false);
    expect(await told(id)).toEqual(['appointment.corrected', 'person.appointed']);
  });

  it('ask certification anew for the one that is touched and for no other', async () => {
    const { personId, id } = await aMember();
    const beside = must(await add(personId));
    await asks();
    must(await correctAppointment(root, beside, { ...form({ post: '联系人' }), version: (await held(beside)).version }));
    expect(await asks()).toEqual([beside]);
    must(await moveAppointment(root, beside, { organisationId: there.id, reason: '分工调整' }));
    expect(await asks()).toEqual([beside]);
    must(await endAppointment(root, beside, { lastDay: '2026-12-31', reason: '到期' }));
    expect(await asks()).toEqual([]);
    must(await endAppointment(root, id, { lastDay: TODAY, reason: '离任' }));
    expect(await asks()).toEqual([id]);
    must(await correctPerson(root, personId, { name: '秦跃', email: null, phone: null, reason: '更名', version: (await openCorrection(root, personId))?.version ?? 0 }));
    expect(await asks()).toEqual([]);
  });

  it('go on elsewhere with their start of duty, and a list of the day before still finds where they were', async () => {
    const { personId, id } = await aMember();
    expect(await said(moveAppointment(root, id, { organisationId: here.id, reason: '误' }))).toBe('transfer.same-place organisationId');
    must(await moveAppointment(root, id, { organisationId: there.id, reason: '机构调整' }));
    expect(await held(id)).toMatchObject({ organisationId: there.id, startOfDuty: '2026-01-05', endedOn: null });
    const Row = z.object({ from_organisation_id: z.string(), to_organisation_id: z.string(), moved_on: z.string() });
    expect(await rows(reader(), Row, 'SELECT from_organisation_id, to_organisation_id, moved_on FROM appointment_moves WHERE appointment_id = $id', { id }))
      .toEqual([{ from_organisation_id: here.id, to_organisation_id: there.id, moved_on: TODAY }]);
    expect((await eventsOf(reader(), { kind: 'appointment', id }))[0]).toMatchObject({ kind: 'appointment.moved', personId, body: { fromOrganisationId: here.id, organisationId: there.id } });
  });

  it('are changed by HR of their own organisation only, and nobody is appointed into another one', async () => {
    const { personId, id } = await aMember();
    const denied = { problem: { code: 'access.denied' } };
    await expect(add(personId, { unit: there, actor: hr })).rejects.toMatchObject(denied);
    await expect(moveAppointment(hr, id, { organisationId: there.id, reason: '越权' })).rejects.toMatchObject(denied);
    const beside = must(await add(personId, { unit: there }));
    await expect(endAppointment(hr, beside, { lastDay: TODAY, reason: '越权' })).rejects.toMatchObject(denied);
    await expect(correctAppointment(anActor({ inspector: [here.path] }), id, { ...form(), version: 1 })).rejects.toMatchObject(denied);
    expect(await said(endAppointment(hr, id, { lastDay: TODAY, reason: '离任' }))).toBe('done');
  });

  it('show a person once in lists, under the main one where that is in scope', async () => {
    const { personId } = await aMember();
    must(await add(personId, { unit: there }));
    const listed = async (path: string) => (await peopleInScope(reader(), { paths: [path], page: 1, pageSize: 500 })).people.filter((one) => one.id === personId).map((one) => one.organisationName);
    const [top] = root.roles;
    expect(await listed(top?.organisationPath ?? '')).toEqual(['财政局']);
    expect(await listed(there.path)).toEqual(['审计局']);
  });

  it('make somebody one candidate of an exam, in the office of the main one', async () => {
    const { personId } = await aMember();
    must(await add(personId, { unit: there, startOfDuty: '2026-02-01' }));
    const [top] = root.roles;
    const path = top?.organisationPath ?? '';
    const named = async (paths: string[]) => (await candidatesBy(reader(), paths, { personIds: [personId] })).map((one) => one.organisation);
    expect([await named([path]), await named([there.path]), await named([city.bureau.path])]).toEqual([['财政局'], ['审计局'], []]);
    expect((await candidatesBy(reader(), [path], { organisationPath: path })).filter((one) => one.id === personId)).toHaveLength(1);
  });

  it('give a hiring list one line a number, about the post that something is required for, in the reader’s own scope', async () => {
    const { personId, id, number } = await aMember({ kind: 'recruit', startOfDuty: '2026-07-01' });
    const beside = must(await add(personId, { unit: there, startOfDuty: '2026-08-01' }));
    for (const one of [id, beside]) await assignFor(one);
    const answers = async (actor: Actor, unit: Organisation) => {
      const { id: listId } = must(await makeListOfFile(actor, { id: newId(), title: '七月', organisationId: unit.id, fileName: '名单.csv', file: Buffer.from(`工号,姓名\n${number},秦越${serial}`) }));
      return (await pageOfRows(reader(), listId, {}, 1)).rows.map((row) => [row.organisation, row.startOn]);
    };
    expect(await answers(hr, here)).toEqual([['财政局', '2026-07-01']]);
    expect(await answers(anActor({ hr: [there.path] }), there)).toEqual([['审计局', '2026-08-01']]);
  });

  it('bring what belongs to the person into a report once, under the main one', async () => {
    const { personId, id } = await aMember({ kind: 'recruit' });
    const beside = must(await add(personId, { unit: there, startOfDuty: '2026-02-01', kind: 'recruit' }));
    for (const one of [id, beside]) await assignFor(one);
    const [top] = root.roles;
    const units = async (path: string): Promise<unknown[]> => {
      const prepared = must(await prepare(reader(), ReportQuery.parse({ kind: 'completion' }), { people: [path], figures: [path] }, clock.now()));
      const found: unknown[] = [];
      for await (const { rows: lines } of reportRows(reader(), prepared)) found.push(...lines.filter((one) => one.personId === personId).map((one) => one.cells['organisation']));
      return found;
    };
    expect(await units(top?.organisationPath ?? '')).toEqual(['财政局']);
    expect(await units(there.path)).toEqual(['审计局']);
  });

  it('are judged each by itself for the start of duty, each in its own office’s list', async () => {
    const { personId, id } = await aMember({ kind: 'recruit', startOfDuty: '2026-07-01' });
    const beside = must(await add(personId, { unit: there, kind: 'recruit', startOfDuty: '2026-08-01' }));
    for (const one of [id, beside]) await assignFor(one);
    const listed = async (path: string) => (await recruitRows(reader(), { paths: [path], today: TODAY }, { limit: 100, offset: 0 }))
      .filter((row) => row.person_id === personId).map((row) => [row.organisation, row.start_of_duty]);
    expect(await listed(here.path)).toEqual([['财政局', '2026-07-01']]);
    expect(await listed(there.path)).toEqual([['审计局', '2026-08-01']]);
    must(await endAppointment(root, beside, { lastDay: TODAY, reason: '取消' }));
    await assignFor(beside);
    expect(await listed(there.path)).toEqual([]);
    expect(await listed(here.path)).toHaveLength(1);
  });

  it('are told apart by programmes that ask for their nature', async () => {
    const rule = { kind: 'all' as const, of: [{ kind: 'organisation' as const, ids: [there.id] }, { kind: 'nature' as const, natures: ['secondment' as const] }] };
    const versionId = await aDraft(root, city, { appliesTo: rule as never, gate: 'none' as const });
    await publish(root, versionId);
    const { personId, id } = await aMember();
    const away = must(await add(personId, { unit: there, nature: 'secondment', endsOn: '2026-12-31' }));
    for (const one of [id, away]) await assignFor(one);
    const Row = z.object({ appointment_id: z.string() });
    const live = () => rows(reader(), Row, 'SELECT appointment_id FROM assignments WHERE programme_version_id = $versionId AND person_id = $personId AND ended_at IS NULL', { versionId, personId });
    expect(await live()).toEqual([{ appointment_id: away }]);
    must(await correctAppointment(root, away, { ...form({ nature: 'concurrent', endsOn: '2026-12-31' }), version: (await held(away)).version }));
    await assignFor(away);
    expect(await live()).toEqual([]);
  });
});
