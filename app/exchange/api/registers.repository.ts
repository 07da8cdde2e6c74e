import { z } from 'zod';
import { chunks, places, rows, type Params, type Reader } from '~/db';
import type { Instant } from '~/kernel/clock';
import { APPOINTMENT_KINDS, within } from '~/people';

/** Where a page of a list begins: behind this id. */
export interface From {
  after: string;
  limit: number;
}

const IdRow = z.object({ id: z.string() });

/** People with a running appointment in a subtree, in the order of their ids. */
export async function peopleServing(from: Reader, path: string, { after, limit }: From, personIds: readonly string[] | null): Promise<string[]> {
  const scope = within('o.path', [path]);
  const one = personIds === null ? { sql: '', params: {} } : among('ap.person_id', personIds);
  return (await rows(from, IdRow, `SELECT DISTINCT ap.person_id AS id FROM appointments ap JOIN organisations o ON o.id = ap.organisation_id
    WHERE ap.ended_on IS NULL AND ${scope.sql} AND ap.person_id > $after ${one.sql} ORDER BY ap.person_id LIMIT $limit`, { ...scope.params, ...one.params, after, limit })).map(({ id }) => id);
}

/** People to whom something was assigned on the days of an interval, for an appointment in a subtree, in the order of their ids. */
export async function peopleAssigned(from: Reader, path: string, days: { from: Instant; until: Instant }, { after, limit }: From, personId: string | undefined): Promise<string[]> {
  const scope = within('o.path', [path]);
  const one = personId === undefined ? { sql: '', params: {} } : among('a.person_id', [personId]);
  return (await rows(from, IdRow, `SELECT DISTINCT a.person_id AS id FROM assignments a JOIN appointments ap ON ap.id = a.appointment_id JOIN organisations o ON o.id = ap.organisation_id
    WHERE ${scope.sql} AND a.person_id > $after AND a.assigned_at < $until AND (a.ended_at IS NULL OR a.ended_at >= $from) ${one.sql} ORDER BY a.person_id LIMIT $limit`,
  { ...scope.params, ...one.params, ...days, after, limit })).map(({ id }) => id);
}

function among(column: string, ids: readonly string[]): { sql: string; params: Params } {
  if (ids.length === 0) return { sql: 'AND 1 = 0', params: {} };
  const { list, params } = places([...ids], 'one');
  return { sql: `AND ${column} IN (${list})`, params };
}

const PersonRow = z.object({ id: z.string(), name: z.string(), staff_number: z.string().nullable(), recruitment_number: z.string().nullable() })
  .transform(({ staff_number: staffNumber, recruitment_number: recruitmentNumber, ...row }) => ({ ...row, staffNumber, recruitmentNumber }));
export type NamedPerson = z.output<typeof PersonRow>;

const AppointmentRow = z.object({
  id: z.string(), person_id: z.string(), organisation_id: z.string(), code: z.string(), organisation: z.string(), kind: z.enum(APPOINTMENT_KINDS), nature: z.enum(['main', 'concurrent', 'secondment']),
  post: z.string(), rank: z.string().nullable(), start_of_duty: z.string(), ends_on: z.string().nullable(), ended_on: z.string().nullable(), started_on: z.string().nullable(),
}).transform((row) => ({
  id: row.id, personId: row.person_id, organisation: { id: row.organisation_id, code: row.code, name: row.organisation }, kind: row.kind, nature: row.nature,
  post: row.post, rank: row.rank, startOfDuty: row.start_of_duty, endsOn: row.ends_on, endedOn: row.ended_on, startedOn: row.started_on,
}));
export type PostInScope = z.output<typeof AppointmentRow>;

/** These people by id. */
export async function peopleByIds(from: Reader, ids: readonly string[]): Promise<Map<string, NamedPerson>> {
  const found: NamedPerson[] = [];
  for (const some of chunks(ids)) {
    const { list, params } = places(some);
    found.push(...await rows(from, PersonRow, `SELECT p.id, p.name, (SELECT MIN(i.value) FROM identifiers i WHERE i.person_id = p.id AND i.kind = 'staff') AS staff_number,
      (SELECT MIN(i.value) FROM identifiers i WHERE i.person_id = p.id AND i.kind = 'recruitment') AS recruitment_number FROM persons p WHERE p.id IN (${list})`, params));
  }
  return new Map(found.map((one) => [one.id, one]));
}

/** Appointments of these people in a subtree, also those that ended. */
export async function postsOf(from: Reader, path: string, personIds: readonly string[]): Promise<PostInScope[]> {
  const found: PostInScope[] = [];
  const scope = within('o.path', [path]);
  for (const some of chunks(personIds)) {
    const { list, params } = places(some);
    found.push(...await rows(from, AppointmentRow, `SELECT ap.id, ap.person_id, o.id AS organisation_id, o.code, o.name AS organisation, ap.kind, ap.nature, ap.post, ap.rank, ap.start_of_duty, ap.ends_on,
        ap.ended_on, s.started_on FROM appointments ap JOIN organisations o ON o.id = ap.organisation_id LEFT JOIN starts s ON s.appointment_id = ap.id AND s.state = 'recorded'
      WHERE ${scope.sql} AND ap.person_id IN (${list}) ORDER BY ap.id`, { ...scope.params, ...params }));
  }
  return found;
}

const OrganisationRow = z.object({ id: z.string(), code: z.string(), name: z.string(), parent_id: z.string().nullable(), closed_on: z.string().nullable() })
  .transform(({ parent_id: parentId, closed_on: closedOn, ...row }) => ({ ...row, parentId, closedOn }));

/** Organisations of a subtree, in the order of their ids. */
export function organisationsWithin(from: Reader, path: string, { after, limit }: From) {
  const scope = within('path', [path]);
  return rows(from, OrganisationRow, `SELECT id, code, name, parent_id, closed_on FROM organisations WHERE ${scope.sql} AND id > $after ORDER BY id LIMIT $limit`, { ...scope.params, after, limit });
}

const VersionRow = z.object({ id: z.string(), slug: z.string(), title_zh: z.string(), title_en: z.string() });

/** What programmes are called in these versions, by the version's id. */
export async function programmesByVersion(from: Reader, versionIds: readonly string[]): Promise<Map<string, { slug: string; title: { zh: string; en: string } }>> {
  if (versionIds.length === 0) return new Map();
  const { list, params } = places([...versionIds]);
  const found = await rows(from, VersionRow, `SELECT v.id, g.slug, v.title_zh, v.title_en FROM programme_versions v JOIN programmes g ON g.id = v.programme_id WHERE v.id IN (${list})`, params);
  return new Map(found.map(({ id, slug, title_zh: zh, title_en: en }) => [id, { slug, title: { zh, en } }]));
}

const SittingRow = z.object({
  id: z.string(), code: z.string(), title: z.string(), slug: z.string(), title_zh: z.string(), title_en: z.string(), organisation_id: z.string(), organisation_code: z.string(), organisation: z.string(),
  starts_at: z.number(), ends_at: z.number(), book_until: z.number(), place: z.enum(['rooms', 'remote']), booking: z.enum(['assigned', 'self']), capacity: z.number(), booked: z.number(),
});

/** Planned sittings of a subtree that are not over, in the order of their ids. */
export function sittingsWithin(from: Reader, path: string, now: Instant, { after, limit }: From) {
  const scope = within('o.path', [path]);
  return rows(from, SittingRow, `SELECT t.id, t.code, t.title, e.slug, e.title_zh, e.title_en, o.id AS organisation_id, o.code AS organisation_code, o.name AS organisation, t.starts_at, t.ends_at, t.book_until,
      t.place, t.booking, t.capacity, (SELECT COUNT(*) FROM bookings b WHERE b.sitting_id = t.id AND b.state = 'booked') AS booked
    FROM sittings t JOIN exams e ON e.id = t.exam_id JOIN organisations o ON o.id = t.organisation_id
    WHERE t.state = 'planned' AND t.ends_at > $now AND ${scope.sql} AND t.id > $after ORDER BY t.id LIMIT $limit`, { ...scope.params, now, after, limit });
}
