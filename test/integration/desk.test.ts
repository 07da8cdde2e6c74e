import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { postgresReachable, scratch } from '../support/databases';
import { HttpClient } from '../support/http';
import { numbersOf, rowsBehind } from '../support/numbers';
import { signInAll, type Role } from '../support/roles';
import { startInProcess, type DemoServer } from '../support/running';

describe.each(['sqlite', 'postgres'] as const)('the HR console of a demonstration city on %s', (dialect) => {
  let city: DemoServer;
  let client: HttpClient;
  let cookies: Map<Role, string | undefined>;
  let remove = async (): Promise<void> => undefined;
  const skip = dialect === 'postgres' && !postgresReachable;

  beforeAll(async () => {
    if (skip) return;
    const place = await scratch(dialect);
    remove = place.remove;
    city = await startInProcess({ demo: true, env: place.choice.kind === 'postgres' ? { DATABASE_URL: place.choice.url } : {} });
    client = new HttpClient(city.url, 2);
    cookies = await signInAll(city);
  }, 300_000);
  afterAll(async () => {
    if (skip) return;
    client.close();
    await city.stop();
    await remove();
  });

  const open = async (path: string, role: Role = 'hr') => (await client.call(path, { cookie: cookies.get(role) ?? '' })).text;

  /** An administrator asks that the credential of the first who may start be revoked: personnel is the second person. */
  const askForRevocation = async () => {
    const clearance = /href="(\/hr\/clearance\/[^"]+)"/.exec(await open('/hr/recruits?status=may-start'))?.[1] ?? '';
    const credential = `/hr/credentials/${/href="\/(?:hr\/)?credentials\/([\w-]+)"/.exec(await open(clearance))?.[1] ?? ''}`;
    const answer = await client.call(credential, {
      method: 'POST', cookie: cookies.get('administrator') ?? '', form: { __form: 'ask', reason: 'issued-in-error', explanation: '培训记录与本人不符，系录入有误。' },
    });
    if (answer.status !== 302) throw new Error(`${credential} answered ${answer.status}`);
  };

  it.skipIf(skip)('shows numbers that are the lengths of the lists they open', async () => {
    await askForRevocation();
    const numbers = numbersOf(await open('/hr'));
    const found: Record<string, number> = {};
    for (const { key, count, to } of numbers) {
      found[key] = count;
      expect([key, to, await rowsBehind(client, to, cookies.get('hr') ?? '')]).toEqual([key, to, count]);
    }
    // The city has people of every fate: there is something to count.
    expect(found['soon-not-yet']).toBeGreaterThan(0);
    expect(found['credential']).toBe(1);
    // The roster that was uploaded and checked, with faults in it.
    expect(found['rosters']).toBe(1);
    expect(found['everybody-not-yet']).toBeGreaterThan(found['everybody-overdue'] ?? 0);
  });

  it.skipIf(skip)('shows each list of what waits as long as it was counted', async () => {
    const all = numbersOf(await open('/hr')).filter(({ to }) => to.startsWith('/hr/waiting')).reduce((sum, { count }) => sum + count, 0);
    expect(await rowsBehind(client, '/hr/waiting', cookies.get('hr') ?? '')).toBe(all);
  });

  it.skipIf(skip)('leads bookmarks of the list that was here once to where it is', async () => {
    const answer = await client.call('/hr?status=overdue&q=x', { cookie: cookies.get('hr') ?? '' });
    expect([answer.status, answer.headers['location']]).toEqual([302, '/hr/recruits?status=overdue&q=x']);
  });
});
