import { z } from 'zod';
import { execute, insert, json, maybeOne, one, places, rows, type Reader, type Tx } from '~/db';
import type { PlainDate } from '~/kernel/calendar';
import { Chosen, Numbers, RECERTIFICATION_STATES, type Recertification, type RecertificationState } from './recertification';

const Row = z.object({
  id: z.string(), title_zh: z.string(), title_en: z.string(), basis: z.string(), programmes: json(z.array(Chosen)), organisation_id: z.string(),
  course_id: z.string().nullable(), exam_id: z.string().nullable(), until: z.string(), counts_from: z.string(), state: z.enum(RECERTIFICATION_STATES),
  programme_version_id: z.string().nullable(), cursor: z.string(), made_at: z.number(), made_by: z.string(), started_at: z.number().nullable(),
  started_by: z.string().nullable(), numbers: json(Numbers).nullable(), cancelled_at: z.number().nullable(), cancelled_by: z.string().nullable(),
  cancel_reason: z.string().nullable(), version: z.number(),
}).transform((row): Recertification => ({
  id: row.id, title: { zh: row.title_zh, en: row.title_en }, basis: row.basis, programmes: row.programmes, organisationId: row.organisation_id,
  courseId: row.course_id, examId: row.exam_id, until: row.until, countsFrom: row.counts_from, state: row.state,
  programmeVersionId: row.programme_version_id, cursor: row.cursor, madeAt: row.made_at, madeBy: row.made_by, startedAt: row.started_at,
  startedBy: row.started_by, numbers: row.numbers, cancelledAt: row.cancelled_at, cancelledBy: row.cancelled_by,
  cancelReason: row.cancel_reason, version: row.version,
}));

const COLUMNS = `id, title_zh, title_en, basis, programmes, organisation_id, course_id, exam_id, until, counts_from, state, programme_version_id,
  cursor, made_at, made_by, started_at, started_by, numbers, cancelled_at, cancelled_by, cancel_reason, version`;

export const findRecertification = (from: Reader, id: string): Promise<Recertification | null> =>
  maybeOne(from, Row, `SELECT ${COLUMNS} FROM recertifications WHERE id = $id`, { id });

/** All of them, the latest first. */
export const listRecertifications = (from: Reader): Promise<Recertification[]> =>
  rows(from, Row, `SELECT ${COLUMNS} FROM recertifications WHERE state <> 'discarded' ORDER BY made_at DESC, id DESC LIMIT 200`);

/** Those whose steps have not come to their end. */
export const unfinishedRecertifications = (from: Reader): Promise<Recertification[]> =>
  rows(from, Row, `SELECT ${COLUMNS} FROM recertifications WHERE state IN ('starting', 'cancelling')`);

export const insertRecertification = (tx: Tx, given: Pick<Recertification, 'id' | 'title' | 'basis' | 'programmes' | 'organisationId' | 'courseId' | 'examId' | 'until' | 'countsFrom' | 'madeBy'>): Promise<number> =>
  insert(tx, 'recertifications', [{
    id: given.id, title_zh: given.title.zh, title_en: given.title.en, basis: given.basis, programmes: JSON.stringify(given.programmes),
    organisation_id: given.organisationId, course_id: given.courseId, exam_id: given.examId, until: given.until, counts_from: given.countsFrom,
    state: 'draft', made_at: tx.now, made_by: given.madeBy,
  }], 'ON CONFLICT (id) DO NOTHING');

export const markStarting = (tx: Tx, { id, version }: Recertification, by: string, numbers: Numbers, programmeVersionId: string): Promise<number> =>
  execute(tx, `UPDATE recertifications SET state = 'starting', started_at = $now, started_by = $by, numbers = $numbers,
      programme_version_id = $programmeVersionId, cursor = '', version = version + 1
    WHERE id = $id AND version = $version AND state = 'draft'`,
  { id, version, by, now: tx.now, numbers: JSON.stringify(numbers), programmeVersionId });

export const markCancelling = (tx: Tx, id: string, by: string, reason: string): Promise<number> =>
  execute(tx, `UPDATE recertifications SET state = 'cancelling', cancelled_at = $now, cancelled_by = $by, cancel_reason = $reason, cursor = '',
      version = version + 1 WHERE id = $id AND state IN ('starting', 'running')`, { id, by, reason, now: tx.now });

export const markDiscarded = (tx: Tx, id: string): Promise<number> =>
  execute(tx, `UPDATE recertifications SET state = 'discarded', version = version + 1 WHERE id = $id AND state = 'draft'`, { id });

/** Moves on from where a step began; 0 rows: another run of the same step was faster. */
export const moveOn = (tx: Tx, { id, cursor, state }: Recertification, to: { cursor: string; state: RecertificationState }): Promise<number> =>
  execute(tx, `UPDATE recertifications SET cursor = $to, state = $next, version = version + 1 WHERE id = $id AND cursor = $cursor AND state = $state`,
    { id, cursor, state, to: to.cursor, next: to.state });

const VersionRow = z.object({ id: z.string(), programme_id: z.string(), number: z.number(), title_zh: z.string(), title_en: z.string() });
export type VersionChoice = z.infer<typeof VersionRow>;

/** Programmes of their own with their published versions: what a change of law can be about. */
export const versionsToChoose = (from: Reader): Promise<VersionChoice[]> =>
  rows(from, VersionRow, `SELECT v.id, v.programme_id, v.number, v.title_zh, v.title_en FROM programme_versions v JOIN programmes p ON p.id = v.programme_id
    WHERE v.state <> 'draft' AND p.slug NOT LIKE 'recertification-%' ORDER BY p.created_at, v.programme_id, v.number`);

export interface Member {
  recertificationId: string;
  assignmentId: string;
  outcome: 'affected' | 'exempt' | 'expiring';
  exemptBy: string | null;
  deltaAssignmentId: string | null;
}

export const insertMember = (tx: Tx, given: Member): Promise<number> =>
  insert(tx, 'recertification_members', [{
    recertification_id: given.recertificationId, assignment_id: given.assignmentId, outcome: given.outcome, exempt_by: given.exemptBy,
    delta_assignment_id: given.deltaAssignmentId,
  }], 'ON CONFLICT (recertification_id, assignment_id) DO NOTHING');

const AffectedRow = z.object({ assignment_id: z.string(), person_id: z.string(), delta_assignment_id: z.string() });

/** Affected members after `after`, for going through them in steps. */
export const affectedAfter = (from: Reader, recertificationId: string, after: string, limit: number): Promise<z.infer<typeof AffectedRow>[]> =>
  rows(from, AffectedRow, `SELECT m.assignment_id, a.person_id, m.delta_assignment_id FROM recertification_members m
    JOIN assignments a ON a.id = m.assignment_id
    WHERE m.recertification_id = $recertificationId AND m.outcome = 'affected' AND m.assignment_id > $after ORDER BY m.assignment_id LIMIT $limit`,
  { recertificationId, after, limit });

const OldRow = z.object({ id: z.string() });

/** The cycles of an appointment under the versions that the law overtook, done or open. */
export async function cyclesUnder(from: Reader, appointmentId: string, versionIds: readonly string[]): Promise<string[]> {
  const { list, params } = places([...versionIds]);
  return (await rows(from, OldRow, `SELECT id FROM assignments WHERE appointment_id = $appointmentId AND ended_at IS NULL
    AND programme_version_id IN (${list}) ORDER BY cycle, id`, { appointmentId, ...params })).map(({ id }) => id);
}

/** The assignment of an appointment under a version that it is known to have. */
export const assignmentUnder = async (from: Reader, appointmentId: string, versionId: string): Promise<string> =>
  (await one(from, OldRow, 'SELECT id FROM assignments WHERE appointment_id = $appointmentId AND programme_version_id = $versionId', { appointmentId, versionId })).id;

const LapsedRow = z.object({ recertification_id: z.string(), assignment_id: z.string(), person_id: z.string(), until: z.string() });

/** Affected members whose date has passed without the new, and of whom that was not recorded. */
export const newlyLapsed = (from: Reader, today: PlainDate, limit: number): Promise<z.infer<typeof LapsedRow>[]> =>
  rows(from, LapsedRow, `SELECT m.recertification_id, m.assignment_id, a.person_id, r.until FROM recertifications r
    JOIN recertification_members m ON m.recertification_id = r.id AND m.outcome = 'affected' AND m.lapsed_at IS NULL
    JOIN assignments a ON a.id = m.assignment_id AND a.ended_at IS NULL
    JOIN clearances d ON d.assignment_id = m.delta_assignment_id AND d.status <> 'cleared'
    JOIN clearances c ON c.assignment_id = m.assignment_id AND COALESCE(c.cleared_until, c.expired_on) <= r.until
    WHERE r.state = 'running' AND r.until < $today ORDER BY m.assignment_id LIMIT $limit`, { today, limit });

export const markLapsed = (tx: Tx, recertificationId: string, assignmentId: string): Promise<number> =>
  execute(tx, `UPDATE recertification_members SET lapsed_at = $now WHERE recertification_id = $recertificationId AND assignment_id = $assignmentId
    AND lapsed_at IS NULL`, { recertificationId, assignmentId, now: tx.now });
