import { z } from 'zod';
import { execute, insert, json, maybeOne, one, rows, type Reader, type Tx } from '~/db';
import { REQUIREMENT_KINDS } from '~/certification';
import type { PlainDate } from '~/kernel/calendar';

const DayRow = z.object({ day: z.string() });

/** The last day before `today` whose plan was finished. */
export const lastPlanned = async (from: Reader, today: PlainDate): Promise<PlainDate | null> =>
  (await maybeOne(from, DayRow, `SELECT day FROM notice_plans WHERE stage = 'done' AND day < $today ORDER BY day DESC LIMIT 1`, { today }))?.day ?? null;

const PlanRow = z.object({
  day: z.string(), since: z.string(), stage: z.enum(['reminders', 'escalations', 'weekly', 'done']), due_on: z.string(), after_id: z.string(),
  reminders: z.number(), escalations: z.number(), weekly: z.number(), began_at: z.number(), ended_at: z.number().nullable(),
}).transform(({ due_on: dueOn, after_id: afterId, began_at: beganAt, ended_at: endedAt, ...row }) => ({ ...row, dueOn, afterId, beganAt, endedAt }));
/** How far the planning of a day has come, and what it made. */
export type DayPlan = z.infer<typeof PlanRow>;
const COLUMNS = 'day, since, stage, due_on, after_id, reminders, escalations, weekly, began_at, ended_at';

export const findPlan = (from: Reader, day: PlainDate): Promise<DayPlan | null> =>
  maybeOne(from, PlanRow, `SELECT ${COLUMNS} FROM notice_plans WHERE day = $day`, { day });

/** The latest plans, the newest first. */
export const latestPlans = (from: Reader, limit: number): Promise<DayPlan[]> =>
  rows(from, PlanRow, `SELECT ${COLUMNS} FROM notice_plans ORDER BY day DESC LIMIT $limit`, { limit });

/** Begins the plan of a day; one that has begun stays as it is. */
export const beginPlan = (tx: Tx, day: PlainDate, since: PlainDate): Promise<number> =>
  insert(tx, 'notice_plans', [{ day, since, stage: 'reminders', began_at: tx.now }], 'ON CONFLICT (day) DO NOTHING');

/** The plan of a day, locked: of several workers one plans, the others wait and find it done. */
export async function lockPlan(tx: Tx, day: PlainDate): Promise<DayPlan> {
  await execute(tx, 'UPDATE notice_plans SET version = version + 1 WHERE day = $day', { day });
  return one(tx, PlanRow, `SELECT ${COLUMNS} FROM notice_plans WHERE day = $day`, { day });
}

export const savePlan = (tx: Tx, { day, stage, dueOn, afterId, reminders, escalations, weekly }: DayPlan): Promise<number> =>
  execute(tx, `UPDATE notice_plans SET stage = $stage, due_on = $dueOn, after_id = $afterId, reminders = $reminders, escalations = $escalations, weekly = $weekly,
    ended_at = CASE WHEN $stage = 'done' THEN CAST($now AS BIGINT) END WHERE day = $day`,
  { day, stage, dueOn, afterId, reminders, escalations, weekly, now: tx.now });

/** The due dates of those who are not cleared, in a span and after one: few, however many people there are. */
export const openDueDates = async (from: Reader, given: { first: PlainDate; last: PlainDate; after: PlainDate }): Promise<PlainDate[]> =>
  (await rows(from, z.object({ due_on: z.string() }), `SELECT DISTINCT due_on FROM clearances
    WHERE status = 'not-cleared' AND due_on BETWEEN $first AND $last AND due_on >= $after ORDER BY due_on`, given)).map((row) => row.due_on);

const Requirement = z.object({ code: z.string(), kind: z.enum(REQUIREMENT_KINDS), state: z.string() });

const OpenRow = z.object({
  assignment_id: z.string(), person_id: z.string(), due_on: z.string(), start_of_duty: z.string(), assigned_at: z.number(), version_id: z.string(),
  title_zh: z.string(), title_en: z.string(), organisation_id: z.string(), requirements: json(z.array(Requirement)),
});
/** Somebody who is not cleared, with what the reminder says. */
export type OpenRow = z.infer<typeof OpenRow>;

/** People with this due date who are not cleared, after one assignment in the order of their ids. */
export const openAfter = (from: Reader, given: { dueOn: PlainDate; after: string; limit: number }): Promise<OpenRow[]> =>
  rows(from, OpenRow, `SELECT a.id AS assignment_id, a.person_id, a.due_on, a.start_of_duty, a.assigned_at, a.programme_version_id AS version_id,
      v.title_zh, v.title_en, ap.organisation_id, c.requirements
    FROM clearances c JOIN assignments a ON a.id = c.assignment_id JOIN programme_versions v ON v.id = a.programme_version_id
      JOIN appointments ap ON ap.id = a.appointment_id
    WHERE c.status = 'not-cleared' AND c.due_on = $dueOn AND c.assignment_id > $after AND c.withdrawn_on IS NULL AND a.ended_at IS NULL AND ap.ended_on IS NULL
    ORDER BY c.assignment_id LIMIT $limit`, given);

export interface NewEscalation {
  assignmentId: string;
  step: string;
  organisationId: string;
  audience: 'manager' | 'hr';
}

export const insertEscalations = (tx: Tx, day: PlainDate, fresh: readonly NewEscalation[]): Promise<number> =>
  insert(tx, 'escalations', fresh.map((one) => ({
    assignment_id: one.assignmentId, step: one.step, organisation_id: one.organisationId, audience: one.audience, planned_on: day,
  })), 'ON CONFLICT (assignment_id, step) DO NOTHING');
