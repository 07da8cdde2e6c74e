import { z } from 'zod';
import { containing, one, rows, type Params, type Reader } from '~/db';
import { foldName, isRoot } from '~/identity';
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
  const { serving, person, params } = conditions(query);
  const held = `FROM appointments a JOIN organisations o ON o.id = a.organisation_id WHERE ${serving}`;
  // Whoever sees everybody goes through the names until the page is full; whoever sees few begins with those.
  const isMeant = isWide(query) ? `EXISTS (SELECT 1 ${held} AND a.person_id = p.id)` : `p.id IN (SELECT a.person_id ${held})`;
  const meant = `FROM persons p WHERE ${[isMeant, ...person].join(' AND ')}`;
  const { n: count } = await one(from, Count, `SELECT COUNT(*) AS n ${meant}`, params);
  const found = await rows(from, PersonRow, `SELECT l.id, l.name, t.kind, t.post, t.start_of_duty, u.name AS organisation_name,
      (SELECT c.state FROM accounts c WHERE c.person_id = l.id) AS account_state,
      (SELECT MIN(i.value) FROM identifiers i WHERE i.person_id = l.id AND i.kind IN ('recruitment', 'staff')) AS number
    FROM (SELECT p.id, p.name, (SELECT a.id ${held} AND a.person_id = p.id ORDER BY ${leadingFirst('a')} LIMIT 1) AS appointment_id ${meant}
      ORDER BY p.name, p.id LIMIT $limit OFFSET $offset) l
    JOIN appointments t ON t.id = l.appointment_id JOIN organisations u ON u.id = t.organisation_id ORDER BY l.name, l.id`,
  { ...params, limit: pageSize, offset: (query.page - 1) * pageSize });
  return {
    people: found.map((row) => ({
      id: row.id, name: row.name, number: row.number, kind: row.kind, post: row.post, startOfDuty: row.start_of_duty,
      organisationName: row.organisation_name, accountState: AccountState.parse(row.account_state),
    })),
    count,
    pageCount: Math.max(1, Math.ceil(count / pageSize)),
  };
}

const isWide = ({ paths, organisationPath, intakeId }: PeopleQuery): boolean => paths.some(isRoot) && !organisationPath && !intakeId;

/** What is asked of an appointment `a` in an organisation `o`, and of the person `p`. */
function conditions(query: PeopleQuery): { serving: string; person: string[]; params: Params } {
  const scope = within('o.path', query.paths);
  const serving = ['a.ended_on IS NULL', scope.sql];
  const person: string[] = [];
  const params = { ...scope.params };
  const search = query.search?.trim();
  if (search) {
    // Each list of names and of numbers is gone through once, instead of asking for the numbers of everybody whose name is another.
    person.push(`p.id IN (SELECT n.id FROM persons n WHERE lower(n.name) LIKE $search ESCAPE '!'
      UNION SELECT i.person_id FROM identifiers i WHERE lower(i.value) LIKE $number ESCAPE '!')`);
    Object.assign(params, { search: containing(search), number: containing(foldName(search)) });
  }
  const equal = (parts: string[], column: string, name: string, value: string | undefined) => {
    if (!value) return;
    parts.push(`${column} = $${name}`);
    Object.assign(params, { [name]: value });
  };
  equal(serving, 'a.kind', 'kind', query.kind);
  equal(serving, 'a.intake_id', 'intakeId', query.intakeId);
  equal(person, `COALESCE((SELECT c.state FROM accounts c WHERE c.person_id = p.id), 'none')`, 'state', query.accountState);
  if (query.organisationPath) {
    serving.push(`o.path LIKE $beneath || '%'`);
    Object.assign(params, { beneath: query.organisationPath });
  }
  return { serving: serving.join(' AND '), person, params };
}
