import { z } from 'zod';
import { one, places, rows, type Params, type Reader } from '~/db';
import type { PlainDate } from '~/kernel/calendar';
import type { Instant } from '~/kernel/clock';

/** A day, and the instant at which it ended. */
export interface AsOf {
  on: PlainDate;
  end: Instant;
}

/** An appointment as it was on a day. */
export interface Post {
  id: string;
  personId: string;
  name: string;
  organisationId: string;
  kind: 'recruit' | 'staff' | 'leader';
  nature: string;
  post: string;
  rank: string | null;
  startOfDuty: PlainDate;
  intakeId: string | null;
  intake: string | null;
}

export interface PostFilter {
  rank?: string | undefined;
  intakeId?: string | undefined;
  kind?: string | undefined;
}

const PostRow = z.object({
  id: z.string(), person_id: z.string(), name: z.string(), organisation_id: z.string(), kind: z.enum(['recruit', 'staff', 'leader']), nature: z.string(), post: z.string(),
  rank: z.string().nullable(), start_of_duty: z.string(), intake_id: z.string().nullable(), intake: z.string().nullable(),
}).transform((row): Post => ({
  id: row.id, personId: row.person_id, name: row.name, organisationId: row.organisation_id, kind: row.kind, nature: row.nature, post: row.post, rank: row.rank,
  startOfDuty: row.start_of_duty, intakeId: row.intake_id, intake: row.intake,
}));

/** Whoever served on the day, or had been appointed by then and not left: who is to start next week is asked about most. */
const HELD = `(a.start_of_duty <= $on OR a.created_at < $end) AND (COALESCE(a.ended_on, a.ends_on) IS NULL OR COALESCE(a.ended_on, a.ends_on) >= $on)`;
/** The organisation that an appointment belonged to, where it has gone on elsewhere since. */
const BEFORE_MOVE = `(SELECT m.from_organisation_id FROM appointment_moves m WHERE m.appointment_id = a.id AND m.moved_on > $on ORDER BY m.moved_on LIMIT 1)`;
const MOVED_SINCE = `EXISTS (SELECT 1 FROM appointment_moves m WHERE m.appointment_id = a.id AND m.moved_on > $on)`;

const COLUMNS = (organisation: string): string =>
  `a.id, a.person_id, p.name, ${organisation} AS organisation_id, a.kind, a.nature, a.post, a.rank, a.start_of_duty, a.intake_id, i.name AS intake`;
const JOINED = 'JOIN persons p ON p.id = a.person_id LEFT JOIN intakes i ON i.id = a.intake_id';

function narrowed({ rank, intakeId, kind }: PostFilter): { sql: string; params: Params } {
  const parts: string[] = [];
  const params: Params = {};
  if (rank === 'none') parts.push(`(a.rank IS NULL OR TRIM(a.rank) = '')`);
  else if (rank) {
    parts.push('TRIM(a.rank) = $rank');
    params['rank'] = rank;
  }
  if (intakeId) {
    parts.push('a.intake_id = $intakeId');
    params['intakeId'] = intakeId;
  }
  if (kind) {
    parts.push('a.kind = $kind');
    params['kind'] = kind;
  }
  return { sql: parts.map((part) => ` AND ${part}`).join(''), params };
}

/** Appointments of an organisation on a day that still belong to it, in the order of their ids, after one of them. */
export function postsOf(from: Reader, { on, end }: AsOf, organisationId: string, filter: PostFilter, after: string, limit: number): Promise<Post[]> {
  const { sql, params } = narrowed(filter);
  return rows(from, PostRow, `SELECT ${COLUMNS('a.organisation_id')} FROM appointments a ${JOINED}
    WHERE a.organisation_id = $organisationId AND a.id > $after AND ${HELD} AND NOT ${MOVED_SINCE}${sql} ORDER BY a.id LIMIT $limit`,
  { ...params, on, end, organisationId, after, limit });
}

/** Appointments that belonged to an organisation on a day and have gone on elsewhere since: never many. */
export function postsMovedFrom(from: Reader, { on, end }: AsOf, organisationId: string, filter: PostFilter): Promise<Post[]> {
  const { sql, params } = narrowed(filter);
  return rows(from, PostRow, `SELECT ${COLUMNS('v.from_organisation_id')} FROM appointment_moves v JOIN appointments a ON a.id = v.appointment_id ${JOINED}
    WHERE v.from_organisation_id = $organisationId AND v.moved_on > $on AND ${HELD}
      AND NOT EXISTS (SELECT 1 FROM appointment_moves m WHERE m.appointment_id = a.id AND m.moved_on > $on AND m.moved_on < v.moved_on)${sql} ORDER BY a.id`,
  { ...params, on, end, organisationId });
}

/** All appointments of these people on a day. */
export async function postsOfPeople(from: Reader, { on, end }: AsOf, personIds: readonly string[]): Promise<Post[]> {
  if (personIds.length === 0) return [];
  const { list, params } = places([...personIds]);
  return rows(from, PostRow, `SELECT ${COLUMNS(`COALESCE(${BEFORE_MOVE}, a.organisation_id)`)} FROM appointments a ${JOINED}
    WHERE a.person_id IN (${list}) AND ${HELD}`, { ...params, on, end });
}

/** Appointments that belonged to an appraisal's organisations on a day, in the order of their ids, after one of them. */
export const postsOfAppraisal = (from: Reader, { on, end }: AsOf, appraisalId: string, after: string, limit: number): Promise<Post[]> =>
  rows(from, PostRow, `SELECT ${COLUMNS('u.organisation_id')} FROM appointments a ${JOINED}
    JOIN appraisal_units u ON u.appraisal_id = $appraisalId AND u.organisation_id = COALESCE(${BEFORE_MOVE}, a.organisation_id)
    WHERE a.id > $after AND ${HELD} ORDER BY a.id LIMIT $limit`, { on, end, appraisalId, after, limit });

const CountRow = z.object({ organisation_id: z.string(), n: z.number() });

/** How many appointments each organisation had on a day. */
export async function postCounts(from: Reader, { on, end }: AsOf, filter: PostFilter): Promise<Map<string, number>> {
  const { sql, params } = narrowed(filter);
  const organisation = `COALESCE(${BEFORE_MOVE}, a.organisation_id)`;
  const found = await rows(from, CountRow, `SELECT ${organisation} AS organisation_id, COUNT(*) AS n FROM appointments a WHERE ${HELD}${sql} GROUP BY ${organisation}`, { ...params, on, end });
  return new Map(found.map((row) => [row.organisation_id, row.n]));
}

const AnyRow = z.object({ n: z.number() });

/** Whether any appointment has gone on elsewhere since a day: mostly none has. */
export const anyMovedSince = async (from: Reader, on: PlainDate): Promise<boolean> =>
  (await one(from, AnyRow, 'SELECT COUNT(*) AS n FROM appointment_moves WHERE moved_on > $on', { on })).n > 0;

const NumberRow = z.object({ person_id: z.string(), kind: z.enum(['recruitment', 'staff']), value: z.string() });

/** Recruitment and staff numbers of these people. */
export async function numbersOfPeople(from: Reader, personIds: readonly string[]): Promise<Map<string, { recruitment?: string; staff?: string }>> {
  const numbers = new Map<string, { recruitment?: string; staff?: string }>();
  if (personIds.length === 0) return numbers;
  const { list, params } = places([...personIds]);
  const found = await rows(from, NumberRow, `SELECT person_id, kind, value FROM identifiers WHERE person_id IN (${list}) AND kind IN ('recruitment', 'staff') ORDER BY value DESC`, params);
  for (const { person_id: id, kind, value } of found) numbers.set(id, { ...numbers.get(id), [kind]: value });
  return numbers;
}
