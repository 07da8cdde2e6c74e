import { z } from 'zod';
import { rows, type Reader } from '~/db';
import type { PlainDate } from '~/kernel/calendar';

/** An organisation as it was on a day: where it stood and what it was called. */
export interface Unit {
  id: string;
  parentId: string | null;
  code: string;
  name: string;
  path: string;
  /** Where it stands today, by which it is decided who may see it. */
  pathNow: string;
}

const Row = z.object({
  id: z.string(), parent_id: z.string().nullable(), code: z.string(), name: z.string(), path: z.string(), path_now: z.string(),
}).transform((row): Unit => ({ id: row.id, parentId: row.parent_id, code: row.code, name: row.name, path: row.path, pathNow: row.path_now }));

/** What held on the day; before anything was kept, the first that was. */
const onDay = (table: string): string => `COALESCE((SELECT MAX(d.from_on) FROM ${table} d WHERE d.organisation_id = o.id AND d.from_on <= $on),
  (SELECT MIN(d.from_on) FROM ${table} d WHERE d.organisation_id = o.id))`;

/** All organisations as they were on a day, each before what lies beneath it, by code. */
export async function unitsOn(from: Reader, on: PlainDate): Promise<Unit[]> {
  const found = await rows(from, Row, `SELECT o.id, o.code, o.path AS path_now, COALESCE(n.name, o.name) AS name, COALESCE(p.path, o.path) AS path,
      CASE WHEN p.path IS NULL THEN o.parent_id ELSE p.parent_id END AS parent_id
    FROM organisations o
    LEFT JOIN organisation_places p ON p.organisation_id = o.id AND p.from_on = ${onDay('organisation_places')}
    LEFT JOIN organisation_names n ON n.organisation_id = o.id AND n.from_on = ${onDay('organisation_names')}
    ORDER BY o.code, o.id`, { on });
  return inOrder(found);
}

function inOrder(units: readonly Unit[]): Unit[] {
  const known = new Set(units.map(({ id }) => id));
  const beneath = new Map<string | null, Unit[]>();
  for (const unit of units) {
    const parent = unit.parentId !== null && known.has(unit.parentId) ? unit.parentId : null;
    const list = beneath.get(parent);
    if (list) list.push(unit);
    else beneath.set(parent, [unit]);
  }
  const walk = (parent: string | null): Unit[] => (beneath.get(parent) ?? []).flatMap((unit) => [unit, ...walk(unit.id)]);
  return walk(null);
}
