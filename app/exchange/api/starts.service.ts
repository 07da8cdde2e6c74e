import type { z } from 'zod';
import { recordStartTx } from '~/certification';
import type { Tx } from '~/db';
import { covers } from '~/identity';
import { newId } from '~/kernel/id';
import { err, ok, ProblemError, type Result } from '~/kernel/result';
import type { Call } from './call';
import type { StartAnswer, StartQuestion } from './schema';

/** Records that somebody started, by the door of the pages: only when every programme of the gate permits it on that day. */
export async function recordOneStart(tx: Tx, { application }: Call, { appointmentId, startedOn }: z.infer<typeof StartQuestion>): Promise<Result<z.infer<typeof StartAnswer>>> {
  const recorder = {
    by: application.by, personId: null,
    // To whoever may not see an organisation there are no appointments in it.
    authorise: (path: string): void => { if (!covers(application.organisationPath, path)) throw new ProblemError({ code: 'not-found' }); },
  };
  const done = await recordStartTx(tx, recorder, { id: newId(), appointmentId, startedOn });
  if (!done.ok) return done;
  return done.value.kind === 'recorded' ? ok({ id: done.value.id, appointmentId, startedOn }) : err('hiring.not-permitted', { on: startedOn }, 'startedOn');
}
