import { z } from 'zod';
import { places, rows, type Reader } from '~/db';

const Row = z.object({ id: z.string(), sign_in_name: z.string(), name: z.string().nullable() });

/** Names of who caused events, by what `by` holds: the person's, else the sign-in name. Parts of the program have none. */
export async function namesOf(from: Reader, causers: readonly string[]): Promise<Map<string, string>> {
  const ids = [...new Set(causers.flatMap((by) => (by.startsWith('account:') ? [by.slice('account:'.length)] : [])))];
  if (ids.length === 0) return new Map();
  const { list, params } = places(ids);
  const found = await rows(from, Row, `SELECT a.id, a.sign_in_name, p.name
    FROM accounts a LEFT JOIN persons p ON p.id = a.person_id WHERE a.id IN (${list})`, params);
  return new Map(found.map((row) => [`account:${row.id}`, row.name ?? row.sign_in_name]));
}
