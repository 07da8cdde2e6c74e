import { addDays, isWorkingDay, workingDayOnOrBefore, type PlainDate } from '~/kernel/calendar';
import type { RequirementKind } from '~/certification';

/** Days relative to the due date on which somebody can be reminded; positive ones are overdue. */
export const RUNGS = [-30, -14, -7, -3, -1, 0, 1, 7, 14] as const;
export type Rung = (typeof RUNGS)[number];

export interface Step {
  /** `before-30` … `due`, `overdue-1` … `overdue-14` */
  step: string;
  /** The working day on which it is sent. */
  sendOn: PlainDate;
  /** Days from the due date, as the step is named. */
  offset: Rung;
}

export const nameOfRung = (offset: Rung): string => (offset === 0 ? 'due' : offset < 0 ? `before-${-offset}` : `overdue-${offset}`);

/**
 * The reminders for a due date in the order of sending. What would fall on a rest day is sent on the working
 * day before, so that a working day is left to act on it; what is overdue on the working day after.
 */
export const ladder = (dueOn: PlainDate, rungs: readonly Rung[] = RUNGS): Step[] =>
  [...rungs].sort((a, b) => a - b).map((offset) => {
    const day = addDays(dueOn, offset);
    return { step: nameOfRung(offset), offset, sendOn: offset > 0 ? workingDayOnOrAfter(day) : workingDayOnOrBefore(day) };
  });

/** The first working day on or after `date`. */
export function workingDayOnOrAfter(date: PlainDate): PlainDate {
  let day = date;
  while (!isWorkingDay(day)) day = addDays(day, 1);
  return day;
}

export type LaddersByKind = Readonly<Record<RequirementKind, readonly Rung[]>>;

/**
 * The ladders of a house by due date and by what is open: each kind of requirement brings its own rungs. Asked for every
 * person of a city, so what was found for one is kept for the next.
 */
export class Ladders {
  private readonly kept = new Map<string, Step[]>();

  constructor(private readonly byKind: LaddersByKind) {}

  of(dueOn: PlainDate, openKinds: readonly RequirementKind[]): Step[] {
    const key = `${dueOn} ${openKinds.join()}`;
    const known = this.kept.get(key);
    if (known) return known;
    const rungs = new Set(openKinds.flatMap((kind) => this.byKind[kind]));
    const found = ladder(dueOn, RUNGS.filter((rung) => rungs.has(rung)));
    this.kept.set(key, found);
    return found;
  }

  /** The steps of a due date whatever is open. */
  all(dueOn: PlainDate): Step[] {
    return this.of(dueOn, Object.keys(this.byKind) as RequirementKind[]);
  }

  /** Of what is open, what a step reminds of. */
  remindedOf(step: Step, openKinds: readonly RequirementKind[]): RequirementKind[] {
    return openKinds.filter((kind) => this.byKind[kind].includes(step.offset));
  }
}
