import { inTransaction } from '~/db';
import { grantRole, openAccount, presetPassword, signInCookie, startSignIn, type Actor, type HeldRole, type Role } from '~/identity';
import { must } from '~/kernel/result';
import { adoptRootOrganisation, createOrganisation, type Organisation } from '~/people';

/** Who asks in tests that need no account: roles by path, for example `{ hr: ['/root/a/'] }`. */
export function anActor(roles: Partial<Record<HeldRole, string[]>> = {}, personId: string | null = null): Actor {
  return {
    accountId: 'a-test', personId, signInId: 's-test', signInName: 'tester', by: 'account:a-test',
    roles: (Object.entries(roles) as [HeldRole, string[]][]).flatMap(([role, paths]) => paths.map((organisationPath) => ({ role, organisationPath }))),
  };
}

/** An actor with every role over the whole deployment. */
export async function aRootActor(): Promise<Actor> {
  const { path } = await adoptRootOrganisation();
  return anActor({ administrator: [path], hr: [path], author: [path], invigilator: [path], inspector: [path] });
}

let made = 0;

/** A new organisation beneath `parent`, or beneath the root. */
export async function anOrganisation(given: { parent?: Organisation; code?: string; name?: string } = {}): Promise<Organisation> {
  const parent = given.parent ?? (await adoptRootOrganisation());
  made += 1;
  return must(await createOrganisation(await aRootActor(), { parentId: parent.id, code: given.code ?? `U${made}`, name: given.name ?? `第 ${made} 单位` }));
}

/** An account that is signed in, and the cookie of its browser. */
export async function aSignedInAccount(given: { name?: string; personId?: string | null; role?: Role; organisationId?: string } = {}): Promise<{ accountId: string; cookie: string }> {
  made += 1;
  const seeder = { by: 'system:a test' } as const;
  return inTransaction(async (tx) => {
    const personId = given.personId ?? null;
    const accountId = must(await openAccount(tx, seeder, { personId, signInName: given.name ?? `tester-${made}` }));
    await presetPassword(tx, accountId, '-');
    if (given.role && given.organisationId) must(await grantRole(tx, seeder, { accountId, role: given.role, organisationId: given.organisationId }));
    const token = await startSignIn(tx, { id: accountId, personId }, { address: '10.0.0.1', agent: 'a test' }, 'test');
    return { accountId, cookie: signInCookie(token).split(';')[0] ?? '' };
  });
}

/** A request as a browser would send it. */
export function aRequest(path: string, given: { cookie?: string; form?: Record<string, string>; address?: string } = {}): Request {
  return new Request(`http://localhost:3000${path}`, {
    ...(given.form && { method: 'POST', body: new URLSearchParams(given.form) }),
    headers: { ...(given.cookie && { cookie: given.cookie }), 'x-shanggang-address': given.address ?? '10.0.0.1' },
  });
}
