import { beforeAll, expect, it } from 'vitest';
import { inTransaction } from '~/db';
import { activate, actorOf, checkCode, firstAdministratorLink, openAccount } from '~/identity';
import { useConfig } from '~/kernel/config';
import { must } from '~/kernel/result';
import { adoptRootOrganisation } from '~/people';
import { aRequest } from '../support/actors';
import { testConfig } from '../support/config';
import { onEveryDatabase } from '../support/databases';

onEveryDatabase('the first start', () => {
  beforeAll(() => useConfig(testConfig()));

  it('gives a link for the first administrator until it is used, and never while others have accounts', async () => {
    await expect(firstAdministratorLink('http://h:1')).rejects.toThrow('root organisation');
    const root = await adoptRootOrganisation();
    expect(await adoptRootOrganisation()).toEqual(root);
    const lost = new URL((await firstAdministratorLink('http://h:1/')) ?? '');
    expect(`${lost.origin}${lost.pathname}`).toBe('http://h:1/activate');
    const link = new URL((await firstAdministratorLink('http://h:1')) ?? '');
    const given = (url: URL) => ({ name: url.searchParams.get('name') ?? '', code: url.searchParams.get('code') ?? '' });
    expect(await checkCode({ ...given(lost), address: 'a' })).toMatchObject({ error: { code: 'activation.replaced' } });
    const { token } = must(await activate({ ...given(link), address: 'a', agent: 'b', password: '竹影扫阶尘不动 Kx7' }));
    expect(await actorOf(aRequest('/home', { cookie: `sid=${token}` }))).toMatchObject({ signInName: 'admin', roles: [{ role: 'administrator', organisationPath: root.path }] });
    expect(await firstAdministratorLink('http://h:1')).toBeNull();
  });
});

onEveryDatabase('an installation that was filled otherwise', () => {
  it('gives no link', async () => {
    useConfig(testConfig());
    await adoptRootOrganisation();
    await inTransaction(async (tx) => must(await openAccount(tx, { by: 'system:a test' }, { personId: null, signInName: 'somebody' })));
    expect(await firstAdministratorLink('http://h:1')).toBeNull();
  });
});
