import { z } from 'zod';
import { insert, maybeOne, places, rows, type Reader, type Tx } from '~/db';
import type { PlainDate } from '~/kernel/calendar';
import { decrypt, encrypt } from '~/kernel/secrets';
import { foldWidth } from '~/identity';
import { maskNationalNumber } from './national-number';
import { leadingFirst } from './appointments/leading.repository';
import { NATURES, type Nature } from './appointments/nature';
import { ownersByKey } from './number-keys.repository';
import { numberHash, NUMBER_KINDS, type NumberKind } from './number';

export const APPOINTMENT_KINDS = ['recruit', 'staff', 'leader'] as const;
export type AppointmentKind = (typeof APPOINTMENT_KINDS)[number];

const PersonRow = z.object({ id: z.string(), name: z.string(), email: z.string().nullable(), phone: z.string().nullable() });
export type Person = z.infer<typeof PersonRow>;

export const findPerson = (from: Reader, id: string): Promise<Person | null> =>
  maybeOne(from, PersonRow, 'SELECT id, name, email, phone FROM persons WHERE id = $id', { id });

export async function insertPersons(tx: Tx, persons: Person[]): Promise<void> {
  await insert(tx, 'persons', persons.map((person) => ({ ...person, created_at: tx.now })));
}

export interface PersonNumber {
  kind: NumberKind;
  value: string;
}

/** Identity numbers are stored encrypted, the others readably; all are found by their keyed hash. */
export async function insertNumbers(tx: Tx, numbers: (PersonNumber & { id: string; personId: string })[]): Promise<void> {
  await insert(tx, 'identifiers', numbers.map(({ id, personId, kind, value }) => ({
    id, person_id: personId, kind, value_hash: numberHash(kind, value),
    value: kind === 'national' ? null : foldWidth(value),
    encrypted: kind === 'national' ? encrypt(value) : null,
  })));
}

const HashRow = z.object({ kind: z.enum(NUMBER_KINDS), value_hash: z.string() });

/** Which of these numbers belong to somebody: `<kind> <hash>`. */
export async function knownNumbers(from: Reader, numbers: PersonNumber[]): Promise<Set<string>> {
  if (numbers.length === 0) return new Set();
  const { list, params } = places(numbers.map(({ kind, value }) => numberHash(kind, value)));
  const found = await rows(from, HashRow, `SELECT kind, value_hash FROM identifiers WHERE kind IN ('recruitment', 'staff', 'national') AND value_hash IN (${list})`, params);
  return new Set(found.map((row) => `${row.kind} ${row.value_hash}`));
}

/** Whose these recruitment or staff numbers are, by the number as it was typed; unknown ones are missing. */
export async function personsByNumber(from: Reader, numbers: readonly string[]): Promise<Map<string, string>> {
  const hashes = new Map(numbers.flatMap((number) => (['recruitment', 'staff'] as const).map((kind) => [numberHash(kind, number), number])));
  return new Map([...await ownersByKey(from, [...hashes.keys()])].map(([hash, personId]) => [hashes.get(hash) ?? '', personId]));
}

const NumberRow = z.object({ kind: z.enum(NUMBER_KINDS), value: z.string().nullable(), encrypted: z.string().nullable() });

/** A person's numbers for showing: the identity number masked. */
export async function numbersOf(from: Reader, personId: string): Promise<PersonNumber[]> {
  const found = await rows(from, NumberRow, 'SELECT kind, value, encrypted FROM identifiers WHERE person_id = $personId ORDER BY kind', { personId });
  return found.map(({ kind, value, encrypted }) => ({ kind, value: value ?? maskNationalNumber(encrypted ? decrypt(encrypted) : '') }));
}

/** A person's identity number as it is; null without one. For showing it use `readFullNumber`, which notes who reads it and why. */
export async function fullNationalNumber(from: Reader, personId: string): Promise<string | null> {
  const found = await maybeOne(from, z.object({ encrypted: z.string() }), `SELECT encrypted FROM identifiers WHERE person_id = $personId AND kind = 'national' AND encrypted IS NOT NULL`, { personId });
  return found && decrypt(found.encrypted);
}

export interface NewAppointment {
  personId: string;
  organisationId: string;
  kind: AppointmentKind;
  /** Without one: the main appointment, or beside the main one that the person has. */
  nature?: Nature;
  post: string;
  rank?: string | null;
  startOfDuty: PlainDate;
  /** The last day, where it is known from the beginning. */
  endsOn?: PlainDate | null;
  superiorId?: string | null;
  intakeId?: string | null;
}

export async function insertAppointments(tx: Tx, appointments: (NewAppointment & { id: string; nature: Nature })[]): Promise<void> {
  await insert(tx, 'appointments', appointments.map((one) => ({
    id: one.id, person_id: one.personId, organisation_id: one.organisationId, intake_id: one.intakeId ?? null, kind: one.kind,
    nature: one.nature, post: one.post, rank: one.rank ?? null, start_of_duty: one.startOfDuty, ends_on: one.endsOn ?? null, ended_on: null,
    superior_id: one.superiorId ?? null, created_at: tx.now,
  })));
}

const AppointmentRow = z.object({
  id: z.string(), kind: z.enum(APPOINTMENT_KINDS), nature: z.enum(NATURES), post: z.string(), rank: z.string().nullable(), start_of_duty: z.string(),
  ends_on: z.string().nullable(), ended_on: z.string().nullable(), superior_name: z.string().nullable(), version: z.number(), organisation_id: z.string(), organisation_name: z.string(), path: z.string(),
  intake_id: z.string().nullable(), intake_name: z.string().nullable(),
});

export interface Appointment {
  id: string;
  kind: AppointmentKind;
  nature: Nature;
  post: string;
  rank: string | null;
  startOfDuty: PlainDate;
  /** The last day that is planned. */
  endsOn: PlainDate | null;
  /** The last day, once it is over. */
  endedOn: PlainDate | null;
  superiorName: string | null;
  version: number;
  organisationId: string;
  organisationName: string;
  organisationPath: string;
  intakeId: string | null;
  intakeName: string | null;
}

/** A person's appointments: those that run before those that ended, the main one first, then the latest. */
export async function appointmentsOf(from: Reader, personId: string): Promise<Appointment[]> {
  const found = await rows(from, AppointmentRow, `SELECT a.id, a.kind, a.nature, a.post, a.rank, a.start_of_duty, a.ends_on, a.ended_on, a.version,
      a.organisation_id, o.name AS organisation_name, o.path, a.intake_id, i.name AS intake_name, s.name AS superior_name
    FROM appointments a JOIN organisations o ON o.id = a.organisation_id LEFT JOIN intakes i ON i.id = a.intake_id LEFT JOIN persons s ON s.id = a.superior_id
    WHERE a.person_id = $personId ORDER BY CASE WHEN a.ended_on IS NULL THEN 0 ELSE 1 END, ${leadingFirst('a')}`, { personId });
  return found.map((row) => ({
    id: row.id, kind: row.kind, nature: row.nature, post: row.post, rank: row.rank, startOfDuty: row.start_of_duty, endsOn: row.ends_on, endedOn: row.ended_on,
    superiorName: row.superior_name, version: row.version,
    organisationId: row.organisation_id, organisationName: row.organisation_name, organisationPath: row.path,
    intakeId: row.intake_id, intakeName: row.intake_name,
  }));
}
