import { randomBytes } from 'node:crypto';
import { z } from 'zod';
import { seconds, type Instant } from '~/kernel/clock';
import { newId } from '~/kernel/id';
import { decrypt, encrypt } from '~/kernel/secrets';
import { maybeOne, one, rows, type Reader } from './query';
import { insert } from './insert';
import { among } from './lists';
import { execute, type Tx } from './transaction';

/** Who caused something: an account, an application with a token, or a named part of the program. Shown in the ledger. */
export type By = `account:${string}` | `application:${string}` | `system:${string}`;

/** SQL of the account that a `By` names, to look it up by its key; NULL when it names something else. */
export const accountOf = (by: string): string => `CASE WHEN ${by} LIKE 'account:%' THEN substr(${by}, 9) END`;

export interface LedgerEvent {
  /** Given when something else must name the event. */
  id?: string;
  /** For example `attempt.handed-in`: subject and past participle. */
  kind: string;
  subject: { kind: string; id: string };
  /** The person whom it concerns, if any. */
  personId?: string | null;
  /** When it took effect; the time of recording is added here. Default: now. */
  at?: Instant;
  by: By;
  /** candidate, deadline, invigilator, adjudicator, import, rule … */
  cause?: string;
  /** Ids, codes, numbers. Never a name or another personal fact: those belong in `personal`. */
  body?: Record<string, unknown>;
  /** Personal facts, encrypted with the person's own key, so that erasing the key erases them. */
  personal?: Record<string, unknown>;
}

/** Who does something, and by which way when it is not a page, as the ledger tells it. */
export type Doer = Pick<LedgerEvent, 'by' | 'cause'>;

/** How far the clock may run before it is read again what others have recorded. */
const READ_AGAIN_AFTER = seconds(1);

let lastRecorded: Instant = 0;
let readAt: Instant | null = null;
/** Whose ledger that was: a process that opens another database begins anew. */
let readOf: Tx['sequelize'] | null = null;

const Latest = z.object({ at: z.number().nullable() });

/**
 * The instant of recording: now, but never before what was recorded last, by this process or another one. A
 * clock that was set back, also over a restart, must not make a later event look earlier.
 */
async function recordingAt(tx: Tx): Promise<Instant> {
  if (readOf !== tx.sequelize) [readOf, readAt, lastRecorded] = [tx.sequelize, null, 0];
  if (readAt === null || Math.abs(tx.now - readAt) >= READ_AGAIN_AFTER) {
    readAt = tx.now;
    lastRecorded = Math.max(lastRecorded, (await one(tx, Latest, 'SELECT MAX(recorded_at) AS at FROM ledger_events')).at ?? 0);
  }
  lastRecorded = Math.max(lastRecorded, tx.now);
  return lastRecorded;
}

/** Adds an event to the append-only ledger, in the caller's transaction. */
export async function appendEvent(tx: Tx, event: LedgerEvent): Promise<void> {
  await appendEvents(tx, [event]);
}

/** Adds events that happened together, in their order. */
export async function appendEvents(tx: Tx, events: LedgerEvent[]): Promise<void> {
  const keys = await personKeys(tx, events.flatMap((event) => (event.personal && event.personId ? [event.personId] : [])));
  const recordedAt = await recordingAt(tx);
  const values = [];
  for (const event of events) {
    const key = event.personId ? keys.get(event.personId) : undefined;
    values.push({
      id: event.id ?? newId(),
      kind: event.kind,
      subject_kind: event.subject.kind,
      subject_id: event.subject.id,
      person_id: event.personId ?? null,
      at: event.at ?? tx.now,
      recorded_at: recordedAt,
      by: event.by,
      cause: event.cause ?? null,
      body: JSON.stringify(event.body ?? {}),
      personal: event.personal && key ? encrypt(JSON.stringify(event.personal), key) : null,
    });
  }
  await insert(tx, 'ledger_events', values);
}

const KeyRow = z.object({ wrapped: z.string().nullable() });

const PersonKeyRow = z.object({ person_id: z.string(), wrapped: z.string() });

/** The keys of these persons, made on first use; none for those whose key was erased. */
async function personKeys(tx: Tx, personIds: string[]): Promise<Map<string, Buffer>> {
  const ids = [...new Set(personIds)];
  if (ids.length === 0) return new Map();
  const fresh = ids.map((id) => {
    const key = randomBytes(32);
    return { id, key, wrapped: encrypt(key.toString('hex')) };
  });
  const made = await insert(tx, 'person_keys', fresh.map(({ id, wrapped }) => ({ person_id: id, wrapped, created_at: tx.now })), 'ON CONFLICT (person_id) DO NOTHING');
  if (made === ids.length) return new Map(fresh.map(({ id, key }) => [id, key]));
  const { list, params } = among(tx, 'ids', ids);
  const found = await rows(tx, PersonKeyRow, `SELECT person_id, wrapped FROM person_keys WHERE wrapped IS NOT NULL AND person_id IN (${list})`, params);
  return new Map(found.map((row) => [row.person_id, Buffer.from(decrypt(row.wrapped), 'hex')]));
}

async function findPersonKey(from: Reader, personId: string): Promise<Buffer | null> {
  const row = await maybeOne(from, KeyRow, 'SELECT wrapped FROM person_keys WHERE person_id = $personId', { personId });
  return row?.wrapped ? Buffer.from(decrypt(row.wrapped), 'hex') : null;
}

/** The personal facts of an event, or null when they were erased. */
export async function openPersonal(from: Reader, personId: string, text: string): Promise<unknown> {
  const key = await findPersonKey(from, personId);
  return key ? JSON.parse(decrypt(text, key)) : null;
}

/** Makes every personal fact about the person in the ledger unreadable for ever; the events stay. */
export async function erasePersonKey(tx: Tx, personId: string): Promise<void> {
  await execute(tx, 'UPDATE person_keys SET wrapped = NULL, erased_at = $now WHERE person_id = $personId', { personId, now: tx.now });
}
