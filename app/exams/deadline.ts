import { minutes, type Instant } from '~/kernel/clock';

/** Extra time: so many minutes, or exactly the time lost between two instants. */
export type TimeGrant =
  | { id: string; code: 'grant'; minutes: number }
  | { id: string; code: 'interval'; from: Instant; to: Instant };

/** What a person is due because of who they are: a longer exam, whatever happens on the day. */
export interface PersonalTime {
  id: string;
  extraMinutes: number;
  /** 150: one and a half times the exam's minutes; 100: no more. */
  factorPercent: number;
}

/**
 * Until when one may write, whoever one is. `late` says what it means for who starts so late that the exam
 * would last beyond it: cut – the exam ends with the window; full – everybody gets the exam's full time.
 */
export interface ExamWindow {
  closesAt: Instant | null;
  late: 'cut' | 'full';
  /** The author wants the window to cut personal time too. */
  cutsExtra: boolean;
}

/** Everything that a deadline depends on. */
export interface DeadlineInput {
  exam: { minutes: number };
  window: ExamWindow;
  attempt: { startedAt: Instant };
  accommodations: readonly PersonalTime[];
  grants: readonly TimeGrant[];
}

export const DEADLINE_PARTS = ['exam', 'window', 'factor', 'extra', 'window-extra', 'grant', 'interval'] as const;

/** What a deadline is made of; the milliseconds of all parts lead from the start to the deadline. */
export interface DeadlinePart {
  /**
   * exam: its own minutes; window: what the window cuts off these; factor, extra: personal time; window-extra:
   * what the window cuts off that; grant: given during the exam; interval: lost, and given back.
   */
  code: (typeof DEADLINE_PARTS)[number];
  /** The accommodation, grant, pause or incident it comes from. */
  id?: string;
  /** Negative for what the window cuts off. */
  ms: number;
}

export interface Deadline {
  at: Instant;
  /** What the window shortened: the exam's time, personal time too, or nothing. */
  cutBy: 'window' | 'window-extra' | null;
  parts: DeadlinePart[];
}

/**
 * The last instant at which a response still counts; nobody else computes it.
 *
 * The window's end cuts the exam's own time, and personal time only when the author says so. It never cuts what
 * was granted on the day or lost: extra time that the window swallows unseen would be none. Of several
 * accommodations the largest factor and the most extra minutes hold, each once: two papers about one need are
 * one need. Intervals that overlap count once, and only as far as they lie within the attempt; one that begins
 * in time that was itself credited counts too.
 */
export function deadline(input: DeadlineInput): Deadline {
  const { startedAt } = input.attempt;
  const left = timeLeft(input);
  const parts: DeadlinePart[] = [{ code: 'exam', ms: minutes(input.exam.minutes) }];
  const cut = Math.min(0, left - total(parts));
  if (cut < 0) parts.push({ code: 'window', ms: cut });
  const own = total(parts);
  parts.push(...personalTime(input));
  const extraCut = input.window.cutsExtra ? Math.min(0, Math.max(left, own) - total(parts)) : 0;
  if (extraCut < 0) parts.push({ code: 'window-extra', ms: extraCut });
  parts.push(...input.grants.flatMap((grant): DeadlinePart[] =>
    grant.code === 'grant' ? [{ code: 'grant', id: grant.id, ms: minutes(Math.max(0, grant.minutes)) }] : []));
  parts.push(...lostTime(startedAt, startedAt + total(parts), input.grants));
  return { at: startedAt + total(parts), cutBy: extraCut < 0 ? 'window-extra' : cut < 0 ? 'window' : null, parts };
}

/** Milliseconds from the start to the end of the window, if it cuts anything at all. */
function timeLeft({ window, attempt }: DeadlineInput): number {
  if (window.closesAt === null || window.late === 'full') return Infinity;
  return Math.max(0, window.closesAt - attempt.startedAt);
}

/** The largest factor, on the exam's full minutes, and the most extra minutes. */
function personalTime({ exam, accommodations }: DeadlineInput): DeadlinePart[] {
  const factor = largest(accommodations, (one) => one.factorPercent);
  const extra = largest(accommodations, (one) => one.extraMinutes);
  const parts: DeadlinePart[] = [];
  if (factor && factor.factorPercent > 100) {
    parts.push({ code: 'factor', id: factor.id, ms: Math.round((minutes(exam.minutes) * (factor.factorPercent - 100)) / 100) });
  }
  if (extra && extra.extraMinutes > 0) parts.push({ code: 'extra', id: extra.id, ms: Math.round(minutes(extra.extraMinutes)) });
  return parts;
}

/** The one with the largest value; of equals always the same, whatever their order. */
function largest(accommodations: readonly PersonalTime[], value: (one: PersonalTime) => number): PersonalTime | undefined {
  return [...accommodations].sort((a, b) => value(b) - value(a) || (a.id < b.id ? -1 : 1))[0];
}

/** Each interval, shortened by what an earlier one already gave. What begins after the end lost nobody time. */
function lostTime(startedAt: Instant, end: Instant, grants: readonly TimeGrant[]): DeadlinePart[] {
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

const total = (parts: readonly DeadlinePart[]): number => parts.reduce((sum, part) => sum + part.ms, 0);
