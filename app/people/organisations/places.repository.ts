import { z } from 'zod';
import { rows, type Reader } from '~/db';
import type { PlainDate } from '~/kernel/calendar';

const Row = z.object({ id: z.string(), code: z.string(), name: z.string(), parent_id: z.string().nullable(), path: z.string(), closed_on: z.string().nullable() });

/** An organisation as it was on a day. */
export interface PlacedOrganisation {
  id: string;
  code: string;
  name: string;
  parentId: string | null;
  path: string;
}

/** Of the rows of a history the one that holds on a day: the last that began by then. */
const latest = (table: string): string =>
  `(SELECT MAX(q.from_on) FROM ${table} q WHERE q.organisation_id = o.id AND q.from_on <= $day)`;

/**
 * The organisations of a day: where each stood, what it was called, without those that were closed by then or not yet
 * there. By code.
 */
export const organisationsOn = async (from: Reader, day: PlainDate): Promise<PlacedOrganisation[]> =>
  (await rows(from, Row, `SELECT o.id, o.code, n.name, p.parent_id, p.path, o.closed_on FROM organisations o
    JOIN organisation_places p ON p.organisation_id = o.id AND p.from_on = ${latest('organisation_places')}
    JOIN organisation_names n ON n.organisation_id = o.id AND n.from_on = ${latest('organisation_names')}
    WHERE o.closed_on IS NULL OR o.closed_on > $day ORDER BY o.code`, { day }))
    .map(({ parent_id: parentId, closed_on: _closed, ...row }) => ({ ...row, parentId }));

/**
 * For reports as of a day, joined to `ap` (appointments): `o` is the organisation to which the appointment belonged on the day `$day`, with
 * the path and the name that it had. An organisation that was registered later counts as it was when it was registered, so that nobody is
 * missing.
 */
export const PLACED_ON_DAY = `JOIN (SELECT u.id, u.code, pl.path, nm.name FROM organisations u
    JOIN organisation_places pl ON pl.organisation_id = u.id AND pl.from_on = COALESCE(
      (SELECT MAX(q.from_on) FROM organisation_places q WHERE q.organisation_id = u.id AND q.from_on <= $day), (SELECT MIN(q.from_on) FROM organisation_places q WHERE q.organisation_id = u.id))
    JOIN organisation_names nm ON nm.organisation_id = u.id AND nm.from_on = COALESCE(
      (SELECT MAX(q.from_on) FROM organisation_names q WHERE q.organisation_id = u.id AND q.from_on <= $day), (SELECT MIN(q.from_on) FROM organisation_names q WHERE q.organisation_id = u.id))) o
  ON o.id = COALESCE((SELECT m.from_organisation_id FROM appointment_moves m WHERE m.appointment_id = ap.id AND m.moved_on > $day ORDER BY m.moved_on LIMIT 1), ap.organisation_id)`;

const NameRow = z.object({ from_on: z.string(), name: z.string() });
/** The names of an organisation, the latest first. */
export const namesOfOrganisation = (from: Reader, organisationId: string): Promise<z.infer<typeof NameRow>[]> =>
  rows(from, NameRow, 'SELECT from_on, name FROM organisation_names WHERE organisation_id = $organisationId ORDER BY from_on DESC', { organisationId });

const PlaceRow = z.object({ from_on: z.string(), parent: z.string().nullable() });
/** Under what an organisation stood, the latest first; a superior that moved itself is not told again. */
export const parentsOfOrganisation = async (from: Reader, organisationId: string): Promise<z.infer<typeof PlaceRow>[]> => {
  const found = await rows(from, PlaceRow, `SELECT p.from_on, o.name AS parent FROM organisation_places p LEFT JOIN organisations o ON o.id = p.parent_id
    WHERE p.organisation_id = $organisationId ORDER BY p.from_on DESC`, { organisationId });
  return found.filter((row, i) => found[i + 1]?.parent !== row.parent);
};
