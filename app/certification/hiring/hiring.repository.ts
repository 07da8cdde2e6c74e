import { z } from 'zod';
import { places, rows, type Reader } from '~/db';
import type { PlainDate } from '~/kernel/calendar';

const AskedWaiver = z.object({ id: z.string(), assignment_id: z.string(), requirement_code: z.string().nullable(), asked_from: z.string(), asked_until: z.string() });
export type AskedWaiverRow = z.infer<typeof AskedWaiver>;

/** Waivers that were asked for these people, reach today, and wait for a decision. */
export async function waiversAskedOfAll(from: Reader, personIds: readonly string[], today: PlainDate): Promise<AskedWaiverRow[]> {
  if (personIds.length === 0) return [];
  const { list, params } = places([...personIds]);
  return rows(from, AskedWaiver, `SELECT id, assignment_id, requirement_code, asked_from, asked_until FROM waivers
    WHERE person_id IN (${list}) AND state = 'asked' AND asked_until >= $today`, { ...params, today });
}
