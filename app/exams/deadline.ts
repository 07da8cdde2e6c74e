import { minutes, type Instant } from '~/kernel/clock';

/** Extra time: so many minutes, or exactly the time lost between two instants. */
export type TimeGrant =
  | { id: string; code: 'grant'; minutes: number }
  | { id: string; code: 'interval'; from: Instant; to: Instant };

/** Everything that a deadline depends on. Later rules (accommodations, sittings) become further names here. */
export interface DeadlineInput {
  exam: { minutes: number };
  window: { closesAt: Instant | null };
  attempt: { startedAt: Instant };
  grants: TimeGrant[];
}

/** What a deadline is made of; the milliseconds of all parts lead from the start to the deadline. */
interface DeadlinePart {
  code: 'exam' | 'window' | 'grant' | 'interval';
  /** The grant it comes from. */
  id?: string;
  /** Negative for what the window cuts off. */
  ms: number;
}

export interface Deadline {
  at: Instant;
  /** The window when it shortened the time that the exam gives. */
  cutBy: 'window' | null;
  parts: DeadlinePart[];
}

/**
 * The last instant at which a response still counts; nobody else computes it. The window's end cuts the
 * exam's own time and never what was granted on top: extra time that the window swallows unseen would be
 * none. Intervals that overlap count once, and only as far as they lie within the attempt.
 */
export function deadline(input: DeadlineInput): Deadline {
  const { startedAt } = input.attempt;
  const parts: DeadlinePart[] = [{ code: 'exam', ms: minutes(input.exam.minutes) }];
  const cut = windowCut(input);
  if (cut < 0) parts.push({ code: 'window', ms: cut });
  parts.push(...input.grants.flatMap((grant): DeadlinePart[] =>
    grant.code === 'grant' ? [{ code: 'grant', id: grant.id, ms: minutes(Math.max(0, grant.minutes)) }] : []));
  parts.push(...lostTime(startedAt, startedAt + total(parts), input.grants));
  return { at: startedAt + total(parts), cutBy: cut < 0 ? 'window' : null, parts };
}

function windowCut({ exam, window, attempt }: DeadlineInput): number {
  if (window.closesAt === null) return 0;
  const left = Math.max(0, window.closesAt - attempt.startedAt);
  return Math.min(0, left - minutes(exam.minutes));
}

/** Each interval, shortened by what an earlier one already gave. What begins after the end lost nobody time. */
function lostTime(startedAt: Instant, end: Instant, grants: TimeGrant[]): DeadlinePart[] {
  const intervals = grants
    .flatMap((grant) => (grant.code === 'interval' ? [grant] : []))
    .sort((a, b) => a.from - b.from || a.to - b.to || (a.id < b.id ? -1 : 1));
  const parts: DeadlinePart[] = [];
  let covered = startedAt;
  let until = end;
  for (const interval of intervals) {
    const from = Math.max(interval.from, covered);
    if (interval.to <= from || from >= until) continue;
    parts.push({ code: 'interval', id: interval.id, ms: interval.to - from });
    covered = interval.to;
    until += interval.to - from;
  }
  return parts;
}

const total = (parts: DeadlinePart[]): number => parts.reduce((sum, part) => sum + part.ms, 0);
