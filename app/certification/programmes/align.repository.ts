import { z } from 'zod';
import { one, rows, type Params, type Reader } from '~/db';
import { appliesSql } from './applies-sql';
import { FRESH, type ReachOf } from './reach.repository';

/** A subtree, and the path at which its top stands or would stand. Moved, that is a path of its own; merged, the path of what it goes into. */
export interface Placing {
  from: string;
  to: string;
}

const FROM = `FROM appointments ap JOIN (SELECT id, CAST($to AS TEXT) || substr(path, $rest) AS path FROM organisations WHERE path LIKE $from || '%') o ON o.id = ap.organisation_id`;

const placed = ({ from, to }: Placing): Params => ({ from, to, rest: from.length + 1 });

const Id = z.object({ id: z.string() });
const Count = z.object({ n: z.number() });

interface Condition {
  sql: string;
  params: Params;
}

function starting({ programmeId, appliesTo }: ReachOf, placing: Placing): Condition {
  const rule = appliesSql(appliesTo);
  return { sql: `${FROM} WHERE ap.ended_on IS NULL AND ${rule.sql} AND ${FRESH}`, params: { ...rule.params, ...placed(placing), programmeId } };
}

type HeldVersion = Pick<ReachOf, 'appliesTo'> & { versionId: string };

function ending({ versionId, appliesTo }: HeldVersion, placing: Placing): Condition {
  const rule = appliesSql(appliesTo);
  return {
    sql: `${FROM} JOIN assignments a ON a.appointment_id = ap.id WHERE a.programme_version_id = $versionId AND a.ended_at IS NULL AND NOT (${rule.sql})`,
    params: { ...rule.params, ...placed(placing), versionId },
  };
}

const idsOf = async (from: Reader, { sql, params }: Condition): Promise<string[]> => (await rows(from, Id, `SELECT DISTINCT ap.id ${sql} ORDER BY ap.id`, params)).map(({ id }) => id);
const countOf = async (from: Reader, { sql, params }: Condition): Promise<number> => (await one(from, Count, `SELECT COUNT(DISTINCT ap.id) AS n ${sql}`, params)).n;

/** Appointments in the subtree that the programme applies to there and that do not hold it. */
export const startingIn = (from: Reader, of: ReachOf, placing: Placing): Promise<string[]> => idsOf(from, starting(of, placing));
export const countStarting = (from: Reader, of: ReachOf, placing: Placing): Promise<number> => countOf(from, starting(of, placing));

/** Appointments in the subtree whose assignment of this version ends there. */
export const endingIn = (from: Reader, of: HeldVersion, placing: Placing): Promise<string[]> => idsOf(from, ending(of, placing));
export const countEnding = (from: Reader, of: HeldVersion, placing: Placing): Promise<number> => countOf(from, ending(of, placing));
