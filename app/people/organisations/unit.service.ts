import { reader, type Reader } from '~/db';
import { authorise, can, covers, scopePaths, type Actor } from '~/identity';
import type { PlainDate } from '~/kernel/calendar';
import { allOrganisations, findOrganisation, type Organisation } from '../organisation.repository';
import { wholeTree } from '../organisation.service';
import { changesOf, openChanges, type OrganisationChange } from './changes.repository';
import { figuresBeneath, figuresOf, peopleByOrganisation, rolesReaching, rolesWithin, type HeldRoleRow, type OrganisationFigures } from './figures.repository';
import { namesOfOrganisation, organisationsOn, parentsOfOrganisation } from './places.repository';

/** Whoever may look at organisations sees those in which one of these roles holds. */
const LOOKERS = ['hr', 'inspector', 'administrator'] as const;

/** An organisation in a list: `depth` counts from the outermost one that the reader sees. */
export interface ListedUnit {
  id: string;
  name: string;
  code: string;
  depth: number;
  closedOn: PlainDate | null;
  /** How many serve in it itself today; null on another day. */
  people: number | null;
  /** A change that is planned for it. */
  planned: boolean;
}

/** The organisations of the reader's scope in their order, today or as they were on a day, with what is planned. @throws ProblemError */
export async function unitsSeen(actor: Actor, query: { on?: PlainDate; search?: string; closed?: boolean }): Promise<{ units: ListedUnit[]; planned: OrganisationChange[] }> {
  authorise(actor, 'see units');
  const from = reader();
  const paths = scopePaths(actor, LOOKERS);
  const planned = await openChanges(from, paths);
  const about = new Set(planned.map((change) => change.organisationId));
  const people = query.on === undefined ? await peopleByOrganisation(from, paths) : null;
  const tree = (query.on === undefined ? await wholeTree(from, paths) : await treeOn(from, query.on, paths)).filter((one) => query.closed || one.closedOn === null);
  const top = Math.min(...tree.map((one) => one.depth));
  const search = query.search?.trim().toLowerCase() ?? '';
  return {
    units: tree.filter(({ name, code }) => name.toLowerCase().includes(search) || code.toLowerCase().includes(search)).map(({ id, name, code, depth, closedOn }) => ({
      id, name, code, depth: depth - top, closedOn, people: people && (people.get(id) ?? 0), planned: about.has(id),
    })),
    planned,
  };
}

/** The organisations of a day, each followed by what lay beneath it then; a path begins with the path of its superior. */
async function treeOn(from: Reader, day: PlainDate, paths: readonly string[]): Promise<(Pick<Organisation, 'id' | 'name' | 'code' | 'closedOn'> & { depth: number })[]> {
  const all = (await organisationsOn(from, day)).filter((one) => paths.some((path) => covers(path, one.path)));
  const children = new Map<string | null, typeof all>();
  const there = new Set(all.map((one) => one.id));
  for (const one of all) {
    const parent = one.parentId !== null && there.has(one.parentId) ? one.parentId : null;
    children.set(parent, [...(children.get(parent) ?? []), one]);
  }
  const walk = (parent: string | null, depth: number): ReturnType<typeof shape>[] => (children.get(parent) ?? []).flatMap((one) => [shape(one, depth), ...walk(one.id, depth + 1)]);
  const shape = ({ id, name, code }: (typeof all)[number], depth: number) => ({ id, name, code, depth, closedOn: null });
  return walk(null, 0);
}

export interface OpenUnit {
  unit: Organisation;
  /** From the topmost down to the superior. */
  above: Pick<Organisation, 'id' | 'name'>[];
  children: (Pick<Organisation, 'id' | 'name' | 'code' | 'closedOn'>)[];
  own: OrganisationFigures;
  beneath: OrganisationFigures;
  names: { from_on: string; name: string }[];
  parents: { from_on: string; parent: string | null }[];
  changes: OrganisationChange[];
  /** Held over it or over a superior, the nearest first. */
  reaching: HeldRoleRow[];
  /** Held over what lies beneath it. */
  rolesBeneath: HeldRoleRow[];
  may: { administer: boolean; change: boolean; grant: boolean };
}

/** One organisation with all that hangs on it; null when there is none. @throws ProblemError */
export async function openUnit(actor: Actor, id: string): Promise<OpenUnit | null> {
  authorise(actor, 'see units');
  const from = reader();
  const unit = await findOrganisation(from, id);
  if (!unit) return null;
  authorise(actor, 'see a unit', { organisationPath: unit.path });
  const all = await allOrganisations(from);
  const steps = unit.path.split('/').filter((step) => step !== '' && step !== id);
  return {
    unit,
    above: steps.flatMap((step) => all.filter((one) => one.id === step).map(({ id: own, name }) => ({ id: own, name }))),
    children: all.filter((one) => one.parentId === id).map(({ id: own, name, code, closedOn }) => ({ id: own, name, code, closedOn })),
    own: await figuresOf(from, unit.path), beneath: await figuresBeneath(from, unit.path),
    names: await namesOfOrganisation(from, id), parents: await parentsOfOrganisation(from, id), changes: await changesOf(from, id),
    reaching: await rolesReaching(from, unit.path),
    rolesBeneath: (await rolesWithin(from, [unit.path])).filter((role) => role.organisation_id !== id),
    may: {
      administer: can(actor, 'administer organisations', { organisationPath: unit.path }),
      change: can(actor, 'change the tree', { organisationPath: unit.path }),
      grant: can(actor, 'administer accounts', { organisationPath: unit.path }),
    },
  };
}

/** Every role in the reader's scope, and the organisations that no administrator and no HR officer of their own looks after. @throws ProblemError */
export async function administratorsSeen(actor: Actor, search: string): Promise<{ roles: HeldRoleRow[]; without: { id: string; name: string; code: string }[] }> {
  authorise(actor, 'see units');
  const from = reader();
  const paths = scopePaths(actor, LOOKERS);
  const roles = await rolesWithin(from, paths);
  const looked = new Set(roles.filter((one) => one.state !== 'closed' && (one.role === 'administrator' || one.role === 'hr')).map((one) => one.organisation_id));
  const wanted = search.trim().toLowerCase();
  const fits = (...texts: (string | null)[]): boolean => texts.some((text) => text?.toLowerCase().includes(wanted));
  return {
    roles: roles.filter((one) => fits(one.name, one.sign_in_name, one.organisation)),
    without: (await wholeTree(from, paths)).filter((one) => one.closedOn === null && !looked.has(one.id)).map(({ id, name, code }) => ({ id, name, code })),
  };
}
