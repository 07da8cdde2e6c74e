import { z } from 'zod';
import { json, one, rows, type Bindable, type Reader } from '~/db';
import type { PlainDate } from '~/kernel/calendar';
import { Outcome } from './projection';

export const RECRUIT_STATUSES = ['may-start', 'not-yet', 'overdue'] as const;
/** As a filter `not-yet` takes in everybody who may not start: overdue and revoked ones too. */
export type RecruitStatus = (typeof RECRUIT_STATUSES)[number];
export type RecruitState = RecruitStatus | 'revoked';

export interface RecruitFilter {
  /** Organisations under which to look; none means nobody. */
  paths: string[];
  status?: RecruitStatus | undefined;
  intakeId?: string | undefined;
  /** Part of a name or the beginning of a recruitment number. */
  search?: string | undefined;
  today: PlainDate;
}

const RecruitRow = z.object({
  assignment_id: z.string(), person_id: z.string(), name: z.string(), recruitment_number: z.string().nullable(), organisation: z.string(),
  post: z.string(), intake: z.string().nullable(), status: z.enum(['cleared', 'not-cleared']), may_start_on: z.string().nullable(), withdrawn_on: z.string().nullable(),
  due_on: z.string(), start_of_duty: z.string(), done: z.number(), total: z.number(), requirements: json(z.array(Outcome)),
});
export type RecruitRow = z.infer<typeof RecruitRow>;

const FROM = `FROM clearances c JOIN appointments ap ON ap.id = c.appointment_id JOIN organisations o ON o.id = ap.organisation_id
  JOIN persons p ON p.id = c.person_id`;
const NUMBER = `(SELECT MIN(i.value) FROM identifiers i WHERE i.person_id = c.person_id AND i.kind = 'recruitment')`;

const SELECT = `SELECT c.assignment_id, c.person_id, p.name, ${NUMBER} AS recruitment_number, o.name AS organisation, ap.post,
    n.name AS intake, c.status, c.may_start_on, c.withdrawn_on, c.due_on, c.start_of_duty, c.done, c.total, c.requirements
  ${FROM} LEFT JOIN intakes n ON n.id = ap.intake_id`;

/** Who may not start comes first, and of them who is to start first. */
export function recruitRows(from: Reader, filter: RecruitFilter, page: { limit: number; offset: number }): Promise<RecruitRow[]> {
  const { where, params } = conditions(filter);
  return rows(from, RecruitRow, `${SELECT} WHERE ${where}
    ORDER BY c.status DESC, c.start_of_duty, c.assignment_id LIMIT $limit OFFSET $offset`, { ...params, ...page });
}

/** Where a step through the whole list has come to. */
export interface Place {
  cleared: boolean;
  startOfDuty: PlainDate;
  assignmentId: string;
}

/** The same order from a place on, within those who are cleared or those who are not: each step costs the same. */
export function recruitRowsAfter(from: Reader, filter: RecruitFilter, { cleared, startOfDuty, assignmentId }: Place, limit: number): Promise<RecruitRow[]> {
  const { where, params } = conditions(filter);
  return rows(from, RecruitRow, `${SELECT} WHERE c.status = $of AND (c.start_of_duty, c.assignment_id) > ($startOfDuty, $assignmentId) AND ${where}
    ORDER BY c.start_of_duty, c.assignment_id LIMIT $limit`, { ...params, of: cleared ? 'cleared' : 'not-cleared', startOfDuty, assignmentId, limit });
}

const Total = z.object({ n: z.number() });

export async function countRecruits(from: Reader, filter: RecruitFilter): Promise<number> {
  const { where, params } = conditions(filter);
  return (await one(from, Total, `SELECT COUNT(*) AS n ${FROM} WHERE ${where}`, params)).n;
}

const CountsRow = z.object({ may_start: z.number().nullable(), not_yet: z.number().nullable(), overdue: z.number().nullable() });
export interface RecruitCounts {
  mayStart: number;
  notYet: number;
  /** Of those who may not start yet, the ones who are past their due date. */
  overdue: number;
}

/** How many may start, may not yet, and are late with it. */
export async function recruitCounts(from: Reader, filter: Pick<RecruitFilter, 'paths' | 'intakeId' | 'today'>): Promise<RecruitCounts> {
  const { where, params } = conditions(filter);
  const row = await one(from, CountsRow, `SELECT SUM(CASE WHEN c.status = 'cleared' THEN 1 ELSE 0 END) AS may_start,
      SUM(CASE WHEN c.status <> 'cleared' THEN 1 ELSE 0 END) AS not_yet,
      SUM(CASE WHEN c.status <> 'cleared' AND c.withdrawn_on IS NULL AND c.due_on < $asOf THEN 1 ELSE 0 END) AS overdue
    ${FROM} WHERE ${where}`, { ...params, asOf: filter.today });
  return { mayStart: row.may_start ?? 0, notYet: row.not_yet ?? 0, overdue: row.overdue ?? 0 };
}

const STATUS: Record<RecruitStatus, string> = {
  'may-start': `c.status = 'cleared'`,
  'not-yet': `c.status = 'not-cleared'`,
  'overdue': `c.status = 'not-cleared' AND c.withdrawn_on IS NULL AND c.due_on < $today`,
};

function conditions({ paths, status, intakeId, search, today }: RecruitFilter): { where: string; params: Record<string, Bindable> } {
  const params: Record<string, Bindable> = Object.fromEntries(paths.map((path, i) => [`path${i}`, `${path}%`]));
  const where = [paths.length === 0 ? '1 = 0' : `(${paths.map((_, i) => `o.path LIKE $path${i}`).join(' OR ')})`];
  if (status) {
    where.push(STATUS[status]);
    if (status === 'overdue') params.today = today;
  }
  if (intakeId) {
    where.push('ap.intake_id = $intakeId');
    params.intakeId = intakeId;
  }
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
