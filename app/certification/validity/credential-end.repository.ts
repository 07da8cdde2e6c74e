import { execute, type Tx } from '~/db';
import type { PlainDate } from '~/kernel/calendar';

/**
 * Until when the credential of an assignment counts now: an extension or a change of law moved it. What is printed on it
 * stays as it was; the check page tells both.
 */
export const moveCredentialEnd = (tx: Tx, assignmentId: string, { until, byLaw }: { until: PlainDate | null; byLaw: boolean }): Promise<number> =>
  execute(tx, `UPDATE credentials SET valid_until = $until, end_cause = $cause, version = version + 1
    WHERE assignment_id = $assignmentId AND state IN ('valid', 'suspended') AND COALESCE(valid_until, '') <> COALESCE(CAST($until AS TEXT), '')`,
  { assignmentId, until, cause: byLaw ? 'law' : null });
