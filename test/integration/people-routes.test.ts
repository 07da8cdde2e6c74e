import { beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { eventsAbout } from '~/audit';
import { one, reader } from '~/db';
import { useConfig } from '~/kernel/config';
import { must } from '~/kernel/result';
import { adoptRootOrganisation, createIntake, type Organisation } from '~/people';
import * as accountsCsv from '~/routes/admin.accounts[.]csv';
import * as accountsNew from '~/routes/admin.accounts.new';
import * as intakeNew from '~/routes/hr.intakes.new';
import * as slips from '~/routes/hr.intakes.$id.slips';
import * as intakes from '~/routes/hr.intakes._index';
import * as people from '~/routes/hr.people._index';
import * as peopleCsv from '~/routes/hr.people[.]csv';
import * as person from '~/routes/hr.people.$id';
import * as fullNumber from '~/routes/hr.people.$id_.identity-number';
import * as units from '~/routes/hr.units._index';
import { anActor, anOrganisation, aRequest, aSignedInAccount } from '../support/actors';
import { testConfig } from '../support/config';
import { onEveryDatabase } from '../support/databases';
import { answerOf, routeArgs } from '../support/routes';

type Route = (args: ReturnType<typeof routeArgs>) => unknown;
const get = (loader: Route, path: string, cookie?: string, params = {}) =>
  answerOf(() => loader(routeArgs(aRequest(path, { ...(cookie && { cookie }) }), params)));
const post = (action: Route, path: string, form: Record<string, string>, cookie: string, params = {}) =>
  answerOf(() => action(routeArgs(aRequest(path, { form, cookie }), params)));

const persons = async () => (await one(reader(), z.object({ n: z.number() }), 'SELECT COUNT(*) AS n FROM persons')).n;

onEveryDatabase('the pages of HR and administration', () => {
  let bureau: Organisation;
  let hr: string;
  let otherHr: string;
  let admin: string;
  let nobody: string;

  beforeAll(async () => {
    useConfig(testConfig());
    const root = await adoptRootOrganisation();
    bureau = await anOrganisation({ code: 'MZ', name: '民政局' });
    const other = await anOrganisation({ code: 'CZ', name: '财政局' });
    hr = (await aSignedInAccount({ role: 'hr', organisationId: bureau.id })).cookie;
    otherHr = (await aSignedInAccount({ role: 'hr', organisationId: other.id })).cookie;
    admin = (await aSignedInAccount({ role: 'administrator', organisationId: root.id })).cookie;
    nobody = (await aSignedInAccount()).cookie;
  });

  it('are closed to visitors and to accounts without the role', async () => {
    const pages: [Route, string][] = [
      [people.loader, '/hr/people'], [peopleCsv.loader, '/hr/people.csv'], [intakes.loader, '/hr/intakes'], [intakeNew.loader, '/hr/intakes/new'],
      [units.loader, '/hr/units'], [accountsNew.loader, '/admin/accounts/new'], [accountsCsv.loader, '/admin/accounts.csv'],
    ];
    for (const [loader, path] of pages) {
      expect([path, (await get(loader, path)).location]).toEqual([path, `/sign-in?next=${encodeURIComponent(path)}`]);
      expect([path, (await get(loader, path, nobody)).problem?.code]).toEqual([path, 'access.denied']);
    }
  });

  describe('a new intake', () => {
    const head = () => ({ name: '第一批', organisationId: bureau.id, startOfDuty: '2026-07-01' });
    const typed = (rows: Record<string, string>[]) => ({
      rows: String(rows.length), ...Object.assign({}, ...rows.map((row, i) => Object.fromEntries(Object.entries(row).map(([field, value]) => [`row.${i}.${field}`, value])))) as Record<string, string>,
    });

    it('adds rows and keeps what was typed, without saying that anything is wrong', async () => {
      const more = await post(intakeNew.action, '/hr/intakes/new', { do: 'more', ...head(), ...typed([{ name: '王小明' }, {}]) }, hr);
      expect(more.status).toBe(200);
      const answer = z.object({ rows: z.array(z.object({ name: z.string() })), problems: z.array(z.unknown()), head: z.object({ name: z.string() }) }).parse(JSON.parse(more.text));
      expect([answer.rows.length, answer.rows[0]?.name, answer.problems.length, answer.head.name]).toEqual([7, '王小明', 0, '第一批']);
    });

    it('names each wrong field, rows as they stand on the page, and stores nothing', async () => {
      const before = await persons();
      const refused = await post(intakeNew.action, '/hr/intakes/new', {
        do: 'save', name: '', organisationId: 'x', startOfDuty: '2026-02-30',
        ...typed([{}, { name: '王', recruitmentNumber: 'A-1', post: '科员' }, { name: '李', recruitmentNumber: 'a-1', post: '', organisationCode: 'CZ' }]),
      }, hr);
      expect(refused.status).toBe(422);
      const { problems } = z.object({ problems: z.array(z.object({ field: z.string(), problem: z.object({ code: z.string(), params: z.record(z.string(), z.unknown()).optional() }) })) }).parse(JSON.parse(refused.text));
      expect(problems.map(({ field, problem }) => [field, problem.code])).toEqual([
        ['name', 'field.required'], ['organisationId', 'field.choose'], ['startOfDuty', 'field.date'],
        ['row.2.post', 'field.required'], ['row.2.recruitmentNumber', 'intake.number-twice'], ['row.2.organisationCode', 'organisation.out-of-scope'],
      ]);
      expect(problems.find(({ problem }) => problem.code === 'intake.number-twice')?.problem.params).toEqual({ row: 2 });
      expect(await persons()).toBe(before);
    });

    it('is stored and leads to its page', async () => {
      const saved = await post(intakeNew.action, '/hr/intakes/new', { do: 'save', ...head(), ...typed([{ name: '王小明', recruitmentNumber: 'T-1', post: '科员' }]) }, hr);
      expect(saved.location).toMatch(/^\/hr\/intakes\/[0-9a-f-]{36}\?done=1$/);
    });

    it('from a file is shown first and stored when somebody says so', async () => {
      const before = await persons();
      const upload = (content: string) => {
        const body = new FormData();
        for (const [name, value] of Object.entries({ do: 'check', ...head(), name: '来自文件' })) body.set(name, value);
        body.set('file', new File([content], 'a.csv'));
        return answerOf(() => intakeNew.action(routeArgs(new Request('http://localhost/hr/intakes/new', { method: 'POST', body, headers: { cookie: hr } }))));
      };
      const good = '姓名,报考号,岗位\n周敏,F-1,会计\n吴刚,F-2,科员\n';
      expect((await upload(good.replace('F-2', 'F-1'))).text).toContain('intake.number-twice');
      expect((await upload('姓名,岗位\n周敏,会计')).text).toContain('csv.column-missing');
      expect(await upload(good)).toMatchObject({ status: 200 });
      expect(await persons()).toBe(before);
      const applied = await post(intakeNew.action, '/hr/intakes/new', { do: 'apply', ...head(), name: '来自文件', csv: good }, hr);
      expect(applied.location).toMatch(/done=1$/);
      expect(await persons()).toBe(before + 2);
      const again = await post(intakeNew.action, '/hr/intakes/new', { do: 'apply', ...head(), name: '再来', csv: good }, hr);
      expect(again).toMatchObject({ status: 422 });
      expect(again.text).toContain('person.number-taken');
    });
  });

  describe('a person', () => {
    const register = async () => {
      const { personIds, intakeId } = must(await createIntake(anActor({ hr: [bureau.path] }), {
        name: `批次 ${Math.random()}`, organisationId: bureau.id, startOfDuty: '2026-07-01', rows: [{ name: '=HYPERLINK("x")', recruitmentNumber: `P-${Math.random().toString().slice(2)}`, post: '科员' }],
      }));
      return { id: personIds[0] ?? '', intakeId };
    };

    it('is shown to the own HR, not to another organisation’s', async () => {
      const { id } = await register();
      expect(await get(person.loader, `/hr/people/${id}`, hr, { id })).toMatchObject({ status: 200 });
      expect((await get(person.loader, `/hr/people/${id}`, otherHr, { id })).problem).toEqual({ code: 'access.denied' });
      expect((await get(person.loader, '/hr/people/x', hr, { id: 'x' })).problem).toEqual({ code: 'not-found' });
    });

    it('gets a new code with a reason, never without one', async () => {
      const { id } = await register();
      expect((await post(person.action, `/hr/people/${id}`, { reason: '' }, hr, { id })).text).toContain('field.required');
      expect((await post(person.action, `/hr/people/${id}`, { reason: '激活单丢失' }, hr, { id })).text).toMatch(/"code":"[\w-]{14}"/);
      expect((await post(person.action, `/hr/people/${id}`, { reason: '激活单丢失' }, otherHr, { id })).problem).toEqual({ code: 'access.denied' });
    });

    it('shows the identity number in full to the own HR who says what for, and notes who read it and why', async () => {
      const { personIds: [id = ''] } = must(await createIntake(anActor({ hr: [bureau.path] }), {
        name: `批次 ${Math.random()}`, organisationId: bureau.id, startOfDuty: '2026-07-01', rows: [{ name: '尹素', recruitmentNumber: 'IN-1', post: '科员', nationalNumber: '11010519491231002X' }],
      }));
      const path = `/hr/people/${id}/identity-number`;
      const ask = (reason: string, cookie = hr) => post(fullNumber.action, path, { reason }, cookie, { id });
      expect((await get(person.loader, `/hr/people/${id}`, hr, { id })).text).not.toContain('11010519491231002X');
      expect((await get(fullNumber.loader, path, hr, { id })).text).toContain('110***********002X');
      expect((await ask('')).text).toContain('field.required');
      expect((await ask('好奇', otherHr)).problem).toEqual({ code: 'access.denied' });
      expect((await eventsAbout(reader(), id, 50)).map(({ kind }) => kind)).not.toContain('person.identity-number-read');

      expect((await ask('办理社保参保登记')).text).toContain('11010519491231002X');
      const noted = (await eventsAbout(reader(), id, 50)).filter(({ kind }) => kind === 'person.identity-number-read');
      expect(noted.map(({ personal }) => personal)).toEqual([{ reason: '办理社保参保登记' }]);
    });

    it('has no identity number to show without one', async () => {
      const { id } = await register();
      expect((await get(fullNumber.loader, `/hr/people/${id}/identity-number`, hr, { id })).problem).toEqual({ code: 'not-found' });
    });

    it('gets a slip from the own HR', async () => {
      const { intakeId } = await register();
      expect((await post(slips.action, `/hr/intakes/${intakeId}/slips`, {}, hr, { id: intakeId })).text).toContain('http://localhost:3000/activate');
      expect((await post(slips.action, `/hr/intakes/${intakeId}/slips`, {}, otherHr, { id: intakeId })).problem).toEqual({ code: 'access.denied' });
    });

    it('is in the exported file, where no name can become a formula', async () => {
      await register();
      const { text } = await get(peopleCsv.loader, '/hr/people.csv', hr);
      expect(text).toContain(`"'=HYPERLINK(""x"")"`);
      expect((await get(peopleCsv.loader, '/hr/people.csv', otherHr)).text).not.toContain('HYPERLINK');
    });
  });

  it('open an account for a member of staff, and say what is wrong beside its field', async () => {
    const form = { __form: 'member', name: '赵倩', staffNumber: 'ST-1', organisationId: bureau.id, kind: 'staff', post: '科长', startOfDuty: '2020-01-01' };
    expect((await post(accountsNew.action, '/admin/accounts/new', form, admin)).text).toMatch(/"code":"[\w-]{14}"/);
    expect((await post(accountsNew.action, '/admin/accounts/new', form, admin)).text).toContain('person.number-taken');
    expect((await post(accountsNew.action, '/admin/accounts/new', { ...form, staffNumber: 'ST-2', startOfDuty: '2020-02-30' }, admin)).text).toContain('field.date');
    expect((await get(accountsCsv.loader, '/admin/accounts.csv', admin)).text).toContain('ST-1,赵倩');
  });
});
