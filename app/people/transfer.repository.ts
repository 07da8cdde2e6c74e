import { z } from 'zod';
import { execute, insert, maybeOne, rows, type By, type Reader, type Tx } from '~/db';
import type { PlainDate } from '~/kernel/calendar';
import { newId } from '~/kernel/id';
import { within } from './organisation.repository';

export const TRANSFER_STATES = ['proposed', 'accepted', 'refused', 'withdrawn'] as const;

const Row = z.object({
  id: z.string(), person_id: z.string(), name: z.string(), appointment_id: z.string(), kind: z.enum(['recruit', 'staff', 'leader']), post: z.string(), rank: z.string().nullable(),
  start_of_duty: z.string(), from_name: z.string(), from_path: z.string(), organisation_id: z.string(), to_name: z.string(), to_path: z.string(), ends_on: z.string(), reason: z.string(),
  state: z.enum(TRANSFER_STATES), asked_at: z.number(), asked_by: z.string(), decided_at: z.number().nullable(), decided_by: z.string().nullable(), decision_reason: z.string().nullable(),
}).transform((row) => ({
  id: row.id, personId: row.person_id, name: row.name, appointmentId: row.appointment_id, kind: row.kind, post: row.post, rank: row.rank, startOfDuty: row.start_of_duty,
  fromName: row.from_name, fromPath: row.from_path, organisationId: row.organisation_id, toName: row.to_name, toPath: row.to_path, endsOn: row.ends_on, reason: row.reason,
  state: row.state, askedAt: row.asked_at, askedBy: row.asked_by, decidedAt: row.decided_at, decidedBy: row.decided_by, decisionReason: row.decision_reason,
}));
export type Transfer = z.output<typeof Row>;

const SELECT = `SELECT t.id, t.person_id, p.name, t.appointment_id, a.kind, a.post, a.rank, a.start_of_duty, f.name AS from_name, f.path AS from_path, t.organisation_id,
  g.name AS to_name, g.path AS to_path, t.ends_on, t.reason, t.state, t.asked_at, t.asked_by, t.decided_at, t.decided_by, t.decision_reason
  FROM transfers t JOIN persons p ON p.id = t.person_id JOIN appointments a ON a.id = t.appointment_id
  JOIN organisations f ON f.id = a.organisation_id JOIN organisations g ON g.id = t.organisation_id`;

export const findTransfer = (from: Reader, id: string): Promise<Transfer | null> => maybeOne(from, Row, `${SELECT} WHERE t.id = $id`, { id });

/** Transfers that leave or reach an organisation in scope, what waits first, then the newest. */
export function transfersInScope(from: Reader, paths: readonly string[], limit: number): Promise<Transfer[]> {
  const [leaves, reaches] = [within('f.path', paths), within('g.path', paths)];
  return rows(from, Row, `${SELECT} WHERE (${leaves.sql} OR ${reaches.sql}) ORDER BY CASE WHEN t.state = 'proposed' THEN 0 ELSE 1 END, t.asked_at DESC, t.id DESC LIMIT $limit`, { ...leaves.params, limit });
}

export async function insertTransfer(tx: Tx, fresh: { personId: string; appointmentId: string; organisationId: string; endsOn: PlainDate; reason: string }, by: By): Promise<string> {
  const id = newId();
  await insert(tx, 'transfers', [{
    id, person_id: fresh.personId, appointment_id: fresh.appointmentId, organisation_id: fresh.organisationId, ends_on: fresh.endsOn, reason: fresh.reason, state: 'proposed',
    asked_at: tx.now, asked_by: by,
  }]);
  return id;
}

/** @returns 0 when somebody was faster */
export const markTransfer = (tx: Tx, id: string, state: 'accepted' | 'refused' | 'withdrawn', done: { by: By; reason: string; newAppointmentId?: string }): Promise<number> =>
  execute(tx, `UPDATE transfers SET state = $state, decided_at = $now, decided_by = $by, decision_reason = $reason, new_appointment_id = $appointment, version = version + 1
    WHERE id = $id AND state = 'proposed'`, { id, state, by: done.by, reason: done.reason, appointment: done.newAppointmentId ?? null, now: tx.now });

const PlaceRow = z.object({ id: z.string(), person_id: z.string(), ended_on: z.string().nullable(), organisation_id: z.string(), path: z.string(), start_of_duty: z.string() });

export const findPlace = (from: Reader, appointmentId: string) =>
  maybeOne(from, PlaceRow, `SELECT a.id, a.person_id, a.ended_on, a.organisation_id, o.path, a.start_of_duty FROM appointments a JOIN organisations o ON o.id = a.organisation_id
    WHERE a.id = $appointmentId`, { appointmentId });

/** Which transfer of this appointment was accepted and should have ended it. */
export const acceptedTransferOf = (from: Reader, transferId: string) =>
  maybeOne(from, z.object({ appointment_id: z.string(), person_id: z.string(), ends_on: z.string(), decided_by: z.string() }),
    `SELECT appointment_id, person_id, ends_on, decided_by FROM transfers WHERE id = $transferId AND state = 'accepted'`, { transferId });
