import { z } from 'zod';
import { json, one, places, rows, type Bindable, type Reader } from '~/db';
import type { PlainDate } from '~/kernel/calendar';
import { Outcome } from './projection';

export const RECRUIT_STATUSES = ['may-start', 'under-waiver', 'not-yet', 'overdue', 'expired'] as const;
/** As a filter `not-yet` takes in everybody who may not start: overdue, expired, suspended and revoked ones too. */
export type RecruitStatus = (typeof RECRUIT_STATUSES)[number];
export type RecruitState = RecruitStatus | 'revoked' | 'suspended';

export interface RecruitFilter {
  /** Organisations under which to look; none means nobody. */
  paths: string[];
  status?: RecruitStatus | undefined;
  intakeId?: string | undefined;
  /** Part of a name or the beginning of a recruitment number. */
  search?: string | undefined;
  /** Only whose start of duty lies between these days, both included. */
  startFrom?: PlainDate | undefined;
  startUntil?: PlainDate | undefined;
  /** Only who is not recorded as having started. */
  unstarted?: boolean | undefined;
  /** Narrows to one organisation and what lies beneath it. */
  organisationPath?: string | undefined;
  today: PlainDate;
}

const RecruitRow = z.object({
  assignment_id: z.string(), person_id: z.string(), name: z.string(), recruitment_number: z.string().nullable(), organisation: z.string(),
  post: z.string(), intake: z.string().nullable(), status: z.enum(['cleared', 'waived', 'not-cleared']), may_start_on: z.string().nullable(),
  cleared_until: z.string().nullable(), withdrawn_on: z.string().nullable(), suspended_on: z.string().nullable(), expired_on: z.string().nullable(), law_until: z.string().nullable(), due_on: z.string(), start_of_duty: z.string(), done: z.number(), total: z.number(), requirements: json(z.array(Outcome)),
});
export type RecruitRow = z.infer<typeof RecruitRow>;

const FROM = `FROM clearances c JOIN appointments ap ON ap.id = c.appointment_id JOIN organisations o ON o.id = ap.organisation_id
  JOIN persons p ON p.id = c.person_id`;
const NUMBER = `(SELECT MIN(i.value) FROM identifiers i WHERE i.person_id = c.person_id AND i.kind = 'recruitment')`;

const SELECT = `SELECT c.assignment_id, c.person_id, p.name, ${NUMBER} AS recruitment_number, o.name AS organisation, ap.post,
    n.name AS intake, c.status, c.may_start_on, c.cleared_until, c.withdrawn_on, c.suspended_on, c.expired_on, c.law_until, c.due_on, c.start_of_duty, c.done, c.total, c.requirements
  ${FROM} LEFT JOIN intakes n ON n.id = ap.intake_id`;

/** As the index of the list has it: who may not start comes first, then who may under a waiver, then who is cleared. */
const STANDING = `(CASE c.status WHEN 'not-cleared' THEN 0 WHEN 'waived' THEN 1 ELSE 2 END)`;
export const STANDINGS = [0, 1, 2] as const;

/** Of those who may not start, who is to start first comes first. */
export function recruitRows(from: Reader, filter: RecruitFilter, page: { limit: number; offset: number }): Promise<RecruitRow[]> {
  const { where, params } = conditions(filter);
  return rows(from, RecruitRow, `${SELECT} WHERE ${where}
    ORDER BY ${STANDING}, c.start_of_duty, c.assignment_id LIMIT $limit OFFSET $offset`, { ...params, ...page });
}

/** Where a step through the whole list has come to. */
export interface Place {
  standing: (typeof STANDINGS)[number];
  startOfDuty: PlainDate;
  assignmentId: string;
}

/** The same order from a place on, within one standing: each step costs the same. */
export function recruitRowsAfter(from: Reader, filter: RecruitFilter, { standing, startOfDuty, assignmentId }: Place, limit: number): Promise<RecruitRow[]> {
  const { where, params } = conditions(filter);
  return rows(from, RecruitRow, `${SELECT} WHERE ${STANDING} = $standing AND (c.start_of_duty, c.assignment_id) > ($startOfDuty, $assignmentId) AND ${where}
    ORDER BY c.start_of_duty, c.assignment_id LIMIT $limit`, { ...params, standing, startOfDuty, assignmentId, limit });
}

const Total = z.object({ n: z.number() });

export async function countRecruits(from: Reader, filter: RecruitFilter): Promise<number> {
  const { where, params } = conditions(filter);
  return (await one(from, Total, `SELECT COUNT(*) AS n ${FROM} WHERE ${where}`, params)).n;
}

const CountsRow = z.object({
  may_start: z.number().nullable(), under_waiver: z.number().nullable(), not_yet: z.number().nullable(), overdue: z.number().nullable(), expired: z.number().nullable(),
});
export interface RecruitCounts {
  mayStart: number;
  /** Permitted by a waiver alone. */
  underWaiver: number;
  notYet: number;
  /** Of those who may not start, the ones who are past their due date. */
  overdue: number;
  /** Of those who may not start, the ones whose clearance ran out. */
  expired: number;
}

/** How many may start, may not yet, and are late with it. */
export async function recruitCounts(from: Reader, filter: Omit<RecruitFilter, 'status'>): Promise<RecruitCounts> {
  const { where, params } = conditions(filter);
  const count = (status: RecruitStatus) => `SUM(CASE WHEN ${STATUS[status]} THEN 1 ELSE 0 END)`;
  const row = await one(from, CountsRow, `SELECT ${count('may-start')} AS may_start, ${count('under-waiver')} AS under_waiver, ${count('not-yet')} AS not_yet,
      ${count('overdue')} AS overdue, ${count('expired')} AS expired ${FROM} WHERE ${where}`, { ...params, today: filter.today });
  return { mayStart: row.may_start ?? 0, underWaiver: row.under_waiver ?? 0, notYet: row.not_yet ?? 0, overdue: row.overdue ?? 0, expired: row.expired ?? 0 };
}

/** Rows are judged anew when a day changes them, some minutes late: what has ended by its date has ended in lists at once. */
const IN_FORCE = `(c.cleared_until IS NULL OR c.cleared_until >= $today)`;
const PERMITTED = `(c.status <> 'not-cleared' AND ${IN_FORCE})`;
const EXPIRED = `(c.withdrawn_on IS NULL AND c.suspended_on IS NULL AND (c.expired_on IS NOT NULL OR (c.status = 'cleared' AND c.cleared_until < $today)))`;

const STATUS: Record<RecruitStatus, string> = {
  'may-start': `(c.status = 'cleared' AND ${IN_FORCE})`,
  'under-waiver': `(c.status = 'waived' AND ${IN_FORCE})`,
  'not-yet': `NOT ${PERMITTED}`,
  'overdue': `(NOT ${PERMITTED} AND NOT ${EXPIRED} AND c.withdrawn_on IS NULL AND c.suspended_on IS NULL AND c.due_on < $today)`,
  'expired': `(NOT ${PERMITTED} AND ${EXPIRED})`,
};

function conditions({ paths, status, intakeId, search, startFrom, startUntil, unstarted, organisationPath, today }: RecruitFilter): { where: string; params: Record<string, Bindable> } {
  const params: Record<string, Bindable> = Object.fromEntries(paths.map((path, i) => [`path${i}`, `${path}%`]));
  const where = [`c.leads = 1 AND c.gate = 'before-start-of-duty'`, paths.length === 0 ? '1 = 0' : `(${paths.map((_, i) => `o.path LIKE $path${i}`).join(' OR ')})`];
  if (status) {
    where.push(STATUS[status]);
    params.today = today;
  }
  const narrow = (sql: string, name: string, value: string | undefined): void => {
    if (!value) return;
    where.push(sql);
    params[name] = value;
  };
  narrow('ap.intake_id = $intakeId', 'intakeId', intakeId);
  narrow('c.start_of_duty >= $startFrom', 'startFrom', startFrom);
  narrow('c.start_of_duty <= $startUntil', 'startUntil', startUntil);
  narrow(`o.path LIKE $beneath || '%'`, 'beneath', organisationPath);
  if (unstarted) where.push(`NOT EXISTS (SELECT 1 FROM starts s WHERE s.appointment_id = c.appointment_id AND s.state = 'recorded')`);
  const words = search?.trim().toLowerCase();
  if (words) {
    where.push(`(lower(p.name) LIKE $name ESCAPE '!' OR EXISTS (SELECT 1 FROM identifiers i
      WHERE i.person_id = c.person_id AND i.kind IN ('recruitment', 'staff') AND lower(i.value) LIKE $number ESCAPE '!'))`);
    const literal = words.replace(/[!%_]/g, '!$&');
    params.name = `%${literal}%`;
    params.number = `${literal}%`;
  }
  return { where: where.join(' AND '), params };
}

const IntakeRow = z.object({ id: z.string(), name: z.string(), start_of_duty: z.string() });

/** Intakes that people in scope came with, the latest start first: choices of the filter. */
export async function intakesInScope(from: Reader, paths: string[]): Promise<z.infer<typeof IntakeRow>[]> {
  if (paths.length === 0) return [];
  const within = paths.map((_, i) => `o.path LIKE $path${i}`).join(' OR ');
  return rows(from, IntakeRow, `SELECT n.id, n.name, n.start_of_duty FROM intakes n
    WHERE EXISTS (SELECT 1 FROM appointments ap JOIN organisations o ON o.id = ap.organisation_id WHERE ap.intake_id = n.id AND (${within}))
    ORDER BY n.start_of_duty DESC, n.name LIMIT 200`, Object.fromEntries(paths.map((path, i) => [`path${i}`, `${path}%`])));
}

const StandingRow = z.object({
  appointment_id: z.string(), assignment_id: z.string(), status: z.enum(['cleared', 'waived', 'not-cleared']), cleared_until: z.string().nullable(), withdrawn_on: z.string().nullable(),
  suspended_on: z.string().nullable(), expired_on: z.string().nullable(), due_on: z.string(), started_on: z.string().nullable(),
});
export type AppointmentStanding = z.infer<typeof StandingRow>;

/** How these people's appointments stand before the start of duty; whoever needs nothing is missing. */
export async function standingsOf(from: Reader, personIds: readonly string[]): Promise<Map<string, AppointmentStanding>> {
  if (personIds.length === 0) return new Map();
  const { list, params } = places([...personIds]);
  const found = await rows(from, StandingRow, `SELECT c.appointment_id, c.assignment_id, c.status, c.cleared_until, c.withdrawn_on, c.suspended_on, c.expired_on, c.due_on,
      (SELECT MIN(s.started_on) FROM starts s WHERE s.appointment_id = c.appointment_id AND s.state = 'recorded') AS started_on
    FROM clearances c WHERE c.person_id IN (${list}) AND c.leads = 1 AND c.gate = 'before-start-of-duty'`, params);
  return new Map(found.map((row) => [row.appointment_id, row]));
}
