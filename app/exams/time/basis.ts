import { z } from 'zod';
import type { Instant } from '~/kernel/clock';
import { deadline, type Deadline, type TimeGrant } from '../deadline';
import { ExamSection } from '../exam-section';

/**
 * What an attempt's deadline was computed from when it started. It is kept with the attempt: whatever is changed
 * on the exam, the sitting or the person later, the time that somebody was promised stays, can be explained and can
 * be computed again.
 */
export const TimeBasis = z.object({
  minutes: z.number(),
  startedAt: z.number(),
  window: z.object({ closesAt: z.number().nullable(), late: z.enum(['cut', 'full']), cutsExtra: z.boolean() }),
  accommodations: z.array(z.object({ id: z.string(), extraMinutes: z.number(), factorPercent: z.number() })),
  /** How the paper is divided, with the sections' own limits. */
  sections: z.array(ExamSection),
});
export type TimeBasis = z.infer<typeof TimeBasis>;

/** Time that an attempt was given, or lost and got back. */
export interface AttemptTime {
  id: string;
  code: 'grant' | 'pause' | 'incident';
  /** The act or incident that gave it. */
  actId: string;
  /** grant only. */
  minutes: number | null;
  /** pause and incident only. */
  from: Instant | null;
  /** Null while it goes on. */
  to: Instant | null;
  /** The latest end of an incident whose candidate has not come back. */
  cap: Instant | null;
  madeAt: Instant;
}

/** The deadline of an attempt with all that it was given since the start. */
export const deadlineOfBasis = ({ minutes, startedAt, window, accommodations }: Omit<TimeBasis, 'sections'>, times: readonly AttemptTime[]): Deadline =>
  deadline({ exam: { minutes }, window, attempt: { startedAt }, accommodations, grants: times.flatMap(grantOf) });

/**
 * A pause that goes on moves nothing yet: while it lasts, nothing is closed. An incident whose candidate is not back
 * counts to its latest end, and is shortened when they are back.
 */
export function grantOf({ id, code, minutes, from, to, cap }: AttemptTime): TimeGrant[] {
  if (code === 'grant') return minutes === null ? [] : [{ id, code, minutes }];
  const end = to ?? cap;
  return from === null || end === null ? [] : [{ id, code: 'interval', from, to: end }];
}

/**
 * The basis of an attempt that began before bases were kept: nothing had been given then, so that its deadline says
 * itself whether the window had cut the exam.
 */
export function basisFromBefore(attempt: { startedAt: Instant; deadlineAt: Instant }, exam: { minutes: number }): TimeBasis {
  const cut = attempt.deadlineAt < attempt.startedAt + exam.minutes * 60_000;
  return {
    minutes: exam.minutes, startedAt: attempt.startedAt, accommodations: [], sections: [],
    window: { closesAt: cut ? attempt.deadlineAt : null, late: 'cut', cutsExtra: false },
  };
}
