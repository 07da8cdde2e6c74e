import { beforeAll, describe, expect, it } from 'vitest';
import { inTransaction } from '~/db';
import { newActivationCode, openAccount } from '~/identity';
import { useConfig } from '~/kernel/config';
import { must } from '~/kernel/result';
import { adoptRootOrganisation } from '~/people';
import * as account from '~/routes/account';
import * as activation from '~/routes/activate';
import * as signIn from '~/routes/sign-in';
import * as signOut from '~/routes/sign-out';
import { aRequest } from '../support/actors';
import { testConfig } from '../support/config';
import { onEveryDatabase } from '../support/databases';
import { answerOf, routeArgs } from '../support/routes';

const PASSWORD = '竹影扫阶尘不动 Kx7';
const by = { by: 'system:a test' } as const;

let numbers = 0;
async function invited(): Promise<{ name: string; code: string }> {
  numbers += 1;
  const name = `ROUTE-${numbers}`;
  return inTransaction(async (tx) => {
    const accountId = must(await openAccount(tx, by, { personId: null, signInName: name }));
    return { name, code: await newActivationCode(tx, by, accountId, 'activate') };
  });
}

const post = (route: { action: (args: ReturnType<typeof routeArgs>) => unknown }, path: string, form: Record<string, string>, cookie?: string) =>
  answerOf(() => route.action(routeArgs(aRequest(path, { form, ...(cookie && { cookie }) }))));
const get = (route: { loader: (args: ReturnType<typeof routeArgs>) => unknown }, path: string, cookie?: string) =>
  answerOf(() => route.loader(routeArgs(aRequest(path, { ...(cookie && { cookie }) }))));
const secondStep = (given: { name: string; code: string }, password = PASSWORD, passwordAgain = password) =>
  ({ __form: 'password', ...given, password, passwordAgain, person: '' });

async function activated(): Promise<{ name: string; cookie: string }> {
  const given = await invited();
  const { cookie } = await post(activation, '/activate', secondStep(given));
  return { name: given.name, cookie: cookie?.split(';')[0] ?? '' };
}

onEveryDatabase('the pages for signing in', () => {
  beforeAll(async () => {
    useConfig(testConfig());
    await adoptRootOrganisation();
  });

  it('lead from the code to the password to the page that was asked for', async () => {
    const given = await invited();
    expect(await post(activation, '/activate', { __form: 'code', ...given })).toMatchObject({ status: 200, text: expect.stringContaining('"step":"password"') as string });
    const done = await post(activation, '/activate?next=%2Fcourses%2Fx', secondStep(given));
    expect(done).toMatchObject({ status: 302, location: '/courses/x' });
    expect(done.cookie).toMatch(/^sid=[\w-]{43}; Path=\/; HttpOnly; SameSite=Lax$/);
  });

  it('say all that a password lacks, keep number and code, and give no password back', async () => {
    const given = await invited();
    const refused = await post(activation, '/activate', secondStep(given, 'abc1234', 'abc12345'));
    expect(refused.status).toBe(422);
    for (const code of ['password.too-short', 'password.differs']) expect(refused.text).toContain(code);
    expect(refused.text).toContain(given.code);
    expect(refused.text).not.toContain('abc1234');
  });

  it('say on the second step too that a code was used meanwhile', async () => {
    const given = await invited();
    await post(activation, '/activate', secondStep(given));
    const late = await post(activation, '/activate', secondStep(given));
    expect(late).toMatchObject({ status: 422, cookie: null });
    expect(late.text).toContain('activation.used');
  });

  it('sign in and go back, never to another site', async () => {
    const { name } = await activated();
    const enter = (next: string) => post(signIn, '/sign-in', { name, password: PASSWORD, next });
    expect(await enter('/attempts/1?page=2')).toMatchObject({ status: 302, location: '/attempts/1?page=2' });
    expect(await enter('https://evil.example/')).toMatchObject({ status: 302, location: '/' });
    expect(await enter('//evil.example/')).toMatchObject({ status: 302, location: '/' });
  });

  it('keep the name but not the password of a sign-in that failed', async () => {
    const refused = await post(signIn, '/sign-in', { name: 'nobody-here', password: 'very secret thing' });
    expect(refused).toMatchObject({ status: 422, cookie: null });
    expect(refused.text).toContain('nobody-here');
    expect(refused.text).not.toContain('very secret thing');
  });

  it('send away who is signed in already', async () => {
    const { cookie } = await activated();
    expect(await get(signIn, '/sign-in?next=%2Fhome', cookie)).toMatchObject({ status: 302, location: '/home' });
  });

  it('sign out by a posted form only', async () => {
    const { cookie } = await activated();
    expect(await answerOf(() => signOut.loader())).toMatchObject({ status: 302, location: '/', cookie: null });
    expect(await get(account, '/account', cookie)).toMatchObject({ status: 200 });
    const left = await post(signOut, '/sign-out', {}, cookie);
    expect(left).toMatchObject({ status: 302, location: '/sign-in?left=1' });
    expect(left.cookie).toContain('Max-Age=0');
    expect(await get(account, '/account', cookie)).toMatchObject({ status: 302, location: '/sign-in?next=%2Faccount' });
  });

  describe('the own account', () => {
    it('shows itself, without any hash', async () => {
      const { name, cookie } = await activated();
      const { text } = await get(account, '/account', cookie);
      expect(text).toContain(name);
      expect(text).not.toContain('argon2');
    });

    it('changes the password with the present one', async () => {
      const { name, cookie } = await activated();
      const next = `${PASSWORD} 新`;
      const change = (currentPassword: string, password: string, passwordAgain = password) =>
        post(account, '/account', { __form: 'password', currentPassword, password, passwordAgain }, cookie);
      expect((await change('wrong', next)).text).toContain('password.wrong');
      expect((await change(PASSWORD, next, `${next}x`)).text).toContain('password.differs');
      expect((await change(PASSWORD, `${name} Kx7 q`)).text).toContain('password.contains-name');
      expect(await change(PASSWORD, next)).toMatchObject({ status: 302, location: '/account?done=password' });
      expect(await post(signIn, '/sign-in', { name, password: next })).toMatchObject({ status: 302 });
    });

    it('signs the other devices out', async () => {
      const { name, cookie } = await activated();
      const other = (await post(signIn, '/sign-in', { name, password: PASSWORD })).cookie?.split(';')[0];
      expect(await post(account, '/account', { __form: 'elsewhere' }, cookie)).toMatchObject({ location: '/account?done=elsewhere' });
      expect(await get(account, '/account', other)).toMatchObject({ status: 302 });
      expect(await get(account, '/account', cookie)).toMatchObject({ status: 200 });
    });
  });
});
