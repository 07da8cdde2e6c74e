import { z } from 'zod';
import { accountOf, maybeOne, rows, type Reader } from '~/db';

const AboutRow = z.object({ person_id: z.string(), name: z.string(), organisation_id: z.string(), path: z.string(), title_zh: z.string(), title_en: z.string() });
/** Whom and what an office has decided about. */
export type About = z.infer<typeof AboutRow>;

export const aboutAssignment = (from: Reader, assignmentId: string): Promise<About | null> =>
  maybeOne(from, AboutRow, `SELECT a.person_id, p.name, o.id AS organisation_id, o.path, v.title_zh, v.title_en
    FROM assignments a JOIN persons p ON p.id = a.person_id JOIN appointments ap ON ap.id = a.appointment_id JOIN organisations o ON o.id = ap.organisation_id
      JOIN programme_versions v ON v.id = a.programme_version_id WHERE a.id = $assignmentId`, { assignmentId });

const PostRow = AboutRow.omit({ title_zh: true, title_en: true });

export const aboutAppointment = (from: Reader, appointmentId: string): Promise<z.infer<typeof PostRow> | null> =>
  maybeOne(from, PostRow, `SELECT ap.person_id, p.name, o.id AS organisation_id, o.path
    FROM appointments ap JOIN persons p ON p.id = ap.person_id JOIN organisations o ON o.id = ap.organisation_id WHERE ap.id = $appointmentId`, { appointmentId });

const PersonRow = z.object({ person_id: z.string() });

/** The person behind an account; null for a pure account and for the program itself, whom nobody can tell. */
export const personBehind = async (from: Reader, by: string): Promise<string | null> =>
  (await maybeOne(from, PersonRow, `SELECT person_id FROM accounts WHERE id = ${accountOf('$by')} AND person_id IS NOT NULL AND state <> 'closed'`, { by }))?.person_id ?? null;

const DeciderRow = PersonRow.extend({ depth: z.number() });

/**
 * Who may decide what somebody asked for at a place, as `POLICY` says: administrators there, and HR above it, or there too
 * (`hrThere`). Of the nearest organisation that has any beside who asks and whom it is about.
 */
export async function decidersAt(from: Reader, given: { path: string; by: string; personId: string; hrThere: boolean }): Promise<string[]> {
  const { hrThere, ...params } = given;
  const found = await rows(from, DeciderRow, `SELECT DISTINCT c.person_id, LENGTH(o.path) AS depth FROM roles r JOIN accounts c ON c.id = r.account_id JOIN organisations o ON o.id = r.organisation_id
    WHERE $path LIKE o.path || '%' AND (r.role = 'administrator' OR (r.role = 'hr' ${hrThere ? '' : 'AND o.path <> $path'}))
      AND c.person_id IS NOT NULL AND c.state <> 'closed' AND 'account:' || c.id <> $by AND c.person_id <> $personId`, params);
  const nearest = Math.max(...found.map(({ depth }) => depth));
  return found.filter(({ depth }) => depth === nearest).map(({ person_id }) => person_id).sort();
}
