import { addDays, type PlainDate } from '~/kernel/calendar';
import { endingStep, ENDING_RUNGS, type EndingClearance } from '../office/endings';
import type { House } from '../rules/house';
import { ladder, type Ladders } from './ladder';
import { audienceOf, stepOn, stepsBetween, type OpenAssignment } from './plan';
import { weeklyDayOf } from './weekly';

/** So many days are looked ahead. */
export const AHEAD_DAYS = 30;

/** What can be ahead: reminders to the person, word about them to managers or to HR too, clearances that end, weekly digests. */
export const AHEAD_KINDS = ['reminder', 'manager', 'hr', 'ending', 'weekly'] as const;
export type AheadKind = (typeof AHEAD_KINDS)[number];

export interface Ahead {
  day: PlainDate;
  kind: AheadKind;
}

/** The days that are looked at. */
export interface Span {
  /** Not planned yet: today, with the last day that was, as an outage may lie between; null: today is done. */
  today: { day: PlainDate; since: PlainDate } | null;
  /** The days after this one … */
  since: PlainDate;
  /** … up to this one. */
  until: PlainDate;
}

/** Every reminder of somebody, and what managers and HR hear with it: what `stepOn` gives on each day. */
export function remindersAhead(one: OpenAssignment, { today, since, until }: Span, ladders: Ladders, house: House): Ahead[] {
  const first = today && stepOn(one, today.day, today.since, ladders);
  const steps = [...(today && first ? [{ step: first, day: today.day }] : []), ...stepsBetween(one, since, until, ladders).map((step) => ({ step, day: step.sendOn }))];
  return steps.flatMap(({ step, day }): Ahead[] => {
    const audience = audienceOf(step, house);
    return [{ day, kind: 'reminder' }, ...(audience === 'person' ? [] : [{ day, kind: audience }])];
  });
}

/** The days on which somebody is told that their clearance ends. */
export const endingsAhead = (one: EndingClearance, span: Span): Ahead[] =>
  ladder(one.until, ENDING_RUNGS).filter(({ sendOn }) => isAhead(sendOn, span) && endingStep(one, sendOn)?.sendOn === sendOn)
    .filter(({ sendOn }, i, all) => all[i + 1]?.sendOn !== sendOn).map(({ sendOn }) => ({ day: sendOn, kind: 'ending' }));

const isAhead = (day: PlainDate, { today, since, until }: Span): boolean => (day > since && day <= until) || day === today?.day;

/** The days on which weekly digests go out. */
export const weekliesAhead = (span: Span, house: Pick<House, 'weeklyOn'>): PlainDate[] =>
  Array.from({ length: AHEAD_DAYS + 1 }, (_, i) => addDays(span.since, i)).filter((day) => isAhead(day, span) && weeklyDayOf(day, house) === day);
