import { z } from 'zod';
import { maybeOne, places, type Params, type Reader } from '~/db';
import { isRoot, scopePaths, type Actor, type Role } from '~/identity';

/** A condition on attempts `a`: the candidate has an appointment where the actor holds the role. */
export function inScopeOf(actor: Actor, role: Role): { sql: string; params: Params } {
  const paths = scopePaths(actor, role);
  if (paths.some(isRoot)) return { sql: '1 = 1', params: {} };
  if (paths.length === 0) return { sql: '1 = 0', params: {} };
  const { params } = places(paths, 'scope');
  const under = paths.map((_, i) => `o.path LIKE $scope${i} || '%'`).join(' OR ');
  return {
    sql: `EXISTS (SELECT 1 FROM appointments ap JOIN organisations o ON o.id = ap.organisation_id
      WHERE ap.person_id = a.person_id AND ap.ended_on IS NULL AND (${under}))`,
    params,
  };
}

const Known = z.object({ id: z.string() });

/** Whether the actor holds the role over the organisation of a person who has an attempt. */
export async function holdsOver(from: Reader, actor: Actor, role: Role, personId: string): Promise<boolean> {
  const scope = inScopeOf(actor, role);
  const found = await maybeOne(from, Known, `SELECT a.person_id AS id FROM attempts a
    WHERE a.person_id = $personId AND ${scope.sql} LIMIT 1`, { personId, ...scope.params });
  return found !== null;
}
