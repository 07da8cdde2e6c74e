import { z } from 'zod';
import { among, execute, insert, json, one, rows, type Reader, type Tx } from '~/db';
import { foldName, foldWidth } from '~/identity';
import { newId } from '~/kernel/id';
import { encrypt } from '~/kernel/secrets';
import { APPOINTMENT_KINDS, numberHash, saveLikeness, type NumberKind } from '~/people';
import type { Plan } from './judge';

/** What was there before, to go back to. */
export interface Former {
  name: string;
  email: string | null;
  phone: string | null;
  accountState: string | null;
  appointment: { kind: string; post: string; rank: string | null; startOfDuty: string; endsOn: string | null } | null;
}

/** A line that is made ready, with whatever it will make named already. */
export interface ReadyLine {
  line: number;
  plan: Plan;
  birthDate: string | null;
}

/**
 * Makes lines ready: what the step that switches them over will do is written down in columns. New people, their numbers and
 * their names to sign in with are entered here, so that nobody else takes them meanwhile; without an appointment nobody sees them.
 */
export async function makeReady(tx: Tx, importId: string, ready: readonly ReadyLine[], today: string): Promise<void> {
  const lines = ready.map((one) => ({ ...one, personId: one.plan.person?.id ?? newId(), accountId: one.plan.person ? null : newId(), freshId: one.plan.fresh ? newId() : null }));
  const fresh = lines.flatMap(({ plan, personId, accountId, birthDate }) => (accountId !== null && plan.contact ? [{ ...plan.contact, plan, personId, accountId, birthDate }] : []));
  await insert(tx, 'persons', fresh.map((person) => ({ id: person.personId, name: person.name, email: person.email, phone: person.phone, created_at: tx.now })));
  await saveLikeness(tx, fresh);
  await insert(tx, 'identifiers', fresh.flatMap(({ personId, plan }) => plan.numbers.map((number) => numberRow(personId, number))));
  await insert(tx, 'accounts', fresh.map(({ accountId, personId, plan }) => (
    { id: accountId, person_id: personId, sign_in_name: foldWidth(plan.signInName ?? ''), password_hash: null, state: 'invited', created_at: tx.now })));
  await insert(tx, 'sign_in_names', fresh.flatMap(({ accountId, plan }) => [...new Set(plan.numbers.filter(({ kind }) => kind !== 'national').map(({ value }) => foldName(value)))]
    .map((name) => ({ name, account_id: accountId, created_at: tx.now }))));
  await insert(tx, 'roster_numbers', lines.flatMap(({ line, plan, personId }) => (plan.person ? plan.numbers.map((number) => ({ import_id: importId, line, ...numberRow(personId, number) })) : [])));
  await insert(tx, 'roster_plans', lines.map(({ line, plan, personId, accountId, freshId }) => ({
    import_id: importId, line, act: plan.act, person_id: personId, person_version: plan.person?.version ?? 1, alters_person: plan.person && plan.contact ? 1 : 0,
    name: plan.contact?.name ?? null, email: plan.contact?.email ?? null, phone: plan.contact?.phone ?? null, account_id: accountId ?? plan.person?.account?.id ?? null, sign_in_name: plan.signInName,
    appointment_id: plan.appointment?.id ?? null, appointment_version: plan.appointment?.version ?? null, alters_appointment: plan.altered ? 1 : 0,
    ...(plan.altered ?? plan.fresh ? termsOf(plan.altered ?? plan.fresh) : termsOf(null)),
    ended_on: plan.endsOn !== null && plan.endsOn <= today ? plan.endsOn : null, ends_on: plan.endsOn !== null && plan.endsOn > today ? plan.endsOn : null,
    fresh_appointment_id: freshId, organisation_id: plan.fresh?.organisationId ?? null, former: JSON.stringify(formerOf(plan)), told: 0,
  })));
}

const termsOf = (terms: { kind: string; post: string; rank: string | null; startOfDuty: string } | null) =>
  ({ kind: terms?.kind ?? null, post: terms?.post ?? null, rank: terms?.rank ?? null, start_of_duty: terms?.startOfDuty ?? null });

function numberRow(personId: string, { kind, value }: { kind: NumberKind; value: string }) {
  return {
    id: newId(), person_id: personId, kind, value: kind === 'national' ? null : foldWidth(value), encrypted: kind === 'national' ? encrypt(value) : null, value_hash: numberHash(kind, value),
  };
}

function formerOf({ person, appointment }: Plan): Former | null {
  return person && {
    name: person.name, email: person.email, phone: person.phone, accountState: person.account?.state ?? null,
    appointment: appointment && { kind: appointment.kind, post: appointment.post, rank: appointment.rank, startOfDuty: appointment.startOfDuty, endsOn: appointment.endsOn },
  };
}

const N = z.object({ n: z.number().nullable() });
const COUNTS = z.object({ ends: z.number().nullable(), alters: z.number().nullable(), people: z.number().nullable(), fresh: z.number().nullable() });

/**
 * Switches everything over at once, in as few statements as there are kinds of change. Whatever somebody changed meanwhile is
 * left as it is. @returns whether everything was as it had been when the lines were made ready; if not, roll back
 */
export async function switchOver(tx: Tx, importId: string): Promise<boolean> {
  const planned = await one(tx, COUNTS, `SELECT SUM(CASE WHEN ended_on IS NOT NULL OR ends_on IS NOT NULL THEN 1 ELSE 0 END) AS ends, SUM(alters_appointment) AS alters, SUM(alters_person) AS people,
    SUM(CASE WHEN fresh_appointment_id IS NOT NULL THEN 1 ELSE 0 END) AS fresh FROM roster_plans WHERE import_id = $importId`, { importId });
  const { n: numbers } = await one(tx, N, 'SELECT COUNT(*) AS n FROM roster_numbers WHERE import_id = $importId', { importId });
  const SAME = `p.import_id = $importId AND appointments.id = p.appointment_id AND appointments.version = p.appointment_version AND appointments.ended_on IS NULL`;
  const steps: [number, () => Promise<number>][] = [
    [planned.ends ?? 0, () => execute(tx, `UPDATE appointments SET ended_on = p.ended_on, ends_on = CASE WHEN p.ended_on IS NULL THEN p.ends_on ELSE appointments.ends_on END, version = appointments.version + 1
      FROM roster_plans p WHERE ${SAME} AND (p.ended_on IS NOT NULL OR p.ends_on IS NOT NULL)`, { importId })],
    [planned.alters ?? 0, () => execute(tx, `UPDATE appointments SET kind = p.kind, post = p.post, rank = p.rank, start_of_duty = p.start_of_duty, version = appointments.version + 1
      FROM roster_plans p WHERE ${SAME} AND p.alters_appointment = 1`, { importId })],
    [planned.people ?? 0, () => execute(tx, `UPDATE persons SET name = p.name, email = p.email, phone = p.phone, version = persons.version + 1
      FROM roster_plans p WHERE p.import_id = $importId AND p.alters_person = 1 AND persons.id = p.person_id AND persons.version = p.person_version`, { importId })],
    [planned.fresh ?? 0, () => execute(tx, `INSERT INTO appointments (id, person_id, organisation_id, kind, post, rank, start_of_duty, created_at)
      SELECT p.fresh_appointment_id, p.person_id, p.organisation_id, p.kind, p.post, p.rank, p.start_of_duty, CAST($now AS BIGINT) FROM roster_plans p
      WHERE p.import_id = $importId AND p.fresh_appointment_id IS NOT NULL`, { importId, now: tx.now })],
    [numbers ?? 0, () => execute(tx, `INSERT INTO identifiers (id, person_id, kind, value, encrypted, value_hash)
      SELECT r.id, r.person_id, r.kind, r.value, r.encrypted, r.value_hash FROM roster_numbers r WHERE r.import_id = $importId`, { importId })],
  ];
  for (const [expected, run] of steps) if (expected > 0 && (await run()) !== expected) return false;
  return true;
}

const LineRow = z.object({ line: z.number() });

/** Which lines that are ready do not fit any more what is there: somebody changed it meanwhile. */
export const linesOvertaken = async (from: Reader, importId: string): Promise<number[]> => (await rows(from, LineRow, `SELECT p.line FROM roster_plans p
    WHERE p.import_id = $importId AND ((p.alters_person = 1 AND NOT EXISTS (SELECT 1 FROM persons s WHERE s.id = p.person_id AND s.version = p.person_version))
      OR (p.appointment_id IS NOT NULL AND NOT EXISTS (SELECT 1 FROM appointments a WHERE a.id = p.appointment_id AND a.version = p.appointment_version AND a.ended_on IS NULL))
      OR (p.fresh_appointment_id IS NOT NULL AND EXISTS (SELECT 1 FROM appointments a WHERE a.person_id = p.person_id AND a.nature = 'main' AND a.ended_on IS NULL AND a.ends_on IS NULL AND a.id <> COALESCE(p.appointment_id, ''))))
  UNION SELECT r.line FROM roster_numbers r JOIN identifiers i ON i.kind = r.kind AND i.value_hash = r.value_hash WHERE r.import_id = $importId ORDER BY 1`, { importId })).map((row) => row.line);

const PlanRow = z.object({
  line: z.number(), act: z.enum(['create', 'change', 'move', 'return', 'leave']), person_id: z.string(), alters_person: z.number(), name: z.string().nullable(), email: z.string().nullable(), phone: z.string().nullable(),
  account_id: z.string().nullable(), sign_in_name: z.string().nullable(), appointment_id: z.string().nullable(), appointment_version: z.number().nullable(), person_version: z.number(), alters_appointment: z.number(),
  kind: z.enum(APPOINTMENT_KINDS).nullable(), post: z.string().nullable(), rank: z.string().nullable(), start_of_duty: z.string().nullable(), ended_on: z.string().nullable(), ends_on: z.string().nullable(),
  fresh_appointment_id: z.string().nullable(), organisation_id: z.string().nullable(), former: json(z.custom<Former | null>()),
}).transform((row) => ({
  line: row.line, act: row.act, personId: row.person_id, altersPerson: row.alters_person !== 0, name: row.name, email: row.email, phone: row.phone, accountId: row.account_id, signInName: row.sign_in_name,
  appointmentId: row.appointment_id, appointmentVersion: row.appointment_version, personVersion: row.person_version, altersAppointment: row.alters_appointment !== 0, kind: row.kind, post: row.post, rank: row.rank,
  startOfDuty: row.start_of_duty, endedOn: row.ended_on, endsOn: row.ends_on, freshAppointmentId: row.fresh_appointment_id, organisationId: row.organisation_id, former: row.former,
}));
export type StoredPlan = z.output<typeof PlanRow>;

/** The next plans of which the ledger does not know yet. */
export const untoldPlans = (from: Reader, importId: string, limit: number): Promise<StoredPlan[]> =>
  rows(from, PlanRow, 'SELECT * FROM roster_plans WHERE import_id = $importId AND told = 0 ORDER BY line LIMIT $limit', { importId, limit });

export const plansAfter = (from: Reader, importId: string, after: number, limit: number): Promise<StoredPlan[]> =>
  rows(from, PlanRow, 'SELECT * FROM roster_plans WHERE import_id = $importId AND line > $after ORDER BY line LIMIT $limit', { importId, after, limit });

export async function findPlan(from: Reader, importId: string, line: number): Promise<StoredPlan | null> {
  return (await rows(from, PlanRow, 'SELECT * FROM roster_plans WHERE import_id = $importId AND line = $line', { importId, line }))[0] ?? null;
}

export async function markTold(tx: Tx, importId: string, lines: readonly number[]): Promise<void> {
  const { list, params } = among(tx, 'lines', lines);
  await execute(tx, `UPDATE roster_plans SET told = 1 WHERE import_id = $importId AND line IN (${list})`, { importId, ...params });
}

const NumberRow = z.object({ person_id: z.string(), kind: z.enum(['recruitment', 'staff', 'national']), value: z.string().nullable(), encrypted: z.string().nullable() });

/** The numbers that these people have from this roster. */
export async function rosterNumbersOf(from: Reader, importId: string, plans: readonly StoredPlan[]): Promise<z.infer<typeof NumberRow>[]> {
  if (plans.length === 0) return [];
  const created = among(from, 'created', plans.filter((plan) => plan.act === 'create').map((plan) => plan.personId));
  const known = among(from, 'lines', plans.filter((plan) => plan.act !== 'create').map((plan) => plan.line));
  return rows(from, NumberRow, `SELECT person_id, kind, value, encrypted FROM identifiers WHERE person_id IN (${created.list})
    UNION ALL SELECT person_id, kind, value, encrypted FROM roster_numbers WHERE import_id = $importId AND line IN (${known.list})`, { importId, ...created.params, ...known.params });
}

/** Takes back what making lines ready entered, so that nothing is left of it. @returns how many lines there were */
export async function makeUnready(tx: Tx, importId: string, limit: number, only: readonly number[] | null = null): Promise<number> {
  const picked = only === null ? await plansAfter(tx, importId, -1, limit) : (await Promise.all(only.map((line) => findPlan(tx, importId, line)))).filter((plan) => plan !== null);
  if (picked.length === 0) return 0;
  const lines = among(tx, 'lines', picked.map((plan) => plan.line));
  await execute(tx, `DELETE FROM roster_numbers WHERE import_id = $importId AND line IN (${lines.list})`, { importId, ...lines.params });
  await execute(tx, `DELETE FROM roster_plans WHERE import_id = $importId AND line IN (${lines.list})`, { importId, ...lines.params });
  const created = picked.filter((plan) => plan.act === 'create');
  if (created.length > 0) {
    const people = among(tx, 'people', created.map((plan) => plan.personId));
    const accounts = among(tx, 'accounts', created.flatMap((plan) => plan.accountId ?? []));
    await execute(tx, `DELETE FROM sign_in_names WHERE account_id IN (${accounts.list})`, accounts.params);
    await execute(tx, `DELETE FROM accounts WHERE id IN (${accounts.list})`, accounts.params);
    await execute(tx, `DELETE FROM identifiers WHERE person_id IN (${people.list})`, people.params);
    await execute(tx, `DELETE FROM person_likeness WHERE person_id IN (${people.list})`, people.params);
    await execute(tx, `DELETE FROM persons WHERE id IN (${people.list})`, people.params);
  }
  return picked.length;
}
