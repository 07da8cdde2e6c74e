import { z } from 'zod';
import { chunks, execute, insert, json, maybeOne, one, places, rows, type Reader, type Tx } from '~/db';
import { newId } from '~/kernel/id';
import { within } from '~/people';
import { GATES } from '../requirement';
import { CHANGE_KINDS, type FreshChange } from './change';

const Turn = z.object({ person_id: z.string(), turn: z.number() });

/** Writes down what changed, in the transaction in which it changes. The people must be locked, so that their changes are counted one after the other. */
export async function insertChanges(tx: Tx, changes: readonly FreshChange[]): Promise<void> {
  if (changes.length === 0) return;
  const turns = new Map<string, number>();
  for (const some of chunks([...new Set(changes.map(({ personId }) => personId))])) {
    const { list, params } = places(some);
    const found = await rows(tx, Turn, `SELECT person_id, MAX(turn) AS turn FROM clearance_changes WHERE person_id IN (${list}) GROUP BY person_id`, params);
    for (const row of found) turns.set(row.person_id, row.turn);
  }
  await insert(tx, 'clearance_changes', changes.map(({ assignmentId, personId, kind, before, after }) => {
    const turn = (turns.get(personId) ?? 0) + 1;
    turns.set(personId, turn);
    return {
      id: newId(), assignment_id: assignmentId, person_id: personId, turn, kind, at: tx.now,
      state_before: before && JSON.stringify(before), state_after: after && JSON.stringify(after),
    };
  }));
}

const Last = z.object({ last_sequence: z.number() });
const Count = z.object({ n: z.number() });

/** Whether a change waits for its number. */
export const anyWaiting = async (from: Reader): Promise<boolean> =>
  (await maybeOne(from, z.object({ id: z.string() }), 'SELECT id FROM clearance_changes WHERE sequence IS NULL LIMIT 1')) !== null;

/**
 * Numbers changes that were committed and have no number, at most `limit`. The row of the feed is locked first, so that
 * whoever comes second waits until the numbers of the first are committed.
 * @returns how many
 */
export async function numberSome(tx: Tx, limit: number): Promise<number> {
  await execute(tx, 'UPDATE clearance_feed SET last_sequence = last_sequence WHERE id = 1');
  const { last_sequence: last } = await one(tx, Last, 'SELECT last_sequence FROM clearance_feed WHERE id = 1');
  const numbered = await execute(tx, `UPDATE clearance_changes SET sequence = n.sequence
    FROM (SELECT w.id, CAST($last AS BIGINT) + ROW_NUMBER() OVER (ORDER BY w.turn, w.at, w.id) AS sequence
      FROM (SELECT id, turn, at FROM clearance_changes WHERE sequence IS NULL ORDER BY turn, at, id LIMIT $limit) w) n
    WHERE n.id = clearance_changes.id`, { last, limit });
  await execute(tx, 'UPDATE clearance_feed SET last_sequence = last_sequence + $numbered WHERE id = 1', { numbered });
  return numbered;
}

/** The number of the latest change that can be read. */
export const lastSequence = async (from: Reader): Promise<number> => (await one(from, Last, 'SELECT last_sequence FROM clearance_feed WHERE id = 1')).last_sequence;

const State = z.object({
  status: z.enum(['cleared', 'waived', 'not-cleared']), mayStartOn: z.string().nullable(), until: z.string().nullable(),
  withdrawnOn: z.string().nullable(), suspendedOn: z.string().nullable(), expiredOn: z.string().nullable(),
});

const Row = z.object({
  id: z.string(), sequence: z.number(), at: z.number(), kind: z.enum(CHANGE_KINDS), state_before: json(State).nullable(), state_after: json(State).nullable(),
  assignment_id: z.string(), appointment_id: z.string(), person_id: z.string(), name: z.string(), staff_number: z.string().nullable(), recruitment_number: z.string().nullable(),
  organisation_id: z.string(), organisation_code: z.string(), organisation: z.string(), programme: z.string(), title_zh: z.string(), title_en: z.string(), gate: z.enum(GATES), cycle: z.number(),
}).transform((row) => ({
  id: row.id, sequence: row.sequence, at: row.at, kind: row.kind, before: row.state_before, after: row.state_after, assignmentId: row.assignment_id, appointmentId: row.appointment_id,
  person: { id: row.person_id, name: row.name, staffNumber: row.staff_number, recruitmentNumber: row.recruitment_number },
  organisation: { id: row.organisation_id, code: row.organisation_code, name: row.organisation },
  programme: { slug: row.programme, title: { zh: row.title_zh, en: row.title_en } }, gate: row.gate, cycle: row.cycle,
}));
/** A change as other systems are told: whose it is and where they serve is as it is now. */
export type ClearanceChange = z.output<typeof Row>;

const NUMBER = (kind: string): string => `(SELECT MIN(i.value) FROM identifiers i WHERE i.person_id = p.id AND i.kind = '${kind}')`;
const SELECT = `SELECT x.id, x.sequence, x.at, x.kind, x.state_before, x.state_after, x.assignment_id, a.appointment_id, p.id AS person_id, p.name,
    ${NUMBER('staff')} AS staff_number, ${NUMBER('recruitment')} AS recruitment_number, o.id AS organisation_id, o.code AS organisation_code, o.name AS organisation,
    g.slug AS programme, v.title_zh, v.title_en, v.gate, a.cycle
  FROM clearance_changes x JOIN assignments a ON a.id = x.assignment_id JOIN persons p ON p.id = a.person_id JOIN appointments ap ON ap.id = a.appointment_id
  JOIN organisations o ON o.id = ap.organisation_id JOIN programme_versions v ON v.id = a.programme_version_id JOIN programmes g ON g.id = v.programme_id`;

/** Changes of those who serve in these subtrees, after a number and up to another one, in their order. */
export function changesAfter(from: Reader, { paths, after, upTo, limit }: { paths: readonly string[]; after: number; upTo: number; limit: number }): Promise<ClearanceChange[]> {
  const scope = within('o.path', paths);
  return rows(from, Row, `${SELECT} WHERE x.sequence > $after AND x.sequence <= $upTo AND ${scope.sql} ORDER BY x.sequence LIMIT $limit`, { ...scope.params, after, upTo, limit });
}

/** These changes, in their order. */
export async function changesByIds(from: Reader, ids: readonly string[]): Promise<ClearanceChange[]> {
  if (ids.length === 0) return [];
  const { list, params } = places([...ids]);
  return rows(from, Row, `${SELECT} WHERE x.id IN (${list}) ORDER BY x.sequence`, params);
}

/** The number before the first change that happened at an instant or later. */
export const sequenceBefore = async (from: Reader, at: number): Promise<number> =>
  (await one(from, Count, 'SELECT COALESCE(MIN(sequence) - 1, (SELECT last_sequence FROM clearance_feed WHERE id = 1)) AS n FROM clearance_changes WHERE sequence IS NOT NULL AND at >= $at', { at })).n;
