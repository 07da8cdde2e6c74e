import { z } from 'zod';
import { places, rows, type Reader } from '~/db';

const Row = z.object({ id: z.string(), sign_in_name: z.string(), name: z.string().nullable() });

const ApplicationRow = z.object({ id: z.string(), name: z.string() });

/** Names of who caused events, by what `by` holds: the person's, else the sign-in name; an application's own. Parts of the program have none. */
export async function namesOf(from: Reader, causers: readonly string[]): Promise<Map<string, string>> {
  const names = await applicationNames(from, idsOf('application:', causers));
  const ids = idsOf('account:', causers);
  if (ids.length === 0) return names;
  const { list, params } = places(ids);
  const found = await rows(from, Row, `SELECT a.id, a.sign_in_name, p.name
    FROM accounts a LEFT JOIN persons p ON p.id = a.person_id WHERE a.id IN (${list})`, params);
  for (const row of found) names.set(`account:${row.id}`, row.name ?? row.sign_in_name);
  return names;
}

const idsOf = (kind: string, causers: readonly string[]): string[] => [...new Set(causers.flatMap((by) => (by.startsWith(kind) ? [by.slice(kind.length)] : [])))];

async function applicationNames(from: Reader, ids: string[]): Promise<Map<string, string>> {
  if (ids.length === 0) return new Map();
  const { list, params } = places(ids);
  const found = await rows(from, ApplicationRow, `SELECT id, name FROM applications WHERE id IN (${list})`, params);
  return new Map(found.map((row) => [`application:${row.id}`, row.name]));
}
