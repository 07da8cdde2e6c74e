import { appendEvent, type By, type Tx } from '~/db';
import { startOfDate, type PlainDate } from '~/kernel/calendar';
import type { Instant } from '~/kernel/clock';
import { config } from '~/kernel/config';
import { newId } from '~/kernel/id';
import { lockPerson } from '../assignments.repository';
import { findEntry, insertEntry, setEntryState, type StoredEntry } from './entries.repository';
import { proveLater, recount } from './recount.service';
import type { ConvertedKind } from './rule';
import { ruleBook } from './rules.repository';
import { isClosed } from './years.repository';

/** Learning that is to be entered. Days, stated hours and leave are given as they are read, with at most two decimals. */
export interface NewHours {
  personId: string;
  kind: ConvertedKind;
  /** What it comes from: the same kind and ref are entered once. */
  ref: string;
  title: { zh: string; en: string };
  /** The day on which it counts. What spans two years is entered once for each. */
  occurredOn: PlainDate;
  at?: Instant;
  minutes?: number;
  /** The minutes of each lesson, for rules that count lesson by lesson. */
  lessons?: number[];
  days?: number;
  /** Hours as the certificate or the other region states them. */
  statedHours?: number;
  /** How much of the whole was missed on leave, in the same unit. */
  leave?: { missed: number; of: number };
  /** Who has accepted learning from elsewhere. */
  approvedBy?: string;
}

const toHundredths = (n: number | undefined): number | null => (n === undefined ? null : Math.round(n * 100));

/**
 * Enters learning once, counts it by the rule that applies, and tells the ledger. What belongs to a closed year is kept
 * as held and counts nothing: only an adjustment changes a closed year.
 * @returns the entry, or null when it was entered before
 */
export async function enterHours(tx: Tx, hours: NewHours, { by, cause }: { by: By; cause: string }): Promise<StoredEntry | null> {
  await lockPerson(tx, hours.personId);
  const closed = await isClosed(tx, Number(hours.occurredOn.slice(0, 4)));
  const id = newId();
  const leave = hours.leave ? { missed: Math.round(hours.leave.missed * 100), of: Math.round(hours.leave.of * 100) } : null;
  const fresh = await insertEntry(tx, {
    id, personId: hours.personId, kind: hours.kind, ref: hours.ref, countsAs: hours.kind, title: hours.title, occurredOn: hours.occurredOn,
    at: hours.at ?? startOfDate(hours.occurredOn, config().TIME_ZONE), minutes: hours.minutes ?? null, days: toHundredths(hours.days),
    rest: { lessons: hours.lessons ?? [], stated: toHundredths(hours.statedHours), leave, approvedBy: hours.approvedBy ?? null },
    status: closed ? 'held' : 'counted', reason: closed ? 'year-closed' : null, by,
  });
  if (!fresh) return null;
  if (!closed) await recount(tx, [hours.personId], await ruleBook(tx), { by, cause, freshId: id });
  const entry = await findEntry(tx, hours.kind, hours.ref);
  await appendEvent(tx, {
    kind: 'hours.entered', subject: { kind: 'hours', id }, personId: hours.personId, at: entry?.at ?? tx.now, by, cause,
    body: {
      kind: hours.kind, ref: hours.ref, occurredOn: hours.occurredOn, year: entry?.year, minutes: entry?.input.minutes, days: entry?.input.days,
      hundredths: entry?.hundredths, ruleId: entry?.ruleId, held: closed,
    },
  });
  return entry;
}

/**
 * What an entry came from does not hold any more. In an open year it counts nothing from now on; in a closed year it
 * stays as it is and waits for somebody to adjust it.
 * @returns false when there is nothing to annul
 */
export async function annulHours(tx: Tx, kind: ConvertedKind, ref: string, { by, cause }: { by: By; cause: string }): Promise<boolean> {
  const found = await findEntry(tx, kind, ref);
  if (!found) return false;
  await lockPerson(tx, found.personId);
  const closed = await isClosed(tx, found.year);
  const entry = await findEntry(tx, kind, ref);
  if (!entry || entry.status === 'annulled' || entry.reason === 'source-gone') return false;
  const status = closed && entry.status === 'counted' ? 'counted' : 'annulled';
  await setEntryState(tx, entry.id, status, 'source-gone');
  await appendEvent(tx, {
    kind: 'hours.annulled', subject: { kind: 'hours', id: entry.id }, personId: entry.personId, by, cause,
    body: { kind, ref, hundredths: entry.hundredths, year: entry.year, held: status === 'counted', was: entry.status },
  });
  if (status === 'annulled') {
    await recount(tx, [entry.personId], await ruleBook(tx), { by, cause });
    await proveLater(tx, [entry.personId]);
  }
  return true;
}
