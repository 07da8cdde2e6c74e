import { z } from 'zod';
import { accountOf, maybeOne, one, places, rows, type Params, type Reader } from '~/db';
import type { PlainDate } from '~/kernel/calendar';
import type { Instant } from '~/kernel/clock';
import { EXEMPTIONS, OUTCOMES, type Numbers, type Outcome } from './recertification';

/** Whom a change of law is about. */
export interface HolderQuery {
  /** The versions that it overtook, and the later ones of the same programmes. */
  oldVersions: readonly string[];
  newerVersions: readonly string[];
  organisationPath: string;
  courseId: string | null;
  examId: string | null;
  /** From when evidence of the new counts. */
  countsFrom: Instant;
  until: PlainDate;
  today: PlainDate;
}

const SHOWN = (kind: string, parameter: string): string => `EXISTS (SELECT 1 FROM evidence e WHERE e.person_id = a.person_id AND e.target_id = ${parameter}
  AND e.kind = '${kind}' AND e.passed = 1 AND e.at >= $countsFrom AND e.facts NOT LIKE '%"void":true%')`;

/**
 * Holders with what becomes of each, as one condition: the preview counts it and the start goes through it, so that
 * both say the same. Of several cycles under old versions the last one that holds stands for all.
 */
function holders(query: HolderQuery): { sql: string; params: Params } {
  const [old, newer] = [places([...query.oldVersions], 'old'), places([...query.newerVersions], 'new')];
  const shown = [
    ...(query.courseId === null ? [] : [SHOWN('course-completion', '$courseId')]), ...(query.examId === null ? [] : [SHOWN('exam-result', '$examId')]),
  ].join(' AND ');
  const hasNewer = query.newerVersions.length === 0 ? '1 = 0' : `EXISTS (SELECT 1 FROM assignments b JOIN clearances n ON n.assignment_id = b.id
    JOIN programme_versions w ON w.id = b.programme_version_id
    WHERE b.appointment_id = a.appointment_id AND b.ended_at IS NULL AND n.status = 'cleared' AND w.programme_id = v.programme_id AND b.programme_version_id IN (${newer.list}))`;
  const laterOld = (cleared: string): string => `EXISTS (SELECT 1 FROM assignments b JOIN programme_versions w ON w.id = b.programme_version_id
    ${cleared} WHERE b.appointment_id = a.appointment_id AND b.cycle > a.cycle AND b.ended_at IS NULL AND w.programme_id = v.programme_id
    AND b.programme_version_id IN (${old.list}))`;
  return {
    sql: `SELECT a.id AS assignment_id, a.person_id, a.appointment_id, c.cleared_until, p.name, o.name AS organisation, ap.post,
        CASE WHEN ${shown} THEN 'exempt' WHEN ${hasNewer} THEN 'exempt'
          WHEN c.cleared_until <= $until AND NOT ${laterOld('')} THEN 'expiring' ELSE 'affected' END AS outcome,
        CASE WHEN ${shown} THEN 'shown' WHEN ${hasNewer} THEN 'newer-version' END AS exempt_by
      FROM clearances c JOIN assignments a ON a.id = c.assignment_id JOIN programme_versions v ON v.id = a.programme_version_id
      JOIN appointments ap ON ap.id = a.appointment_id JOIN organisations o ON o.id = ap.organisation_id JOIN persons p ON p.id = a.person_id
      WHERE c.status = 'cleared' AND (c.cleared_until IS NULL OR c.cleared_until >= $today) AND a.ended_at IS NULL
        AND a.programme_version_id IN (${old.list}) AND o.path LIKE $path
        AND NOT ${laterOld(`JOIN clearances n ON n.assignment_id = b.id AND n.status = 'cleared'`)}`,
    params: {
      ...old.params, ...newer.params, path: `${query.organisationPath}%`, until: query.until, today: query.today, countsFrom: query.countsFrom,
      ...(query.courseId !== null && { courseId: query.courseId }), ...(query.examId !== null && { examId: query.examId }),
    },
  };
}

const CountRow = z.object({ outcome: z.enum(OUTCOMES), n: z.number() });

/** How many holders there are of each outcome. */
export async function countHolders(from: Reader, query: HolderQuery): Promise<Numbers> {
  const { sql, params } = holders(query);
  const found = await rows(from, CountRow, `SELECT h.outcome, COUNT(*) AS n FROM (${sql}) h GROUP BY h.outcome`, params);
  const of = (outcome: Outcome): number => found.find((row) => row.outcome === outcome)?.n ?? 0;
  return { affected: of('affected'), exempt: of('exempt'), expiring: of('expiring') };
}

const HolderRow = z.object({
  assignment_id: z.string(), person_id: z.string(), appointment_id: z.string(), cleared_until: z.string().nullable(), name: z.string(), organisation: z.string(),
  post: z.string(), outcome: z.enum(OUTCOMES), exempt_by: z.enum(EXEMPTIONS).nullable(),
}).transform((row) => ({
  assignmentId: row.assignment_id, personId: row.person_id, appointmentId: row.appointment_id, clearedUntil: row.cleared_until, name: row.name,
  organisation: row.organisation, post: row.post, outcome: row.outcome, exemptBy: row.exempt_by,
}));
export type Holder = z.infer<typeof HolderRow>;

/** Holders after `after` in the order of their assignments, for going through all of them in steps. */
export function holdersAfter(from: Reader, query: HolderQuery, after: string, limit: number): Promise<Holder[]> {
  const { sql, params } = holders(query);
  return rows(from, HolderRow, `SELECT * FROM (${sql}) h WHERE h.assignment_id > $after ORDER BY h.assignment_id LIMIT $limit`, { ...params, after, limit });
}

/** A page of the holders of one outcome. */
export function holderPage(from: Reader, query: HolderQuery, outcome: Outcome, page: { limit: number; offset: number }): Promise<Holder[]> {
  const { sql, params } = holders(query);
  return rows(from, HolderRow, `SELECT * FROM (${sql}) h WHERE h.outcome = $outcome ORDER BY h.name, h.assignment_id LIMIT $limit OFFSET $offset`, { ...params, outcome, ...page });
}

export const organisationPathOf = async (from: Reader, id: string): Promise<string> =>
  (await one(from, z.object({ path: z.string() }), 'SELECT path FROM organisations WHERE id = $id', { id })).path;

export const organisationName = async (from: Reader, id: string): Promise<string> =>
  (await one(from, z.object({ name: z.string() }), 'SELECT name FROM organisations WHERE id = $id', { id })).name;

/** The sign-in name of an account as the ledger names it. */
export const accountName = async (from: Reader, by: string): Promise<string | null> =>
  (await maybeOne(from, z.object({ name: z.string() }), `SELECT sign_in_name AS name FROM accounts WHERE id = ${accountOf('$by')}`, { by }))?.name ?? null;
