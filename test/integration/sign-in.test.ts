import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { inTransaction, one, reader, rows } from '~/db';
import {
  actorOf, changePassword, checkCode, closeAccount, forgetSignIns, grantRole, openAccount, ownSignIns, signedIn, signIn, signInCookie, signOut,
  signOutElsewhere,
} from '~/identity';
import { LIMITS } from '~/identity/limits.service';
import { advanceClock, clock, days, hours, minutes, resetClock, setClock } from '~/kernel/clock';
import { useConfig } from '~/kernel/config';
import { must } from '~/kernel/result';
import { eventsOf, ledgerCount } from '~/audit';
import { adoptRootOrganisation } from '~/people';
import { aRequest, aSignedInAccount } from '../support/actors';
import { testConfig } from '../support/config';
import { onEveryDatabase } from '../support/databases';
import { activated, asActor, by, invited, origin, PASSWORD } from '../support/sign-ins';

const NOW = Date.UTC(2026, 5, 1, 1);

onEveryDatabase('a sign-in', () => {
  beforeAll(async () => {
    useConfig(testConfig());
    await adoptRootOrganisation();
  });
  beforeEach(() => setClock(NOW));
  afterEach(resetClock);

  describe('signing in', () => {
    it('works with the name in any case and width, and is in the ledger', async () => {
      const { name, accountId } = await activated();
      const { token } = must(await signIn({ name: name.toLowerCase(), password: PASSWORD, ...origin }));
      expect(await asActor(token)).toMatchObject({ accountId });
      const kinds = (await eventsOf(reader(), { kind: 'account', id: accountId })).map((event) => event.kind);
      expect(kinds).toEqual(['sign-in.started', 'sign-in.started', 'account.activated', 'account.code-made', 'account.opened']);
    });

    it('says the same about an unknown name, a wrong password and an account that was never activated', async () => {
      const [{ name }, other] = [await activated(), await invited()];
      const wrong = { ok: false, error: { code: 'sign-in.wrong' } };
      expect(await signIn({ name, password: 'not it at all', ...origin })).toEqual(wrong);
      expect(await signIn({ name: 'NOBODY-2', password: PASSWORD, ...origin })).toEqual(wrong);
      expect(await signIn({ name: other.name, password: PASSWORD, ...origin })).toEqual(wrong);
    });

    it('tells who knows the password that the account is closed', async () => {
      const { name, accountId, token } = await activated();
      await inTransaction(async (tx) => must(await closeAccount(tx, by, accountId, 'left')));
      expect(await signIn({ name, password: PASSWORD, ...origin })).toEqual({ ok: false, error: { code: 'account.closed' } });
      expect(await asActor(token)).toBeNull();
    });

    it('ends the sign-in that the browser had before', async () => {
      const { name, token } = await activated();
      const next = must(await signIn({ name, password: PASSWORD, ...origin }, token));
      expect(await asActor(token)).toBeNull();
      expect(await asActor(next.token)).not.toBeNull();
    });

    it('stores only the hash of what the cookie holds', async () => {
      const { token, accountId } = await activated();
      const stored = await one(reader(), z.object({ token_hash: z.string() }), 'SELECT token_hash FROM sign_ins WHERE account_id = $accountId', { accountId });
      expect(Buffer.from(token, 'base64url')).toHaveLength(32);
      expect(stored.token_hash).toMatch(/^[0-9a-f]{64}$/);
      expect(stored.token_hash).not.toContain(token);
    });

    it('sets a cookie that scripts cannot read, Secure where the address is HTTPS', () => {
      expect(signInCookie('t')).toBe('sid=t; Path=/; HttpOnly; SameSite=Lax');
      useConfig(testConfig({ PUBLIC_URL: 'https://shanggang.example.gov.cn' }));
      expect(signInCookie('t')).toContain('Secure');
      useConfig(testConfig());
    });
  });

  describe('too many tries', () => {
    it('with one name from one address stop for both, right password or not', async () => {
      const { name } = await activated();
      for (let i = 0; i < LIMITS.nameAndAddress.tries; i += 1) {
        expect(await signIn({ name, password: 'wrong', ...origin })).toMatchObject({ error: { code: 'sign-in.wrong' } });
      }
      expect(await signIn({ name, password: PASSWORD, ...origin })).toEqual({ ok: false, error: { code: 'rate.limited', params: { minutes: 15 } } });
      expect(await signIn({ name, password: PASSWORD, ...origin, address: '10.1.1.2' })).toMatchObject({ ok: true });
    });

    it('with one name from many addresses stop for the name', async () => {
      const { name } = await activated();
      for (let i = 0; i < LIMITS.name.tries; i += 1) await signIn({ name, password: 'wrong', agent: '', address: `10.2.0.${i}` });
      expect(await signIn({ name, password: PASSWORD, agent: '', address: '10.2.1.1' })).toMatchObject({ error: { code: 'rate.limited' } });
    });

    it('with many names from one address stop for the address, also for codes', async () => {
      const { name } = await activated();
      const { name: invitedName, code } = await invited();
      const address = '10.3.0.1';
      for (let i = 0; i < LIMITS.address.tries; i += 1) await checkCode({ name: `GUESS-${i}`, code: 'ACDE-3467-FGHJ', address });
      expect(await checkCode({ name: invitedName, code, address })).toMatchObject({ error: { code: 'rate.limited' } });
      expect(await signIn({ name, password: PASSWORD, agent: '', address })).toMatchObject({ ok: true });
    });

    it('are counted also when they are made at once', async () => {
      const { name } = await activated();
      const tries = Array.from({ length: 20 }, () => signIn({ name, password: 'wrong', agent: '', address: '10.4.0.1' }));
      const limited = (await Promise.all(tries)).filter((outcome) => !outcome.ok && outcome.error.code === 'rate.limited');
      expect(limited).toHaveLength(20 - LIMITS.nameAndAddress.tries);
    });

    it('do not add up over sign-ins that succeed', async () => {
      const { name } = await activated();
      for (let i = 0; i < 12; i += 1) expect(await signIn({ name, password: PASSWORD, agent: '', address: '10.5.0.1' })).toMatchObject({ ok: true });
    });
  });

  describe('a sign-in', () => {
    it('ends after twelve hours without a request', async () => {
      const { token } = await activated();
      setClock(NOW + hours(12) - 1);
      expect(await asActor(token)).not.toBeNull();
      advanceClock(hours(12) - 1);
      expect(await asActor(token)).not.toBeNull();
      advanceClock(hours(12));
      expect(await asActor(token)).toBeNull();
    });

    it('ends after seven days however busy it is', async () => {
      const { token } = await activated();
      for (let at = NOW; at < NOW + days(7); at += hours(10)) {
        setClock(at);
        expect(await asActor(token)).not.toBeNull();
      }
      setClock(NOW + days(7));
      expect(await asActor(token)).toBeNull();
    });

    it('is renewed at most once a minute, so that looking at a page writes nothing', async () => {
      const { token, accountId } = await activated();
      const seenAt = async () => (await one(reader(), z.object({ seen_at: z.number() }), 'SELECT seen_at FROM sign_ins WHERE account_id = $accountId', { accountId })).seen_at;
      setClock(NOW + minutes(1) - 1);
      await asActor(token);
      expect(await seenAt()).toBe(NOW);
      setClock(NOW + minutes(1));
      await asActor(token);
      expect(await seenAt()).toBe(NOW + minutes(1));
    });

    it('that nobody made leads to the sign-in page and back', async () => {
      const thrown: unknown = await signedIn(aRequest('/courses/x?lesson=2')).catch((error: unknown) => error);
      expect(thrown).toBeInstanceOf(Response);
      expect((thrown as Response).headers.get('location')).toBe('/sign-in?next=%2Fcourses%2Fx%3Flesson%3D2');
    });

    it('ends by signing out, here or everywhere else', async () => {
      const { name, token } = await activated();
      const second = must(await signIn({ name, password: PASSWORD, ...origin, agent: 'Phone' })).token;
      const actor = await asActor(token);
      if (!actor) throw new Error('not signed in');
      expect((await ownSignIns(actor)).map((one) => [one.agent, one.here])).toEqual(expect.arrayContaining([['Firefox 78', true], ['Phone', false]]));
      expect(await signOutElsewhere(actor)).toBe(1);
      expect(await asActor(second)).toBeNull();
      await signOut(actor);
      expect(await asActor(token)).toBeNull();
    });

    it('is forgotten some time after it ended, one that counts never', async () => {
      const [old, present] = [await activated(), await activated()];
      const actor = await asActor(old.token);
      if (actor) await signOut(actor);
      setClock(NOW + days(1));
      await forgetSignIns(clock.now());
      const left = await rows(reader(), z.object({ account_id: z.string() }), 'SELECT account_id FROM sign_ins');
      expect(left.map((row) => row.account_id)).not.toContain(old.accountId);
      expect(left.map((row) => row.account_id)).toContain(present.accountId);
    });

    it('carries the roles and where they hold', async () => {
      const root = await adoptRootOrganisation();
      const { cookie, accountId } = await aSignedInAccount({ role: 'hr', organisationId: root.id });
      await inTransaction(async (tx) => must(await grantRole(tx, by, { accountId, role: 'author', organisationId: root.id })));
      expect((await actorOf(aRequest('/', { cookie })))?.roles).toEqual([
        { role: 'author', organisationPath: root.path }, { role: 'hr', organisationPath: root.path },
      ]);
    });
  });

  describe('changing the password', () => {
    it('needs the present one, and ends the other sign-ins', async () => {
      const { name, token } = await activated();
      const elsewhere = must(await signIn({ name, password: PASSWORD, ...origin })).token;
      const actor = await asActor(token);
      if (!actor) throw new Error('not signed in');
      const next = `${PASSWORD} 更新`;
      expect(await changePassword(actor, { current: 'wrong', next, address: 'a' })).toMatchObject({ error: { code: 'password.wrong', field: 'currentPassword' } });
      expect(await changePassword(actor, { current: PASSWORD, next: PASSWORD, address: 'a' })).toMatchObject({ error: { code: 'password.unchanged' } });
      expect(await changePassword(actor, { current: PASSWORD, next: `${name}-Kx7v`, address: 'a' })).toMatchObject({ error: { code: 'password.contains-name' } });
      expect(await changePassword(actor, { current: PASSWORD, next, address: 'a' })).toEqual({ ok: true, value: null });
      expect(await asActor(token)).not.toBeNull();
      expect(await asActor(elsewhere)).toBeNull();
      expect(await signIn({ name, password: next, ...origin })).toMatchObject({ ok: true });
    });

    it('is limited like signing in', async () => {
      const { token } = await activated();
      const actor = await asActor(token);
      if (!actor) throw new Error('not signed in');
      for (let i = 0; i < LIMITS.nameAndAddress.tries; i += 1) await changePassword(actor, { current: 'wrong', next: 'x', address: 'b' });
      expect(await changePassword(actor, { current: PASSWORD, next: 'x', address: 'b' })).toMatchObject({ error: { code: 'rate.limited' } });
    });
  });

  it('gives two accounts never the same name', async () => {
    const { name } = await invited();
    const again = await inTransaction((tx) => openAccount(tx, by, { personId: null, signInName: name.toLowerCase() }));
    expect(again).toMatchObject({ error: { code: 'field.taken' } });
  });

  it('writes to the ledger who made a code and why, without the code', async () => {
    const { accountId, code } = await invited();
    const [event] = await eventsOf(reader(), { kind: 'account', id: accountId });
    expect(event).toMatchObject({ kind: 'account.code-made', by: 'system:a test', body: { purpose: 'activate', expiresAt: clock.now() + days(30) } });
    expect(JSON.stringify(event)).not.toContain(code);
    expect(await ledgerCount(reader())).toBeGreaterThan(1);
  });
});
