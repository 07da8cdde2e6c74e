import { z } from 'zod';
import { execute, insert, json, maybeOne, rows, type Reader, type Tx } from '~/db';
import type { Actor } from '~/identity';
import type { Instant } from '~/kernel/clock';
import { ATTEMPT_STATES } from '../attempt-state';
import { inScopeOf } from '../candidate-scope.repository';
import { CONSEQUENCES, FINDING_STATES, type Consequence } from './finding';

const Row = z.object({
  id: z.string(), attempt_id: z.string(), person_id: z.string(), state: z.enum(FINDING_STATES), observations: json(z.array(z.string())),
  allegation: z.string(), proposed_at: z.number(), proposed_by: z.string(), hear_until: z.number(), statement: z.string().nullable(),
  statement_at: z.number().nullable(), consequence: z.enum(CONSEQUENCES).nullable(), reasons: z.string().nullable(),
  decided_at: z.number().nullable(), decided_by: z.string().nullable(), appeal_until: z.number().nullable(), appeal: z.string().nullable(),
  appealed_at: z.number().nullable(), appeal_reasons: z.string().nullable(), appeal_decided_at: z.number().nullable(),
  appeal_decided_by: z.string().nullable(), version: z.number(),
  candidate: z.string(), organisation: z.string().nullable(), exam_id: z.string(), slug: z.string(), title_zh: z.string(), title_en: z.string(),
  number: z.number(), attempt_state: z.enum(ATTEMPT_STATES),
}).transform((row) => ({
  id: row.id, attemptId: row.attempt_id, personId: row.person_id, state: row.state,
  /** Ids of the observations that it rests on. */
  observations: row.observations,
  allegation: row.allegation, proposedAt: row.proposed_at, proposedBy: row.proposed_by, hearUntil: row.hear_until,
  statement: row.statement, statementAt: row.statement_at, consequence: row.consequence, reasons: row.reasons,
  decidedAt: row.decided_at, decidedBy: row.decided_by, appealUntil: row.appeal_until, appeal: row.appeal, appealedAt: row.appealed_at,
  appealReasons: row.appeal_reasons, appealDecidedAt: row.appeal_decided_at, appealDecidedBy: row.appeal_decided_by, version: row.version,
  candidate: row.candidate, organisation: row.organisation, examId: row.exam_id, examSlug: row.slug, examTitle: { zh: row.title_zh, en: row.title_en },
  attemptNumber: row.number, attemptState: row.attempt_state,
}));
export type StoredFinding = z.infer<typeof Row>;

const SELECT = `SELECT f.id, f.attempt_id, f.person_id, f.state, f.observations, f.allegation, f.proposed_at, f.proposed_by, f.hear_until,
    f.statement, f.statement_at, f.consequence, f.reasons, f.decided_at, f.decided_by, f.appeal_until, f.appeal, f.appealed_at,
    f.appeal_reasons, f.appeal_decided_at, f.appeal_decided_by, f.version, p.name AS candidate, a.exam_id, a.number, a.state AS attempt_state,
    e.slug, e.title_zh, e.title_en,
    (SELECT o2.name FROM appointments ap2 JOIN organisations o2 ON o2.id = ap2.organisation_id
      WHERE ap2.person_id = f.person_id AND ap2.ended_on IS NULL ORDER BY ap2.created_at DESC LIMIT 1) AS organisation
  FROM findings f JOIN persons p ON p.id = f.person_id JOIN attempts a ON a.id = f.attempt_id JOIN exams e ON e.id = a.exam_id`;

export const findFinding = (from: Reader, id: string): Promise<StoredFinding | null> =>
  maybeOne(from, Row, `${SELECT} WHERE f.id = $id`, { id });

/** Findings about a person, the latest first. */
export const findingsAbout = (from: Reader, personId: string): Promise<StoredFinding[]> =>
  rows(from, Row, `${SELECT} WHERE f.person_id = $personId ORDER BY f.proposed_at DESC, f.id`, { personId });

/** Findings about an attempt, the latest first. */
export const findingsOfAttempt = (from: Reader, attemptId: string): Promise<StoredFinding[]> =>
  rows(from, Row, `${SELECT} WHERE f.attempt_id = $attemptId ORDER BY f.proposed_at DESC, f.id`, { attemptId });

const LIMIT = 500;

/** Findings about candidates of the organisations where the actor adjudicates, and those that the actor proposed. */
export function findingsFor(from: Reader, actor: Actor, open: boolean): Promise<StoredFinding[]> {
  const scope = inScopeOf(actor, 'adjudicator');
  const settled = `('dismissed', 'appeal-upheld', 'appeal-dismissed')`;
  return rows(from, Row, `${SELECT} WHERE (f.proposed_by = $by OR ${scope.sql}) AND f.state ${open ? 'NOT IN' : 'IN'} ${settled}
    ORDER BY f.proposed_at ${open ? '' : 'DESC'}, f.id LIMIT ${LIMIT}`, { by: actor.by, ...scope.params });
}

export interface NewFinding {
  id: string;
  attemptId: string;
  personId: string;
  observations: string[];
  allegation: string;
  by: string;
  hearUntil: Instant;
}

export const insertFinding = (tx: Tx, finding: NewFinding): Promise<number> =>
  insert(tx, 'findings', [{
    id: finding.id, attempt_id: finding.attemptId, person_id: finding.personId, state: 'proposed', observations: JSON.stringify(finding.observations),
    allegation: finding.allegation, proposed_at: tx.now, proposed_by: finding.by, hear_until: finding.hearUntil,
  }]);

/** proposed or heard → heard; 0 rows: it was decided meanwhile. */
export const setStatement = (tx: Tx, id: string, statement: string): Promise<number> =>
  execute(tx, `UPDATE findings SET state = 'heard', statement = $statement, statement_at = $now, version = version + 1
    WHERE id = $id AND state IN ('proposed', 'heard')`, { id, statement, now: tx.now });

export interface Decision {
  outcome: 'upheld' | 'dismissed';
  consequence: Consequence | null;
  reasons: string;
  by: string;
  appealUntil: Instant | null;
}

/** proposed or heard → upheld or dismissed; 0 rows: something happened after `version` was shown. */
export const setDecision = (tx: Tx, id: string, version: number, { outcome, ...decision }: Decision): Promise<number> =>
  execute(tx, `UPDATE findings SET state = $outcome, consequence = $consequence, reasons = $reasons, decided_at = $now, decided_by = $by,
      appeal_until = $appealUntil, version = version + 1
    WHERE id = $id AND version = $version AND state IN ('proposed', 'heard')`, { id, version, outcome, now: tx.now, ...decision });

/** upheld → appealed; 0 rows: too late, or done. */
export const setAppeal = (tx: Tx, id: string, appeal: string): Promise<number> =>
  execute(tx, `UPDATE findings SET state = 'appealed', appeal = $appeal, appealed_at = $now, version = version + 1
    WHERE id = $id AND state = 'upheld' AND appeal_until >= $now`, { id, appeal, now: tx.now });

/** appealed → appeal-upheld or appeal-dismissed; 0 rows: somebody was faster. */
export const setAppealDecision = (tx: Tx, id: string, version: number, decision: { outcome: 'appeal-upheld' | 'appeal-dismissed'; reasons: string; by: string }): Promise<number> =>
  execute(tx, `UPDATE findings SET state = $outcome, appeal_reasons = $reasons, appeal_decided_at = $now, appeal_decided_by = $by, version = version + 1
    WHERE id = $id AND version = $version AND state = 'appealed'`, { id, version, now: tx.now, ...decision });

/** running, handed in or graded → void; 0 rows: it is void, or its result is released. */
export const voidAttempt = (tx: Tx, attemptId: string): Promise<number> =>
  execute(tx, `UPDATE attempts SET state = 'void', next_check_at = NULL, signal_at = $now, version = version + 1
    WHERE id = $attemptId AND state IN ('in-progress', 'handed-in', 'graded')`, { attemptId, now: tx.now });

const Holding = z.object({ id: z.string() });

/** A finding for which the result of the attempt must wait, or null. Says in SQL what `holdsResult` says. */
export const openFinding = async (from: Reader, attemptId: string): Promise<string | null> =>
  (await maybeOne(from, Holding, `SELECT id FROM findings WHERE attempt_id = $attemptId AND (state IN ('proposed', 'heard')
    OR (consequence = 'void' AND state IN ('upheld', 'appealed', 'appeal-dismissed'))) LIMIT 1`, { attemptId }))?.id ?? null;

/** Decided findings whose time for an appeal is over and whose attempt is not void yet, oldest first. */
export async function dueFindings(from: Reader, now: Instant, limit: number): Promise<string[]> {
  const found = await rows(from, Holding, `SELECT f.id FROM findings f JOIN attempts a ON a.id = f.attempt_id
    WHERE f.state = 'upheld' AND f.consequence = 'void' AND f.appeal_until < $now AND a.state IN ('in-progress', 'handed-in', 'graded')
    ORDER BY f.proposed_at LIMIT $limit`, { now, limit });
  return found.map(({ id }) => id);
}
