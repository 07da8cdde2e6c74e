import { insert, type Tx } from '~/db';
import type { Instant } from '~/kernel/clock';

/** What was handed in before `since` neither passes this exam any more nor uses up an attempt; it stays as it was. */
export const takeAnew = (tx: Tx, { examId, personId, since }: { examId: string; personId: string; since: Instant }): Promise<number> =>
  insert(tx, 'exam_renewals', [{ exam_id: examId, person_id: personId, since }],
    'ON CONFLICT (exam_id, person_id) DO UPDATE SET since = CASE WHEN excluded.since > exam_renewals.since THEN excluded.since ELSE exam_renewals.since END');
