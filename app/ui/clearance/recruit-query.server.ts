import { RECRUIT_STATUSES, type RecruitFilter } from '~/certification';
import { scopePaths, type Actor } from '~/identity';
import { dateAt } from '~/kernel/calendar';
import { clock } from '~/kernel/clock';
import { config } from '~/kernel/config';

/** The filters of the list of recruits, as the address holds them, within what the actor may see. */
export function recruitQuery(actor: Actor, url: string): RecruitFilter {
  const query = new URL(url).searchParams;
  return {
    paths: scopePaths(actor, ['hr', 'inspector']),
    status: RECRUIT_STATUSES.find((status) => status === query.get('status')),
    intakeId: query.get('intake') || undefined,
    search: query.get('q')?.trim().slice(0, 100) || undefined,
    today: dateAt(clock.now(), config().TIME_ZONE),
  };
}
