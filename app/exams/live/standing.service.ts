import { inTransaction, reader } from '~/db';
import { authorise, type Actor } from '~/identity';
import { clock } from '~/kernel/clock';
import { err, ok, type Result } from '~/kernel/result';
import { markSeen, signal, standingFacts } from './live.repository';
import { standingFor, type Standing } from './standing';

/** How the actor's attempt stands, as the browser `device` must know it. */
export async function standingOf(actor: Actor, attemptId: string, device: string): Promise<Result<Standing>> {
  const now = clock.now();
  const [facts] = await standingFacts(reader(), [attemptId], now);
  if (!facts) return err('not-found');
  authorise(actor, 'take an exam', { personId: facts.personId });
  return ok(standingFor(facts, device, now));
}

/** The candidate has read a message. Read twice, it stays as it was; the candidate's other windows put it away too. */
export async function messageSeen(actor: Actor, attemptId: string, messageId: string): Promise<Result<null>> {
  const [facts] = await standingFacts(reader(), [attemptId], clock.now());
  if (!facts) return err('not-found');
  authorise(actor, 'take an exam', { personId: facts.personId });
  return inTransaction(async (tx) => {
    if ((await markSeen(tx, attemptId, messageId)) > 0) await signal(tx, [attemptId]);
    return ok(null);
  });
}
