import { z } from 'zod';
import { execute, one, rows, type Params, type Reader, type Tx } from '~/db';
import type { StoredPlan } from './plans.repository';

/** Looking at somebody, and making a code that nobody used, changes nothing about them. */
const HARMLESS = `('person.read', 'account.code-made', 'account.locked')`;

/**
 * What people did to or about those whom a roster touched, since it was applied. What the program did by its rules follows the
 * appointment back; what the roster itself did is not in its own way.
 */
const ACTS = `FROM roster_plans p JOIN roster_rows r ON r.import_id = p.import_id AND r.line = p.line JOIN ledger_events e ON e.person_id = p.person_id
  WHERE p.import_id = $importId AND r.state = 'applied' AND e.recorded_at >= $since AND e.by LIKE 'account:%' AND e.kind NOT IN ${HARMLESS}
    AND NOT (e.cause = 'import' AND e.body LIKE $own)`;

const ownEvents = (importId: string): string => `%"rosterId":"${importId}"%`;

const ActRow = z.object({ line: z.number(), person_id: z.string(), name: z.string(), kind: z.string(), by: z.string(), at: z.number(), acts: z.number() });
export type StandingInWay = z.infer<typeof ActRow>;

/** Whoever cannot be taken back, one row each, with the latest thing that stands in the way. */
export const standingInWay = (from: Reader, importId: string, since: number, limit: number): Promise<StandingInWay[]> =>
  rows(from, ActRow, `SELECT line, person_id, name, kind, by, at, acts FROM (SELECT p.line, p.person_id, r.name, e.kind, e.by, e.recorded_at AS at, COUNT(*) OVER (PARTITION BY p.line) AS acts,
      ROW_NUMBER() OVER (PARTITION BY p.line ORDER BY e.recorded_at DESC, e.id DESC) AS place ${ACTS}) found WHERE place = 1 ORDER BY line LIMIT $limit`, { importId, since, own: ownEvents(importId), limit });

export const countInWay = async (from: Reader, importId: string, since: number): Promise<number> =>
  (await one(from, z.object({ n: z.number() }), `SELECT COUNT(DISTINCT p.line) AS n ${ACTS}`, { importId, since, own: ownEvents(importId) })).n;

/** Whether somebody acted on the person of one row. */
export const isInWay = async (from: Reader, importId: string, since: number, line: number): Promise<boolean> =>
  (await one(from, z.object({ n: z.number() }), `SELECT COUNT(*) AS n ${ACTS} AND p.line = $line`, { importId, since, own: ownEvents(importId), line })).n > 0;

type Step = [sql: string, params: Params];

/** What takes one row back; nothing is done unless all of it is still as the roster left it. @returns whether it was */
export async function goBack(tx: Tx, importId: string, plan: StoredPlan): Promise<boolean> {
  if (!(await isAsLeft(tx, plan))) return false;
  for (const [sql, params] of stepsBack(plan)) if (await execute(tx, sql, params) === 0) throw new Error(`line ${plan.line} of a roster was changed while it was taken back`);
  await execute(tx, 'DELETE FROM identifiers WHERE id IN (SELECT id FROM roster_numbers WHERE import_id = $importId AND line = $line)', { importId, line: plan.line });
  await freeNames(tx, importId, plan);
  if (plan.act !== 'create') return true;
  await execute(tx, 'DELETE FROM identifiers WHERE person_id = $personId', { personId: plan.personId });
  await execute(tx, 'DELETE FROM person_likeness WHERE person_id = $personId', { personId: plan.personId });
  return true;
}

const Versions = z.object({ person: z.number().nullable(), appointment: z.number().nullable(), fresh: z.number().nullable() });

async function isAsLeft(from: Reader, plan: StoredPlan): Promise<boolean> {
  const found = await one(from, Versions, `SELECT (SELECT version FROM persons WHERE id = $personId) AS person, (SELECT version FROM appointments WHERE id = $appointmentId) AS appointment,
    (SELECT version FROM appointments WHERE id = $freshId AND ended_on IS NULL) AS fresh`, { personId: plan.personId, appointmentId: plan.appointmentId ?? '', freshId: plan.freshAppointmentId ?? '' });
  const touched = plan.endedOn !== null || plan.endsOn !== null || plan.altersAppointment;
  return (!plan.altersPerson || found.person === plan.personVersion + 1) && (plan.freshAppointmentId === null || found.fresh === 1)
    && (plan.appointmentId === null || !touched || found.appointment === (plan.appointmentVersion ?? 0) + 1);
}

function stepsBack(plan: StoredPlan): Step[] {
  const steps: Step[] = [];
  const before = plan.former?.appointment;
  // As if it had never been: over before it began, for every day that is asked about.
  if (plan.freshAppointmentId !== null) {
    steps.push([`UPDATE appointments SET ended_on = $endedOn, version = version + 1 WHERE id = $id AND version = 1 AND ended_on IS NULL`, { id: plan.freshAppointmentId, endedOn: dayBefore(plan.startOfDuty ?? '') }]);
  }
  if (plan.appointmentId !== null && before && (plan.endedOn !== null || plan.endsOn !== null || plan.altersAppointment)) {
    steps.push([`UPDATE appointments SET ended_on = NULL, ends_on = $endsOn, kind = $kind, post = $post, rank = $rank, start_of_duty = $start, version = version + 1 WHERE id = $id AND version = $version`, {
      id: plan.appointmentId, version: (plan.appointmentVersion ?? 0) + 1, endsOn: before.endsOn, kind: before.kind, post: before.post, rank: before.rank, start: before.startOfDuty,
    }]);
  }
  if (plan.altersPerson && plan.former) {
    steps.push([`UPDATE persons SET name = $name, email = $email, phone = $phone, version = version + 1 WHERE id = $id AND version = $version`, {
      id: plan.personId, version: plan.personVersion + 1, name: plan.former.name, email: plan.former.email, phone: plan.former.phone,
    }]);
  }
  return steps;
}

const dayBefore = (day: string): string => new Date(Date.parse(day) - 86_400_000).toISOString().slice(0, 10);

/** The numbers can be given to others again, as names to sign in with too. */
async function freeNames(tx: Tx, importId: string, plan: StoredPlan): Promise<void> {
  if (plan.accountId === null) return;
  if (plan.act === 'create') await execute(tx, 'DELETE FROM sign_in_names WHERE account_id = $accountId', { accountId: plan.accountId });
  else {
    await execute(tx, `DELETE FROM sign_in_names WHERE account_id = $accountId AND name IN (SELECT lower(value) FROM roster_numbers WHERE import_id = $importId AND line = $line AND value IS NOT NULL)
      AND name <> (SELECT lower(sign_in_name) FROM accounts WHERE id = $accountId)`, { accountId: plan.accountId, importId, line: plan.line });
  }
}

/** The account of somebody who was never there keeps no name that another may want. */
export const retireAccount = (tx: Tx, accountId: string): Promise<number> =>
  execute(tx, `UPDATE accounts SET sign_in_name = sign_in_name || ' #' || id, version = version + 1 WHERE id = $accountId`, { accountId });

const OpenRow = z.object({ n: z.number() });

/** How many appointments somebody has that are not over. */
export const openAppointments = async (from: Reader, personId: string): Promise<number> =>
  (await one(from, OpenRow, 'SELECT COUNT(*) AS n FROM appointments WHERE person_id = $personId AND ended_on IS NULL', { personId })).n;
