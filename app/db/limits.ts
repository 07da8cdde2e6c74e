import { RateLimiterMemory, RateLimiterPostgres, RateLimiterRes, type RateLimiterAbstract } from 'rate-limiter-flexible';
import type { Database } from './connection';
import { database } from './transaction';

/** So many tries per key in so many seconds. */
export interface Limit {
  name: string;
  tries: number;
  seconds: number;
}

const limiters = new WeakMap<Database, Map<string, RateLimiterAbstract>>();

/** On SQLite one process serves everybody, so memory is enough; on PostgreSQL all web processes count together. */
function limiterFor(limit: Limit): RateLimiterAbstract {
  const db = database();
  const known = limiters.get(db) ?? new Map<string, RateLimiterAbstract>();
  limiters.set(db, known);
  const found = known.get(limit.name);
  if (found) return found;
  const options = { keyPrefix: limit.name, points: limit.tries, duration: limit.seconds };
  const made = db.dialect === 'sqlite'
    ? new RateLimiterMemory(options)
    : new RateLimiterPostgres({ ...options, storeClient: db.writing, storeType: 'sequelize', tableName: 'rate_limits', tableCreated: true });
  known.set(limit.name, made);
  return made;
}

/** What is left of a limit after a try. */
export interface Budget {
  limit: Limit;
  /** How many milliseconds to wait before the next try, 0 when this one may go on. */
  waitMs: number;
  left: number;
  /** In how many milliseconds all of it is there again. */
  resetMs: number;
}

/**
 * Counts one try and says what is left.
 * @param key whose tries are counted; stored, so pass a hash of what is personal
 */
export async function countTryOf(limit: Limit, key: string): Promise<Budget> {
  const told = (counted: RateLimiterRes, waitMs: number): Budget => ({ limit, waitMs, left: Math.max(0, counted.remainingPoints), resetMs: counted.msBeforeNext });
  try {
    return told(await limiterFor(limit).consume(key), 0);
  } catch (refused) {
    if (refused instanceof RateLimiterRes) return told(refused, Math.max(refused.msBeforeNext, 1));
    throw refused;
  }
}

/** Counts one try. @returns how many milliseconds to wait before the next one, 0 when this one may go on */
export const countTry = async (limit: Limit, key: string): Promise<number> => (await countTryOf(limit, key)).waitMs;

/** Takes one counted try back. */
export async function takeBackTry(limit: Limit, key: string): Promise<void> {
  await limiterFor(limit).reward(key);
}

/** Forgets all tries of a key. */
export async function forgetTries(limit: Limit, key: string): Promise<void> {
  await limiterFor(limit).delete(key);
}
