import { z } from 'zod';
import { containing, execute, json, maybeOne, places, rows, type Reader, type Tx } from '~/db';
import type { Actor } from '~/identity';
import { servesIn } from '~/people';
import { inScopeOf } from '../candidate-scope.repository';
import { ATTEMPT_STATES } from '../attempt-state';
import { LATE_KINDS, type LateChange } from './late';

// Written the same everywhere: the partial index response_log_open is made for it.
const OPEN = `l.counted IS NULL AND l.outcome NOT IN ('accepted', 'stale')`;

const LateRow = z.object({
  id: z.string(), item: z.string(), seq: z.number(), response: z.string(), device: z.string(), received_at: z.number(),
  changed_at: z.number().nullable(), outcome: z.enum(LATE_KINDS), counted: z.enum(['by-rule', 'accepted', 'refused']).nullable(),
  counted_at: z.number().nullable(), counted_by: z.string().nullable(), answer_file_id: z.string().nullable(),
}).transform((row): LateChange => ({
  id: row.id, item: row.item, seq: row.seq, text: row.response, device: row.device, receivedAt: row.received_at, changedAt: row.changed_at,
  kind: row.outcome, counted: row.counted, countedAt: row.counted_at, countedBy: row.counted_by, answerFileId: row.answer_file_id,
}));

/** Everything that came too late or from elsewhere, in the order of its arrival. */
export const lateChanges = (from: Reader, attemptId: string): Promise<LateChange[]> =>
  rows(from, LateRow, `SELECT id, item, seq, response, device, received_at, changed_at, outcome, counted, counted_at, counted_by, answer_file_id
    FROM response_log WHERE attempt_id = $attemptId AND outcome NOT IN ('accepted', 'stale') ORDER BY received_at, id`, { attemptId });

/**
 * Records a decision on a change, and on every time that the same change was sent.
 * @returns 0 when somebody decided on it meanwhile
 */
export const decideOn = (tx: Tx, attemptId: string, change: LateChange, decision: 'accepted' | 'refused', by: string): Promise<number> =>
  execute(tx, `UPDATE response_log SET counted = $decision, counted_at = $now, counted_by = $by
    WHERE attempt_id = $attemptId AND item = $item AND seq = $seq AND response = $text
      AND counted IS NULL AND outcome NOT IN ('accepted', 'stale')`,
  { attemptId, item: change.item, seq: change.seq, text: change.text, decision, by, now: tx.now });

const DecisionBody = z.object({ accepted: z.array(z.unknown()), refused: z.array(z.unknown()), replaced: z.array(z.unknown()), receipt: z.string() });
const DecisionRow = z.object({ person_id: z.string(), title_zh: z.string(), title_en: z.string(), body: json(DecisionBody) })
  .transform(({ person_id: personId, title_zh: zh, title_en: en, body }) => ({
    personId, examTitle: { zh, en }, accepted: body.accepted.length, refused: body.refused.length,
    /** The receipt that holds since, and whether it is another one than before. */
    receipt: body.receipt, replaced: body.replaced.length > 0,
  }));
export type LateDecisionMade = z.infer<typeof DecisionRow>;

/** What was decided at once on late changes of an attempt, by the event that recorded it. */
export const findLateDecision = (from: Reader, attemptId: string, decisionId: string): Promise<LateDecisionMade | null> =>
  maybeOne(from, DecisionRow, `SELECT a.person_id, e.title_zh, e.title_en, l.body
    FROM ledger_events l JOIN attempts a ON a.id = l.subject_id JOIN exams e ON e.id = a.exam_id
    WHERE l.id = $decisionId AND l.subject_id = $attemptId AND l.kind = 'attempt.late-decided'`, { attemptId, decisionId });

export interface LateFilter {
  /** Part of a name. */
  search: string;
}

const WaitingRow = z.object({
  attempt_id: z.string(), name: z.string(), title_zh: z.string(), title_en: z.string(), number: z.number(), state: z.enum(ATTEMPT_STATES),
  deadline_at: z.number(), changes: z.number(), last_received_at: z.number(), organisation: z.string().nullable(),
}).transform((row) => ({
  attemptId: row.attempt_id, name: row.name, organisation: row.organisation, title: { zh: row.title_zh, en: row.title_en }, number: row.number,
  state: row.state, deadlineAt: row.deadline_at,
  /** Items with something undecided that would change what counts. */
  changes: row.changes,
  lastReceivedAt: row.last_received_at,
}));
export type WaitingAttempt = z.infer<typeof WaitingRow>;

const LIMIT = 500;

/**
 * Ended attempts with evidence that nobody has decided on and that would change what counts, the one that waits
 * longest first. An adjudicator's own attempt is not among them.
 */
export function waitingAttempts(from: Reader, actor: Actor, { search }: LateFilter): Promise<WaitingAttempt[]> {
  const scope = inScopeOf(actor, 'adjudicator');
  return rows(from, WaitingRow, `SELECT a.id AS attempt_id, p.name, e.title_zh, e.title_en, a.number, a.state, a.deadline_at,
      COUNT(DISTINCT l.item) AS changes, MAX(l.received_at) AS last_received_at,
      ${servesIn('a.person_id')} AS organisation
    FROM response_log l JOIN attempts a ON a.id = l.attempt_id JOIN persons p ON p.id = a.person_id JOIN exams e ON e.id = a.exam_id
    LEFT JOIN responses r ON r.attempt_id = l.attempt_id AND r.item = l.item
    WHERE ${OPEN} AND l.seq > COALESCE(r.seq, 0) AND a.state IN ('handed-in', 'graded', 'released') AND e.practice_of IS NULL
      AND a.person_id <> $own AND ${scope.sql} AND lower(p.name) LIKE $search ESCAPE '!'
    GROUP BY a.id, p.name, e.title_zh, e.title_en, a.number, a.state, a.deadline_at, a.person_id
    ORDER BY MIN(l.received_at), a.id LIMIT ${LIMIT}`, { own: actor.personId ?? '', search: containing(search), ...scope.params });
}

const GapRow = z.object({ from_at: z.number(), to_at: z.number() }).transform((row) => ({ from: row.from_at, to: row.to_at }));

/** When an attempt was silent for longer than usual. */
export const contactGaps = (from: Reader, attemptId: string) =>
  rows(from, GapRow, 'SELECT from_at, to_at FROM contact_gaps WHERE attempt_id = $attemptId ORDER BY from_at', { attemptId });

const WhoRow = z.object({ account_id: z.string(), name: z.string() });

/** The names of those who decided, by `account:…`. */
export async function namesOf(from: Reader, by: readonly string[]): Promise<Map<string, string>> {
  const ids = [...new Set(by.flatMap((one) => (one.startsWith('account:') ? [one.slice('account:'.length)] : [])))];
  if (ids.length === 0) return new Map();
  const { list, params } = places(ids);
  const found = await rows(from, WhoRow, `SELECT c.id AS account_id, COALESCE(p.name, c.sign_in_name) AS name
    FROM accounts c LEFT JOIN persons p ON p.id = c.person_id WHERE c.id IN (${list})`, params);
  return new Map(found.map((row) => [`account:${row.account_id}`, row.name]));
}
