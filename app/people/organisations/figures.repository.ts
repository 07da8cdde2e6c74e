import { z } from 'zod';
import { one, rows, type Reader } from '~/db';
import { ROLES } from '~/identity';
import { within } from '../organisation.repository';

const Figures = z.object({ people: z.number(), appointments: z.number(), units: z.number(), roles: z.number(), intakes: z.number(), transfers: z.number(), applications: z.number() });
/** How much hangs on an organisation. */
export type OrganisationFigures = z.output<typeof Figures>;

/** What is in the subtree of a path, or in its top alone when `top` is that organisation's path and nothing beneath counts. */
async function figures(from: Reader, belongs: string, params: Record<string, string>): Promise<OrganisationFigures> {
  const count = (table: string, more = ''): string => `(SELECT COUNT(*) FROM ${table} x JOIN organisations o ON o.id = x.organisation_id WHERE ${belongs}${more})`;
  return one(from, Figures, `SELECT
    (SELECT COUNT(DISTINCT x.person_id) FROM appointments x JOIN organisations o ON o.id = x.organisation_id WHERE ${belongs} AND x.ended_on IS NULL) AS people,
    ${count('appointments', ' AND x.ended_on IS NULL')} AS appointments,
    (SELECT COUNT(*) FROM organisations o WHERE o.closed_on IS NULL AND o.path LIKE $path || '_%') AS units,
    ${count('roles')} AS roles, ${count('intakes')} AS intakes, ${count('transfers', ` AND x.state = 'proposed'`)} AS transfers,
    ${count('applications', ' AND x.revoked_at IS NULL')} AS applications`, params);
}

/** An organisation with all that lies beneath it. */
export const figuresBeneath = (from: Reader, path: string): Promise<OrganisationFigures> => figures(from, `o.path LIKE $path || '%'`, { path });

/** An organisation by itself; `units` are those beneath it all the same. */
export const figuresOf = (from: Reader, path: string): Promise<OrganisationFigures> => figures(from, 'o.path = $path', { path });

const HeadRow = z.object({ organisation_id: z.string(), people: z.number() });

/** How many serve in each organisation itself, by its id; where nobody does it is missing. One statement. */
export async function peopleByOrganisation(from: Reader, paths: readonly string[]): Promise<Map<string, number>> {
  const scope = within('o.path', paths);
  const found = await rows(from, HeadRow, `SELECT a.organisation_id, COUNT(DISTINCT a.person_id) AS people FROM appointments a JOIN organisations o ON o.id = a.organisation_id
    WHERE a.ended_on IS NULL AND ${scope.sql} GROUP BY a.organisation_id`, scope.params);
  return new Map(found.map((row) => [row.organisation_id, row.people]));
}

const RoleRow = z.object({
  id: z.string(), role: z.enum(ROLES), organisation_id: z.string(), organisation: z.string(), path: z.string(), account_id: z.string(), sign_in_name: z.string(), name: z.string().nullable(),
  state: z.enum(['invited', 'active', 'closed']),
});
/** Who holds which role where. */
export type HeldRoleRow = z.output<typeof RoleRow>;

const ROLE_ROWS = `SELECT r.id, r.role, r.organisation_id, o.name AS organisation, o.path, c.id AS account_id, c.sign_in_name, p.name, c.state
  FROM roles r JOIN organisations o ON o.id = r.organisation_id JOIN accounts c ON c.id = r.account_id LEFT JOIN persons p ON p.id = c.person_id`;

/** Roles held in these subtrees, organisation by organisation. */
export function rolesWithin(from: Reader, paths: readonly string[], role?: (typeof ROLES)[number]): Promise<HeldRoleRow[]> {
  const scope = within('o.path', paths);
  return rows(from, RoleRow, `${ROLE_ROWS} WHERE ${scope.sql}${role ? ' AND r.role = $role' : ''} ORDER BY o.path, r.role, c.sign_in_name`, { ...scope.params, ...(role && { role }) });
}

/** Roles that reach an organisation: held over it or over a superior, the nearest first. */
export const rolesReaching = (from: Reader, path: string): Promise<HeldRoleRow[]> =>
  rows(from, RoleRow, `${ROLE_ROWS} WHERE $path LIKE o.path || '%' ORDER BY LENGTH(o.path) DESC, r.role, c.sign_in_name`, { path });
