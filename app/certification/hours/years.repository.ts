import { z } from 'zod';
import { execute, insert, maybeOne, places, rows, type Reader, type Tx } from '~/db';
import type { Instant } from '~/kernel/clock';
import type { FrozenCarry } from './targets';

const YearRow = z.object({
  year: z.number(), state: z.enum(['asked', 'closed', 'refused']), reason: z.string(), asked_at: z.number(), asked_by: z.string(),
  decided_at: z.number().nullable(), decided_by: z.string().nullable(),
});

export interface HourYear {
  year: number;
  state: 'asked' | 'closed' | 'refused';
  reason: string;
  askedAt: Instant;
  askedBy: string;
  decidedAt: Instant | null;
  decidedBy: string | null;
}

const shape = (row: z.infer<typeof YearRow>): HourYear => ({
  year: row.year, state: row.state, reason: row.reason, askedAt: row.asked_at, askedBy: row.asked_by, decidedAt: row.decided_at, decidedBy: row.decided_by,
});

/** What was asked and decided about years, the latest year first. */
export const listYears = async (from: Reader): Promise<HourYear[]> =>
  (await rows(from, YearRow, 'SELECT year, state, reason, asked_at, asked_by, decided_at, decided_by FROM hour_years ORDER BY year DESC')).map(shape);

const Year = z.object({ year: z.number() });

export const closedYears = async (from: Reader): Promise<number[]> =>
  (await rows(from, Year, `SELECT year FROM hour_years WHERE state = 'closed' ORDER BY year`)).map((row) => row.year);

/** Years that have entries. */
export const yearsWithEntries = async (from: Reader): Promise<number[]> =>
  (await rows(from, Year, 'SELECT DISTINCT year FROM hour_entries ORDER BY year DESC')).map((row) => row.year);

/**
 * Whether a year is closed. Whoever enters hours waits here for somebody who is closing the year at this moment; years
 * about which nothing was asked cannot be closing.
 */
export async function isClosed(tx: Tx, year: number): Promise<boolean> {
  await execute(tx, 'UPDATE hour_years SET version = version WHERE year = $year', { year });
  return (await maybeOne(tx, Year, `SELECT year FROM hour_years WHERE year = $year AND state = 'closed'`, { year })) !== null;
}

/** @returns false when it was asked already or is closed */
export const askYear = async (tx: Tx, year: number, reason: string, by: string): Promise<boolean> =>
  (await insert(tx, 'hour_years', [{ year, state: 'asked', reason, asked_at: tx.now, asked_by: by }],
    `ON CONFLICT (year) DO UPDATE SET state = 'asked', reason = excluded.reason, asked_at = excluded.asked_at, asked_by = excluded.asked_by,
      decided_at = NULL, decided_by = NULL, version = hour_years.version + 1 WHERE hour_years.state = 'refused'`)) > 0;

export const decideYear = async (tx: Tx, year: number, state: 'closed' | 'refused', by: string): Promise<boolean> =>
  (await execute(tx, `UPDATE hour_years SET state = $state, decided_at = $now, decided_by = $by, version = version + 1
    WHERE year = $year AND state = 'asked' AND asked_by <> $by`, { year, state, by, now: tx.now })) > 0;

const CarryRow = z.object({ person_id: z.string(), year: z.number(), target: z.string(), hundredths: z.number() });

/** What closed years passed on, by person. */
export async function carriesOf(from: Reader, personIds: string[]): Promise<Map<string, FrozenCarry[]>> {
  const carries = new Map<string, FrozenCarry[]>();
  if (personIds.length === 0) return carries;
  const { list, params } = places(personIds);
  for (const { person_id: id, ...carry } of await rows(from, CarryRow, `SELECT person_id, year, target, hundredths FROM hour_carries WHERE person_id IN (${list})`, params)) {
    carries.set(id, [...(carries.get(id) ?? []), carry]);
  }
  return carries;
}

export const insertCarries = (tx: Tx, personId: string, carries: FrozenCarry[]): Promise<number> =>
  insert(tx, 'hour_carries', carries.map((one) => ({ person_id: personId, ...one })), 'ON CONFLICT (person_id, year, target) DO NOTHING');
