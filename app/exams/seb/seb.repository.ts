import { z } from 'zod';
import { execute, json, maybeOne, type Reader, type Tx } from '~/db';
import { ATTEMPT_STATES } from '../attempt-state';

const SittingRow = z.object({
  id: z.string(), title: z.string(), slug: z.string(), seb: z.enum(['off', 'required']), seb_salt: z.string(), seb_keys: json(z.array(z.string())),
  organisation_path: z.string(), version: z.number(),
}).transform((row) => ({
  id: row.id, title: row.title, examSlug: row.slug, seb: row.seb, sebSalt: row.seb_salt, sebKeys: row.seb_keys,
  organisationPath: row.organisation_path, version: row.version,
}));
export type SittingWithSeb = z.infer<typeof SittingRow>;

/** What Safe Exam Browser needs of a sitting, or null when there is none. */
export const findSittingWithSeb = (from: Reader, sittingId: string): Promise<SittingWithSeb | null> =>
  maybeOne(from, SittingRow, `SELECT s.id, s.title, e.slug, s.seb, s.seb_salt, s.seb_keys, s.version, o.path AS organisation_path
    FROM sittings s JOIN exams e ON e.id = s.exam_id JOIN organisations o ON o.id = s.organisation_id WHERE s.id = $sittingId`, { sittingId });

/** Sets the browser exam keys; 0 rows when somebody else changed the sitting meanwhile. */
export const setExamKeys = (tx: Tx, sittingId: string, version: number, keys: string[]): Promise<number> =>
  execute(tx, 'UPDATE sittings SET seb_keys = $keys, version = version + 1 WHERE id = $sittingId AND version = $version', {
    sittingId, version, keys: JSON.stringify(keys),
  });

const GateRow = z.object({ state: z.enum(ATTEMPT_STATES), sitting_id: z.string().nullable(), seb: z.string().nullable(), exempt: z.number() });

/** How an attempt stands towards Safe Exam Browser; null when there is none. */
export const gateOf = (from: Reader, attemptId: string): Promise<z.infer<typeof GateRow> | null> =>
  maybeOne(from, GateRow, `SELECT a.state, a.sitting_id, s.seb,
      (SELECT COUNT(*) FROM door_exemptions x WHERE x.booking_id = a.booking_id AND x.kind = 'seb' AND x.ended_at IS NULL) AS exempt
    FROM attempts a LEFT JOIN sittings s ON s.id = a.sitting_id WHERE a.id = $attemptId`, { attemptId });

const Found = z.object({ id: z.string() });

/** Whether a person has, or had, a place in the sitting. */
export const hasPlaceIn = async (from: Reader, sittingId: string, personId: string): Promise<boolean> =>
  (await maybeOne(from, Found, 'SELECT id FROM bookings WHERE sitting_id = $sittingId AND person_id = $personId LIMIT 1', { sittingId, personId })) !== null;

/** The attempt that the person has running in the sitting, or null. */
export const runningAttemptIn = async (from: Reader, sittingId: string, personId: string): Promise<string | null> =>
  (await maybeOne(from, Found, `SELECT id FROM attempts WHERE sitting_id = $sittingId AND person_id = $personId AND state = 'in-progress' LIMIT 1`, {
    sittingId, personId,
  }))?.id ?? null;
