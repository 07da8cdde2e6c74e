import { z } from 'zod';
import { json, places, rows, type Reader } from '~/db';

const EventRow = z.object({ person_id: z.string(), kind: z.string(), subject_id: z.string(), at: z.number(), cause: z.string().nullable(), body: json(z.unknown()) });
export type HistoryEvent = z.infer<typeof EventRow>;

/** The events that clearances are made of, per person. */
export async function historiesOf(from: Reader, personIds: string[]): Promise<Map<string, HistoryEvent[]>> {
  const { list, params } = places(personIds);
  const found = await rows(from, EventRow, `SELECT person_id, kind, subject_id, at, cause, body FROM ledger_events
    WHERE person_id IN (${list}) AND kind IN ('assignment.made', 'assignment.replanned', 'evidence.recorded', 'credential.revoked')`, params);
  const histories = new Map<string, HistoryEvent[]>();
  for (const event of found) histories.set(event.person_id, [...(histories.get(event.person_id) ?? []), event]);
  return histories;
}

const StaleRow = z.object({ assignment_id: z.string(), person_id: z.string() });

/** Clearances of assignments that have ended: they should be on no list. */
export const staleClearances = (from: Reader): Promise<z.infer<typeof StaleRow>[]> =>
  rows(from, StaleRow, `SELECT c.assignment_id, c.person_id FROM clearances c JOIN assignments a ON a.id = c.assignment_id
    WHERE a.ended_at IS NOT NULL`);
