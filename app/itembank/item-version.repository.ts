import { z } from 'zod';
import { ItemBody, ItemKey } from '~/courses';
import { json, places, rows, type Reader } from '~/db';

const Row = z.object({ id: z.string(), body: json(ItemBody), key: json(ItemKey), explanation: z.string() });
export type ItemVersion = Readonly<z.infer<typeof Row>>;

/** About twenty banks of the usual size, some ten megabytes. */
const MOST = 3000;

/** Versions never change once they are written, so what was read and checked once holds as long as the process. */
const known = new Map<string, ItemVersion>();

/** These versions of items; those that do not exist are missing. What is not known yet is read with one statement. */
export async function versionsOf(from: Reader, ids: readonly string[]): Promise<Map<string, ItemVersion>> {
  const missing = ids.filter((id) => !known.has(id));
  const read = missing.length === 0 ? [] : await readVersions(from, missing);
  const fresh = new Map(read.map((version) => [version.id, version]));
  const found = ids.flatMap((id) => known.get(id) ?? fresh.get(id) ?? []);
  remember(read);
  return new Map(found.map((version) => [version.id, version]));
}

function readVersions(from: Reader, ids: readonly string[]): Promise<ItemVersion[]> {
  const { list, params } = places([...ids]);
  return rows(from, Row, `SELECT id, body, key, explanation FROM item_versions WHERE id IN (${list})`, params);
}

/** Forgets the oldest beyond what there is room for. */
function remember(versions: readonly ItemVersion[]): void {
  for (const version of versions) known.set(version.id, version);
  for (const id of known.keys()) {
    if (known.size <= MOST) return;
    known.delete(id);
  }
}
