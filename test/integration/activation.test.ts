import { afterEach, beforeAll, beforeEach, expect, it } from 'vitest';
import { z } from 'zod';
import { inTransaction, reader, rows } from '~/db';
import { activate, checkCode, closeAccount, newActivationCode, reopenAccount, signIn } from '~/identity';
import { days, resetClock, setClock } from '~/kernel/clock';
import { useConfig } from '~/kernel/config';
import { must } from '~/kernel/result';
import { adoptRootOrganisation } from '~/people';
import { testConfig } from '../support/config';
import { onEveryDatabase } from '../support/databases';
import { activated, asActor, by, invited, origin, PASSWORD } from '../support/sign-ins';

const NOW = Date.UTC(2026, 5, 1, 1);

onEveryDatabase('an activation code', () => {
  beforeAll(async () => {
    useConfig(testConfig());
    await adoptRootOrganisation();
  });
  beforeEach(() => setClock(NOW));
  afterEach(resetClock);

  it('makes a stranger with number and code a signed-in account, once', async () => {
    const { name, code, accountId } = await invited();
    expect(await checkCode({ name, code, address: '10.1.1.1' })).toMatchObject({ ok: true, value: { accountId, purpose: 'activate' } });
    const { token } = must(await activate({ name, code, ...origin, password: PASSWORD }));
    expect(await asActor(token)).toMatchObject({ accountId, signInName: name, roles: [] });
    expect(await activate({ name, code, ...origin, password: PASSWORD })).toEqual({ ok: false, error: { code: 'activation.used' } });
  });

  it('is accepted in lower case, full width and without dashes, with the number in any case', async () => {
    const { name, code } = await invited();
    const typed = code.toLowerCase().replaceAll('-', ' ');
    expect(await checkCode({ name: `　${name.toLowerCase()}`, code: typed, address: '10.1.1.1' })).toMatchObject({ ok: true });
  });

  it('tells the same about an unknown number, a wrong code and somebody else’s code', async () => {
    const [one, other] = [await invited(), await invited()];
    const wrong = { ok: false, error: { code: 'activation.wrong' } };
    expect(await checkCode({ name: 'NOBODY-1', code: one.code, address: 'a' })).toEqual(wrong);
    expect(await checkCode({ name: one.name, code: 'ACDE-3467-FGHJ', address: 'a' })).toEqual(wrong);
    expect(await checkCode({ name: one.name, code: other.code, address: 'a' })).toEqual(wrong);
  });

  it('says that it is no code at all when it cannot be one', async () => {
    expect(await checkCode({ name: 'x1', code: 'ACDE', address: 'a' })).toEqual({ ok: false, error: { code: 'activation.malformed', field: 'code' } });
  });

  it.each([
    { purpose: 'activate', lasts: days(30) },
    { purpose: 'reset', lasts: days(3) },
  ] as const)('for $purpose expires to the minute', async ({ purpose, lasts }) => {
    const { name, code } = await invited(purpose);
    setClock(NOW + lasts - 1);
    expect(await checkCode({ name, code, address: 'a' })).toMatchObject({ ok: true });
    setClock(NOW + lasts);
    expect(await checkCode({ name, code, address: 'a' })).toEqual({ ok: false, error: { code: 'activation.expired' } });
    expect(await activate({ name, code, ...origin, password: PASSWORD })).toEqual({ ok: false, error: { code: 'activation.expired' } });
  });

  it('stops working when a newer one is made', async () => {
    const { name, code, accountId } = await invited();
    const newer = await inTransaction((tx) => newActivationCode(tx, by, accountId, 'activate'));
    expect(await checkCode({ name, code, address: 'a' })).toEqual({ ok: false, error: { code: 'activation.replaced' } });
    expect(await checkCode({ name, code: newer, address: 'a' })).toMatchObject({ ok: true });
  });

  it('of a closed account says so to who holds it, and works no more after it is reopened', async () => {
    const { name, code, accountId } = await invited();
    await inTransaction(async (tx) => must(await closeAccount(tx, by, accountId, 'left')));
    expect(await checkCode({ name, code, address: 'a' })).toEqual({ ok: false, error: { code: 'account.closed' } });
    await inTransaction(async (tx) => must(await reopenAccount(tx, by, accountId, 'came back')));
    expect(await checkCode({ name, code, address: 'a' })).toEqual({ ok: false, error: { code: 'activation.replaced' } });
  });

  it('is not used up by a weak password', async () => {
    const { name, code } = await invited();
    expect(await activate({ name, code, ...origin, password: 'abc' })).toMatchObject({ ok: false, error: { code: 'password.too-short', field: 'password' } });
    expect(await checkCode({ name, code, address: 'a' })).toMatchObject({ ok: true });
  });

  it('pressed twice at once signs in once', async () => {
    const { name, code } = await invited();
    const outcomes = await Promise.all([1, 2].map(() => activate({ name, code, ...origin, password: PASSWORD })));
    expect(outcomes.map((outcome) => (outcome.ok ? 'in' : outcome.error.code)).sort()).toEqual(['activation.used', 'in']);
  });

  it('for a lost password ends every sign-in with the old one', async () => {
    const { accountId, name, token } = await activated();
    const code = await inTransaction((tx) => newActivationCode(tx, by, accountId, 'reset'));
    expect(await asActor(token)).not.toBeNull();
    must(await activate({ name, code, ...origin, password: `${PASSWORD} 新` }));
    expect(await asActor(token)).toBeNull();
    expect(await signIn({ name, password: PASSWORD, ...origin })).toEqual({ ok: false, error: { code: 'sign-in.wrong' } });
  });

  it('is stored only as a hash', async () => {
    const { code } = await invited();
    const stored = await rows(reader(), z.object({ code_hash: z.string() }), 'SELECT code_hash FROM activation_codes');
    expect(stored.some((row) => row.code_hash.includes(code.slice(0, 4)))).toBe(false);
    expect(stored.every((row) => /^[0-9a-f]{64}$/.test(row.code_hash))).toBe(true);
  });
});
