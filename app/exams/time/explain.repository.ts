import { z } from 'zod';
import { places, rows, type Reader } from '~/db';

const Row = z.object({ id: z.string(), title: z.string() });

/** What incidents are called, by id. */
export async function incidentTitles(from: Reader, ids: readonly string[]): Promise<Map<string, string>> {
  if (ids.length === 0) return new Map();
  const { list, params } = places([...ids]);
  const found = await rows(from, Row, `SELECT id, title FROM incidents WHERE id IN (${list})`, params);
  return new Map(found.map(({ id, title }) => [id, title]));
}
