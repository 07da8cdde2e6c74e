import { addDays, isWorkingDay, startOfDate, workingDayOnOrBefore, type PlainDate } from '~/kernel/calendar';
import type { Instant } from '~/kernel/clock';

/** Days relative to the due date on which somebody is reminded; positive ones are overdue. */
const LADDER = [-14, -7, -3, -1, 0, 1, 7] as const;

export interface Step {
  /** `before-14` … `due`, `overdue-1`, `overdue-7` */
  step: string;
  /** The working day on which it is sent. */
  sendOn: PlainDate;
  /** Days from the due date, as the step is named. */
  offset: number;
}

const nameOf = (offset: number): string => (offset === 0 ? 'due' : offset < 0 ? `before-${-offset}` : `overdue-${offset}`);

/**
 * The reminders for a due date in the order of sending. What would fall on a rest day is sent on the working
 * day before, so that a working day is left to act on it; what is overdue on the working day after.
 */
export const ladder = (dueOn: PlainDate): Step[] =>
  LADDER.map((offset) => {
    const day = addDays(dueOn, offset);
    return { step: nameOf(offset), offset, sendOn: offset > 0 ? workingDayOnOrAfter(day) : workingDayOnOrBefore(day) };
  });

function workingDayOnOrAfter(date: PlainDate): PlainDate {
  let day = date;
  while (!isWorkingDay(day)) day = addDays(day, 1);
  return day;
}

export interface DueStepsInput {
  dueOn: PlainDate;
  today: PlainDate;
  cleared: boolean;
  /** The day of the assignment, on which it was announced: no reminder is needed on it or for before. */
  assignedOn: PlainDate;
}

/**
 * The reminder that should have been sent by `today`: none or one. Only the last step counts. Steps that
 * fall on one day, or that an outage has delayed until the next one came, would otherwise arrive together.
 */
export function dueSteps({ dueOn, today, cleared, assignedOn }: DueStepsInput): Step[] {
  const current = cleared ? null : currentStep(dueOn, today);
  return current && current.sendOn > assignedOn ? [current] : [];
}

/** The last step whose day has come. */
export const currentStep = (dueOn: PlainDate, today: PlainDate): Step | null =>
  ladder(dueOn).filter(({ sendOn }) => sendOn <= today).at(-1) ?? null;

/** Assignments made before this instant have the step coming to them. */
export const assignedBefore = (step: Step, zone: string): Instant => startOfDate(step.sendOn, zone);

/** The due dates whose ladder can have begun by `today`: the longest holiday moves a step by less than two weeks. */
export const latestDueWithStep = (today: PlainDate): PlainDate => addDays(today, 28);
