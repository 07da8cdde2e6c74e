import { inTransaction, reader, type Reader } from '~/db';
import { hours, minutes, type Instant } from '~/kernel/clock';
import { BEFORE_ALL, breachOf, NO_SEAL, sealHash, type Breach, type Place, type Seal, type StoredEvent } from './seal';
import {
  countAfter, countBetween, eventsAfter, eventsBetween, eventsByIds, insertSeal, lastSeal, lateSeals, sealBefore, sealsAfter, sealsSince,
} from './seals.repository';

/** So long may a transaction that has appended an event take to commit; what takes longer is sealed late. */
const SETTLES_IN = minutes(1);
/** So far back is looked for what was committed late. */
const LATE_WITHIN = hours(1);
const EVENTS_A_SEAL = 1000;
const SEALS_A_RUN = 200;

/**
 * Seals what the ledger has recorded up to a minute ago, in the order of recording, and what was committed late. Nothing
 * waits for it: whoever appends takes no part in the chain, and of several processes the first one makes a seal.
 */
export async function sealLedger(now: Instant): Promise<void> {
  await sealLateComers(now);
  for (let made = 0; made < SEALS_A_RUN; made += 1) {
    const last = await lastSeal(reader());
    const events = await eventsAfter(reader(), last?.to ?? BEFORE_ALL, now - SETTLES_IN, EVENTS_A_SEAL);
    if (!await seal(last, events, false) || events.length < EVENTS_A_SEAL) return;
  }
}

/** @returns false when there was nothing to seal, or another process was first */
async function seal(last: Seal | null, events: readonly StoredEvent[], late: boolean): Promise<boolean> {
  const end = events.at(-1);
  if (!end) return false;
  const to: Place = late && last ? last.to : { at: end.recorded_at, id: end.id };
  const next = { number: (last?.number ?? 0) + 1, late, to, previous: last?.hash ?? NO_SEAL };
  const made = await inTransaction((tx) => insertSeal(tx, { ...next, ids: events.map(({ id }) => id), hash: sealHash(next, events) }));
  return made > 0;
}

/** Counts first, for there is hardly ever one; what late seals hold may lie before the time that is looked at. */
async function sealLateComers(now: Instant): Promise<void> {
  const recent = await sealsSince(reader(), now - LATE_WITHIN);
  const [first] = recent;
  const last = recent.at(-1);
  if (!first || !last) return;
  const after = (await sealBefore(reader(), first.number))?.to ?? BEFORE_ALL;
  const sealed = new Set(recent.flatMap(({ ids }) => ids));
  if (!recent.some((one) => one.late) && await countBetween(reader(), after, last.to) <= sealed.size) return;
  const late = (await eventsBetween(reader(), after, last.to)).filter(({ id }) => !sealed.has(id));
  for (let from = 0; from < late.length; from += EVENTS_A_SEAL) {
    if (!await seal(await lastSeal(reader()), late.slice(from, from + EVENTS_A_SEAL), true)) return;
  }
}

export interface Verification {
  seals: number;
  events: number;
  /** Events that no seal holds yet: those of the last minute, as long as the sealing runs. */
  unsealed: number;
  /** The end of the chain: kept elsewhere, it shows later that the chain was not made anew. */
  head: { number: number; hash: string } | null;
  /** The first seal that does not verify. */
  broken: (Breach & { seal: number; sealedAt: Instant }) | null;
}

/** Follows the chain from its beginning and compares every event with its seal. Reads in steps, whatever the size. */
export async function verifyLedger(): Promise<Verification> {
  const from = reader();
  const late = new Set((await lateSeals(from)).flatMap(({ ids }) => ids));
  let before: Pick<Seal, 'number' | 'hash' | 'to'> = { number: 0, hash: NO_SEAL, to: BEFORE_ALL };
  let events = 0;
  for (;;) {
    const seals = await sealsAfter(from, before.number, 50);
    if (seals.length === 0) break;
    for (const one of seals) {
      const breach = breachOf({ seal: one, before, events: await eventsFor(from, one, before.to), late });
      if (breach) return { seals: before.number, events, unsealed: 0, head: headOf(before), broken: { ...breach, seal: one.number, sealedAt: one.sealedAt } };
      events += one.ids.length;
      before = one;
    }
  }
  return { seals: before.number, events, unsealed: await countAfter(from, before.to), head: headOf(before), broken: null };
}

const headOf = ({ number, hash }: Pick<Seal, 'number' | 'hash'>) => (number === 0 ? null : { number, hash });

const eventsFor = (from: Reader, seal: Seal, after: Place): Promise<StoredEvent[]> =>
  seal.late ? eventsByIds(from, seal.ids) : eventsBetween(from, after, seal.to);

/** Whether the chain holds a seal that somebody kept, as `number:hash`. */
export async function isSealed(kept: string): Promise<boolean> {
  const [number, hash] = kept.split(':');
  const [found] = await sealsAfter(reader(), Number(number) - 1, 1);
  return found !== undefined && found.number === Number(number) && found.hash === hash;
}
