import type { Instant } from '~/kernel/clock';
import { isHandedIn, type AttemptState } from './attempt-state';
import { nextAttemptAt } from './attempt-limits';

/** Where a person stands with an exam. */
type ExamStateCode =
  | 'not-ready' | 'not-open' | 'closed' | 'course-first' | 'may-start' | 'in-progress'
  | 'cooling-off' | 'no-attempts-left' | 'passed' | 'awaiting-result';

export interface ExamStateInput {
  exam: {
    hasBank: boolean;
    /** Practice can be repeated whatever came of it. */
    practice: boolean;
    opensAt: Instant | null;
    closesAt: Instant | null;
    maxAttempts: number;
    coolingOffHours: number;
  };
  /** False when the exam's course must be completed first and is not. */
  courseDone: boolean;
  /** `former`: from before the exam had to be taken anew. */
  attempts: { state: AttemptState; handedInAt: Instant | null; passed: boolean | null; former?: boolean }[];
  now: Instant;
}

export interface StateOfExam {
  state: ExamStateCode;
  /** When that changes by itself: opening, end of the cooling-off. */
  nextAt: Instant | null;
  attemptsLeft: number;
}

/**
 * The one state that decides what a person can do next. An attempt that runs comes before everything: a
 * window that closes or a bank that is taken away must not shut out somebody who is writing.
 */
export function stateOfExam({ exam, courseDone, attempts: all, now }: ExamStateInput): StateOfExam {
  const attempts = all.filter(({ former = false }) => !former);
  const next = nextAttemptAt(exam, attempts);
  const attemptsLeft = next.kind === 'at' ? next.left : 0;
  const answer = (state: ExamStateCode, nextAt: Instant | null = null): StateOfExam => ({ state, nextAt, attemptsLeft });
  if (attempts.some((attempt) => attempt.state === 'in-progress')) return answer('in-progress');
  if (!exam.practice && attempts.some((attempt) => attempt.state === 'released' && attempt.passed)) return answer('passed');
  if (attempts.some((attempt) => isHandedIn(attempt.state) && attempt.state !== 'released')) return answer('awaiting-result');
  if (next.kind === 'none-left') return answer('no-attempts-left');
  if (exam.closesAt !== null && now >= exam.closesAt) return answer('closed');
  if (!exam.hasBank) return answer('not-ready');
  if (!courseDone) return answer('course-first');
  if (exam.opensAt !== null && now < exam.opensAt) return answer('not-open', exam.opensAt);
  if (now < next.at) return answer('cooling-off', next.at);
  return answer('may-start');
}
