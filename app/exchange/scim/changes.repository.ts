import { z } from 'zod';
import { containing, insert, json, one, rows, type Params, type Reader, type Tx } from '~/db';
import { days, type Instant } from '~/kernel/clock';
import { newId } from '~/kernel/id';
import { within } from '~/people';

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

const SeenRow = z.intersection(Row, z.object({ application_id: z.string(), application: z.string() }));
/** A change, with the directory that made it. */
export type SeenScimChange = ListedScimChange & { applicationId: string; application: string };

export interface SeenQuery {
  /** Organisations of whose directories changes are told. */
  paths: readonly string[];
  filter?: ScimFilter | undefined;
  /** Part of a person's name. */
  search?: string;
  /** From this instant on, and before that one. */
  from?: Instant;
  until?: Instant;
}

const SEEN = `FROM scim_changes x JOIN applications y ON y.id = x.application_id JOIN organisations o ON o.id = y.organisation_id
  LEFT JOIN persons p ON p.id = x.person_id LEFT JOIN scim_groups g ON g.id = x.group_id`;

function seen({ paths, filter, search = '', from, until }: SeenQuery): { where: string; params: Params } {
  const scope = within('o.path', paths);
  const parts = [scope.sql];
  const params: Params = { ...scope.params };
  if (search.trim() !== '') {
    parts.push(`lower(p.name) LIKE $search ESCAPE '!'`);
    params['search'] = containing(search);
  }
  if (from !== undefined && until !== undefined) {
    parts.push('x.at >= $from AND x.at < $until');
    Object.assign(params, { from, until });
  }
  return { where: `WHERE ${parts.join(' AND ')} ${filter ? WHERE[filter] : ''}`, params };
}

/** What the directories of these organisations did, the newest first. */
export async function scimChangesSeen(from: Reader, query: SeenQuery & { page: number; pageSize: number }): Promise<{ changes: SeenScimChange[]; count: number; pageCount: number }> {
  const { where, params } = seen(query);
  const { n: count } = await one(from, z.object({ n: z.number() }), `SELECT COUNT(*) AS n ${SEEN} ${where}`, params);
  const found = await rows(from, SeenRow, `SELECT x.id, x.at, x.what, x.person_id, p.name, g.display_name AS group_name, x.fields, x.warnings, x.problem, x.application_id, y.name AS application ${SEEN} ${where}
    ORDER BY x.at DESC, x.id DESC LIMIT $limit OFFSET $offset`, { ...params, limit: query.pageSize, offset: (query.page - 1) * query.pageSize });
  return { changes: found.map(({ application_id: applicationId, ...row }) => ({ ...row, applicationId })), count, pageCount: Math.max(1, Math.ceil(count / query.pageSize)) };
}

const DayRow = z.object({ day: z.number(), what: z.enum(SCIM_CHANGES), n: z.number(), warned: z.number() });

/** How many changes of each kind there were, by days of the zone that is so many milliseconds from UTC; the latest first. */
export async function scimDays(from: Reader, query: SeenQuery, offset: number, limit: number): Promise<{ start: Instant; counts: Partial<Record<ScimChange, number>>; warnings: number }[]> {
  const { where, params } = seen(query);
  const found = await rows(from, DayRow, `SELECT (x.at + CAST($offset AS BIGINT)) / ${days(1)} AS day, x.what, COUNT(*) AS n, SUM(CASE WHEN x.warnings <> '[]' THEN 1 ELSE 0 END) AS warned
    ${SEEN} ${where} GROUP BY 1, 2 ORDER BY 1 DESC`, { ...params, offset });
  const byDay = new Map<number, { start: Instant; counts: Partial<Record<ScimChange, number>>; warnings: number }>();
  for (const { day, what, n, warned } of found) {
    const known = byDay.get(day) ?? { start: day * days(1) - offset, counts: {}, warnings: 0 };
    known.counts[what] = n;
    known.warnings += warned;
    byDay.set(day, known);
  }
  return [...byDay.values()].slice(0, limit);
}

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
