import { hours, type Instant } from '~/kernel/clock';
import { countsAsTaken, type AttemptState } from './attempt-state';

export interface AttemptLimits {
  maxAttempts: number;
  coolingOffHours: number;
}

export interface EarlierAttempt {
  state: AttemptState;
  handedInAt: Instant | null;
}

export type NextAttempt =
  | { kind: 'at'; at: Instant; left: number }
  | { kind: 'none-left' };

/**
 * When the next attempt may be started: `maxAttempts` in all, and each one `coolingOffHours` after the
 * hand-in of the one before. The answer may lie in the past.
 */
export function nextAttemptAt(limits: AttemptLimits, earlier: EarlierAttempt[]): NextAttempt {
  const taken = earlier.filter((attempt) => countsAsTaken(attempt.state));
  const left = limits.maxAttempts - taken.length;
  if (left <= 0) return { kind: 'none-left' };
  const last = Math.max(0, ...taken.map((attempt) => attempt.handedInAt ?? 0));
  return { kind: 'at', at: last === 0 ? 0 : last + hours(limits.coolingOffHours), left };
}
