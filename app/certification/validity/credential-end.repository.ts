import { execute, type Tx } from '~/db';
import type { PlainDate } from '~/kernel/calendar';

/**
 * Until when the credential of an assignment counts now: an extension or a change of law moved it. What is printed on it
 * stays as it was; the check page tells both.
 */
export const moveCredentialEnd = (tx: Tx, assignmentId: string, until: PlainDate | null): Promise<number> =>
  execute(tx, `UPDATE credentials SET valid_until = $until, version = version + 1
    WHERE assignment_id = $assignmentId AND state IN ('valid', 'suspended') AND COALESCE(valid_until, '') <> COALESCE(CAST($until AS TEXT), '')`, { assignmentId, until });
