import { z } from 'zod';
import { execute, inChunks, insert, places, rows, type Reader, type Tx } from '~/db';
import type { EnteredSection } from './sections';

const Row = z.object({
  attempt_id: z.string(), section: z.number(), entered_at: z.number(), ends_at: z.number().nullable(), left_at: z.number().nullable(),
}).transform((row) => ({
  attemptId: row.attempt_id, section: row.section, enteredAt: row.entered_at, endsAt: row.ends_at, leftAt: row.left_at,
}));

/** The sections that attempts have entered, in their order, by attempt. */
export async function enteredSections(from: Reader, attemptIds: readonly string[]): Promise<Map<string, EnteredSection[]>> {
  const found = await inChunks(attemptIds, (chunk) => {
    const ids = places(chunk);
    return rows(from, Row, `SELECT attempt_id, section, entered_at, ends_at, left_at FROM attempt_sections
      WHERE attempt_id IN (${ids.list}) ORDER BY attempt_id, section`, ids.params);
  });
  const byAttempt = new Map<string, EnteredSection[]>();
  for (const { attemptId, ...one } of found) byAttempt.set(attemptId, [...(byAttempt.get(attemptId) ?? []), one]);
  return byAttempt;
}

/** Writes sections as they stand, new ones and changed ones. */
export const storeSections = (tx: Tx, sections: (EnteredSection & { attemptId: string })[]): Promise<number> =>
  insert(tx, 'attempt_sections', sections.map((one) => ({
    attempt_id: one.attemptId, section: one.section, entered_at: one.enteredAt, ends_at: one.endsAt, left_at: one.leftAt,
  })), 'ON CONFLICT (attempt_id, section) DO UPDATE SET ends_at = excluded.ends_at, left_at = excluded.left_at');

/** Says which section is open; the candidate's other pages learn of it. */
export const setOpenSection = (tx: Tx, attemptId: string, section: number): Promise<number> =>
  execute(tx, `UPDATE attempts SET section = $section, signal_at = $now, version = version + 1
    WHERE id = $attemptId AND state = 'in-progress'`, { attemptId, section, now: tx.now });
