import { reader } from '~/db';
import { scopePaths, type Actor } from '~/identity';
import { APPOINTMENT_KINDS, organisationTree, type PeopleQuery, type TreeOrganisation } from '~/people';
import { ACCOUNT_STATES } from './account-states';

/** What the address of a list of people asks for, within the reader's scope, and the units to choose from. */
export async function peopleQuery(actor: Actor, url: string): Promise<{ query: Omit<PeopleQuery, 'page'>; units: TreeOrganisation[]; filtered: boolean }> {
  const asked = new URL(url).searchParams;
  const paths = scopePaths(actor, ['hr', 'inspector']);
  const units = await organisationTree(reader(), paths);
  return {
    units,
    filtered: ['q', 'kind', 'state', 'unit'].some((name) => asked.get(name)),
    query: {
      paths,
      search: (asked.get('q') ?? '').slice(0, 100),
      kind: APPOINTMENT_KINDS.find((kind) => kind === asked.get('kind')),
      accountState: ACCOUNT_STATES.find((state) => state === asked.get('state')),
      organisationPath: units.find((one) => one.id === asked.get('unit'))?.path,
    },
  };
}
