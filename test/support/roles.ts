import { HttpClient } from './http';
import { toldSignIns, type DemoServer } from './running';

export const ROLES = ['visitor', 'recruit', 'leader', 'hr', 'invigilator', 'adjudicator', 'author', 'administrator'] as const;
export type Role = (typeof ROLES)[number];

/** How the demonstration prints each role. */
const PRINTED: Record<Exclude<Role, 'visitor'>, string> = {
  recruit: 'recruit', leader: 'leader', hr: 'HR officer', invigilator: 'invigilator', adjudicator: 'adjudicator', author: 'author', administrator: 'administrator',
};

/** The cookie of each role's sign-in; the visitor has none. */
export async function signInAll(city: DemoServer): Promise<Map<Role, string | undefined>> {
  const client = new HttpClient(city.url, 1);
  const { password, names } = toldSignIns(city.told);
  const cookies = new Map<Role, string | undefined>();
  for (const role of ROLES) {
    if (role === 'visitor') continue;
    const answer = await client.call('/sign-in', { method: 'POST', form: { name: names[PRINTED[role]] ?? '', password } });
    const cookie = [answer.headers['set-cookie']].flat().map((one) => String(one).split(';')[0]).find((one) => one?.startsWith('sid='));
    if (!cookie) throw new Error(`${role} cannot sign in: ${answer.status}`);
    cookies.set(role, cookie);
  }
  client.close();
  return cookies;
}
