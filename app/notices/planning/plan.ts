import { addDays, type PlainDate } from '~/kernel/calendar';
import type { RequirementKind } from '~/certification';
import type { Audience, House } from '../rules/house';
import type { Ladders, Step } from './ladder';

/** What is known of somebody who is not cleared, for deciding when they are reminded. */
export interface OpenAssignment {
  dueOn: PlainDate;
  /** The day on which it was assigned and announced: no reminder is needed on it or for before. */
  assignedOn: PlainDate;
  /** The kinds of the requirements that are not met; none when nothing is left that the person could do. */
  openKinds: readonly RequirementKind[];
}

/** A step that an outage kept back so long is not worth sending any more. */
const FORGOTTEN_AFTER_DAYS = 14;

/** How far back a plan looks for steps that were not planned, given the last day whose plan was finished. */
export function lookBack(lastPlanned: PlainDate | null, today: PlainDate): PlainDate {
  const earliest = addDays(today, -FORGOTTEN_AFTER_DAYS);
  return lastPlanned === null || lastPlanned < earliest ? earliest : lastPlanned;
}

/**
 * The reminder that `today` brings: none or one. Only the last step counts whose day has come after `since`, the last day
 * that was planned. Steps that fall on one day, or that an outage has delayed until the next one came, would otherwise
 * arrive together.
 */
export function stepOn({ dueOn, assignedOn, openKinds }: OpenAssignment, today: PlainDate, since: PlainDate, ladders: Ladders): Step | null {
  let current: Step | null = null;
  for (const step of ladders.of(dueOn, openKinds)) if (step.sendOn <= today) current = step;
  return current && current.sendOn > since && current.sendOn > assignedOn ? current : null;
}

/** Every reminder of the days after `since` up to `until`, each as `stepOn` gives it on its day. */
export function stepsBetween(one: OpenAssignment, since: PlainDate, until: PlainDate, ladders: Ladders): Step[] {
  const days = new Set(ladders.of(one.dueOn, one.openKinds).map(({ sendOn }) => sendOn).filter((day) => day > since && day <= until));
  return [...days].sort().flatMap((day) => stepOn(one, day, addDays(day, -1), ladders) ?? []);
}

/** Whether a due date can bring anybody a step on `today`. */
export const hasStep = (dueOn: PlainDate, today: PlainDate, since: PlainDate, ladders: Ladders): boolean =>
  ladders.all(dueOn).some(({ sendOn }) => sendOn > since && sendOn <= today);

/** Due dates whose ladder reaches the days from `from` to `until`: the longest holiday moves a step by less than two weeks. */
export const dueDatesReaching = (from: PlainDate, until: PlainDate): { first: PlainDate; last: PlainDate } =>
  ({ first: addDays(from, -14 - 14), last: addDays(until, 30 + 14) });

/** Who is told at a step beside the person. */
export function audienceOf({ offset }: Pick<Step, 'offset'>, { audience }: Pick<House, 'audience'>): Audience {
  switch (offset) {
    case 1: return audience.overdue1;
    case 7: return audience.overdue7;
    case 14: return audience.overdue14;
    default: return 'person';
  }
}
