import { z } from 'zod';
import { containing, json, one, places, rows, type Params, type Reader } from '~/db';
import { addDays, type PlainDate } from '~/kernel/calendar';
import { Validity } from '../requirement';

export const RENEWAL_STATES = ['expiring', 'window', 'lapsed'] as const;
/** `expiring`: ends within the days that are looked ahead; `window`: its renewal may begin; `lapsed`: it has ended and nothing followed. */
export type RenewalState = (typeof RENEWAL_STATES)[number];

/** How far the list looks ahead. */
export const AHEAD_DAYS = 90;

export interface RenewalFilter {
  /** Organisations under which to look; none means nobody. */
  paths: readonly string[];
  state?: RenewalState | undefined;
  search?: string | undefined;
  today: PlainDate;
}

/**
 * What ends, or has ended, and was not renewed: the last cycle of each programme that ever permitted. The table keeps the
 * end of what is in force, and the day on which it ran out.
 */
const FROM = `FROM clearances c JOIN assignments a ON a.id = c.assignment_id JOIN programme_versions v ON v.id = a.programme_version_id
  JOIN appointments ap ON ap.id = c.appointment_id JOIN organisations o ON o.id = ap.organisation_id JOIN persons p ON p.id = c.person_id
  LEFT JOIN clearances n ON n.assignment_id = c.followed_by`;

const ENDS = `COALESCE(CASE WHEN c.status = 'cleared' THEN c.cleared_until END, c.expired_on)`;
const LAPSED = `${ENDS} < $today`;
const CONDITION: Record<RenewalState, string> = {
  'lapsed': LAPSED,
  'window': `${ENDS} >= $today AND n.assignment_id IS NOT NULL`,
  'expiring': `${ENDS} >= $today AND ${ENDS} <= $ahead`,
};

function conditions({ paths, state, search, today }: RenewalFilter): { where: string; params: Params } {
  const params: Params = { today, ahead: addDays(today, AHEAD_DAYS), ...Object.fromEntries(paths.map((path, i) => [`path${i}`, `${path}%`])) };
  const where = [
    paths.length === 0 ? '1 = 0' : `(${paths.map((_, i) => `o.path LIKE $path${i}`).join(' OR ')})`,
    // As the index of what ends at all has it: most have not permitted yet.
    `(c.cleared_until IS NOT NULL OR c.expired_on IS NOT NULL)`,
    `ap.ended_on IS NULL AND a.ended_at IS NULL AND c.withdrawn_on IS NULL AND n.completed_on IS NULL`,
    `(${CONDITION.lapsed} OR ${CONDITION.window} OR ${CONDITION.expiring})`,
  ];
  if (state) where.push(CONDITION[state]);
  if (search?.trim()) {
    where.push(`(lower(p.name) LIKE $search ESCAPE '!' OR EXISTS (SELECT 1 FROM identifiers i WHERE i.person_id = c.person_id
      AND i.kind IN ('recruitment', 'staff') AND lower(i.value) LIKE $search ESCAPE '!'))`);
    params['search'] = containing(search);
  }
  return { where: where.join(' AND '), params };
}

const Row = z.object({
  assignment_id: z.string(), person_id: z.string(), name: z.string(), number: z.string().nullable(), organisation: z.string(), post: z.string(),
  title_zh: z.string(), title_en: z.string(), ends_on: z.string(), next_id: z.string().nullable(), counts_from: z.string().nullable(),
  due_on: z.string().nullable(), done: z.number().nullable(), total: z.number().nullable(), rule_until: z.string().nullable(), law_until: z.string().nullable(), validity: json(Validity),
  state: z.enum(RENEWAL_STATES),
}).transform((row) => ({
  assignmentId: row.assignment_id, personId: row.person_id, name: row.name, number: row.number, organisation: row.organisation, post: row.post,
  title: { zh: row.title_zh, en: row.title_en }, endsOn: row.ends_on, ruleUntil: row.rule_until, lawUntil: row.law_until, validity: row.validity, state: row.state,
  /** The cycle that renews it, when its window is open. */
  next: row.next_id === null ? null : { assignmentId: row.next_id, since: row.counts_from, dueOn: row.due_on, done: row.done ?? 0, total: row.total ?? 0 },
}));
export type Renewal = z.infer<typeof Row>;

const SELECT = `SELECT c.assignment_id, c.person_id, p.name, (SELECT MIN(i.value) FROM identifiers i WHERE i.person_id = c.person_id
    AND i.kind IN ('staff', 'recruitment')) AS number, o.name AS organisation, ap.post, v.title_zh, v.title_en, ${ENDS} AS ends_on, c.rule_until, c.law_until, v.validity,
    n.assignment_id AS next_id, m.counts_from, m.due_on, n.done, n.total,
    CASE WHEN ${LAPSED} THEN 'lapsed' WHEN n.assignment_id IS NOT NULL THEN 'window' ELSE 'expiring' END AS state`;

/** Who must renew, what ends first on top. */
export function renewalPage(from: Reader, filter: RenewalFilter, page: { limit: number; offset: number }): Promise<Renewal[]> {
  const { where, params } = conditions(filter);
  return rows(from, Row, `${SELECT} ${FROM} LEFT JOIN assignments m ON m.id = c.followed_by
    WHERE ${where} ORDER BY ends_on, c.assignment_id LIMIT $limit OFFSET $offset`, { ...params, ...page });
}

const CountsRow = z.object({ expiring: z.number().nullable(), open: z.number().nullable(), lapsed: z.number().nullable(), total: z.number() });
export type RenewalCounts = Record<RenewalState, number> & { total: number };

/** How many of each there are; somebody whose window is open may also be among those that end soon. */
export async function renewalCounts(from: Reader, filter: RenewalFilter): Promise<RenewalCounts> {
  const { where, params } = conditions(filter);
  const sum = (state: RenewalState): string => `SUM(CASE WHEN ${CONDITION[state]} THEN 1 ELSE 0 END)`;
  const row = await one(from, CountsRow, `SELECT ${sum('expiring')} AS expiring, ${sum('window')} AS open, ${sum('lapsed')} AS lapsed, COUNT(*) AS total
    ${FROM} WHERE ${where}`, params);
  return { expiring: row.expiring ?? 0, window: row.open ?? 0, lapsed: row.lapsed ?? 0, total: row.total };
}

/** The renewals of one person, for their own pages: also what a change of law ends later than the list looks ahead. */
export const renewalsOfPerson = (from: Reader, personId: string, today: PlainDate): Promise<Renewal[]> =>
  rows(from, Row, `${SELECT} ${FROM} LEFT JOIN assignments m ON m.id = c.followed_by
    WHERE c.person_id = $personId AND ap.ended_on IS NULL AND a.ended_at IS NULL AND c.withdrawn_on IS NULL AND n.completed_on IS NULL
      AND (${CONDITION.lapsed} OR ${CONDITION.window} OR ${CONDITION.expiring} OR c.law_until IS NOT NULL) ORDER BY ends_on, c.assignment_id`, { personId, today, ahead: addDays(today, AHEAD_DAYS) });

const AskedRow = z.object({
  held_id: z.string(), delta_id: z.string(), title_zh: z.string(), title_en: z.string(), until: z.string(), due_on: z.string(), done: z.number(), total: z.number(),
});

/** What changes of law still ask for, so that these clearances hold on; the first date first. */
export async function askedByLaw(from: Reader, assignmentIds: readonly string[]): Promise<z.infer<typeof AskedRow>[]> {
  if (assignmentIds.length === 0) return [];
  const { list, params } = places([...assignmentIds]);
  // The limit is one of the appointment's cycles under the programme; its member is the cycle that was held at the start.
  return rows(from, AskedRow, `SELECT a.id AS held_id, d.assignment_id AS delta_id, r.title_zh, r.title_en, r.until, d.due_on, d.done, d.total
    FROM assignments a JOIN programme_versions v ON v.id = a.programme_version_id
    JOIN assignments h ON h.appointment_id = a.appointment_id JOIN programme_versions hv ON hv.id = h.programme_version_id AND hv.programme_id = v.programme_id
    JOIN recertification_members m ON m.assignment_id = h.id AND m.outcome = 'affected' JOIN recertifications r ON r.id = m.recertification_id AND r.state IN ('starting', 'running')
    JOIN clearances d ON d.assignment_id = m.delta_assignment_id AND d.completed_on IS NULL
    WHERE a.id IN (${list}) ORDER BY r.until, d.assignment_id`, params);
}

const PathRow = z.object({ path: z.string() });

export const organisationPathOfAssignment = async (from: Reader, assignmentId: string): Promise<string> =>
  (await one(from, PathRow, `SELECT o.path FROM assignments a JOIN appointments ap ON ap.id = a.appointment_id JOIN organisations o ON o.id = ap.organisation_id
    WHERE a.id = $assignmentId`, { assignmentId })).path;
