import { z } from 'zod';
import { execute, insert, json, maybeOne, one, places, rows, type Params, type Reader, type Tx } from '~/db';
import { APPOINTMENT_KINDS, leadingFirst } from '~/people';
import type { Column, Condition } from './filter';
import type { Given, RegisteredPost, RegisteredUser } from './mapping';

/** For whom the register is read: an application and the subtree in which it acts. */
export interface Sight {
  applicationId: string;
  path: string;
}

const STAFF = `(SELECT MIN(i.value) FROM identifiers i WHERE i.person_id = p.id AND i.kind = 'staff')`;
const RECRUITMENT = `(SELECT MIN(i.value) FROM identifiers i WHERE i.person_id = p.id AND i.kind = 'recruitment')`;
const RUNS = 'EXISTS (SELECT 1 FROM appointments r WHERE r.person_id = p.id AND r.ended_on IS NULL)';
/** Who serves in the subtree; of those who serve nowhere, who served there. */
const SEEN = `s.removed_at IS NULL AND NOT EXISTS (SELECT 1 FROM person_merges m WHERE m.merged_id = p.id AND m.state = 'merged')
  AND EXISTS (SELECT 1 FROM appointments a JOIN organisations o ON o.id = a.organisation_id
    WHERE a.person_id = p.id AND o.path LIKE $path || '%' AND (a.ended_on IS NULL OR NOT ${RUNS}))`;
const FROM = `FROM persons p LEFT JOIN accounts c ON c.person_id = p.id LEFT JOIN scim_users s ON s.person_id = p.id AND s.application_id = $applicationId`;

const served = (condition: string): string => `(SELECT MIN(o.code) FROM appointments a JOIN organisations o ON o.id = a.organisation_id
  WHERE a.person_id = p.id AND a.ended_on IS NULL AND a.nature = 'main' AND ${condition})`;

/** By what users can be found, by attribute in lower case. */
export const USER_COLUMNS: Readonly<Record<string, Column>> = {
  'id': { sql: 'p.id', kind: 'exact' },
  'externalid': { sql: 's.external_id', kind: 'exact' },
  'username': { sql: `COALESCE(c.sign_in_name, ${STAFF}, ${RECRUITMENT}, p.id)`, kind: 'text' },
  'displayname': { sql: 'COALESCE(s.display_name, p.name)', kind: 'text' },
  'name.formatted': { sql: 'p.name', kind: 'text' },
  'active': { sql: `CASE WHEN ${RUNS} AND COALESCE(c.state, '') <> 'closed' THEN 1 ELSE 0 END`, kind: 'flag' },
  'title': { sql: `(SELECT MIN(a.post) FROM appointments a WHERE a.person_id = p.id AND a.ended_on IS NULL AND a.nature = 'main')`, kind: 'text' },
  'emails': { sql: 'p.email', kind: 'text' },
  'emails.value': { sql: 'p.email', kind: 'text' },
  'emails.type': { sql: `CASE WHEN p.email IS NULL THEN NULL ELSE 'work' END`, kind: 'text' },
  'emails.primary': { sql: 'CASE WHEN p.email IS NULL THEN 0 ELSE 1 END', kind: 'flag' },
  'phonenumbers': { sql: 'p.phone', kind: 'text' },
  'phonenumbers.value': { sql: 'p.phone', kind: 'text' },
  'phonenumbers.type': { sql: `CASE WHEN p.phone IS NULL THEN NULL ELSE 'work' END`, kind: 'text' },
  'employeenumber': { sql: STAFF, kind: 'text' },
  'department': { sql: served('1 = 1'), kind: 'text' },
  'organization': { sql: served('1 = 1'), kind: 'text' },
  'meta.created': { sql: 'p.created_at', kind: 'instant' },
  'meta.lastmodified': { sql: 'COALESCE((SELECT MAX(e.recorded_at) FROM ledger_events e WHERE e.person_id = p.id), p.created_at)', kind: 'instant' },
};

const GivenShape = z.looseObject({}).transform((value) => value as Given);
const Row = z.object({
  id: z.string(), name: z.string(), email: z.string().nullable(), phone: z.string().nullable(), created_at: z.number(), changed_at: z.number(), sign_in_name: z.string().nullable(),
  account_state: z.enum(['invited', 'active', 'closed']).nullable(), staff_number: z.string().nullable(), recruitment_number: z.string().nullable(), external_id: z.string().nullable(),
  display_name: z.string().nullable(), given: json(GivenShape).nullable(),
});

const SELECT = `SELECT p.id, p.name, p.email, p.phone, p.created_at, c.sign_in_name, c.state AS account_state, ${STAFF} AS staff_number, ${RECRUITMENT} AS recruitment_number,
  s.external_id, s.display_name, s.given, COALESCE((SELECT MAX(e.recorded_at) FROM ledger_events e WHERE e.person_id = p.id), p.created_at) AS changed_at ${FROM}`;

export interface UserPage {
  condition: Condition | null;
  sort: { sql: string; descending: boolean } | null;
  offset: number;
  limit: number;
}

/** A page of the users in sight, and how many there are: the newest first unless sorted otherwise. */
export async function usersSeen(from: Reader, sight: Sight, { condition, sort, offset, limit }: UserPage): Promise<{ users: RegisteredUser[]; total: number }> {
  const where = `WHERE ${SEEN}${condition ? ` AND ${condition.sql}` : ''}`;
  const params: Params = { ...sight, ...condition?.params };
  const { n: total } = await one(from, z.object({ n: z.number() }), `SELECT COUNT(*) AS n ${FROM} ${where}`, params);
  if (limit === 0) return { users: [], total };
  const order = sort ? `${sort.sql} ${sort.descending ? 'DESC' : 'ASC'}, p.id` : 'p.id DESC';
  const found = await rows(from, Row, `${SELECT} ${where} ORDER BY ${order} LIMIT $limit OFFSET $offset`, { ...params, limit, offset });
  return { users: await whole(from, sight, found), total };
}

/** One user in sight; null when there is none. */
export async function userSeen(from: Reader, sight: Sight, id: string): Promise<RegisteredUser | null> {
  const row = await maybeOne(from, Row, `${SELECT} WHERE ${SEEN} AND p.id = $id`, { ...sight, id });
  return row ? (await whole(from, sight, [row]))[0] ?? null : null;
}

/** Which of these are users in sight. */
export async function seenAmong(from: Reader, sight: Sight, ids: readonly string[]): Promise<Set<string>> {
  if (ids.length === 0) return new Set();
  const { list, params } = places([...ids]);
  const found = await rows(from, z.object({ id: z.string() }), `SELECT p.id ${FROM} WHERE ${SEEN} AND p.id IN (${list})`, { ...sight, ...params });
  return new Set(found.map(({ id }) => id));
}

const PostRow = z.object({
  id: z.string(), person_id: z.string(), organisation_id: z.string(), code: z.string(), organisation: z.string(), kind: z.enum(APPOINTMENT_KINDS), post: z.string(), rank: z.string().nullable(),
  start_of_duty: z.string(), superior_id: z.string().nullable(), superior: z.string().nullable(),
});

async function whole(from: Reader, { applicationId, path }: Sight, found: z.infer<typeof Row>[]): Promise<RegisteredUser[]> {
  if (found.length === 0) return [];
  const { list, params } = places(found.map(({ id }) => id));
  const posts = await rows(from, PostRow, `SELECT a.id, a.person_id, a.organisation_id, o.code, o.name AS organisation, a.kind, a.post, a.rank, a.start_of_duty, a.superior_id, sp.name AS superior
    FROM appointments a JOIN organisations o ON o.id = a.organisation_id LEFT JOIN persons sp ON sp.id = a.superior_id
    WHERE a.person_id IN (${list}) AND a.ended_on IS NULL AND o.path LIKE $path || '%'
    ORDER BY ${leadingFirst('a')}`, { ...params, path });
  const Member = z.object({ id: z.string(), name: z.string(), person_id: z.string() });
  const groups = await rows(from, Member, `SELECT g.id, g.display_name AS name, m.person_id FROM scim_members m JOIN scim_groups g ON g.id = m.group_id
    WHERE g.application_id = $applicationId AND m.person_id IN (${list}) ORDER BY g.id`, { ...params, applicationId });
  return found.map((row): RegisteredUser => {
    const own = posts.filter((post) => post.person_id === row.id);
    const [first] = own;
    const served = [...new Map(own.map((post) => [post.organisation_id, post.organisation])).entries()].map(([id, name]) => ({ id, name }));
    return {
      id: row.id, name: row.name, email: row.email, phone: row.phone, createdAt: row.created_at, changedAt: row.changed_at, signInName: row.sign_in_name, accountState: row.account_state,
      staffNumber: row.staff_number, recruitmentNumber: row.recruitment_number, externalId: row.external_id, displayName: row.display_name, given: row.given ?? {},
      post: first ? postOf(first) : null,
      groups: [...served, ...groups.filter((group) => group.person_id === row.id).map(({ id, name }) => ({ id, name }))],
    };
  });
}

const postOf = (row: z.infer<typeof PostRow>): RegisteredPost => ({
  id: row.id, organisationId: row.organisation_id, organisationCode: row.code, organisationName: row.organisation, kind: row.kind, post: row.post, rank: row.rank,
  startOfDuty: row.start_of_duty, superiorId: row.superior_id, superiorName: row.superior,
});

const KnownRow = z.object({ person_id: z.string(), removed_at: z.number().nullable(), name: z.string() });

/** Whether a directory removed this person and may take them up again; null: it never had them. */
export const removedUser = (from: Reader, applicationId: string, personId: string): Promise<z.infer<typeof KnownRow> | null> =>
  maybeOne(from, KnownRow, `SELECT s.person_id, s.removed_at, p.name FROM scim_users s JOIN persons p ON p.id = s.person_id
    WHERE s.application_id = $applicationId AND s.person_id = $personId AND s.removed_at IS NOT NULL`, { applicationId, personId });

/** Keeps what the directory says beside the register. */
export async function saveUser(tx: Tx, applicationId: string, personId: string, said: { externalId: string | null; displayName: string | null; given: Given }): Promise<void> {
  await insert(tx, 'scim_users', [{
    application_id: applicationId, person_id: personId, external_id: said.externalId, display_name: said.displayName, given: JSON.stringify(said.given), removed_at: null, changed_at: tx.now,
  }], `ON CONFLICT (application_id, person_id) DO UPDATE SET external_id = excluded.external_id, display_name = excluded.display_name, given = excluded.given,
    removed_at = NULL, changed_at = excluded.changed_at`);
}

/** The directory no longer has this person; the register does. */
export async function markRemoved(tx: Tx, applicationId: string, personId: string): Promise<void> {
  await insert(tx, 'scim_users', [{ application_id: applicationId, person_id: personId, external_id: null, display_name: null, given: '{}', removed_at: tx.now, changed_at: tx.now }],
    'ON CONFLICT (application_id, person_id) DO UPDATE SET removed_at = excluded.removed_at, changed_at = excluded.changed_at');
  await execute(tx, 'DELETE FROM scim_members WHERE person_id = $personId AND group_id IN (SELECT id FROM scim_groups WHERE application_id = $applicationId)', { applicationId, personId });
}

const CodeRow = z.object({ id: z.string(), code: z.string(), name: z.string() });

/** An open organisation of the subtree by its code, or by its name where only one has it. */
export async function placeNamed(from: Reader, path: string, text: string): Promise<z.infer<typeof CodeRow> | null> {
  const found = await rows(from, CodeRow, `SELECT id, code, name FROM organisations WHERE closed_on IS NULL AND path LIKE $path || '%' AND (lower(code) = $code OR name = $name)`,
    { path, code: text.toLowerCase(), name: text });
  return found.find((one) => one.code.toLowerCase() === text.toLowerCase()) ?? (found.length === 1 ? found[0] ?? null : null);
}

const AccountRow = z.object({ account_id: z.string(), person_id: z.string().nullable(), state: z.string() });
/** Whose sign-in name this is, folded. */
export const ownerOfName = (from: Reader, name: string): Promise<z.infer<typeof AccountRow> | null> =>
  maybeOne(from, AccountRow, 'SELECT n.account_id, a.person_id, a.state FROM sign_in_names n JOIN accounts a ON a.id = n.account_id WHERE n.name = $name', { name });
