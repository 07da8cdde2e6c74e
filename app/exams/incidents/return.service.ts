import { appendEvents, type Tx } from '~/db';
import type { Instant } from '~/kernel/clock';
import { recomputeDeadline } from '../time/recompute.service';
import { endOpenCredits } from '../time/time.repository';

/**
 * A candidate is back whom an incident credits until then: from now on time runs again, and what they had left when it
 * struck is what they have left. Does nothing without such a credit. The caller has locked the attempt.
 */
export async function closeOpenCredit(tx: Tx, attemptId: string, firstContactAt: Instant): Promise<void> {
  if (await endOpenCredits(tx, attemptId, firstContactAt) === 0) return;
  const moved = await recomputeDeadline(tx, attemptId);
  await appendEvents(tx, moved === null ? [] : [{
    kind: 'attempt.credit-ended', subject: { kind: 'attempt', id: attemptId }, personId: moved.attempt.personId, by: 'system:exams', cause: 'incident',
    body: { deadlineBefore: moved.before, deadlineAt: moved.at },
  }]);
}
