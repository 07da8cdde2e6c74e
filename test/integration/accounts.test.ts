import { beforeAll, describe, expect, it } from 'vitest';
import { inTransaction, reader } from '~/db';
import { eventsAbout } from '~/audit';
import { accountOfPerson, accountRoles, checkCode, findAccount, grantRole, presetPassword } from '~/identity';
import { useConfig } from '~/kernel/config';
import { must } from '~/kernel/result';
import {
  accountsInScope, adoptRootOrganisation, closeAccountOf, createMember, createPureAccount, endRoleOf, grantRoleTo,
  newCodeForAccount, newCodeForPerson, reopenAccountOf, type Organisation,
} from '~/people';
import { aRootActor, anActor, anOrganisation } from '../support/actors';
import { testConfig } from '../support/config';
import { onEveryDatabase } from '../support/databases';
import { aNumber, aRow, anIntake, hrOf, refusal } from '../support/intakes';

onEveryDatabase('accounts', () => {
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

  describe('help with signing in', () => {
    it('gives a code once, for activating or for a lost password, and writes down who asked and why', async () => {
      const row = aRow();
      const { personIds: [personId = ''] } = await anIntake(office, [row]);
      const first = must(await newCodeForPerson(hrOf(bureau), { personId, reason: '激活单丢失' }));
      expect(await checkCode({ name: row.recruitmentNumber, code: first.code, address: 'a' })).toMatchObject({ value: { purpose: 'activate' } });
      const account = await accountOfPerson(reader(), personId);
      await inTransaction((tx) => presetPassword(tx, account?.id ?? '', '-'));
      const reset = must(await newCodeForPerson(hrOf(bureau), { personId, reason: '忘记密码' }));
      expect(await checkCode({ name: row.recruitmentNumber, code: reset.code, address: 'a' })).toMatchObject({ value: { purpose: 'reset' } });
      const [event] = await eventsAbout(reader(), personId);
      expect(event).toMatchObject({ kind: 'account.code-made', by: 'account:a-test', personal: { reason: '忘记密码' } });
    });

    it('is not for other organisations, nor a way for HR into accounts with roles', async () => {
      const { personIds: [personId = ''] } = await anIntake(office);
      expect(await refusal(newCodeForPerson(hrOf(other), { personId, reason: 'x' }))).toBe('access.denied');
      const account = await accountOfPerson(reader(), personId);
      await inTransaction(async (tx) => must(await grantRole(tx, { by: 'system:a test' }, { accountId: account?.id ?? '', role: 'administrator', organisationId: city.id })));
      expect(await newCodeForPerson(hrOf(city), { personId, reason: 'x' })).toEqual({ ok: false, error: { code: 'account.has-roles' } });
    });
  });

  describe('accounts', () => {
    const member = (given: Partial<Parameters<typeof createMember>[1]> = {}) => ({
      name: '赵倩', staffNumber: aNumber(), organisationId: office.id, kind: 'staff' as const, post: '主任科员', startOfDuty: '2020-01-01', ...given,
    });

    it('are made with person, appointment and a first code', async () => {
      const given = member();
      const made = must(await createMember(anActor({ administrator: [bureau.path] }), given));
      expect(await checkCode({ name: given.staffNumber, code: made.code, address: 'a' })).toMatchObject({ value: { accountId: made.accountId } });
      expect(await createMember(anActor({ administrator: [bureau.path] }), member({ staffNumber: given.staffNumber })))
        .toEqual({ ok: false, error: { code: 'person.number-taken', params: { value: given.staffNumber }, field: 'staffNumber' } });
      expect(await refusal(createMember(anActor({ administrator: [other.path] }), member()))).toBe('access.denied');
    });

    it('may exist without a person, for a role', async () => {
      const made = must(await createPureAccount(anActor({ administrator: [bureau.path] }), { signInName: 'kaowu-1', role: 'invigilator', organisationId: bureau.id }));
      expect(await accountRoles(reader(), made.accountId)).toMatchObject([{ role: 'invigilator', organisation_name: '民政局' }]);
    });

    it('get and lose roles within the administrator’s scope', async () => {
      const actor = anActor({ administrator: [bureau.path] });
      const { accountId } = must(await createMember(actor, member()));
      must(await grantRoleTo(actor, { accountId, role: 'hr', organisationId: office.id }));
      expect(await grantRoleTo(actor, { accountId, role: 'hr', organisationId: office.id })).toMatchObject({ error: { code: 'role.held' } });
      expect(await refusal(grantRoleTo(actor, { accountId, role: 'hr', organisationId: city.id }))).toBe('access.denied');
      const [held] = await accountRoles(reader(), accountId);
      must(await endRoleOf(actor, { accountId, roleId: held?.id ?? '' }));
      expect(await accountRoles(reader(), accountId)).toEqual([]);
    });

    it('with a role outside the scope cannot be taken over by a local administrator', async () => {
      const local = anActor({ administrator: [office.path] });
      const { accountId } = must(await createMember(local, member()));
      must(await grantRoleTo(await aRootActor(), { accountId, role: 'inspector', organisationId: other.id }));
      const refused = { ok: false, error: { code: 'account.has-roles' } };
      expect(await newCodeForAccount(local, { accountId, reason: 'x' })).toEqual(refused);
      expect(await closeAccountOf(local, { accountId, reason: 'x' })).toEqual(refused);
      expect(await newCodeForAccount(await aRootActor(), { accountId, reason: 'x' })).toMatchObject({ ok: true });
    });

    it('are closed and opened again, never the own and never the last administrator’s', async () => {
      const root = await aRootActor();
      const { accountId } = must(await createMember(root, member()));
      must(await closeAccountOf(root, { accountId, reason: '调离' }));
      expect(await findAccount(reader(), accountId)).toMatchObject({ state: 'closed' });
      expect(await closeAccountOf(root, { accountId, reason: '调离' })).toMatchObject({ error: { code: 'account.not-open' } });
      expect(await newCodeForAccount(root, { accountId, reason: 'x' })).toMatchObject({ error: { code: 'account.closed' } });
      must(await reopenAccountOf(root, { accountId, reason: '调回' }));
      expect(await reopenAccountOf(root, { accountId, reason: '调回' })).toMatchObject({ error: { code: 'conflict.changed' } });
      expect(await closeAccountOf({ ...root, by: `account:${accountId}` }, { accountId, reason: 'x' })).toMatchObject({ error: { code: 'account.own' } });
      must(await grantRoleTo(root, { accountId, role: 'administrator', organisationId: city.id }));
      await inTransaction((tx) => presetPassword(tx, accountId, '-'));
      expect(await closeAccountOf(root, { accountId, reason: 'x' })).toMatchObject({ error: { code: 'account.last-administrator' } });
      const [held] = await accountRoles(reader(), accountId);
      expect(await endRoleOf(root, { accountId, roleId: held?.id ?? '' })).toMatchObject({ error: { code: 'account.last-administrator' } });
      expect(await accountRoles(reader(), accountId)).toHaveLength(1);
    });

    it('are listed within scope, by name, state and role', async () => {
      const unit = await anOrganisation();
      const actor = anActor({ administrator: [unit.path] });
      const given = member({ organisationId: unit.id, name: '钱多多' });
      const { accountId } = must(await createMember(actor, given));
      must(await createPureAccount(actor, { signInName: `pure-${given.staffNumber}`, role: 'invigilator', organisationId: unit.id }));
      const find = async (query: Partial<Parameters<typeof accountsInScope>[1]>) =>
        (await accountsInScope(reader(), { paths: [unit.path], everywhere: false, page: 1, ...query })).accounts.map((account) => account.signInName);
      expect(await find({})).toHaveLength(2);
      expect(await find({ search: '多多' })).toEqual([given.staffNumber]);
      expect(await find({ search: given.staffNumber.toLowerCase() })).toHaveLength(2);
      expect(await find({ role: 'invigilator' })).toEqual([`pure-${given.staffNumber}`]);
      expect(await find({ state: 'active' })).toEqual([]);
      expect(await find({ paths: [bureau.path], search: '多多' })).toEqual([]);
      expect(await find({ paths: [], everywhere: true, search: '多多' })).toHaveLength(1);
      must(await closeAccountOf(actor, { accountId, reason: 'x' }));
      expect(await find({ state: 'closed' })).toEqual([given.staffNumber]);
    });
  });
});
