import { z } from 'zod';
import { chunks, execute, insert, maybeOne, one, places, rows, type Reader, type Tx } from '~/db';
import type { PlainDate } from '~/kernel/calendar';
import { APPOINTMENT_KINDS, type AppointmentKind } from '../person.repository';
import { leadingFirst } from './leading.repository';
import { NATURES, type Nature, type Term } from './nature';

const Row = z.object({
  id: z.string(), person_id: z.string(), organisation_id: z.string(), path: z.string(), kind: z.enum(APPOINTMENT_KINDS), nature: z.enum(NATURES), post: z.string(),
  rank: z.string().nullable(), start_of_duty: z.string(), ends_on: z.string().nullable(), ended_on: z.string().nullable(), superior_id: z.string().nullable(), version: z.number(),
}).transform((row) => ({
  id: row.id, personId: row.person_id, organisationId: row.organisation_id, organisationPath: row.path, kind: row.kind, nature: row.nature, post: row.post, rank: row.rank,
  startOfDuty: row.start_of_duty, endsOn: row.ends_on, endedOn: row.ended_on, superiorId: row.superior_id, version: row.version,
}));

/** An appointment as it is changed. */
export type HeldAppointment = z.output<typeof Row>;

const SELECT = `SELECT a.id, a.person_id, a.organisation_id, o.path, a.kind, a.nature, a.post, a.rank, a.start_of_duty, a.ends_on, a.ended_on, a.superior_id, a.version
  FROM appointments a JOIN organisations o ON o.id = a.organisation_id`;

export const findHeld = (from: Reader, id: string): Promise<HeldAppointment | null> => maybeOne(from, Row, `${SELECT} WHERE a.id = $id`, { id });

/** A person's appointments that have not ended, the main one first. */
export const heldBy = (from: Reader, personId: string): Promise<HeldAppointment[]> =>
  rows(from, Row, `${SELECT} WHERE a.person_id = $personId AND a.ended_on IS NULL
    ORDER BY ${leadingFirst('a')}`, { personId });

const MainRow = z.object({ id: z.string(), person_id: z.string(), start_of_duty: z.string(), ends_on: z.string().nullable() });

/** The terms of main appointments that have not ended, by person. */
export async function mainTerms(from: Reader, personIds: readonly string[]): Promise<Map<string, (Term & { id: string })[]>> {
  const terms = new Map<string, (Term & { id: string })[]>();
  for (const some of chunks(personIds)) {
    const { list, params } = places(some);
    const found = await rows(from, MainRow, `SELECT id, person_id, start_of_duty, ends_on FROM appointments WHERE nature = 'main' AND ended_on IS NULL AND person_id IN (${list})`, params);
    for (const row of found) terms.set(row.person_id, [...(terms.get(row.person_id) ?? []), { id: row.id, from: row.start_of_duty, until: row.ends_on }]);
  }
  return terms;
}

/** What can be corrected of an appointment. */
export interface AppointmentFields {
  kind: AppointmentKind;
  nature: Nature;
  post: string;
  rank: string | null;
  startOfDuty: PlainDate;
  endsOn: PlainDate | null;
  superiorId: string | null;
}

/** @returns 0 when somebody changed it after `version` */
export const saveFields = (tx: Tx, id: string, version: number, f: AppointmentFields): Promise<number> =>
  execute(tx, `UPDATE appointments SET kind = $kind, nature = $nature, post = $post, rank = $rank, start_of_duty = $start, ends_on = $endsOn, superior_id = $superior,
    version = version + 1 WHERE id = $id AND version = $version`, {
    id, version, kind: f.kind, nature: f.nature, post: f.post, rank: f.rank, start: f.startOfDuty, endsOn: f.endsOn, superior: f.superiorId,
  });

/** Plans the last day. @returns 0 when it has ended already */
export const planEnd = (tx: Tx, id: string, endsOn: PlainDate): Promise<number> =>
  execute(tx, 'UPDATE appointments SET ends_on = $endsOn, version = version + 1 WHERE id = $id AND ended_on IS NULL', { id, endsOn });

/** @returns 0 when it has ended already */
export const markEnded = (tx: Tx, id: string, endedOn: PlainDate): Promise<number> =>
  execute(tx, 'UPDATE appointments SET ended_on = $endedOn, version = version + 1 WHERE id = $id AND ended_on IS NULL', { id, endedOn });

/** The appointment goes on in another organisation. @returns 0 when it has ended or was moved meanwhile */
export const place = (tx: Tx, id: string, version: number, organisationId: string): Promise<number> =>
  execute(tx, 'UPDATE appointments SET organisation_id = $organisationId, version = version + 1 WHERE id = $id AND version = $version AND ended_on IS NULL', { id, version, organisationId });

/** Where appointments belonged until the day before. Of two moves on one day the first tells where from and the last where to. */
export async function noteMoved(tx: Tx, moves: readonly { id: string; from: string; to: string }[], on: PlainDate, changeId: string | null): Promise<void> {
  await insert(tx, 'appointment_moves', moves.map(({ id, from, to }) => ({
    appointment_id: id, moved_on: on, change_id: changeId, from_organisation_id: from, to_organisation_id: to,
  })), 'ON CONFLICT (appointment_id, moved_on) DO UPDATE SET to_organisation_id = excluded.to_organisation_id, change_id = excluded.change_id');
}

const AroundRow = z.object({ name: z.string(), organisation: z.string(), superior: z.string().nullable() });

/** Whose appointment it is, where, and by what number the superior is known. */
export const namesAround = (from: Reader, id: string): Promise<z.infer<typeof AroundRow>> =>
  one(from, AroundRow, `SELECT p.name, o.name AS organisation,
      (SELECT MAX(i.value) FROM identifiers i WHERE i.person_id = a.superior_id AND i.kind IN ('recruitment', 'staff')) AS superior
    FROM appointments a JOIN persons p ON p.id = a.person_id JOIN organisations o ON o.id = a.organisation_id WHERE a.id = $id`, { id });

const MoveRow = z.object({ moved_on: z.string(), from_name: z.string(), to_name: z.string() });

/** Where an appointment went on, the latest first. */
export const movesOf = async (from: Reader, id: string): Promise<{ on: PlainDate; from: string; to: string }[]> =>
  (await rows(from, MoveRow, `SELECT m.moved_on, f.name AS from_name, t.name AS to_name FROM appointment_moves m
    JOIN organisations f ON f.id = m.from_organisation_id JOIN organisations t ON t.id = m.to_organisation_id
    WHERE m.appointment_id = $id ORDER BY m.moved_on DESC`, { id })).map((row) => ({ on: row.moved_on, from: row.from_name, to: row.to_name }));

const IdRow = z.object({ id: z.string() });

/** Appointments whose planned last day is over and that have not ended. */
export const overdueEnds = async (from: Reader, today: PlainDate, limit: number): Promise<string[]> =>
  (await rows(from, IdRow, 'SELECT id FROM appointments WHERE ended_on IS NULL AND ends_on < $today ORDER BY ends_on, id LIMIT $limit', { today, limit })).map(({ id }) => id);
