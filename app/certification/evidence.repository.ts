import { z } from 'zod';
import { execute, Flag, flag, insert, json, maybeOne, places, rows, type Reader, type Tx } from '~/db';
import { newId } from '~/kernel/id';
import { EVIDENCE_KINDS, Facts, type Evidence } from './evidence';

export const EvidenceRow = z.object({
  person_id: z.string(), kind: z.enum(EVIDENCE_KINDS), ref: z.string(), target_id: z.string(),
  passed: Flag, at: z.number(), valid_until: z.string().nullable(), facts: json(Facts),
}).transform(({ person_id: personId, target_id: targetId, valid_until: validUntil, ...rest }) => ({ personId, targetId, validUntil, ...rest }));
export type EvidenceOfPerson = Evidence & { personId: string };

/** Everything that counts for a person, by time. */
export const evidenceOf = (from: Reader, personId: string): Promise<EvidenceOfPerson[]> => evidenceOfAll(from, [personId]);

export async function evidenceOfAll(from: Reader, personIds: readonly string[]): Promise<EvidenceOfPerson[]> {
  if (personIds.length === 0) return [];
  const { list, params } = places([...personIds]);
  return rows(from, EvidenceRow, `SELECT person_id, kind, ref, target_id, passed, at, valid_until, facts FROM evidence
    WHERE person_id IN (${list}) ORDER BY person_id, at, ref`, params);
}

/** @returns false when this very evidence was there already */
export async function insertEvidence(tx: Tx, personId: string, { kind, ref, targetId, passed, at, validUntil = null, facts }: Evidence): Promise<boolean> {
  const added = await insert(tx, 'evidence', [{
    id: newId(), person_id: personId, kind, ref, target_id: targetId, passed: flag(passed), at, valid_until: validUntil, facts: JSON.stringify(facts),
  }], 'ON CONFLICT (kind, ref) DO NOTHING');
  return added > 0;
}

/** What is recorded under a reference; null when nothing is. */
export const findEvidence = (from: Reader, kind: Evidence['kind'], ref: string): Promise<EvidenceOfPerson | null> =>
  maybeOne(from, EvidenceRow, `SELECT person_id, kind, ref, target_id, passed, at, valid_until, facts FROM evidence WHERE kind = $kind AND ref = $ref`, { kind, ref });

export const changeEvidence = (tx: Tx, { kind, ref, targetId, passed, at, validUntil = null, facts }: Evidence): Promise<number> =>
  execute(tx, `UPDATE evidence SET target_id = $targetId, passed = $passed, at = CAST($at AS BIGINT), valid_until = $validUntil, facts = $facts
    WHERE kind = $kind AND ref = $ref`, { kind, ref, targetId, passed: flag(passed), at, validUntil, facts: JSON.stringify(facts) });

const CompletionRow = z.object({
  id: z.string(), person_id: z.string(), course_id: z.string(), minutes: z.number(), completed_at: z.number(),
});

export const findCompletion = (from: Reader, id: string) =>
  maybeOne(from, CompletionRow, 'SELECT id, person_id, course_id, minutes, completed_at FROM completions WHERE id = $id', { id });

const ReleasedRow = z.object({
  attempt_id: z.string(), person_id: z.string(), exam_id: z.string(), percent: z.number(), cut_score: z.number(),
  passed: Flag, released_at: z.number(), graded_at: z.number(), number: z.number(),
});

/** The result of an attempt once it is released; null before. */
export const findReleasedResult = (from: Reader, attemptId: string) =>
  maybeOne(from, ReleasedRow, `SELECT r.attempt_id, r.person_id, r.exam_id, r.percent, r.cut_score, r.passed, r.released_at, r.graded_at, a.number
    FROM results r JOIN attempts a ON a.id = r.attempt_id JOIN exams e ON e.id = r.exam_id
    WHERE r.attempt_id = $attemptId AND r.released_at IS NOT NULL AND e.practice_of IS NULL AND a.state <> 'void'`, { attemptId });
