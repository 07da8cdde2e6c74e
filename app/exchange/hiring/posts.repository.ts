import { z } from 'zod';
import { chunks, places, rows, type Params, type Reader } from '~/db';
import { within } from '~/people';
import type { KnownPost } from './match';

const Row = z.object({
  person_id: z.string(), name: z.string(), number: z.string().nullable(), appointment_id: z.string(), start_of_duty: z.string(),
  organisation: z.string(), post: z.string(), guarded: z.number(), started_on: z.string().nullable(),
}).transform((row) => ({
  personId: row.person_id, name: row.name, number: row.number, appointmentId: row.appointment_id, startOfDuty: row.start_of_duty,
  organisation: row.organisation, post: row.post, guarded: row.guarded === 1, startedOn: row.started_on,
}));
/** A post that somebody in scope has, with the number by which people know them and the start that is recorded. */
export type ListedPost = z.infer<typeof Row> & KnownPost;

function postsWhere(from: Reader, paths: readonly string[], condition: string, params: Params): Promise<ListedPost[]> {
  const scope = within('o.path', paths);
  return rows(from, Row, `SELECT ap.person_id, p.name, ap.id AS appointment_id, ap.start_of_duty, o.name AS organisation, ap.post, s.started_on,
      (SELECT MIN(i.value) FROM identifiers i WHERE i.person_id = p.id AND i.kind IN ('recruitment', 'staff')) AS number,
      CASE WHEN EXISTS (SELECT 1 FROM clearances c WHERE c.person_id = ap.person_id AND c.appointment_id = ap.id AND c.gate = 'before-start-of-duty') THEN 1 ELSE 0 END AS guarded
    FROM appointments ap JOIN persons p ON p.id = ap.person_id JOIN organisations o ON o.id = ap.organisation_id
    LEFT JOIN starts s ON s.appointment_id = ap.id AND s.state = 'recorded'
    WHERE ap.ended_on IS NULL AND ${scope.sql} AND ${condition}
    ORDER BY number, p.name, ap.id`, { ...scope.params, ...params });
}

async function postsAmong(from: Reader, paths: readonly string[], column: 'ap.person_id' | 'ap.id', ids: readonly string[]): Promise<ListedPost[]> {
  const found: ListedPost[] = [];
  for (const some of chunks(ids)) {
    const { list, params } = places(some);
    found.push(...await postsWhere(from, paths, `${column} IN (${list})`, params));
  }
  return found;
}

/** The live posts in scope of these people. */
export const postsOfPeople = (from: Reader, paths: readonly string[], personIds: readonly string[]): Promise<ListedPost[]> => postsAmong(from, paths, 'ap.person_id', personIds);

/** These posts, those of them that are live and in scope. */
export const postsById = (from: Reader, paths: readonly string[], appointmentIds: readonly string[]): Promise<ListedPost[]> => postsAmong(from, paths, 'ap.id', appointmentIds);

/** The live posts in scope of an intake, by number. */
export const postsOfIntake = (from: Reader, paths: readonly string[], intakeId: string): Promise<ListedPost[]> => postsWhere(from, paths, 'ap.intake_id = $intakeId', { intakeId });
