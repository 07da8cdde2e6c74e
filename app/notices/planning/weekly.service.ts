import type { Reader } from '~/db';
import { addDays, type PlainDate } from '~/kernel/calendar';
import type { House } from '../rules/house';
import type { ToTell } from '../tell.service';
import { directoryOn } from './directory.repository';
import { weeklyDayOf } from './weekly';
import { weekOfUnits, type UnitWeek } from './weekly.repository';

/** The figures of a week look so many days ahead: to due dates, and to starts of duty. */
const DUE_WITHIN = 7;
const STARTS_WITHIN = 14;

/**
 * What managers and HR are told of how their people stand, on the day of the week that the house has set. Who has nobody
 * to answer for is told nothing. Read before anything is locked, for it counts everybody.
 */
export async function weeklyNotices(from: Reader, day: PlainDate, house: House): Promise<ToTell[]> {
  if (weeklyDayOf(day, house) !== day) return [];
  const directory = await directoryOn(from, day);
  const units = await weekOfUnits(from, { day, dueUntil: addDays(day, DUE_WITHIN), startUntil: addDays(day, STARTS_WITHIN) });
  return directory.everybody().flatMap(({ personId, units: own }) => own.flatMap((unit) => {
    const week = summed(units.filter(({ path }) => path.startsWith(unit.path)));
    if (week.cleared + week.open === 0) return [];
    return [{ personId, content: { kind: 'weekly' as const, params: { onDay: day, organisation: unit.name, ...week } }, step: `weekly:${day}:${unit.id}` }];
  }));
}

const summed = (units: readonly UnitWeek[]) => units.reduce((sum, one) => ({
  cleared: sum.cleared + one.cleared, open: sum.open + one.open, overdue: sum.overdue + one.overdue, dueSoon: sum.dueSoon + one.due_soon, startsSoon: sum.startsSoon + one.starts_soon,
}), { cleared: 0, open: 0, overdue: 0, dueSoon: 0, startsSoon: 0 });
