import { inTransaction, type Tx } from '~/db';
import { days, minutes, type Instant } from '~/kernel/clock';
import { err, ok, type Result } from '~/kernel/result';
import { claim, findKept, forgetKey, forgetKeys, giveUp, keepAnswer, takeOver, type Keyed } from './once.repository';

/** So long a request under the same key is answered as it was the first time. */
const KEPT = days(1);
/** Nobody works at a request longer; whoever claimed it before that is gone. */
const GONE_AFTER = minutes(1);

export interface Answered {
  status: number;
  body: unknown;
}

/** Keeps the answer in the transaction of what was done. @returns false when another process has taken the request over: roll back */
export type Keep = (tx: Tx, answered: Answered) => Promise<boolean>;

/**
 * Answers a request under a key once. The key is claimed before; the answer is kept in the transaction of the effect, so that both are
 * there or none. The same request again is answered as before, another one under the key is refused, and so is one that comes while the
 * first is being answered. A refusal leaves no trace: after it nothing was done, and the key may be used again.
 */
export async function answerOnce(keyed: Keyed, hash: string, work: (keep: Keep) => Promise<Result<Answered>>): Promise<Result<Answered & { again: boolean }>> {
  const claimed = await inTransaction((tx) => claimKey(tx, keyed, hash));
  if (!claimed.ok) return claimed;
  if (claimed.value.kind === 'answered') return ok({ ...claimed.value.answered, again: true });
  const { at } = claimed.value;
  try {
    const done = await work(async (tx, answered) => await keepAnswer(tx, keyed, at, answered) > 0);
    if (!done.ok) await inTransaction((tx) => giveUp(tx, keyed, at));
    return done.ok ? ok({ ...done.value, again: false }) : done;
  } catch (error) {
    await inTransaction((tx) => giveUp(tx, keyed, at));
    throw error;
  }
}

type Claimed = { kind: 'mine'; at: Instant } | { kind: 'answered'; answered: Answered };

async function claimKey(tx: Tx, keyed: Keyed, hash: string): Promise<Result<Claimed>> {
  await forgetKey(tx, keyed, tx.now - KEPT);
  if (await claim(tx, keyed, hash)) return ok({ kind: 'mine', at: tx.now });
  const kept = await findKept(tx, keyed);
  // Given up between the two statements.
  if (!kept) return err('api.key-busy');
  if (kept.hash !== hash) return err('api.key-other');
  if (kept.answered) return ok({ kind: 'answered', answered: kept.answered });
  if (kept.claimedAt > tx.now - GONE_AFTER || await takeOver(tx, keyed, kept.claimedAt) === 0) return err('api.key-busy');
  return ok({ kind: 'mine', at: tx.now });
}

export const forgetAnswers = (now: Instant): Promise<number> => forgetKeys(now - KEPT);
