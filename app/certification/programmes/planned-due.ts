import { supposing, workingDayOnOrBefore, type PlainDate } from '~/kernel/calendar';
import { dueOn } from '../due-date';
import type { DueRule } from '../requirement';

/** What a due date follows from by itself: the programme's rule, or the end of what is renewed. */
export type DueSource = { by: 'rule'; rule: DueRule; startOfDuty: PlainDate } | { by: 'renewal'; endsOn: PlainDate };

/**
 * The due date by the calendar as it is; null where working days decide nothing: a date that is fixed, months, or a
 * renewal that was open only after what it renews had ended.
 */
export function plannedDue(source: DueSource, dueNow: PlainDate): PlainDate | null {
  if (source.by === 'renewal') return dueNow > source.endsOn ? null : workingDayOnOrBefore(source.endsOn);
  const { kind } = source.rule;
  return kind === 'before-start' || kind === 'after-start' ? dueOn(source.rule, source.startOfDuty) : null;
}

/** People who share a programme, a source and a due date. */
export interface DueGroup {
  title: { zh: string; en: string };
  source: DueSource;
  dueOn: PlainDate;
  people: number;
}

export interface MovedGroup extends DueGroup {
  newDueOn: PlainDate;
}

/** What a change of the calendar would move, in numbers. */
export interface CalendarEffect {
  people: number;
  earlier: number;
  later: number;
  /** Of them, those whose new due date has passed already. */
  late: number;
  /** The largest first. */
  groups: MovedGroup[];
}

/** What moves if these are the days that the deployment sets itself. */
export function effectOf(groups: readonly DueGroup[], ownDays: ReadonlyMap<PlainDate, boolean>, today: PlainDate): CalendarEffect {
  const moved = supposing(ownDays, () => groups.flatMap((group): MovedGroup[] => {
    const newDueOn = plannedDue(group.source, group.dueOn);
    return newDueOn === null || newDueOn === group.dueOn ? [] : [{ ...group, newDueOn }];
  }));
  const count = (which: (one: MovedGroup) => boolean): number => moved.filter(which).reduce((sum, { people }) => sum + people, 0);
  return {
    people: count(() => true), earlier: count((one) => one.newDueOn < one.dueOn), later: count((one) => one.newDueOn > one.dueOn), late: count((one) => one.newDueOn < today),
    groups: moved.sort((a, b) => b.people - a.people || (a.dueOn < b.dueOn ? -1 : 1)),
  };
}
