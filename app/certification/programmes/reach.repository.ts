import { z } from 'zod';
import { one, rows, type Params, type Reader } from '~/db';
import type { PlainDate } from '~/kernel/calendar';
import type { AppliesTo } from './applies-to';
import { appliesSql } from './applies-sql';

export interface ReachOf {
  programmeId: string;
  appliesTo: AppliesTo;
}

const FROM = 'FROM appointments ap JOIN organisations o ON o.id = ap.organisation_id';

/** The live assignment of this programme. */
const HELD = `SELECT 1 FROM assignments a JOIN programme_versions v ON v.id = a.programme_version_id
  WHERE a.appointment_id = ap.id AND v.programme_id = $programmeId AND a.ended_at IS NULL`;

/** Somebody decided that this programme need not be fulfilled. */
const RELEASED = `SELECT 1 FROM assignment_exceptions x JOIN programme_versions v ON v.id = x.programme_version_id
  WHERE x.appointment_id = ap.id AND v.programme_id = $programmeId AND x.state = 'decided' AND x.decision = 'end'`;

export const FRESH = `NOT EXISTS (${HELD}) AND NOT EXISTS (${RELEASED})`;

function touched({ programmeId, appliesTo }: ReachOf): { where: string; params: Params } {
  const rule = appliesSql(appliesTo);
  return { where: `ap.ended_on IS NULL AND ${rule.sql}`, params: { ...rule.params, programmeId } };
}

const Group = z.object({ start_of_duty: z.string(), total: z.number(), held: z.number(), fresh: z.number() });

/** Whom a rule touches, by start of duty: how many, who holds the programme already, who would be assigned it. */
export function reachByStart(from: Reader, of: ReachOf): Promise<z.infer<typeof Group>[]> {
  const { where, params } = touched(of);
  return rows(from, Group, `SELECT q.start_of_duty, COUNT(*) AS total, SUM(q.held) AS held, SUM(q.fresh) AS fresh FROM (
      SELECT ap.start_of_duty, CASE WHEN EXISTS (${HELD}) THEN 1 ELSE 0 END AS held, CASE WHEN ${FRESH} THEN 1 ELSE 0 END AS fresh ${FROM} WHERE ${where}) q
    GROUP BY q.start_of_duty ORDER BY q.start_of_duty`, params);
}

/** What somebody must lack for an exception to stand: exams not passed and without a place, credentials not held. */
export interface Lacking {
  exams: readonly string[];
  credentials: readonly string[];
}

const Count = z.object({ n: z.number() });

/** How many of those who would be assigned, starting on one of these days, lack one of these. */
export async function countLacking(from: Reader, of: ReachOf, starts: readonly PlainDate[], lacking: Lacking, now: number): Promise<number> {
  const { where, params } = touched(of);
  const exams = lacking.exams.map((_, i) => `NOT (EXISTS (SELECT 1 FROM evidence e WHERE e.person_id = ap.person_id AND e.kind = 'exam-result' AND e.passed = 1 AND e.target_id = $exam${i})
    OR EXISTS (SELECT 1 FROM bookings b JOIN sittings s ON s.id = b.sitting_id
      WHERE b.person_id = ap.person_id AND b.state = 'booked' AND s.state = 'planned' AND s.ends_at > $now AND s.exam_id = $exam${i}))`);
  const credentials = lacking.credentials.map((_, i) => `NOT EXISTS (SELECT 1 FROM evidence e WHERE e.person_id = ap.person_id AND e.kind = 'credential' AND e.passed = 1 AND e.target_id = $credential${i})`);
  let n = 0;
  // Databases bound the number of parameters.
  for (let at = 0; at < starts.length; at += 200) {
    const part = starts.slice(at, at + 200);
    n += (await one(from, Count, `SELECT COUNT(*) AS n ${FROM} WHERE ${where} AND ${FRESH}
        AND ap.start_of_duty IN (${part.map((_, i) => `$start${i}`).join(', ')}) AND (${[...exams, ...credentials].join(' OR ')})`, {
      ...params, ...(exams.length > 0 && { now }), ...Object.fromEntries(lacking.exams.map((id, i) => [`exam${i}`, id])),
      ...Object.fromEntries(lacking.credentials.map((id, i) => [`credential${i}`, id])), ...Object.fromEntries(part.map((start, i) => [`start${i}`, start])),
    })).n;
  }
  return n;
}

const Person = z.object({
  appointment_id: z.string(), person_id: z.string(), name: z.string(), organisation: z.string(), start_of_duty: z.string(),
  held_number: z.number().nullable(), fresh: z.number(),
});
export type TouchedPerson = z.infer<typeof Person>;

/** A page of whom a rule touches: the newly assigned first, then by start of duty. */
export function peopleTouched(from: Reader, of: ReachOf, page: { limit: number; offset: number }): Promise<TouchedPerson[]> {
  const { where, params } = touched(of);
  return rows(from, Person, `SELECT q.* FROM (SELECT ap.id AS appointment_id, ap.person_id, p.name, o.name AS organisation, ap.start_of_duty,
      (SELECT MAX(v.number) FROM assignments a JOIN programme_versions v ON v.id = a.programme_version_id
        WHERE a.appointment_id = ap.id AND v.programme_id = $programmeId AND a.ended_at IS NULL) AS held_number,
      CASE WHEN ${FRESH} THEN 1 ELSE 0 END AS fresh
    ${FROM} JOIN persons p ON p.id = ap.person_id WHERE ${where}) q
    ORDER BY q.fresh DESC, q.start_of_duty, q.appointment_id LIMIT $limit OFFSET $offset`, { ...params, ...page });
}

const Id = z.object({ id: z.string() });

/** Appointments that should be assigned the programme and are not, after `after` in the order of their ids. */
export async function unassigned(from: Reader, of: ReachOf, after: string, limit: number): Promise<string[]> {
  const { where, params } = touched(of);
  return (await rows(from, Id, `SELECT ap.id ${FROM} WHERE ${where} AND ${FRESH} AND ap.id > $after ORDER BY ap.id LIMIT $limit`, { ...params, after, limit })).map(({ id }) => id);
}

export async function countUnassigned(from: Reader, of: ReachOf): Promise<number> {
  const { where, params } = touched(of);
  return (await one(from, Count, `SELECT COUNT(*) AS n ${FROM} WHERE ${where} AND ${FRESH}`, params)).n;
}

/** Appointments whose live assignment of this version has other dates, or that the version's rule does not touch any more. */
export async function outOfLine(from: Reader, of: ReachOf & { versionId: string }, limit: number): Promise<string[]> {
  const rule = appliesSql(of.appliesTo);
  return (await rows(from, Id, `SELECT DISTINCT ap.id ${FROM} JOIN assignments a ON a.appointment_id = ap.id
    WHERE a.programme_version_id = $versionId AND a.ended_at IS NULL
      AND (ap.ended_on IS NOT NULL OR ap.start_of_duty <> a.start_of_duty OR NOT (${rule.sql})) ORDER BY ap.id LIMIT $limit`,
  { ...rule.params, versionId: of.versionId, limit })).map(({ id }) => id);
}
