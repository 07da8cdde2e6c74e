import { START_BASES, START_STATES, type StartFilter } from '~/certification';
import { scopePaths, type Actor } from '~/identity';
import { isPlainDate } from '~/kernel/calendar';

/** The filters of the list of starts, as the address holds them, within what the actor may see. */
export function startQuery(actor: Actor, url: string): StartFilter {
  const query = new URL(url).searchParams;
  const day = (name: string) => {
    const typed = query.get(name) ?? '';
    return isPlainDate(typed) ? typed : undefined;
  };
  return {
    paths: scopePaths(actor, ['hr', 'administrator', 'inspector']),
    basis: START_BASES.find((one) => one === query.get('basis')),
    state: START_STATES.find((one) => one === query.get('state')),
    from: day('from'), until: day('until'),
    organisationId: query.get('organisation') || undefined,
  };
}
