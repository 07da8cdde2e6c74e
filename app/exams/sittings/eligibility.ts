import type { Instant } from '~/kernel/clock';
import { nextAttemptAt, type AttemptLimits } from '../attempt-limits';
import { isHandedIn, type AttemptState } from '../attempt-state';

export interface TakenBefore {
  state: AttemptState;
  handedInAt: Instant | null;
  /** Once released. */
  passed: boolean | null;
  /** From before the exam had to be taken anew. */
  former?: boolean;
}

export type Ineligible = 'exam.passed' | 'exam.in-progress' | 'exam.awaiting-result' | 'exam.no-attempts-left' | 'exam.cooling-off';

/**
 * Why somebody may not take a place in a sitting; null when they may. The course need not be finished yet: until
 * the sitting there is time. What has been excused never was an attempt and counts for nothing here.
 * @param latest the last instant at which they could start there
 */
export function whyNot(limits: AttemptLimits, taken: readonly TakenBefore[], latest: Instant): Ineligible | null {
  const attempts = taken.filter(({ former = false }) => !former);
  if (attempts.some((attempt) => attempt.state === 'in-progress')) return 'exam.in-progress';
  if (attempts.some((attempt) => attempt.state === 'released' && attempt.passed)) return 'exam.passed';
  if (attempts.some((attempt) => isHandedIn(attempt.state) && attempt.state !== 'released')) return 'exam.awaiting-result';
  const next = nextAttemptAt(limits, attempts);
  if (next.kind === 'none-left') return 'exam.no-attempts-left';
  return next.at > latest ? 'exam.cooling-off' : null;
}
