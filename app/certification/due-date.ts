import { addWorkingDays, dateAt, type PlainDate } from '~/kernel/calendar';
import type { Instant } from '~/kernel/clock';

export interface DueInput {
  startOfDuty: PlainDate;
  /** How many working days before the start of duty everything must be done. */
  workingDays: number;
  /** When the assignment was made or planned anew. */
  plannedAt: Instant;
  zone: string;
}

/**
 * The last day for fulfilling an assignment: so many working days before the start of duty, by the national
 * calendar. Nobody is overdue before having had a working day for it: who is assigned late (or moved to an
 * earlier start) has until the next working day.
 */
export function dueOn({ startOfDuty, workingDays, plannedAt, zone }: DueInput): PlainDate {
  const wished = addWorkingDays(startOfDuty, -workingDays);
  const earliest = addWorkingDays(dateAt(plannedAt, zone), 1);
  return wished > earliest ? wished : earliest;
}
