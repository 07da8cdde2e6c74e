import { setTimeout as sleep } from 'node:timers/promises';
import { messageOf } from './contract';

/**
 * A failed statement that BullMQ shall wait and repeat. BullMQ knows only a refused connection as such: after
 * any other error its worker asks again without a pause, or marks a job failed that has succeeded.
 */
export class StoreAway extends Error {
  readonly code = 'ECONNREFUSED';

  constructor(reason: unknown) {
    super(messageOf(reason), { cause: reason });
    this.name = 'StoreAway';
  }
}

/**
 * SQLSTATE of PostgreSQL errors that are about the statement itself: BM001 is raised by BullMQ's own
 * functions, classes 22 and 23 by values and constraints. Everything else (connection, restart, deadlock,
 * full disk, missing table) may pass.
 */
function isOwnFault(code: unknown): boolean {
  return typeof code === 'string' && /^(BM001|22...|23...)$/.test(code);
}

/** The `code` of an error: SQLSTATE, or the name of a system error. */
export function codeOf(error: unknown): string | undefined {
  if (typeof error !== 'object' || error === null || !('code' in error)) return undefined;
  return typeof error.code === 'string' ? error.code : undefined;
}

/** The error as BullMQ shall see it. */
export function forBull(error: unknown): unknown {
  return isOwnFault(codeOf(error)) || error instanceof StoreAway ? error : new StoreAway(error);
}

/** Waits for `work` at most `ms`; what it does later is ignored. */
export async function within<T>(ms: number, what: string, work: Promise<T>): Promise<T> {
  const timer = new AbortController();
  const tooLate = sleep(ms, undefined, { signal: timer.signal }).then(
    () => Promise.reject(new StoreAway(new Error(`${what} took more than ${ms / 1000} s`))),
    () => new Promise<never>(() => undefined),
  );
  try {
    return await Promise.race([work, tooLate]);
  } finally {
    timer.abort();
  }
}

/** True when `work` ended in time, however it ended. */
export async function endsWithin(ms: number, work: Promise<unknown>): Promise<boolean> {
  const ended = work.then(
    () => true,
    () => true,
  );
  return within(ms, 'ending', ended).catch(() => false);
}
