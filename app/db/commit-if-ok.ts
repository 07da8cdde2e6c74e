import { UniqueConstraintError } from 'sequelize';
import type { Problem, Result } from '~/kernel/result';
import { inTransaction, type Tx } from './transaction';

/** Carries a refusal out of the transaction, so that it rolls back. */
class Refused extends Error {
  constructor(readonly problem: Problem) {
    super(problem.code);
  }
}

/**
 * A transaction whose work may refuse: an `ok` is committed, an `err` rolls everything back and is
 * returned, so that a use case can find out late that it must not happen. Work that lost a race for a
 * unique value is run once more: it then sees what was taken, and says so.
 */
export async function commitIfOk<T>(work: (tx: Tx) => Promise<Result<T>>): Promise<Result<T>> {
  try {
    return await once(work);
  } catch (error) {
    if (error instanceof UniqueConstraintError) return once(work);
    throw error;
  }
}

async function once<T>(work: (tx: Tx) => Promise<Result<T>>): Promise<Result<T>> {
  try {
    return await inTransaction(async (tx) => {
      const result = await work(tx);
      if (!result.ok) throw new Refused(result.error);
      return result;
    });
  } catch (error) {
    if (error instanceof Refused) return { ok: false, error: error.problem };
    throw error;
  }
}
