import { z } from 'zod';
import { accountOf, insert, json, maybeOne, rows, type Reader, type Tx } from '~/db';
import type { Problem } from '~/kernel/result';

export const ACT_KINDS = ['remind', 'book', 'waiver', 'start'] as const;
export type ActKind = (typeof ACT_KINDS)[number];

/** Written by this room alone, from what the doors of the domain answered. */
const StoredProblem = z.custom<Problem>((value) => typeof value === 'object' && value !== null && 'code' in value);

const ActRow = z.object({ id: z.string(), list_id: z.string(), kind: z.enum(ACT_KINDS), asked_at: z.number(), asker: z.string().nullable(), done: z.number(), refused: z.number() });
export type ListedAct = z.infer<typeof ActRow>;

const ACTS = `SELECT t.id, t.list_id, t.kind, t.asked_at, c.sign_in_name AS asker,
    (SELECT COUNT(*) FROM hiring_outcomes h WHERE h.act_id = t.id AND h.outcome = 'done') AS done,
    (SELECT COUNT(*) FROM hiring_outcomes h WHERE h.act_id = t.id AND h.outcome = 'refused') AS refused
  FROM hiring_acts t LEFT JOIN accounts c ON c.id = ${accountOf('t.asked_by')}`;

export const findAct = (from: Reader, id: string): Promise<ListedAct | null> => maybeOne(from, ActRow, `${ACTS} WHERE t.id = $id`, { id });

/** What was done about people of a list, the latest first. */
export const actsOf = (from: Reader, listId: string): Promise<ListedAct[]> => rows(from, ActRow, `${ACTS} WHERE t.list_id = $listId ORDER BY t.asked_at DESC, t.id DESC LIMIT 100`, { listId });

const OutcomeRow = z.object({ line: z.number(), name: z.string(), number: z.string(), outcome: z.enum(['done', 'refused']), problem: json(StoredProblem).nullable() });
export type Outcome = z.infer<typeof OutcomeRow>;

/** What came of it for each person, refusals first. */
export const outcomesOf = (from: Reader, actId: string): Promise<Outcome[]> =>
  rows(from, OutcomeRow, `SELECT r.line, r.name, r.number, h.outcome, h.problem FROM hiring_outcomes h JOIN hiring_rows r ON r.id = h.row_id
    WHERE h.act_id = $actId ORDER BY CASE h.outcome WHEN 'refused' THEN 0 ELSE 1 END, r.line`, { actId });

export async function insertAct(tx: Tx, act: { id: string; listId: string; kind: ActKind; terms: Record<string, string>; by: string; outcomes: ReadonlyMap<string, Problem | null> }): Promise<boolean> {
  const made = await insert(tx, 'hiring_acts', [{ id: act.id, list_id: act.listId, kind: act.kind, terms: JSON.stringify(act.terms), asked_at: tx.now, asked_by: act.by }], 'ON CONFLICT (id) DO NOTHING');
  if (made === 0) return false;
  await insert(tx, 'hiring_outcomes', [...act.outcomes].map(([rowId, problem]) => ({
    act_id: act.id, row_id: rowId, outcome: problem === null ? 'done' : 'refused', problem: problem === null ? null : JSON.stringify(problem),
  })));
  return true;
}
