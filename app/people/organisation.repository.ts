import { z } from 'zod';
import { execute, insert, maybeOne, places, rows, type Params, type Reader, type Tx } from '~/db';

const Row = z.object({
  id: z.string(), parent_id: z.string().nullable(), path: z.string(), code: z.string(), name: z.string(), closed_on: z.string().nullable(), version: z.number(),
});

export interface Organisation {
  id: string;
  parentId: string | null;
  /** `/<root id>/…/<own id>/` */
  path: string;
  code: string;
  name: string;
  /** The first day on which it no longer is one to appoint to; null: it is open. */
  closedOn: string | null;
  version: number;
}

const shape = ({ parent_id: parentId, closed_on: closedOn, ...row }: z.infer<typeof Row>): Organisation => ({ ...row, parentId, closedOn });
const COLUMNS = 'id, parent_id, path, code, name, closed_on, version';

export const allOrganisations = async (from: Reader): Promise<Organisation[]> =>
  (await rows(from, Row, `SELECT ${COLUMNS} FROM organisations ORDER BY code`)).map(shape);

export async function findOrganisation(from: Reader, id: string): Promise<Organisation | null> {
  const row = await maybeOne(from, Row, `SELECT ${COLUMNS} FROM organisations WHERE id = $id`, { id });
  return row && shape(row);
}

/** Organisations by their codes, case folded. */
export async function organisationsByCode(from: Reader, codes: string[]): Promise<Map<string, Organisation>> {
  const wanted = [...new Set(codes.map((code) => code.toLowerCase()))];
  if (wanted.length === 0) return new Map();
  const { list, params } = places(wanted);
  const found = await rows(from, Row, `SELECT ${COLUMNS} FROM organisations WHERE lower(code) IN (${list})`, params);
  return new Map(found.map((row) => [row.code.toLowerCase(), shape(row)]));
}

export async function findRoot(from: Reader): Promise<Organisation | null> {
  const row = await maybeOne(from, Row, `SELECT ${COLUMNS} FROM organisations WHERE parent_id IS NULL ORDER BY path LIMIT 1`);
  return row && shape(row);
}

export async function insertOrganisation(tx: Tx, fresh: Omit<Organisation, 'version' | 'closedOn'>, on: string): Promise<void> {
  await insert(tx, 'organisations', [{
    id: fresh.id, parent_id: fresh.parentId, path: fresh.path, code: fresh.code, name: fresh.name, created_at: tx.now,
  }]);
  await insert(tx, 'organisation_places', [{ organisation_id: fresh.id, from_on: on, parent_id: fresh.parentId, path: fresh.path }]);
  await insert(tx, 'organisation_names', [{ organisation_id: fresh.id, from_on: on, name: fresh.name }]);
}

/** Gives another name from a day on, or another code. @returns 0 when somebody changed it after `version` */
export async function rename(tx: Tx, id: string, { name, code }: Pick<Organisation, 'name' | 'code'>, version: number, on: string): Promise<number> {
  const changed = await execute(tx, 'UPDATE organisations SET name = $name, code = $code, version = version + 1 WHERE id = $id AND version = $version', { id, name, code, version });
  if (changed > 0) {
    // Whatever it was to be called later gives way too: the name holds from this day on.
    await execute(tx, 'DELETE FROM organisation_names WHERE organisation_id = $id AND from_on > $on', { id, on });
    await insert(tx, 'organisation_names', [{ organisation_id: id, from_on: on, name }], 'ON CONFLICT (organisation_id, from_on) DO UPDATE SET name = excluded.name');
  }
  return changed;
}

/**
 * The condition that `column` lies in one of the subtrees; nothing does when there are none.
 * Paths hold ids and slashes only, so they need no escaping.
 */
export function within(column: string, paths: readonly string[]): { sql: string; params: Params } {
  if (paths.length === 0) return { sql: '1 = 0', params: {} };
  return {
    sql: `(${paths.map((_, i) => `${column} LIKE $path${i} || '%'`).join(' OR ')})`,
    params: Object.fromEntries(paths.map((path, i) => [`path${i}`, path])),
  };
}
