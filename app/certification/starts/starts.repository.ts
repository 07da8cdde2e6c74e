import { z } from 'zod';
import { accountOf, execute, insert, json, maybeOne, one, places, rows, type Reader, type Tx } from '~/db';
import type { PlainDate } from '~/kernel/calendar';
import type { Ground } from './ground';
import { START_BASES, START_STATES, type Start, type StartBasis, type StartState } from './start';
import { ByText } from './waivers.repository';

/** Written by this room alone and never changed; what it held once must stay readable as it is. */
export const StoredGround = z.custom<Ground>((value) => typeof value === 'object' && value !== null && 'programmes' in value && 'on' in value);

const Row = z.object({
  id: z.string(), person_id: z.string(), appointment_id: z.string(), started_on: z.string(), basis: z.enum(START_BASES), state: z.enum(START_STATES),
  ground: json(StoredGround), reason: z.string(), asked_at: z.number(), asked_by: ByText, decided_at: z.number().nullable(), decided_by: ByText.nullable(),
  decision_reason: z.string().nullable(), cancelled_at: z.number().nullable(), cancelled_by: ByText.nullable(), cancel_reason: z.string().nullable(),
  version: z.number(),
}).transform((row): Start => ({
  id: row.id, personId: row.person_id, appointmentId: row.appointment_id, startedOn: row.started_on, basis: row.basis, state: row.state,
  ground: row.ground, reason: row.reason, askedAt: row.asked_at, askedBy: row.asked_by, decidedAt: row.decided_at, decidedBy: row.decided_by,
  decisionReason: row.decision_reason, cancelledAt: row.cancelled_at, cancelledBy: row.cancelled_by, cancelReason: row.cancel_reason, version: row.version,
}));

const COLUMNS = `id, person_id, appointment_id, started_on, basis, state, ground, reason, asked_at, asked_by, decided_at, decided_by, decision_reason,
  cancelled_at, cancelled_by, cancel_reason, version`;

export const findStart = (from: Reader, id: string): Promise<Start | null> =>
  maybeOne(from, Row, `SELECT ${COLUMNS} FROM starts WHERE id = $id`, { id });

/** All of an appointment, the latest first. */
export const startsOf = (from: Reader, appointmentId: string): Promise<Start[]> =>
  rows(from, Row, `SELECT ${COLUMNS} FROM starts WHERE appointment_id = $appointmentId ORDER BY asked_at DESC, id DESC`, { appointmentId });

export const insertStart = (tx: Tx, start: Start): Promise<number> =>
  insert(tx, 'starts', [{
    id: start.id, person_id: start.personId, appointment_id: start.appointmentId, started_on: start.startedOn, basis: start.basis, state: start.state,
    ground: JSON.stringify(start.ground), reason: start.reason, asked_at: start.askedAt, asked_by: start.askedBy,
  }]);

/** Writes an act down; 0 rows when somebody acted meanwhile. */
export const saveStart = (tx: Tx, { id, version, state, decidedAt, decidedBy, decisionReason, cancelledAt, cancelledBy, cancelReason }: Start): Promise<number> =>
  execute(tx, `UPDATE starts SET state = $state, decided_at = CAST($decidedAt AS BIGINT), decided_by = $decidedBy, decision_reason = $decisionReason,
      cancelled_at = CAST($cancelledAt AS BIGINT), cancelled_by = $cancelledBy, cancel_reason = $cancelReason, version = version + 1
    WHERE id = $id AND version = $version`,
  { id, version, state, decidedAt, decidedBy, decisionReason, cancelledAt, cancelledBy, cancelReason });

const Listed = z.object({
  id: z.string(), person_id: z.string(), name: z.string(), recruitment_number: z.string().nullable(), organisation: z.string(), post: z.string(),
  started_on: z.string(), basis: z.enum(START_BASES), state: z.enum(START_STATES), reason: z.string(), asked_at: z.number(), asker: z.string().nullable(),
  decided_at: z.number().nullable(), decider: z.string().nullable(), assignment_id: z.string().nullable(),
});
export type ListedStart = z.infer<typeof Listed>;

export interface StartFilter {
  /** Organisations under which to look; none means nothing. */
  paths: readonly string[];
  basis?: StartBasis | undefined;
  state?: StartState | undefined;
  from?: PlainDate | undefined;
  until?: PlainDate | undefined;
  /** One organisation and what lies beneath. */
  organisationId?: string | undefined;
}

export const STARTS_PER_PAGE = 50;

/** Starts, what waits for a second person first, then the latest. */
export function listStarts(from: Reader, filter: StartFilter, page: { limit: number; offset: number }): Promise<ListedStart[]> {
  const { where, params } = conditions(filter);
  return rows(from, Listed, `SELECT s.id, s.person_id, p.name, o.name AS organisation, ap.post, s.started_on, s.basis, s.state, s.reason,
      (SELECT MIN(i.value) FROM identifiers i WHERE i.person_id = s.person_id AND i.kind = 'recruitment') AS recruitment_number,
      s.asked_at, ask.sign_in_name AS asker, s.decided_at, dec.sign_in_name AS decider,
      (SELECT MIN(a.id) FROM assignments a WHERE a.appointment_id = s.appointment_id AND a.ended_at IS NULL) AS assignment_id
    ${FROM} LEFT JOIN accounts ask ON ask.id = ${accountOf('s.asked_by')} LEFT JOIN accounts dec ON dec.id = ${accountOf('s.decided_by')}
    WHERE ${where} ORDER BY CASE s.state WHEN 'proposed' THEN 0 ELSE 1 END, s.started_on DESC, s.id DESC LIMIT $limit OFFSET $offset`,
  { ...params, ...page });
}

const Count = z.object({ n: z.number() });

export async function countStarts(from: Reader, filter: StartFilter): Promise<number> {
  const { where, params } = conditions(filter);
  return (await one(from, Count, `SELECT COUNT(*) AS n ${FROM} WHERE ${where}`, params)).n;
}

const FROM = `FROM starts s JOIN appointments ap ON ap.id = s.appointment_id JOIN organisations o ON o.id = ap.organisation_id
  JOIN persons p ON p.id = s.person_id`;

function conditions({ paths, basis, state, from, until, organisationId }: StartFilter) {
  const params: Record<string, string> = Object.fromEntries(paths.map((path, i) => [`path${i}`, `${path}%`]));
  const where = [paths.length === 0 ? '1 = 0' : `(${paths.map((_, i) => `o.path LIKE $path${i}`).join(' OR ')})`];
  const narrow = (condition: string, name: string, value: string | undefined) => {
    if (value === undefined) return;
    where.push(condition);
    params[name] = value;
  };
  narrow('s.basis = $basis', 'basis', basis);
  narrow('s.state = $state', 'state', state);
  narrow('s.started_on >= $from', 'from', from);
  narrow('s.started_on <= $until', 'until', until);
  narrow(`o.path LIKE (SELECT u.path FROM organisations u WHERE u.id = $organisationId) || '%'`, 'organisationId', organisationId);
  return { where: where.join(' AND '), params };
}

const Among = z.object({ assignment_id: z.string(), started_on: z.string(), basis: z.enum(START_BASES), state: z.enum(START_STATES) });
export type StartAmong = z.infer<typeof Among>;

/** Who of these has started, or is to in an emergency, by assignment: one query for a whole list. */
export async function startsAmong(from: Reader, assignmentIds: readonly string[]): Promise<Map<string, StartAmong>> {
  if (assignmentIds.length === 0) return new Map();
  const { list, params } = places([...assignmentIds]);
  const found = await rows(from, Among, `SELECT a.id AS assignment_id, s.started_on, s.basis, s.state FROM assignments a
    JOIN starts s ON s.appointment_id = a.appointment_id AND s.state IN ('proposed', 'recorded') WHERE a.id IN (${list})`, params);
  return new Map(found.map((row) => [row.assignment_id, row]));
}
