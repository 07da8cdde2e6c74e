import { beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { inTransaction, one, reader, waitingJobs } from '~/db';
import { eventsAbout } from '~/audit';
import { accountOfPerson, checkCode, openAccount, presetPassword } from '~/identity';
import { useConfig } from '~/kernel/config';
import { must } from '~/kernel/result';
import {
  adoptRootOrganisation, appoint, createIntake, createOrganisation, createPerson, findIntake, intakesInScope, makeSlips, openPersonCard,
  organisationTree, pathsOfPerson, peopleInScope, personCard, renameOrganisation, slipsToMake, type Organisation,
} from '~/people';
import { aRootActor, anActor, anOrganisation } from '../support/actors';
import { testConfig } from '../support/config';
import { onEveryDatabase } from '../support/databases';
import { aRow, anIntake, hrOf, refusal } from '../support/intakes';

const Count = z.object({ n: z.number() });
const count = async (table: string) => (await one(reader(), Count, `SELECT COUNT(*) AS n FROM ${table}`)).n;
onEveryDatabase('people', () => {
  let city: Organisation;
  let bureau: Organisation;
  let office: Organisation;
  let other: Organisation;

  beforeAll(async () => {
    useConfig(testConfig());
    city = await adoptRootOrganisation();
    bureau = await anOrganisation({ name: '民政局', code: 'MZ' });
    office = await anOrganisation({ parent: bureau, name: '民政局办公室', code: 'MZ-01' });
    other = await anOrganisation({ name: '财政局', code: 'CZ' });
  });

  describe('organisations', () => {
    it('form a tree by path, children after their parent', async () => {
      expect(office.path).toBe(`${city.path}${bureau.id}/${office.id}/`);
      const tree = await organisationTree(reader());
      expect(tree.map((one) => [one.depth, one.code])).toEqual([[0, '00'], [1, 'CZ'], [1, 'MZ'], [2, 'MZ-01']]);
      expect((await organisationTree(reader(), [bureau.path])).map((one) => one.code)).toEqual(['MZ', 'MZ-01']);
    });

    it('have codes that differ in more than case and width', async () => {
      const actor = await aRootActor();
      expect(await createOrganisation(actor, { parentId: city.id, code: 'ｍｚ', name: 'x' })).toEqual({ ok: false, error: { code: 'field.taken', params: { value: 'mz' }, field: 'code' } });
      expect(await createOrganisation(actor, { parentId: city.id, code: 'a b;', name: 'x' })).toMatchObject({ error: { code: 'organisation.code-form' } });
    });

    it('are renamed by one person at a time', async () => {
      const actor = anActor({ administrator: [other.path] });
      must(await renameOrganisation(actor, { id: other.id, name: '财政局（新）', version: other.version }));
      expect(await renameOrganisation(actor, { id: other.id, name: '财政', version: other.version })).toEqual({ ok: false, error: { code: 'conflict.changed' } });
      must(await renameOrganisation(actor, { id: other.id, name: '财政局', version: other.version + 1 }));
      expect(await refusal(renameOrganisation(actor, { id: bureau.id, name: 'x', version: 1 }))).toBe('access.denied');
    });
  });

  describe('an intake', () => {
    it('registers persons, appointments, invited accounts and tells what follows from an appointment', async () => {
      const rows = [aRow({ organisationCode: 'mz-01', rank: '一级科员', email: 'w@example.cn', nationalNumber: '11010519491231002x' }), aRow({ name: '李华' })];
      const { intakeId, personIds } = await anIntake(bureau, rows, '2026 年公务员');
      const [first = '', second = ''] = personIds;
      expect(await personCard(reader(), first)).toMatchObject({
        name: '王小明', email: 'w@example.cn',
        numbers: [{ kind: 'national', value: '110***********002X' }, { kind: 'recruitment', value: rows[0]?.recruitmentNumber }],
        appointments: [{ kind: 'recruit', post: '科员', rank: '一级科员', startOfDuty: '2026-07-01', organisationName: '民政局办公室', intakeName: '2026 年公务员', endedOn: null }],
      });
      expect(await pathsOfPerson(reader(), second)).toEqual([bureau.path]);
      expect(await accountOfPerson(reader(), first)).toMatchObject({ signInName: rows[0]?.recruitmentNumber, state: 'invited' });
      const appointed = (await waitingJobs(reader(), 1000)).filter((job) => job.name === 'people.appointed').map((job) => job.payload);
      for (const personId of personIds) {
        const appointmentId = (await personCard(reader(), personId))?.appointments[0]?.id;
        expect(appointed).toContain(JSON.stringify({ appointmentId }));
      }
      expect(await findIntake(reader(), intakeId)).toMatchObject({ people: 2, notActivated: 2, organisationName: '民政局' });
      expect((await intakesInScope(reader(), { paths: [bureau.path], search: '公务', page: 1 })).intakes[0]).toMatchObject({ id: intakeId });
      expect((await intakesInScope(reader(), { paths: [other.path], page: 1 })).count).toBe(0);
    });

    it('stores nothing at all when one cell is wrong', async () => {
      const taken = aRow();
      await anIntake(bureau, [taken]);
      const tables = ['persons', 'identifiers', 'appointments', 'accounts', 'sign_in_names', 'intakes', 'ledger_events', 'outbox'];
      const before = await Promise.all(tables.map(count));
      const attempt = (...rows: ReturnType<typeof aRow>[]) =>
        createIntake(hrOf(bureau), { name: '一个批次', organisationId: bureau.id, startOfDuty: '2026-07-01', rows: [aRow(), ...rows] });
      expect(await attempt(aRow({ post: '' }))).toEqual({ ok: false, error: { code: 'intake.rows-wrong', params: { count: 1 } } });
      expect(await attempt(aRow({ organisationCode: 'NONE' }), aRow({ organisationCode: 'CZ' }))).toMatchObject({ error: { params: { count: 2 } } });
      expect(await attempt({ ...aRow(), recruitmentNumber: taken.recruitmentNumber.toLowerCase() })).toMatchObject({ error: { code: 'intake.rows-wrong' } });
      expect(await attempt(aRow({ nationalNumber: '11010519491231002X' }))).toMatchObject({ error: { code: 'intake.rows-wrong' } });
      expect(await Promise.all(tables.map(count))).toEqual(before);
    });

    it('is refused without anybody, with a name used before, and for somebody else’s organisation', async () => {
      await anIntake(bureau, [aRow()], '重名批次');
      const draft = { name: '重名批次', organisationId: bureau.id, startOfDuty: '2026-07-01' };
      expect(await createIntake(hrOf(bureau), { ...draft, rows: [aRow()] })).toEqual({ ok: false, error: { code: 'intake.name-taken', params: { value: '重名批次' }, field: 'name' } });
      expect(await createIntake(hrOf(bureau), { ...draft, rows: [] })).toMatchObject({ error: { code: 'intake.no-rows' } });
      expect(await refusal(createIntake(hrOf(other), { ...draft, rows: [aRow()] }))).toBe('access.denied');
    });

    it('does not take a number with which another account signs in', async () => {
      await inTransaction(async (tx) => must(await openAccount(tx, { by: 'system:a test' }, { personId: null, signInName: 'chosen-1' })));
      const outcome = await createIntake(hrOf(bureau), { name: '撞名', organisationId: bureau.id, startOfDuty: '2026-07-01', rows: [aRow({ recruitmentNumber: 'Chosen-1' })] });
      expect(outcome).toMatchObject({ error: { code: 'intake.rows-wrong' } });
    });

    it('that loses a race for a number says so like any other', async () => {
      const row = aRow();
      const race = await Promise.all([1, 2].map((n) =>
        createIntake(hrOf(bureau), { name: `赛跑 ${n}`, organisationId: bureau.id, startOfDuty: '2026-07-01', rows: [aRow(), row] })));
      expect(race.map((outcome) => (outcome.ok ? 'stored' : outcome.error.code)).sort()).toEqual(['intake.rows-wrong', 'stored']);
    });

    it('of 2,000 people is stored in seconds, without holding up others for longer', async () => {
      const rows = Array.from({ length: 2000 }, () => aRow({ organisationCode: 'MZ-01' }));
      const started = performance.now();
      const { personIds } = await anIntake(bureau, rows);
      expect(personIds).toHaveLength(2000);
      expect(performance.now() - started).toBeLessThan(10_000);
    });
  });

  describe('activation slips', () => {
    it('carry a new code for everybody in scope who has not activated, unit by unit', async () => {
      const [near, far] = [aRow({ organisationCode: 'MZ-01' }), aRow()];
      const { intakeId, personIds } = await anIntake(bureau, [near, far]);
      const actor = hrOf(bureau);
      expect(await slipsToMake(reader(), actor, intakeId)).toEqual({ people: 2, units: 2 });
      const first = must(await makeSlips(actor, intakeId));
      expect(first.units.map((unit) => [unit.organisationName, unit.slips.map((slip) => slip.signInName)]))
        .toEqual([['民政局', [far.recruitmentNumber]], ['民政局办公室', [near.recruitmentNumber]]]);
      const codeOf = (slips: typeof first, unit: number) => slips.units[unit]?.slips[0]?.code ?? '';
      const again = must(await makeSlips(actor, intakeId));
      expect(await checkCode({ name: far.recruitmentNumber, code: codeOf(first, 0), address: 'a' })).toMatchObject({ error: { code: 'activation.replaced' } });
      expect(await checkCode({ name: far.recruitmentNumber, code: codeOf(again, 0), address: 'a' })).toMatchObject({ ok: true });
      const account = await accountOfPerson(reader(), personIds[1] ?? '');
      await inTransaction((tx) => presetPassword(tx, account?.id ?? '', '-'));
      expect(must(await makeSlips(actor, intakeId)).units.map((unit) => unit.organisationName)).toEqual(['民政局办公室']);
      expect(await refusal(makeSlips(hrOf(other), intakeId))).toBe('access.denied');
    });
  });

  describe('a person', () => {
    it('is read by HR of the own organisation only, and that is in the ledger', async () => {
      const { personIds: [id = ''] } = await anIntake(office);
      expect(await openPersonCard(hrOf(bureau), id)).toMatchObject({ id });
      expect(await refusal(openPersonCard(hrOf(other), id))).toBe('access.denied');
      expect(await openPersonCard(hrOf(city), '0198a000-0000-7000-8000-000000000000')).toBeNull();
      expect((await eventsAbout(reader(), id)).map((event) => event.kind)).toEqual(['person.read', 'account.opened', 'person.appointed', 'person.registered']);
    });

    it('keeps names out of the readable part of the ledger', async () => {
      const { personIds: [id = ''] } = await anIntake(office);
      const registered = (await eventsAbout(reader(), id)).find((event) => event.kind === 'person.registered');
      expect(registered?.personal).toMatchObject({ name: '王小明' });
      expect(JSON.stringify(registered?.body)).toBe('{}');
    });

    it('is found by name, number, kind, unit and state of the account, within scope', async () => {
      const unit = await anOrganisation({ parent: bureau });
      const rows = [aRow({ name: '欧阳100%' }), aRow({ name: '司马' })];
      await anIntake(unit, rows);
      const find = async (query: Partial<Parameters<typeof peopleInScope>[1]>) =>
        (await peopleInScope(reader(), { paths: [unit.path], page: 1, ...query })).people.map((person) => person.name);
      expect((await find({})).sort()).toEqual(['司马', '欧阳100%']);
      expect(await find({ search: '100%' })).toEqual(['欧阳100%']);
      expect(await find({ search: '0%0' })).toEqual([]);
      expect(await find({ search: rows[1]?.recruitmentNumber.toLowerCase() })).toEqual(['司马']);
      expect(await find({ kind: 'leader' })).toEqual([]);
      expect((await find({ kind: 'recruit', accountState: 'invited', organisationPath: unit.path })).length).toBe(2);
      expect(await find({ accountState: 'active' })).toEqual([]);
      expect(await find({ paths: [other.path] })).toEqual([]);
      expect(await find({ paths: [] })).toEqual([]);
      const paged = await peopleInScope(reader(), { paths: [unit.path], page: 2, pageSize: 1 });
      expect([paged.people.length, paged.count, paged.pageCount]).toEqual([1, 2, 2]);
    });

    it('with two appointments is listed once, under the main one', async () => {
      const { personIds: [id = ''] } = await anIntake(office);
      await inTransaction((tx) => appoint(tx, { by: 'system:a test' }, { personId: id, organisationId: office.id, kind: 'leader', post: '主任', startOfDuty: '2027-01-01' }));
      const { people } = await peopleInScope(reader(), { paths: [office.path], page: 1, pageSize: 5000 });
      expect(people.filter((person) => person.id === id)).toMatchObject([{ kind: 'recruit', post: '科员' }]);
    });

    it.each([
      { number: { kind: 'staff' as const, value: '=cmd' }, problem: { code: 'person.number-form', field: 'staffNumber' } },
      { number: { kind: 'national' as const, value: '11010519491231002' }, problem: { code: 'national-number.form', field: 'nationalNumber' } },
    ])('is not registered with the number $number.value', async ({ number, problem }) => {
      expect(await inTransaction((tx) => createPerson(tx, { by: 'system:a test' }, { name: '王', numbers: [number] }))).toEqual({ ok: false, error: problem });
    });
  });
});
