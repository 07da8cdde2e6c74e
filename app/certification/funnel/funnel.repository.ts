import { z } from 'zod';
import { one, rows, type Params, type Reader } from '~/db';
import type { PlainDate } from '~/kernel/calendar';
import { within } from '~/people';
import type { FunnelCell } from './funnel';

export interface FunnelFilter {
  /** Organisations under which to look; none means nobody. */
  paths: readonly string[];
  today: PlainDate;
  organisationId?: string | undefined;
  /** Empty: who came without an intake. */
  intakeId?: string | undefined;
  /** Only whose start of duty lies between these days, both included. */
  startFrom?: PlainDate | undefined;
  startUntil?: PlainDate | undefined;
}

/** What was asked of the appointment: by the requirements of the version that it was assigned, whose state leads. */
const ASKED = `FROM requirements r WHERE r.programme_version_id = s.programme_version_id`;
const HAS_LEARNT = `EXISTS (SELECT 1 ${ASKED} AND r.kind = 'course' AND EXISTS (
  SELECT 1 FROM enrolments e JOIN lesson_progress l ON l.enrolment_id = e.id WHERE e.person_id = a.person_id AND e.course_id = r.course_id))`;
const HAS_SAT = `EXISTS (SELECT 1 ${ASKED} AND r.kind = 'exam' AND EXISTS (SELECT 1 FROM attempts t WHERE t.person_id = a.person_id AND t.exam_id = r.exam_id AND t.started_at IS NOT NULL))`;
const HAS_PASSED = `EXISTS (SELECT 1 ${ASKED} AND r.kind = 'exam' AND EXISTS (
  SELECT 1 FROM results x JOIN attempts t ON t.id = x.attempt_id AND t.state = 'released' WHERE x.person_id = a.person_id AND x.exam_id = r.exam_id AND x.passed = 1 AND x.released_at IS NOT NULL))`;
const HAS_STARTED = `EXISTS (SELECT 1 FROM starts b WHERE b.appointment_id = a.id AND b.state = 'recorded')`;

const STEP = `CASE WHEN ${HAS_STARTED} THEN 6 WHEN c.status <> 'not-cleared' AND (c.cleared_until IS NULL OR c.cleared_until >= $today) THEN 5
  WHEN ${HAS_PASSED} THEN 4 WHEN ${HAS_SAT} THEN 3 WHEN ${HAS_LEARNT} THEN 2 WHEN c.assignment_id IS NOT NULL THEN 1 ELSE 0 END`;

/** Recruits in office, and whoever else has to show something before the start of duty. */
function reached({ paths, today, organisationId, intakeId, startFrom, startUntil }: FunnelFilter): { sql: string; params: Params } {
  const scope = within('o.path', paths);
  const where = [scope.sql, 'a.ended_on IS NULL', `(a.kind = 'recruit' OR c.assignment_id IS NOT NULL)`];
  const params: Params = { ...scope.params, today };
  const narrow = (sql: string, name: string, value: string | undefined): void => {
    if (!value) return;
    where.push(sql);
    params[name] = value;
  };
  narrow('a.organisation_id = $organisationId', 'organisationId', organisationId);
  narrow('a.intake_id = $intakeId', 'intakeId', intakeId);
  if (intakeId === '') where.push('a.intake_id IS NULL');
  narrow('a.start_of_duty >= $startFrom', 'startFrom', startFrom);
  narrow('a.start_of_duty <= $startUntil', 'startUntil', startUntil);
  return {
    sql: `SELECT a.id, a.person_id, a.organisation_id, o.name AS organisation, a.intake_id, a.post, a.start_of_duty, c.assignment_id, ${STEP} AS step
      FROM organisations o JOIN appointments a ON a.organisation_id = o.id
      LEFT JOIN clearances c ON c.person_id = a.person_id AND c.appointment_id = a.id AND c.leads = 1 AND c.gate = 'before-start-of-duty'
      LEFT JOIN assignments s ON s.id = c.assignment_id WHERE ${where.join(' AND ')}`,
    params,
  };
}

const CellRow = z.object({
  organisation_id: z.string(), organisation: z.string(), intake_id: z.string().nullable(), intake: z.string().nullable(), start_of_duty: z.string(), step: z.number(), people: z.number(),
}).transform((row): FunnelCell => ({
  organisationId: row.organisation_id, organisation: row.organisation, intakeId: row.intake_id, intake: row.intake, startOfDuty: row.start_of_duty, step: row.step, people: row.people,
}));

/** How far people have come, by organisation, intake and start of duty: one statement over everybody in scope. */
export function funnelCells(from: Reader, filter: FunnelFilter): Promise<FunnelCell[]> {
  const { sql, params } = reached(filter);
  return rows(from, CellRow, `SELECT f.organisation_id, f.organisation, f.intake_id, MIN(n.name) AS intake, f.start_of_duty, f.step, COUNT(*) AS people
    FROM (${sql}) f LEFT JOIN intakes n ON n.id = f.intake_id GROUP BY f.organisation_id, f.organisation, f.intake_id, f.start_of_duty, f.step`, params);
}

const PersonRow = z.object({
  id: z.string(), person_id: z.string(), name: z.string(), number: z.string().nullable(), organisation: z.string(), post: z.string(), intake: z.string().nullable(), start_of_duty: z.string(),
  assignment_id: z.string().nullable(), step: z.number(), people: z.number(),
}).transform((row) => ({
  appointmentId: row.id, personId: row.person_id, name: row.name, number: row.number, organisation: row.organisation, post: row.post, intake: row.intake, startOfDuty: row.start_of_duty,
  assignmentId: row.assignment_id, step: row.step, count: row.people,
}));
export type FunnelPerson = Omit<z.output<typeof PersonRow>, 'count'>;

const Counted = z.object({ n: z.number() });

export interface FunnelSteps {
  /** From this step on … */
  least: number;
  /** … up to this one. */
  most: number;
}

export const FUNNEL_PER_PAGE = 50;

/**
 * The people behind a number: who has come so far (and no further), who is to start first. Everybody's step is asked for once: the
 * same pass counts them and finds the page, what it shows of them is looked up for the page alone.
 */
export async function funnelPeople(from: Reader, filter: FunnelFilter, { least, most }: FunnelSteps, page: number): Promise<{ people: FunnelPerson[]; count: number }> {
  const { sql, params } = reached(filter);
  const asked = { ...params, least, most };
  const found = await rows(from, PersonRow, `SELECT g.*, n.name AS intake,
      (SELECT MIN(i.value) FROM identifiers i WHERE i.person_id = g.person_id AND i.kind IN ('recruitment', 'staff')) AS number
    FROM (SELECT f.id, f.person_id, p.name, f.organisation, f.post, f.intake_id, f.start_of_duty, f.assignment_id, f.step, COUNT(*) OVER () AS people
      FROM (${sql}) f JOIN persons p ON p.id = f.person_id WHERE f.step BETWEEN $least AND $most
      ORDER BY f.start_of_duty, p.name, f.id LIMIT $limit OFFSET $offset) g LEFT JOIN intakes n ON n.id = g.intake_id
    ORDER BY g.start_of_duty, g.name, g.id`, { ...asked, limit: FUNNEL_PER_PAGE, offset: (page - 1) * FUNNEL_PER_PAGE });
  // A page behind the last one says nothing of how many there are.
  const count = found[0]?.count ?? (page === 1 ? 0 : (await one(from, Counted, `SELECT COUNT(*) AS n FROM (${sql}) f WHERE f.step BETWEEN $least AND $most`, asked)).n);
  return { people: found.map(({ count: _, ...person }) => person), count };
}
