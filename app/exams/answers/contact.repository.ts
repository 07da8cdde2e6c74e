import { z } from 'zod';
import { insert, places, rows, type Reader, type Tx } from '~/db';
import type { Instant } from '~/kernel/clock';

/** A silence between two contacts with a running attempt. */
export interface ContactGap {
  attemptId: string;
  from: Instant;
  to: Instant;
}

export const insertGaps = (tx: Tx, gaps: ContactGap[]): Promise<number> =>
  insert(tx, 'contact_gaps', gaps.map(({ attemptId, from, to }) => ({ attempt_id: attemptId, from_at: from, to_at: to })), 'ON CONFLICT (attempt_id, from_at) DO NOTHING');

const Id = z.object({ attempt_id: z.string() });

/** Those among the attempts that an incident credits until they are back. A whole room may come back at once. */
export async function withOpenCredit(from: Reader, attemptIds: string[]): Promise<string[]> {
  const { list, params } = places(attemptIds);
  const found = await rows(from, Id, `SELECT DISTINCT attempt_id FROM attempt_times
    WHERE attempt_id IN (${list}) AND code = 'incident' AND to_at IS NULL AND undone_at IS NULL`, params);
  return found.map((row) => row.attempt_id);
}
