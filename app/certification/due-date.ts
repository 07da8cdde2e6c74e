import { addMonths, addWorkingDays, type PlainDate } from '~/kernel/calendar';
import type { DueRule } from './requirement';

/**
 * The last day for fulfilling an assignment. Working days are those of the national calendar, make-up days included;
 * months end on the corresponding day, or on the last of a month that has no such day. The date is what the rule says,
 * also when it has passed already: moving it would hide that it cannot be met. That is an exception, which somebody
 * decides.
 */
export function dueOn(rule: DueRule, startOfDuty: PlainDate): PlainDate {
  switch (rule.kind) {
    case 'before-start': return addWorkingDays(startOfDuty, -rule.workingDays);
    case 'after-start': return addWorkingDays(startOfDuty, rule.workingDays);
    case 'months-after-start': return addMonths(startOfDuty, rule.months);
    case 'fixed': return rule.on;
  }
}
