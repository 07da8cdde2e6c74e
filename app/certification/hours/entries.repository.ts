import { z } from 'zod';
import { execute, Flag, flag, insert, json, maybeOne, places, rows, type Reader, type Tx } from '~/db';
import type { PlainDate } from '~/kernel/calendar';
import type { Instant } from '~/kernel/clock';
import type { HourPost } from './book';
import type { HourInput, HourStep } from './convert';
import type { Judgement } from './judge';
import { rankClass } from './rank';
import { CONVERTED_KINDS, HOUR_KINDS, type ConvertedKind, type HourKind } from './rule';

export const ENTRY_STATES = ['counted', 'annulled', 'held'] as const;
export type EntryState = (typeof ENTRY_STATES)[number];

/** What is kept of an entry's input beside minutes and days. */
const Rest = z.object({
  lessons: z.array(z.number()).default([]), stated: z.number().nullable().default(null),
  leave: z.object({ missed: z.number(), of: z.number() }).nullable().default(null), approvedBy: z.string().nullable().default(null),
});

const EntryRow = z.object({
  id: z.string(), person_id: z.string(), kind: z.enum(HOUR_KINDS), ref: z.string(), counts_as: z.enum(CONVERTED_KINDS), title_zh: z.string(), title_en: z.string(),
  occurred_on: z.string(), year: z.number(), at: z.number(), minutes: z.number().nullable(), days: z.number().nullable(), input: json(Rest),
  rule_id: z.string().nullable(), converted: z.number(), hundredths: z.number(), counted_days: z.number(), off_the_job: Flag,
  calculation: z.string(), status: z.enum(ENTRY_STATES), reason: z.string().nullable(), entered_at: z.number(), entered_by: z.string(),
});
const COLUMNS = Object.keys(EntryRow.shape).join(', ');

/** An entry of the ledger of hours. */
export interface StoredEntry {
  id: string;
  personId: string;
  kind: HourKind;
  ref: string;
  countsAs: ConvertedKind;
  title: { zh: string; en: string };
  occurredOn: PlainDate;
  year: number;
  at: Instant;
  input: HourInput;
  ruleId: string | null;
  /** Before and after caps. */
  converted: number;
  hundredths: number;
  days: number;
  offTheJob: boolean;
  steps: HourStep[];
  status: EntryState;
  reason: string | null;
  enteredAt: Instant;
  enteredBy: string;
}

const shape = (row: z.infer<typeof EntryRow>): StoredEntry => ({
  id: row.id, personId: row.person_id, kind: row.kind, ref: row.ref, countsAs: row.counts_as, title: { zh: row.title_zh, en: row.title_en },
  occurredOn: row.occurred_on, year: row.year, at: row.at,
  input: {
    kind: row.kind, minutes: row.minutes, days: row.days, lessons: row.input.lessons, stated: row.input.stated, leave: row.input.leave,
    approved: row.input.approvedBy !== null,
  },
  ruleId: row.rule_id, converted: row.converted, hundredths: row.hundredths, days: row.counted_days, offTheJob: row.off_the_job,
  // Written by this folder only, from the type it is read as.
  steps: JSON.parse(row.calculation) as HourStep[],
  status: row.status, reason: row.reason, enteredAt: row.entered_at, enteredBy: row.entered_by,
});

export interface FreshEntry {
  id: string;
  personId: string;
  kind: HourKind;
  ref: string;
  countsAs: ConvertedKind;
  title: { zh: string; en: string };
  occurredOn: PlainDate;
  at: Instant;
  minutes: number | null;
  days: number | null;
  rest: z.input<typeof Rest>;
  status: EntryState;
  reason: string | null;
  by: string;
}

/** Adds an entry that counts nothing yet. @returns false when the same thing was entered before */
export async function insertEntry(tx: Tx, one: FreshEntry): Promise<boolean> {
  const added = await insert(tx, 'hour_entries', [{
    id: one.id, person_id: one.personId, kind: one.kind, ref: one.ref, counts_as: one.countsAs, title_zh: one.title.zh, title_en: one.title.en,
    occurred_on: one.occurredOn, year: Number(one.occurredOn.slice(0, 4)), at: one.at, minutes: one.minutes, days: one.days,
    input: JSON.stringify(one.rest), rule_id: null, converted: 0, hundredths: 0, counted_days: 0, off_the_job: 0, calculation: '[]',
    status: one.status, reason: one.reason, entered_at: tx.now, entered_by: one.by,
  }], 'ON CONFLICT (kind, ref) DO NOTHING');
  return added > 0;
}

export async function findEntry(from: Reader, kind: HourKind, ref: string): Promise<StoredEntry | null> {
  const row = await maybeOne(from, EntryRow, `SELECT ${COLUMNS} FROM hour_entries WHERE kind = $kind AND ref = $ref`, { kind, ref });
  return row && shape(row);
}

/** Everything that was entered for these persons, the latest first; annulled and held entries too. */
export async function entriesOf(from: Reader, personIds: string[]): Promise<StoredEntry[]> {
  if (personIds.length === 0) return [];
  const { list, params } = places(personIds);
  return (await rows(from, EntryRow, `SELECT ${COLUMNS} FROM hour_entries WHERE person_id IN (${list}) ORDER BY person_id, occurred_on DESC, at DESC, id`, params)).map(shape);
}

export const judgeEntry = (tx: Tx, id: string, one: Judgement): Promise<number> =>
  execute(tx, `UPDATE hour_entries SET rule_id = $ruleId, converted = $converted, hundredths = $hundredths, counted_days = $days,
    off_the_job = $off, calculation = $steps, version = version + 1 WHERE id = $id`, {
    id, ruleId: one.ruleId, converted: one.converted, hundredths: one.hundredths, days: one.days, off: flag(one.offTheJob), steps: JSON.stringify(one.steps),
  });

export const setEntryState = (tx: Tx, id: string, status: EntryState, reason: string): Promise<number> =>
  execute(tx, 'UPDATE hour_entries SET status = $status, reason = $reason, version = version + 1 WHERE id = $id', { id, status, reason });

const PostRow = z.object({
  person_id: z.string(), path: z.string(), kind: z.string(), rank: z.string().nullable(), start_of_duty: z.string(), ended_on: z.string().nullable(),
});

/** Where these persons serve and served, as rules see it. */
export async function postsOf(from: Reader, personIds: string[]): Promise<Map<string, HourPost[]>> {
  const posts = new Map<string, HourPost[]>(personIds.map((id) => [id, []]));
  if (personIds.length === 0) return posts;
  const { list, params } = places(personIds);
  const found = await rows(from, PostRow, `SELECT a.person_id, o.path, a.kind, a.rank, a.start_of_duty, a.ended_on
    FROM appointments a JOIN organisations o ON o.id = a.organisation_id WHERE a.person_id IN (${list}) ORDER BY a.start_of_duty, a.id`, params);
  for (const row of found) posts.get(row.person_id)?.push({ path: row.path, rank: rankClass(row), from: row.start_of_duty, until: row.ended_on });
  return posts;
}

const IdRow = z.object({ person_id: z.string() });
const CountRow = z.object({ n: z.number() });

/** Persons with entries, in the order of their ids, for going through all of them in steps. */
export const personsAfter = async (from: Reader, after: string, limit: number): Promise<string[]> =>
  (await rows(from, IdRow, `SELECT DISTINCT person_id FROM hour_entries WHERE person_id > $after ORDER BY person_id LIMIT $limit`, { after, limit })).map((row) => row.person_id);

export const personsWithEntries = async (from: Reader): Promise<number> =>
  (await rows(from, CountRow, 'SELECT COUNT(DISTINCT person_id) AS n FROM hour_entries'))[0]?.n ?? 0;

const HeldRow = z.object({ id: z.string(), person_id: z.string(), name: z.string(), title_zh: z.string(), title_en: z.string(), occurred_on: z.string(), status: z.enum(ENTRY_STATES) });

/** What arrived for a closed year, or fell away from one: it changes nothing until somebody adjusts it. */
export const heldEntries = (from: Reader, limit: number) =>
  rows(from, HeldRow, `SELECT h.id, h.person_id, p.name, h.title_zh, h.title_en, h.occurred_on, h.status FROM hour_entries h JOIN persons p ON p.id = h.person_id
    WHERE h.status = 'held' OR (h.status = 'counted' AND h.reason = 'source-gone') ORDER BY h.entered_at LIMIT $limit`, { limit });

/** Whether there are entries that were never counted by a rule. */
export const entriesWithoutRule = async (from: Reader): Promise<boolean> =>
  (await rows(from, CountRow, `SELECT COUNT(*) AS n FROM hour_entries WHERE rule_id IS NULL AND kind <> 'adjustment' AND status = 'counted'`))[0]?.n !== 0;
