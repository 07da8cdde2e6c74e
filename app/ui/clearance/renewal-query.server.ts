import { RENEWAL_STATES, type RenewalFilter } from '~/certification';
import { scopePaths, type Actor } from '~/identity';
import { dateAt } from '~/kernel/calendar';
import { clock } from '~/kernel/clock';
import { config } from '~/kernel/config';

/** The filters of the list of renewals, as the address holds them, within what the actor may see. */
export function renewalQuery(actor: Actor, url: string): RenewalFilter {
  const query = new URL(url).searchParams;
  return {
    paths: scopePaths(actor, ['hr', 'inspector']),
    state: RENEWAL_STATES.find((state) => state === query.get('state')),
    search: query.get('q')?.trim().slice(0, 100) || undefined,
    today: dateAt(clock.now(), config().TIME_ZONE),
  };
}
