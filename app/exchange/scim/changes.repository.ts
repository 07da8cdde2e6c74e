import { z } from 'zod';
import { insert, json, one, rows, type Reader, type Tx } from '~/db';
import { newId } from '~/kernel/id';

export const SCIM_CHANGES = ['created', 'taken-up', 'changed', 'deactivated', 'reactivated', 'removed', 'group-created', 'group-changed', 'group-removed', 'refused'] as const;
export type ScimChange = (typeof SCIM_CHANGES)[number];

/** Something that was done all the same, and that somebody should look at. */
export interface Warning {
  code: 'place-unknown' | 'manager-unknown' | 'number-kept';
  /** What was given. */
  given: string;
}

export interface FreshScimChange {
  what: ScimChange;
  personId?: string | null;
  groupId?: string | null;
  /** Which attributes changed. */
  fields?: readonly string[];
  warnings?: readonly Warning[];
  /** Why it was refused, as the directory was told. */
  problem?: string;
}

export async function noteChange(tx: Tx, applicationId: string, change: FreshScimChange): Promise<void> {
  await insert(tx, 'scim_changes', [{
    id: newId(), application_id: applicationId, at: tx.now, what: change.what, person_id: change.personId ?? null, group_id: change.groupId ?? null,
    fields: JSON.stringify(change.fields ?? []), warnings: JSON.stringify(change.warnings ?? []), problem: change.problem?.slice(0, 300) ?? null,
  }]);
}

const Row = z.object({
  id: z.string(), at: z.number(), what: z.enum(SCIM_CHANGES), person_id: z.string().nullable(), name: z.string().nullable(), group_name: z.string().nullable(),
  fields: json(z.array(z.string())), warnings: json(z.array(z.object({ code: z.enum(['place-unknown', 'manager-unknown', 'number-kept']), given: z.string() }))), problem: z.string().nullable(),
}).transform((row) => ({
  id: row.id, at: row.at, what: row.what, personId: row.person_id, name: row.name, groupName: row.group_name, fields: row.fields, warnings: row.warnings, problem: row.problem,
}));
export type ListedScimChange = z.output<typeof Row>;

/** What to list: everything, what somebody should look at, or what was refused. */
export const SCIM_FILTERS = ['warnings', 'refused'] as const;
export type ScimFilter = (typeof SCIM_FILTERS)[number];

const WHERE: Record<ScimFilter, string> = { warnings: `AND x.warnings <> '[]'`, refused: `AND x.what = 'refused'` };

/** What a directory did, the newest first. */
export async function scimChanges(
  from: Reader, query: { applicationId: string; filter?: ScimFilter | undefined; page: number; pageSize?: number },
): Promise<{ changes: ListedScimChange[]; count: number; pageCount: number }> {
  const pageSize = query.pageSize ?? 50;
  const where = `WHERE x.application_id = $applicationId ${query.filter ? WHERE[query.filter] : ''}`;
  const params = { applicationId: query.applicationId };
  const { n: count } = await one(from, z.object({ n: z.number() }), `SELECT COUNT(*) AS n FROM scim_changes x ${where}`, params);
  const changes = await rows(from, Row, `SELECT x.id, x.at, x.what, x.person_id, p.name, g.display_name AS group_name, x.fields, x.warnings, x.problem
    FROM scim_changes x LEFT JOIN persons p ON p.id = x.person_id LEFT JOIN scim_groups g ON g.id = x.group_id ${where}
    ORDER BY x.at DESC, x.id DESC LIMIT $limit OFFSET $offset`, { ...params, limit: pageSize, offset: (query.page - 1) * pageSize });
  return { changes, count, pageCount: Math.max(1, Math.ceil(count / pageSize)) };
}
