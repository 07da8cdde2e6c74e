import { z } from 'zod';
import { Flag, json, places, rows, type Reader } from '~/db';
import type { PlainDate } from '~/kernel/calendar';
import type { Instant } from '~/kernel/clock';
import { ENTRY_STATES, type EntryState } from './entries.repository';
import { CONVERTED_KINDS, type ConvertedKind } from './rule';

/** An entry as far as sums need it. */
export interface CountableEntry {
  id: string;
  personId: string;
  year: number;
  countsAs: ConvertedKind;
  offTheJob: boolean;
  hundredths: number;
  days: number;
  status: EntryState;
}

const EntryRow = z.object({
  id: z.string(), person_id: z.string(), year: z.number(), counts_as: z.enum(CONVERTED_KINDS), off_the_job: Flag, hundredths: z.number(), counted_days: z.number(),
  status: z.enum(ENTRY_STATES),
}).transform((row): CountableEntry => ({
  id: row.id, personId: row.person_id, year: row.year, countsAs: row.counts_as, offTheJob: row.off_the_job, hundredths: row.hundredths, days: row.counted_days, status: row.status,
}));

/** What these people learned up to a day, whatever became of it. */
export async function countableEntries(from: Reader, personIds: string[], on: PlainDate): Promise<CountableEntry[]> {
  if (personIds.length === 0) return [];
  const { list, params } = places(personIds);
  return rows(from, EntryRow, `SELECT id, person_id, year, counts_as, off_the_job, hundredths, counted_days, status FROM hour_entries
    WHERE person_id IN (${list}) AND occurred_on <= $on`, { ...params, on });
}

/** What an entry was before it was changed. */
export type Undone = Partial<Pick<CountableEntry, 'hundredths' | 'days' | 'offTheJob' | 'status'>>;

const ChangeRow = z.object({
  kind: z.enum(['hours.recomputed', 'hours.annulled']), subject_id: z.string(),
  body: json(z.object({
    before: z.number().optional(), hundredths: z.number().optional(), daysBefore: z.number().optional(), offTheJobBefore: z.boolean().optional(), held: z.boolean().optional(),
    was: z.enum(ENTRY_STATES).optional(),
  })),
});

/** What was counted anew or taken back from an instant on, by entry: how it was before the first of it. */
export async function changedSince(from: Reader, personIds: string[], since: Instant): Promise<Map<string, Undone>> {
  if (personIds.length === 0) return new Map();
  const { list, params } = places(personIds);
  const found = await rows(from, ChangeRow, `SELECT kind, subject_id, body FROM ledger_events
    WHERE person_id IN (${list}) AND kind IN ('hours.recomputed', 'hours.annulled') AND recorded_at >= $since ORDER BY recorded_at, id`, { ...params, since });
  const undone = new Map<string, Undone>();
  for (const { kind, subject_id: id, body } of found) {
    const before: Undone = kind === 'hours.annulled'
      ? { ...(body.hundredths !== undefined && { hundredths: body.hundredths }), ...(body.held !== true && { status: body.was ?? 'counted' }) }
      : {
        ...(body.before !== undefined && { hundredths: body.before }), ...(body.daysBefore !== undefined && { days: body.daysBefore }),
        ...(body.offTheJobBefore !== undefined && { offTheJob: body.offTheJobBefore }),
      };
    // The earliest change says how it was; a later one only what the earlier ones leave open.
    undone.set(id, { ...before, ...undone.get(id) });
  }
  return undone;
}
