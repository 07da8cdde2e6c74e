import { z } from 'zod';
import { containing, execute, insert, json, maybeOne, one, rows, type Bindable, type Params, type Reader, type Tx } from '~/db';
import { newId } from '~/kernel/id';
import { within } from '~/people';
import { EXCEPTION_KINDS, REASON_CODES, type Cause, type ExceptionKind } from './exception';

export const EXCEPTION_STATES = ['open', 'decided', 'gone'] as const;
export type ExceptionState = (typeof EXCEPTION_STATES)[number];
export const DECISIONS = ['new-due', 'accept', 'end'] as const;
export type Decision = (typeof DECISIONS)[number];

const Detail = z.object({
  dueOn: z.string(), startOfDuty: z.string(),
  reasons: z.array(z.object({ code: z.enum(REASON_CODES), requirement: z.string().optional() })),
});

const Row = z.object({
  id: z.string(), kind: z.enum(EXCEPTION_KINDS), person_id: z.string(), appointment_id: z.string(), programme_version_id: z.string(),
  detail: json(Detail), state: z.enum(EXCEPTION_STATES), found_at: z.number(), decision: z.enum(DECISIONS).nullable(), reason: z.string().nullable(),
  decided_at: z.number().nullable(), decided_by: z.string().nullable(), version: z.number(),
}).transform((row) => ({
  id: row.id, kind: row.kind, personId: row.person_id, appointmentId: row.appointment_id, programmeVersionId: row.programme_version_id,
  cause: { kind: row.kind, ...row.detail } satisfies Cause, state: row.state, foundAt: row.found_at, decision: row.decision, reason: row.reason,
  decidedAt: row.decided_at, decidedBy: row.decided_by, version: row.version,
}));
export type AssignmentException = z.infer<typeof Row>;

const COLUMNS = 'id, kind, person_id, appointment_id, programme_version_id, detail, state, found_at, decision, reason, decided_at, decided_by, version';

export const findException = (from: Reader, id: string): Promise<AssignmentException | null> =>
  maybeOne(from, Row, `SELECT ${COLUMNS} FROM assignment_exceptions WHERE id = $id`, { id });

/** All exceptions of one assignment's appointment and version. */
export const exceptionsOf = (from: Reader, appointmentId: string, versionId: string): Promise<AssignmentException[]> =>
  rows(from, Row, `SELECT ${COLUMNS} FROM assignment_exceptions WHERE appointment_id = $appointmentId AND programme_version_id = $versionId`, { appointmentId, versionId });

const ProgrammeId = z.object({ programme_id: z.string() });

/** The programmes that somebody decided this appointment need not fulfil. */
export const endedByDecision = async (from: Reader, appointmentId: string): Promise<Set<string>> =>
  new Set((await rows(from, ProgrammeId, `SELECT DISTINCT v.programme_id FROM assignment_exceptions x JOIN programme_versions v ON v.id = x.programme_version_id
    WHERE x.appointment_id = $appointmentId AND x.state = 'decided' AND x.decision = 'end'`, { appointmentId })).map((row) => row.programme_id));

const detailOf = ({ dueOn, startOfDuty, reasons }: Cause): string => JSON.stringify({ dueOn, startOfDuty, reasons });

/** @returns the new exception's id, or null when there is one of this kind already */
export async function insertException(tx: Tx, of: { personId: string; appointmentId: string; versionId: string }, cause: Cause): Promise<string | null> {
  const id = newId();
  const added = await insert(tx, 'assignment_exceptions', [{
    id, kind: cause.kind, person_id: of.personId, appointment_id: of.appointmentId, programme_version_id: of.versionId,
    detail: detailOf(cause), state: 'open', found_at: tx.now,
  }], 'ON CONFLICT (kind, appointment_id, programme_version_id) DO NOTHING');
  return added > 0 ? id : null;
}

/** Open again, as another case than the one that was decided or had gone. */
export const reopen = (tx: Tx, { id, version }: AssignmentException, cause: Cause): Promise<number> =>
  execute(tx, `UPDATE assignment_exceptions SET state = 'open', detail = $detail, found_at = $now, decision = NULL, reason = NULL,
    decided_at = NULL, decided_by = NULL, version = version + 1 WHERE id = $id AND version = $version`, { id, version, detail: detailOf(cause), now: tx.now });

/** The same open case with other dates. */
export const changeDetail = (tx: Tx, { id, version }: AssignmentException, cause: Cause): Promise<number> =>
  execute(tx, `UPDATE assignment_exceptions SET detail = $detail, version = version + 1 WHERE id = $id AND version = $version`, { id, version, detail: detailOf(cause) });

export const markGone = (tx: Tx, id: string): Promise<number> =>
  execute(tx, `UPDATE assignment_exceptions SET state = 'gone', decided_at = $now, version = version + 1 WHERE id = $id AND state = 'open'`, { id, now: tx.now });

export const markDecided = (tx: Tx, id: string, version: number, given: { decision: Decision; reason: string; by: string }): Promise<number> =>
  execute(tx, `UPDATE assignment_exceptions SET state = 'decided', decision = $decision, reason = $reason, decided_at = $now, decided_by = $by,
    version = version + 1 WHERE id = $id AND version = $version AND state = 'open'`, { id, version, now: tx.now, ...given });

export interface ExceptionFilter {
  paths: readonly string[];
  state?: ExceptionState | undefined;
  kind?: ExceptionKind | undefined;
  search?: string | undefined;
}

const ListedRow = z.object({
  id: z.string(), kind: z.enum(EXCEPTION_KINDS), person_id: z.string(), name: z.string(), organisation: z.string(), title_zh: z.string(), title_en: z.string(),
  detail: json(Detail), state: z.enum(EXCEPTION_STATES), found_at: z.number(), decision: z.enum(DECISIONS).nullable(),
});
export type ListedException = z.infer<typeof ListedRow>;

const FROM = `FROM assignment_exceptions x JOIN appointments ap ON ap.id = x.appointment_id JOIN organisations o ON o.id = ap.organisation_id
  JOIN persons p ON p.id = x.person_id JOIN programme_versions v ON v.id = x.programme_version_id`;

function conditions({ paths, state, kind, search }: ExceptionFilter): { where: string; params: Params } {
  const scope = within('o.path', paths);
  const where = [scope.sql];
  const params: Record<string, Bindable> = { ...scope.params };
  const also = (sql: string, name: string, value: Bindable): void => {
    where.push(sql);
    params[name] = value;
  };
  if (state) also('x.state = $state', 'state', state);
  if (kind) also('x.kind = $kind', 'kind', kind);
  if (search) also(`lower(p.name) LIKE $search ESCAPE '!'`, 'search', containing(search));
  return { where: where.join(' AND '), params };
}

/** Open ones first, of them the longest known. */
export function listExceptions(from: Reader, filter: ExceptionFilter, page: { limit: number; offset: number }): Promise<ListedException[]> {
  const { where, params } = conditions(filter);
  return rows(from, ListedRow, `SELECT x.id, x.kind, x.person_id, p.name, o.name AS organisation, v.title_zh, v.title_en, x.detail, x.state, x.found_at, x.decision
    ${FROM} WHERE ${where} ORDER BY CASE WHEN x.state = 'open' THEN 0 ELSE 1 END, x.found_at, x.id LIMIT $limit OFFSET $offset`, { ...params, ...page });
}

const Count = z.object({ n: z.number() });

export async function countExceptions(from: Reader, filter: ExceptionFilter): Promise<number> {
  const { where, params } = conditions(filter);
  return (await one(from, Count, `SELECT COUNT(*) AS n ${FROM} WHERE ${where}`, params)).n;
}

/** Open exceptions after `after`, in the order of their ids. */
export const openAfter = (from: Reader, after: string, limit: number): Promise<AssignmentException[]> =>
  rows(from, Row, `SELECT ${COLUMNS} FROM assignment_exceptions WHERE state = 'open' AND id > $after ORDER BY id LIMIT $limit`, { after, limit });

const Target = z.object({ id: z.string() });

/** Exams that a person has passed or has a place for. */
export const examsHad = async (from: Reader, personId: string, now: number): Promise<Set<string>> =>
  new Set((await rows(from, Target, `SELECT e.target_id AS id FROM evidence e WHERE e.person_id = $personId AND e.kind = 'exam-result' AND e.passed = 1
    UNION SELECT s.exam_id AS id FROM bookings b JOIN sittings s ON s.id = b.sitting_id
      WHERE b.person_id = $personId AND b.state = 'booked' AND s.state = 'planned' AND s.ends_at > $now`, { personId, now })).map(({ id }) => id));

/** Programmes whose credential a person holds. */
export const credentialsHad = async (from: Reader, personId: string): Promise<Set<string>> =>
  new Set((await rows(from, Target, `SELECT e.target_id AS id FROM evidence e WHERE e.person_id = $personId AND e.kind = 'credential' AND e.passed = 1`, { personId }))
    .map(({ id }) => id));

const Group = z.object({ programme_version_id: z.string(), due_on: z.string(), start_of_duty: z.string(), n: z.number() });

/** What is assigned and not fulfilled yet, by version and dates: few, whatever the number of people. */
export const openGroups = (from: Reader): Promise<z.infer<typeof Group>[]> =>
  rows(from, Group, `SELECT a.programme_version_id, c.due_on, c.start_of_duty, COUNT(*) AS n FROM clearances c JOIN assignments a ON a.id = c.assignment_id
    WHERE c.status = 'not-cleared' GROUP BY a.programme_version_id, c.due_on, c.start_of_duty`);

/** Unfulfilled assignments of a group about which no exception of this kind stands open or decided. */
export const unnoticed = async (from: Reader, of: { versionId: string; dueOn: string; startOfDuty: string; kind: ExceptionKind }, limit: number): Promise<string[]> =>
  (await rows(from, Target, `SELECT a.id FROM clearances c JOIN assignments a ON a.id = c.assignment_id
    WHERE c.status = 'not-cleared' AND a.programme_version_id = $versionId AND c.due_on = $dueOn AND c.start_of_duty = $startOfDuty
      AND NOT EXISTS (SELECT 1 FROM assignment_exceptions x WHERE x.appointment_id = a.appointment_id AND x.programme_version_id = a.programme_version_id
        AND x.kind = $kind AND x.state <> 'gone') ORDER BY a.id LIMIT $limit`, { ...of, limit })).map(({ id }) => id);
