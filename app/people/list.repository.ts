import { z } from 'zod';
import { containing, one, rows, type Params, type Reader } from '~/db';
import { foldName } from '~/identity';
import { leadingFirst } from './appointments/leading.repository';
import { within } from './organisation.repository';
import { APPOINTMENT_KINDS, type AppointmentKind } from './person.repository';

export interface PeopleQuery {
  /** Organisation paths within which the reader may look; none: nobody is found. */
  paths: readonly string[];
  /** Part of the name, or of a recruitment or staff number. */
  search?: string;
  kind?: AppointmentKind;
  accountState?: 'none' | 'invited' | 'active' | 'closed';
  /** Narrows to one organisation and what lies beneath it. */
  organisationPath?: string;
  intakeId?: string;
  /** From 1. */
  page: number;
  pageSize?: number;
}

const PersonRow = z.object({
  id: z.string(), name: z.string(), number: z.string().nullable(), kind: z.enum(APPOINTMENT_KINDS), post: z.string(),
  start_of_duty: z.string(), organisation_name: z.string(), account_state: z.string().nullable(),
});

export interface ListedPerson {
  id: string;
  name: string;
  /** Recruitment number, or else staff number. */
  number: string | null;
  kind: AppointmentKind;
  post: string;
  startOfDuty: string;
  organisationName: string;
  accountState: 'none' | 'invited' | 'active' | 'closed';
}

const Count = z.object({ n: z.number() });
const AccountState = z.enum(['invited', 'active', 'closed']).nullable().transform((state) => state ?? ('none' as const));

/** People with an appointment in scope, by name; once each, with the main one of those appointments, or else the latest. */
export async function peopleInScope(from: Reader, query: PeopleQuery): Promise<{ people: ListedPerson[]; count: number; pageCount: number }> {
  const pageSize = query.pageSize ?? 50;
  const { sql, params } = conditions(query);
  const joined = `FROM appointments a
    JOIN persons p ON p.id = a.person_id
    JOIN organisations o ON o.id = a.organisation_id
    LEFT JOIN accounts c ON c.person_id = p.id
    WHERE ${sql}`;
  const { n: count } = await one(from, Count, `SELECT COUNT(DISTINCT p.id) AS n ${joined}`, params);
  const found = await rows(from, PersonRow, `SELECT * FROM (
      SELECT p.id, p.name, a.kind, a.post, a.start_of_duty, o.name AS organisation_name, c.state AS account_state,
        (SELECT MIN(i.value) FROM identifiers i WHERE i.person_id = p.id AND i.kind IN ('recruitment', 'staff')) AS number,
        ROW_NUMBER() OVER (PARTITION BY p.id ORDER BY ${leadingFirst('a')}) AS place ${joined}) listed
    WHERE place = 1 ORDER BY name, id LIMIT $limit OFFSET $offset`, { ...params, limit: pageSize, offset: (query.page - 1) * pageSize });
  return {
    people: found.map((row) => ({
      id: row.id, name: row.name, number: row.number, kind: row.kind, post: row.post, startOfDuty: row.start_of_duty,
      organisationName: row.organisation_name, accountState: AccountState.parse(row.account_state),
    })),
    count,
    pageCount: Math.max(1, Math.ceil(count / pageSize)),
  };
}

function conditions(query: PeopleQuery): { sql: string; params: Params } {
  const scope = within('o.path', query.paths);
  const parts = ['a.ended_on IS NULL', scope.sql];
  const params = { ...scope.params };
  const search = query.search?.trim();
  if (search) {
    parts.push(`(lower(p.name) LIKE $search ESCAPE '!' OR EXISTS (SELECT 1 FROM identifiers i
      WHERE i.person_id = p.id AND lower(i.value) LIKE $number ESCAPE '!'))`);
    Object.assign(params, { search: containing(search), number: containing(foldName(search)) });
  }
  const equal = (column: string, name: string, value: string | undefined) => {
    if (!value) return;
    parts.push(`${column} = $${name}`);
    Object.assign(params, { [name]: value });
  };
  equal('a.kind', 'kind', query.kind);
  equal('a.intake_id', 'intakeId', query.intakeId);
  equal("COALESCE(c.state, 'none')", 'state', query.accountState);
  if (query.organisationPath) {
    parts.push(`o.path LIKE $beneath || '%'`);
    Object.assign(params, { beneath: query.organisationPath });
  }
  return { sql: parts.join(' AND '), params };
}
