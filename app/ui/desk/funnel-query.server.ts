import { FUNNEL_GROUPS, mondayOf, type FunnelFilter, type FunnelGroup } from '~/certification';
import { scopePaths, type Actor } from '~/identity';
import { addDays, dateAt, isPlainDate, type PlainDate } from '~/kernel/calendar';
import { clock } from '~/kernel/clock';
import { config } from '~/kernel/config';

/** Who stands for `intake=` without an intake. */
export const NO_INTAKE = 'none';

/** Whom the figures of the funnel are about, as the address holds it, within what the actor may see. */
export function funnelQuery(actor: Actor, url: string): { filter: FunnelFilter; by: FunnelGroup } {
  const query = new URL(url).searchParams;
  const week = query.get('week') ?? '';
  const intake = query.get('intake') ?? '';
  return {
    by: FUNNEL_GROUPS.find((group) => group === query.get('by')) ?? 'unit',
    filter: {
      paths: scopePaths(actor, ['hr', 'inspector']), today: dateAt(clock.now(), config().TIME_ZONE), organisationId: query.get('unit') || undefined,
      intakeId: intake === NO_INTAKE ? '' : intake || undefined, ...(isPlainDate(week) && { startFrom: mondayOf(week), startUntil: addDays(mondayOf(week), 6) }),
    },
  };
}

/** The Monday that the address names, or this week's, and today. */
export function weekQuery(url: string): { monday: PlainDate; today: PlainDate } {
  const typed = new URL(url).searchParams.get('week') ?? '';
  const today = dateAt(clock.now(), config().TIME_ZONE);
  return { monday: mondayOf(isPlainDate(typed) ? typed : today), today };
}
