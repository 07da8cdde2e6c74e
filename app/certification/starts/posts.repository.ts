import { z } from 'zod';
import { maybeOne, places, rows, type Reader } from '~/db';

const Row = z.object({
  appointment_id: z.string(), person_id: z.string(), name: z.string(), organisation: z.string(), path: z.string(), post: z.string(),
  kind: z.string(), start_of_duty: z.string(), ended_on: z.string().nullable(), recruitment_number: z.string().nullable(),
});
export type Post = z.infer<typeof Row>;

/** An appointment with whose it is and where, for records about it. */
export const findPost = (from: Reader, appointmentId: string): Promise<Post | null> =>
  maybeOne(from, Row, `SELECT ap.id AS appointment_id, ap.person_id, p.name, o.name AS organisation, o.path, ap.post, ap.kind, ap.start_of_duty, ap.ended_on,
      (SELECT MIN(i.value) FROM identifiers i WHERE i.person_id = ap.person_id AND i.kind = 'recruitment') AS recruitment_number
    FROM appointments ap JOIN persons p ON p.id = ap.person_id JOIN organisations o ON o.id = ap.organisation_id
    WHERE ap.id = $appointmentId`, { appointmentId });

const Title = z.object({ title_zh: z.string(), title_en: z.string() });

/** What a programme is called by its newest version; null when there is none. */
export async function findProgrammeTitle(from: Reader, programmeId: string): Promise<{ zh: string; en: string } | null> {
  const row = await maybeOne(from, Title, `SELECT title_zh, title_en FROM programme_versions WHERE programme_id = $programmeId
    ORDER BY number DESC LIMIT 1`, { programmeId });
  return row && { zh: row.title_zh, en: row.title_en };
}

const Signer = z.object({ by: z.string(), name: z.string() });

/** What those are called who did something: the sign-in name of an account, the name of an application; by `account:<id>` or `application:<id>`. */
export async function signersOf(from: Reader, by: readonly (string | null)[]): Promise<Map<string, string>> {
  const ids = (kind: string): string[] => [...new Set(by.flatMap((one) => (one?.startsWith(kind) ? [one.slice(kind.length)] : [])))];
  const [accounts, applications] = [places(ids('account:'), 'account'), places(ids('application:'), 'application')];
  const parts = [
    ...(accounts.list === '' ? [] : [`SELECT 'account:' || id AS by, sign_in_name AS name FROM accounts WHERE id IN (${accounts.list})`]),
    ...(applications.list === '' ? [] : [`SELECT 'application:' || id AS by, name FROM applications WHERE id IN (${applications.list})`]),
  ];
  if (parts.length === 0) return new Map();
  const found = await rows(from, Signer, parts.join(' UNION ALL '), { ...accounts.params, ...applications.params });
  return new Map(found.map((one) => [one.by, one.name]));
}
