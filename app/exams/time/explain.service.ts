import type { Reader } from '~/db';
import { localTimeAt } from '~/kernel/calendar';
import type { Instant } from '~/kernel/clock';
import { config } from '~/kernel/config';
import type { DeadlinePart } from '../deadline';
import { deadlineOfBasis, type AttemptTime } from './basis';
import { incidentTitles } from './explain.repository';
import { timedAttempts, timesOf, type TimedAttempt } from './time.repository';

/** One part of a deadline, with what it takes to put it into words. */
export interface ExplainedPart {
  code: Exclude<DeadlinePart['code'], 'interval'> | 'pause' | 'incident';
  /** Negative for what the window cuts off. */
  ms: number;
  /** For a factor: 150. */
  percent?: number;
  /** Local times, HH:MM: when minutes were given; from when to when time was lost, `to` null while it goes on. */
  time?: string;
  from?: string;
  to?: string | null;
  /** What the incident is called. */
  title?: string;
}

/** Why somebody's time ends when it ends: the parts lead from the start to the deadline, exactly. */
export interface DeadlineExplained {
  startedAt: Instant;
  deadlineAt: Instant;
  /** Since when it stands still; what is left then is not counted yet. */
  pausedAt: Instant | null;
  parts: ExplainedPart[];
}

/** The deadline of a started attempt in its parts, also after its end; null when there is none. */
export async function explainDeadline(from: Reader, attemptId: string): Promise<DeadlineExplained | null> {
  const [attempt] = await timedAttempts(from, [attemptId]);
  if (!attempt) return null;
  const times = (await timesOf(from, [attemptId])).get(attemptId) ?? [];
  const { parts, at } = deadlineOfBasis(attempt.basis, times);
  const titles = await incidentTitles(from, times.filter(({ code }) => code === 'incident').map(incidentOf));
  return {
    startedAt: attempt.startedAt, deadlineAt: at, pausedAt: attempt.pausedAt,
    parts: parts.map((part) => explained(part, attempt, times, titles)),
  };
}

const incidentOf = ({ actId }: AttemptTime): string => actId.split(':')[0] ?? '';

const clockTime = (at: Instant): string => localTimeAt(at, config().TIME_ZONE).slice(11);

function explained({ code, id, ms }: DeadlinePart, { basis }: TimedAttempt, times: readonly AttemptTime[], titles: ReadonlyMap<string, string>): ExplainedPart {
  const time = times.find((one) => one.id === id);
  if (code === 'interval') {
    const title = time && titles.get(incidentOf(time));
    return {
      code: time?.code === 'pause' ? 'pause' : 'incident', ms,
      ...(typeof time?.from === 'number' && { from: clockTime(time.from), to: time.to === null ? null : clockTime(time.to) }),
      ...(title !== undefined && { title }),
    };
  }
  if (code === 'grant') return { code, ms, ...(time && { time: clockTime(time.madeAt) }) };
  const percent = code === 'factor' ? basis.accommodations.find((one) => one.id === id)?.factorPercent : undefined;
  return { code, ms, ...(percent !== undefined && { percent }) };
}
