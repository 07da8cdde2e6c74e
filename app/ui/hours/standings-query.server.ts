import type { StandingsQuery } from '~/certification';
import { reader } from '~/db';
import { scopePaths, type Actor } from '~/identity';
import type { Instant } from '~/kernel/clock';
import { organisationTree, type TreeOrganisation } from '~/people';
import { askedYear } from './year.server';

/** What the address of a list of hours asks for, within the reader's scope, and the units to choose from. */
export async function standingsQuery(actor: Actor, url: string, now: Instant): Promise<{ query: StandingsQuery; units: TreeOrganisation[]; filtered: boolean }> {
  const asked = new URL(url).searchParams;
  const paths = scopePaths(actor, ['hr', 'inspector']);
  const units = await organisationTree(reader(), paths);
  return {
    units,
    filtered: ['q', 'unit', 'target', 'show'].some((name) => asked.get(name)),
    query: {
      paths, year: askedYear(url, now), search: (asked.get('q') ?? '').slice(0, 100), organisationPath: units.find((one) => one.id === asked.get('unit'))?.path,
      below: asked.get('show') === 'below', target: (asked.get('target') ?? '').slice(0, 60) || undefined,
    },
  };
}
