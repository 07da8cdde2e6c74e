import { RECRUIT_STATUSES, type RecruitFilter } from '~/certification';
import { reader } from '~/db';
import { scopePaths, type Actor } from '~/identity';
import { addDays, dateAt, isPlainDate, type PlainDate } from '~/kernel/calendar';
import { clock } from '~/kernel/clock';
import { config } from '~/kernel/config';
import { organisationTree, type TreeOrganisation } from '~/people';

/** So many days ahead a start counts as near. */
export const SOON_DAYS = 14;

/** Whose start of duty is near, or has passed; both leave out who is recorded as having started. */
export const STARTING = {
  soon: (today: PlainDate) => ({ startFrom: today, startUntil: addDays(today, SOON_DAYS), unstarted: true }),
  past: (today: PlainDate) => ({ startUntil: addDays(today, -1), unstarted: true }),
} as const satisfies Record<string, (today: PlainDate) => Partial<RecruitFilter>>;

const isStarting = (text: string): text is keyof typeof STARTING => text === 'soon' || text === 'past';

const dayIn = (query: URLSearchParams, name: string): PlainDate | undefined => {
  const typed = query.get(name) ?? '';
  return isPlainDate(typed) ? typed : undefined;
};

/** The filters of the list of recruits, as the address holds them, within what the actor may see; and the units to choose from. */
export async function recruitQuery(actor: Actor, url: string): Promise<{ filter: RecruitFilter; units: TreeOrganisation[]; filtered: boolean }> {
  const query = new URL(url).searchParams;
  const today = dateAt(clock.now(), config().TIME_ZONE);
  const paths = scopePaths(actor, ['hr', 'inspector']);
  const units = await organisationTree(reader(), paths);
  const starting = query.get('start') ?? '';
  return {
    units,
    filtered: ['q', 'status', 'intake', 'start', 'unit', 'from', 'until'].some((name) => query.get(name)),
    filter: {
      paths, today,
      status: RECRUIT_STATUSES.find((status) => status === query.get('status')),
      intakeId: query.get('intake') || undefined,
      search: query.get('q')?.trim().slice(0, 100) || undefined,
      organisationPath: units.find((one) => one.id === query.get('unit'))?.path,
      startFrom: dayIn(query, 'from'), startUntil: dayIn(query, 'until'),
      ...(isStarting(starting) && STARTING[starting](today)),
    },
  };
}
