import { z } from 'zod';
import { among, inChunks, rows, type Reader } from '~/db';
import { APPOINTMENT_KINDS } from '~/people';

/** What is asked for a list of values, each once, in parts that one statement takes well. */
const forEach = <T>(from: Reader, values: readonly string[], ask: (list: string, params: Record<string, string>) => Promise<T[]>): Promise<T[]> =>
  inChunks([...new Set(values)], (some) => {
    const { list, params } = among(from, 'values', some);
    return ask(list, params);
  }, 2000);

const NumberRow = z.object({ person_id: z.string(), kind: z.enum(['recruitment', 'staff', 'national']), value_hash: z.string() });

/** Whose these numbers are, by their hashes. The kinds are named because the index begins with them. */
export const ownersOf = (from: Reader, hashes: readonly string[]) =>
  forEach(from, hashes, (list, params) => rows(from, NumberRow, `SELECT person_id, kind, value_hash FROM identifiers WHERE kind IN ('recruitment', 'staff', 'national') AND value_hash IN (${list})`, params));

export const numbersOfPeople = (from: Reader, ids: readonly string[]) =>
  forEach(from, ids, (list, params) => rows(from, NumberRow, `SELECT person_id, kind, value_hash FROM identifiers WHERE person_id IN (${list})`, params));

const PersonRow = z.object({
  id: z.string(), name: z.string(), email: z.string().nullable(), phone: z.string().nullable(), version: z.number(), born_hash: z.string().nullable(),
  account_id: z.string().nullable(), account_state: z.enum(['invited', 'active', 'closed']).nullable(),
});

export const peopleById = (from: Reader, ids: readonly string[]) =>
  forEach(from, ids, (list, params) => rows(from, PersonRow, `SELECT p.id, p.name, p.email, p.phone, p.version, l.born_hash, c.id AS account_id, c.state AS account_state
    FROM persons p LEFT JOIN person_likeness l ON l.person_id = p.id LEFT JOIN accounts c ON c.person_id = p.id WHERE p.id IN (${list})`, params));

const AppointmentRow = z.object({
  id: z.string(), person_id: z.string(), organisation_id: z.string(), organisation_name: z.string(), path: z.string(), kind: z.enum(APPOINTMENT_KINDS), nature: z.enum(['main', 'concurrent', 'secondment']), post: z.string(), rank: z.string().nullable(),
  start_of_duty: z.string(), ended_on: z.string().nullable(), ends_on: z.string().nullable(), version: z.number(), started: z.number(), transfer_open: z.number(),
});
export type AppointmentFact = z.infer<typeof AppointmentRow>;

export const appointmentsOfPeople = (from: Reader, ids: readonly string[]) =>
  forEach(from, ids, (list, params) => rows(from, AppointmentRow, `SELECT a.id, a.person_id, a.organisation_id, o.name AS organisation_name, o.path, a.kind, a.nature, a.post, a.rank, a.start_of_duty, a.ended_on, a.ends_on, a.version,
      CASE WHEN EXISTS (SELECT 1 FROM starts s WHERE s.appointment_id = a.id AND s.state = 'recorded') THEN 1 ELSE 0 END AS started,
      CASE WHEN EXISTS (SELECT 1 FROM transfers t WHERE t.appointment_id = a.id AND t.state = 'proposed') THEN 1 ELSE 0 END AS transfer_open
    FROM appointments a JOIN organisations o ON o.id = a.organisation_id WHERE a.person_id IN (${list}) ORDER BY a.start_of_duty, a.id`, params));

const NameRow = z.object({ name: z.string(), person_id: z.string().nullable() });

/** Whose these sign-in names are; folded. */
export const ownersOfNames = (from: Reader, names: readonly string[]) =>
  forEach(from, names, (list, params) => rows(from, NameRow, `SELECT n.name, c.person_id FROM sign_in_names n JOIN accounts c ON c.id = n.account_id WHERE n.name IN (${list})`, params));

const OrganisationRow = z.object({ id: z.string(), code: z.string(), name: z.string(), path: z.string(), closed_on: z.string().nullable() });

export const everyOrganisation = (from: Reader) => rows(from, OrganisationRow, 'SELECT id, code, name, path, closed_on FROM organisations ORDER BY code');

/** Accounts that administer the whole deployment and can sign in. */
export const administratorAccounts = async (from: Reader): Promise<string[]> =>
  (await rows(from, z.object({ id: z.string() }), `SELECT DISTINCT a.id FROM accounts a JOIN roles r ON r.account_id = a.id AND r.role = 'administrator'
    JOIN organisations o ON o.id = r.organisation_id AND o.parent_id IS NULL WHERE a.state = 'active'`)).map((row) => row.id);
