import { reader } from '~/db';
import { adoptRootOrganisation, organisationTree, peopleInScope, type PeopleQuery } from '~/people';
import { nameOf } from './import';

const TIMES = 5;

/** The middle of several runs, in milliseconds; the first one warms up. */
export async function middle(work: () => Promise<unknown>): Promise<number> {
  const times: number[] = [];
  for (let n = 0; n <= TIMES; n += 1) {
    const began = performance.now();
    await work();
    if (n > 0) times.push(performance.now() - began);
  }
  return times.sort((a, b) => a - b)[Math.floor(TIMES / 2)] ?? Number.NaN;
}

/** The list of people: its first page, a page found by name, and one of an organisation. @returns microseconds of the three together for each person there is */
export async function listPages(people: number): Promise<number> {
  const root = await adoptRootOrganisation();
  const unit = (await organisationTree(reader())).find((one) => one.depth === 1);
  const queries: Record<string, Partial<PeopleQuery>> = {
    'first page': {}, 'by name': { search: nameOf(Math.floor(people / 2)) }, 'of one organisation': { organisationPath: unit?.path ?? '' },
  };
  let sum = 0;
  for (const [name, query] of Object.entries(queries)) {
    const took = await middle(() => peopleInScope(reader(), { paths: [root.path], page: 1, ...query }));
    process.stderr.write(`  list, ${name}: ${took.toFixed(1)} ms\n`);
    sum += took;
  }
  return (sum * 1000) / people;
}
