import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { HttpClient } from '../support/http';
import { ROLES, signInAll, type Role } from '../support/roles';
import { startInProcess, toldSignIns, type DemoServer } from '../support/running';
import { ACCESS, type Seen } from '../support/access-table';
import { addressOf, samplesOf } from '../support/samples';

const RouteRecord = z.record(z.string(), z.object({ id: z.string(), parentId: z.string().optional(), path: z.string().optional(), index: z.boolean().optional() }).loose());

/** Every address pattern of the built program: nothing can be served that is not in here. */
function patterns(routes: unknown): { pattern: string; methods: string[] }[] {
  const known = RouteRecord.parse(routes);
  const full = (id: string): string => {
    const route = known[id];
    if (!route || id === 'root') return '';
    return [route.parentId ? full(route.parentId) : '', route.path ?? ''].filter(Boolean).join('/');
  };
  return Object.values(known).filter((route) => route.id !== 'root').map((route) => ({
    pattern: `/${full(route.id)}`,
    methods: methodsOf(route['module']),
  }));
}

function methodsOf(module: unknown): string[] {
  if (typeof module !== 'object' || module === null) return [];
  return ['loader' in module || 'default' in module ? 'GET' : '', 'action' in module ? 'POST' : ''].filter(Boolean);
}

/** What somebody gets to see, folded to what matters for access. */
function seen(status: number, location: string): Seen {
  if (status === 401 || (status >= 300 && status < 400 && location.startsWith('/sign-in'))) return 'sign-in';
  if (status === 403) return 'denied';
  if (status >= 500) return 'broken';
  return 'yes';
}

describe('access', { concurrent: false }, () => {
  let city: DemoServer;
  let client: HttpClient;
  let samples: Record<string, string>;
  let cookies: Map<Role, string | undefined>;

  beforeAll(async () => {
    city = await startInProcess({ demo: true });
    client = new HttpClient(city.url, 4);
    cookies = await signInAll(city);
    samples = await samplesOf(city.dataDir, toldSignIns(city.told).names['recruit'] ?? '');
  });
  afterAll(async () => {
    client.close();
    await city.stop();
  });

  it('is decided for every route, in the table and nowhere else', () => {
    const offered = patterns(city.program.routes).flatMap(({ pattern, methods }) => methods.map((method) => `${method} ${pattern}`)).sort();
    expect([...new Set(offered)]).toEqual(Object.keys(ACCESS).sort());
  });

  it.each(Object.entries(ACCESS))('to %s is what the table says, for every role', async (route, expected) => {
    const [method = '', pattern = ''] = route.split(' ');
    const path = addressOf(pattern, samples);
    const found: Record<string, Seen> = {};
    for (const role of ROLES) {
      const cookie = cookies.get(role);
      const answer = await client.call(path, { ...(cookie && { cookie }), ...(method === 'POST' && { method: 'POST', form: {} }) });
      found[role] = seen(answer.status, String(answer.headers['location'] ?? ''));
    }
    expect(found).toEqual(expected);
  });
});
