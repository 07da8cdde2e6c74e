import { z } from 'zod';
import { json, one, openPersonal, places, rows, type Params, type Reader } from '~/db';
import type { Instant } from '~/kernel/clock';

/** An event of the ledger as it is read. */
export interface RecordedEvent {
  id: string;
  kind: string;
  subject: { kind: string; id: string };
  personId: string | null;
  /** When it took effect. */
  at: Instant;
  /** When the program learnt of it. */
  recordedAt: Instant;
  by: string;
  cause: string | null;
  body: Record<string, unknown>;
  /** Personal facts; null when there were none or they were erased. */
  personal: Record<string, unknown> | null;
}

const Document = z.record(z.string(), z.unknown());
const Row = z.object({
  id: z.string(), kind: z.string(), subject_kind: z.string(), subject_id: z.string(), person_id: z.string().nullable(),
  at: z.number(), recorded_at: z.number(), by: z.string(), cause: z.string().nullable(), body: json(Document), personal: z.string().nullable(),
});

/** Newest first, this many at most. */
const PAGE = 200;

async function read(from: Reader, where: string, params: Params, limit: number): Promise<RecordedEvent[]> {
  const found = await rows(from, Row, `SELECT id, kind, subject_kind, subject_id, person_id, at, recorded_at, by, cause, body, personal
    FROM ledger_events WHERE ${where} ORDER BY recorded_at DESC, id DESC LIMIT $limit`, { ...params, limit });
  return Promise.all(found.map((row) => opened(from, row)));
}

async function opened(from: Reader, row: z.infer<typeof Row>): Promise<RecordedEvent> {
  const personal = row.personal && row.person_id ? Document.nullable().parse(await openPersonal(from, row.person_id, row.personal)) : null;
  return {
    id: row.id, kind: row.kind, subject: { kind: row.subject_kind, id: row.subject_id }, personId: row.person_id,
    at: row.at, recordedAt: row.recorded_at, by: row.by, cause: row.cause, body: row.body, personal,
  };
}

/** What happened to one thing (an account, an attempt, a credential), newest first. */
export const eventsOf = (from: Reader, subject: { kind: string; id: string }, limit = PAGE): Promise<RecordedEvent[]> =>
  read(from, 'subject_kind = $subjectKind AND subject_id = $subjectId', { subjectKind: subject.kind, subjectId: subject.id }, limit);

/** What happened that concerns a person, newest first. */
export const eventsAbout = (from: Reader, personId: string, limit = PAGE): Promise<RecordedEvent[]> =>
  read(from, 'person_id = $personId', { personId }, limit);

/** What somebody did about these people at these instants, in the order in which it was recorded. */
export async function eventsOfChanges(from: Reader, changes: readonly { personId: string; by: string; at: Instant }[]): Promise<RecordedEvent[]> {
  if (changes.length === 0) return [];
  const people = places([...new Set(changes.map(({ personId }) => personId))], 'p');
  const causers = places([...new Set(changes.map(({ by }) => by))], 'b');
  const instants = places([...new Set(changes.map(({ at }) => at))], 't');
  const found = await read(from, `person_id IN (${people.list}) AND by IN (${causers.list}) AND at IN (${instants.list})`, { ...people.params, ...causers.params, ...instants.params }, PAGE * 5);
  return found.reverse();
}

/** How many events the ledger holds. */
export const ledgerCount = async (from: Reader): Promise<number> =>
  (await one(from, z.object({ n: z.number() }), 'SELECT COUNT(*) AS n FROM ledger_events')).n;
