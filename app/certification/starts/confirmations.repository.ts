import { z } from 'zod';
import { execute, insert, json, maybeOne, one, rows, type By, type Reader, type Tx } from '~/db';
import type { PlainDate } from '~/kernel/calendar';
import type { Instant } from '~/kernel/clock';
import type { Ground } from './ground';
import { StoredGround } from './starts.repository';
import { ByText } from './waivers.repository';

/** That somebody's rank was confirmed at the end of the probation, on what ground, as it was known then. */
export interface Confirmation {
  id: string;
  personId: string;
  appointmentId: string;
  confirmedOn: PlainDate;
  basis: 'clearance' | 'waiver';
  state: 'recorded' | 'cancelled';
  ground: Ground;
  note: string;
  recordedAt: Instant;
  recordedBy: By;
  cancelledAt: Instant | null;
  cancelledBy: By | null;
  cancelReason: string | null;
  version: number;
}

const Row = z.object({
  id: z.string(), person_id: z.string(), appointment_id: z.string(), confirmed_on: z.string(), basis: z.enum(['clearance', 'waiver']),
  state: z.enum(['recorded', 'cancelled']), ground: json(StoredGround), note: z.string(), recorded_at: z.number(), recorded_by: ByText,
  cancelled_at: z.number().nullable(), cancelled_by: ByText.nullable(), cancel_reason: z.string().nullable(), version: z.number(),
}).transform((row): Confirmation => ({
  id: row.id, personId: row.person_id, appointmentId: row.appointment_id, confirmedOn: row.confirmed_on, basis: row.basis, state: row.state,
  ground: row.ground, note: row.note, recordedAt: row.recorded_at, recordedBy: row.recorded_by, cancelledAt: row.cancelled_at,
  cancelledBy: row.cancelled_by, cancelReason: row.cancel_reason, version: row.version,
}));

const COLUMNS = `id, person_id, appointment_id, confirmed_on, basis, state, ground, note, recorded_at, recorded_by, cancelled_at, cancelled_by,
  cancel_reason, version`;

export const findConfirmation = (from: Reader, id: string): Promise<Confirmation | null> =>
  maybeOne(from, Row, `SELECT ${COLUMNS} FROM confirmations WHERE id = $id`, { id });

export const confirmationsOf = (from: Reader, appointmentId: string): Promise<Confirmation[]> =>
  rows(from, Row, `SELECT ${COLUMNS} FROM confirmations WHERE appointment_id = $appointmentId ORDER BY recorded_at DESC, id DESC`, { appointmentId });

export const insertConfirmation = (tx: Tx, given: Pick<Confirmation, 'id' | 'personId' | 'appointmentId' | 'confirmedOn' | 'basis' | 'ground' | 'note' | 'recordedBy'>): Promise<number> =>
  insert(tx, 'confirmations', [{
    id: given.id, person_id: given.personId, appointment_id: given.appointmentId, confirmed_on: given.confirmedOn, basis: given.basis, state: 'recorded',
    ground: JSON.stringify(given.ground), note: given.note, recorded_at: tx.now, recorded_by: given.recordedBy,
  }]);

/** 0 rows when it is cancelled already. */
export const cancelRecorded = (tx: Tx, id: string, by: By, reason: string): Promise<number> =>
  execute(tx, `UPDATE confirmations SET state = 'cancelled', cancelled_at = $at, cancelled_by = $by, cancel_reason = $reason, version = version + 1
    WHERE id = $id AND state = 'recorded'`, { id, at: tx.now, by, reason });

const Probation = z.object({
  appointment_id: z.string(), person_id: z.string(), name: z.string(), organisation: z.string(), post: z.string(), start_of_duty: z.string(),
  started_on: z.string().nullable(), confirmation_id: z.string().nullable(), confirmed_on: z.string().nullable(), recorded_by: z.string().nullable(),
});
export type ProbationRow = z.infer<typeof Probation>;

export interface ProbationFilter {
  paths: readonly string[];
  confirmed: boolean;
}

export const PROBATIONS_PER_PAGE = 50;

/** Recruits by when they began, which is the order in which their probations end. */
export function listProbations(from: Reader, filter: ProbationFilter, page: number): Promise<ProbationRow[]> {
  const { where, params } = conditions(filter);
  return rows(from, Probation, `SELECT ap.id AS appointment_id, ap.person_id, p.name, o.name AS organisation, ap.post, ap.start_of_duty, s.started_on,
      f.id AS confirmation_id, f.confirmed_on, f.recorded_by
    ${FROM} WHERE ${where} ORDER BY COALESCE(s.started_on, ap.start_of_duty), ap.id LIMIT $limit OFFSET $offset`,
  { ...params, limit: PROBATIONS_PER_PAGE, offset: (page - 1) * PROBATIONS_PER_PAGE });
}

const Count = z.object({ n: z.number() });

export async function countProbations(from: Reader, filter: ProbationFilter): Promise<number> {
  const { where, params } = conditions(filter);
  return (await one(from, Count, `SELECT COUNT(*) AS n ${FROM} WHERE ${where}`, params)).n;
}

const FROM = `FROM appointments ap JOIN organisations o ON o.id = ap.organisation_id JOIN persons p ON p.id = ap.person_id
  LEFT JOIN starts s ON s.appointment_id = ap.id AND s.state = 'recorded'
  LEFT JOIN confirmations f ON f.appointment_id = ap.id AND f.state = 'recorded'`;

function conditions({ paths, confirmed }: ProbationFilter) {
  const params: Record<string, string> = Object.fromEntries(paths.map((path, i) => [`path${i}`, `${path}%`]));
  const within = paths.length === 0 ? '1 = 0' : `(${paths.map((_, i) => `o.path LIKE $path${i}`).join(' OR ')})`;
  return { where: `ap.kind = 'recruit' AND ap.ended_on IS NULL AND ${within} AND f.id IS ${confirmed ? 'NOT NULL' : 'NULL'}`, params };
}
