import { z } from 'zod';
import { places, rows, type Params, type Reader } from '~/db';
import { leadingFirst, within } from '~/people';
import { PAPER } from '../sending/channel';

const SlipRow = z.object({
  dispatch_id: z.string(), person_id: z.string(), name: z.string(), post: z.string(), organisation_id: z.string(), organisation: z.string(), text: z.string(), claimed_at: z.number(),
}).transform((row) => ({
  dispatchId: row.dispatch_id, personId: row.person_id, name: row.name, post: row.post, organisationId: row.organisation_id, organisation: row.organisation, text: row.text, since: row.claimed_at,
}));
/** A slip that waits to be handed over, under the unit in which the person mainly serves. */
export type Slip = z.output<typeof SlipRow>;

/** The two results are those of the index of what is open. Who has left gets no slip any more. */
function waiting(paths: readonly string[]): { sql: string; params: Params } {
  const scope = within('o.path', paths);
  return {
    sql: `FROM send_log s JOIN dispatches d ON d.id = s.dispatch_id JOIN persons p ON p.id = d.person_id
      JOIN appointments ap ON ap.id = (SELECT la.id FROM appointments la WHERE la.person_id = d.person_id AND la.ended_on IS NULL ORDER BY ${leadingFirst('la')} LIMIT 1)
      JOIN organisations o ON o.id = ap.organisation_id
      WHERE s.result IN ('sending', 'to-print') AND s.result = 'to-print' AND s.channel = '${PAPER}' AND ${scope.sql}`,
    params: scope.params,
  };
}

const UnitRow = z.object({ id: z.string(), name: z.string(), slips: z.number(), since: z.number() });
export type UnitWithSlips = z.infer<typeof UnitRow>;

/** Units with slips to be handed over, by their place in the tree; `since` is the time of the oldest one. */
export function unitsWithSlips(from: Reader, paths: readonly string[]): Promise<UnitWithSlips[]> {
  const { sql, params } = waiting(paths);
  return rows(from, UnitRow, `SELECT o.id, o.name, COUNT(*) AS slips, MIN(s.claimed_at) AS since ${sql} GROUP BY o.id, o.name, o.path ORDER BY o.path`, params);
}

/** The slips of a unit, by name; those of one person in the order in which they were laid ready. */
export function slipsOf(from: Reader, paths: readonly string[], organisationId: string, limit: number): Promise<Slip[]> {
  const { sql, params } = waiting(paths);
  return rows(from, SlipRow, `SELECT s.dispatch_id, d.person_id, p.name, ap.post, o.id AS organisation_id, o.name AS organisation, s.text, s.claimed_at
    ${sql} AND o.id = $organisationId ORDER BY p.name, p.id, s.claimed_at, s.id LIMIT $limit`, { ...params, organisationId, limit });
}

/** Those of the named slips that wait, and lie in scope. */
export function slipsAmong(from: Reader, paths: readonly string[], dispatchIds: readonly string[]): Promise<Slip[]> {
  if (dispatchIds.length === 0) return Promise.resolve([]);
  const { sql, params } = waiting(paths);
  const { list, params: named } = places([...dispatchIds]);
  return rows(from, SlipRow, `SELECT s.dispatch_id, d.person_id, p.name, ap.post, o.id AS organisation_id, o.name AS organisation, s.text, s.claimed_at ${sql} AND d.id IN (${list})`, { ...params, ...named });
}
