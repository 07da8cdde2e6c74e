import { createHash } from 'node:crypto';
import type { Instant } from '~/kernel/clock';

/** An event exactly as it is stored: personal facts stay encrypted, so that a seal verifies after they were erased. */
export interface StoredEvent {
  id: string;
  kind: string;
  subject_kind: string;
  subject_id: string;
  person_id: string | null;
  at: Instant;
  recorded_at: Instant;
  by: string;
  cause: string | null;
  body: string;
  personal: string | null;
}

/** A place in the order of recording. */
export interface Place {
  at: Instant;
  id: string;
}

/** A link of the chain: it names its events and depends on the link before. */
export interface Seal {
  number: number;
  /** Takes in what was committed after its time had been sealed. */
  late: boolean;
  /** Up to here everything was sealed, this seal included. */
  to: Place;
  ids: string[];
  hash: string;
  previous: string;
  sealedAt: Instant;
}

/** What the first seal names as the one before. */
export const NO_SEAL = '0'.repeat(64);
export const BEFORE_ALL: Place = { at: -1, id: '' };

/** The hash of a seal: over the one before, its own number and place, and every stored field of its events in their order. */
export function sealHash({ number, late, to, previous }: Pick<Seal, 'number' | 'late' | 'to' | 'previous'>, events: readonly StoredEvent[]): string {
  const hash = createHash('sha256').update(JSON.stringify([previous, number, late, to.at, to.id, events.length]));
  for (const one of events) {
    hash.update('\n').update(JSON.stringify([
      one.id, one.kind, one.subject_kind, one.subject_id, one.person_id, one.at, one.recorded_at, one.by, one.cause, one.body, one.personal,
    ]));
  }
  return hash.digest('hex');
}

/** What is wrong with a seal: the chain before it, an event of it, or an event that nobody sealed. */
export type Breach =
  | { kind: 'chain' }
  | { kind: 'removed' | 'inserted'; eventId: string }
  | { kind: 'changed' };

export interface ToCheck {
  seal: Seal;
  before: Pick<Seal, 'number' | 'hash'>;
  /** All events that lie in the time of the seal; for a late one those that it names. */
  events: readonly StoredEvent[];
  /** What later seals took in late. */
  late: ReadonlySet<string>;
}

/** Null when the seal verifies. */
export function breachOf({ seal, before, events, late }: ToCheck): Breach | null {
  if (seal.number !== before.number + 1 || seal.previous !== before.hash) return { kind: 'chain' };
  const found = new Map(events.map((event) => [event.id, event]));
  const named = new Set(seal.ids);
  const removed = seal.ids.find((id) => !found.has(id));
  if (removed !== undefined) return { kind: 'removed', eventId: removed };
  const inserted = events.find(({ id }) => !named.has(id) && !late.has(id));
  if (inserted) return { kind: 'inserted', eventId: inserted.id };
  const own = seal.ids.flatMap((id) => found.get(id) ?? []);
  return sealHash(seal, own) === seal.hash ? null : { kind: 'changed' };
}
