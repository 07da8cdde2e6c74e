import { z } from 'zod';
import { json, places, rows, type Reader } from '~/db';
import type { Instant } from '~/kernel/clock';
import { mergesKnown } from './records/merge/merge.repository';
import { ownerOf } from './records/merge/ownership';
import { CREDENTIAL_KINDS, HISTORY_KINDS, type HistoryEvent } from './history';

const EventRow: z.ZodType<HistoryEvent> = z.object({
  person_id: z.string(), kind: z.string(), subject_id: z.string(), at: z.number(), recorded_at: z.number(), cause: z.string().nullable(), body: json(z.unknown()),
});

const quoted = (kinds: readonly string[]): string => kinds.map((kind) => `'${kind}'`).join(', ');

/** How the events of people are read: by the index of person, kind and time of recording, whatever else the ledger holds. */
export const historySql = (persons: string, kinds: readonly string[]): string => `SELECT person_id, kind, subject_id, at, recorded_at, cause, body
  FROM ledger_events WHERE person_id IN (${persons}) AND kind IN (${quoted(kinds)}) AND recorded_at < $before`;

const EVER: Instant = Number.MAX_SAFE_INTEGER;

async function eventsOfPeople(from: Reader, personIds: readonly string[], kinds: readonly string[], before: Instant = EVER): Promise<HistoryEvent[]> {
  if (personIds.length === 0) return [];
  // Two records of one person, merged or parted again: what the ledger tells about a row is theirs whose row it is.
  const merges = await mergesKnown(from, personIds, before);
  const { list, params } = places([...new Set([...personIds, ...merges.flatMap((one) => [one.survivorId, one.mergedId])])]);
  const found = await rows(from, EventRow, historySql(list, kinds), { ...params, before });
  return merges.length === 0 ? found : found.map((event) => ({ ...event, person_id: ownerOf(event, merges) }));
}

/** The events that clearances are made of, per person; only those recorded before an instant if one is given. */
export async function historiesOf(from: Reader, personIds: readonly string[], before: Instant = EVER): Promise<Map<string, HistoryEvent[]>> {
  const histories = new Map<string, HistoryEvent[]>(personIds.map((id) => [id, []]));
  for (const event of await eventsOfPeople(from, personIds, HISTORY_KINDS, before)) histories.get(event.person_id)?.push(event);
  return histories;
}

/** What was done to the credentials of these people. */
export const credentialActsOf = (from: Reader, personIds: readonly string[]): Promise<HistoryEvent[]> => eventsOfPeople(from, personIds, CREDENTIAL_KINDS);

const StaleRow = z.object({ assignment_id: z.string(), person_id: z.string() });

/** Clearances of assignments that have ended: they should be on no list. */
export const staleClearances = (from: Reader): Promise<z.infer<typeof StaleRow>[]> =>
  rows(from, StaleRow, `SELECT c.assignment_id, c.person_id FROM clearances c JOIN assignments a ON a.id = c.assignment_id
    WHERE a.ended_at IS NOT NULL`);
