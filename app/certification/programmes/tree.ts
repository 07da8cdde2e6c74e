import type { Requirement, Tree } from '../requirement';

/** The tree with every group's members written out: `{"kind":"all"}` stands for all requirements in their order. */
export const writtenOut = (tree: Tree, requirements: readonly Requirement[]): Group => {
  if (tree.kind === 'all' && tree.of === undefined) return { kind: 'all', of: requirements.map(({ code }) => ({ kind: 'requirement', code })) };
  return tree.kind === 'requirement' ? { kind: 'all', of: [tree] } : { ...tree, of: tree.of ?? [] };
};

export type Group = Exclude<Tree, { kind: 'requirement' }> & { of: Tree[] };

/** What a group holds. */
export const membersOf = (tree: Tree): Tree[] => (tree.kind === 'requirement' ? [] : tree.of ?? []);

/** The codes that a tree names, in its order, as often as it names them. */
export const codesIn = (tree: Tree): string[] => (tree.kind === 'requirement' ? [tree.code] : membersOf(tree).flatMap(codesIn));

/** Whether a tree is fulfilled when exactly these requirements are. */
export function isFulfilled(tree: Tree, met: (code: string) => boolean): boolean {
  if (tree.kind === 'requirement') return met(tree.code);
  const parts = membersOf(tree);
  const done = parts.filter((part) => isFulfilled(part, met)).length;
  if (tree.kind === 'any') return done >= 1;
  return tree.kind === 'all' ? done === parts.length : done >= tree.least;
}

/** The requirements without which a version cannot be fulfilled, whatever else is. */
export function indispensable(tree: Tree, requirements: readonly Requirement[]): Requirement[] {
  const whole = writtenOut(tree, requirements);
  return requirements.filter(({ code }) => !isFulfilled(whole, (other) => other !== code));
}

/** Where something stands in a tree: the positions from the top down; the top itself is empty. */
export type Path = readonly number[];

/** The node at a path, or null. */
export const at = (tree: Tree, [first, ...rest]: Path): Tree | null => {
  if (first === undefined) return tree;
  const next = membersOf(tree)[first];
  return next ? at(next, rest) : null;
};

/** The tree with the members of the group at `path` replaced. */
function withMembers(tree: Tree, [first, ...rest]: Path, change: (members: Tree[]) => Tree[]): Tree {
  if (tree.kind === 'requirement') return tree;
  const members = membersOf(tree);
  if (first === undefined) return { ...tree, of: change(members) };
  return { ...tree, of: members.map((member, i) => (i === first ? withMembers(member, rest, change) : member)) };
}

const parentOf = (path: Path): Path => path.slice(0, -1);

/** Puts something at the end of the group at `path`. */
export const add = (tree: Tree, path: Path, fresh: Tree): Tree => withMembers(tree, path, (members) => [...members, fresh]);

/** Takes away what stands at `path`; the top stays. */
export function remove(tree: Tree, path: Path): Tree {
  const last = path.at(-1);
  return last === undefined ? tree : withMembers(tree, parentOf(path), (members) => members.filter((_, i) => i !== last));
}

/** Changes places with the neighbour before (-1) or after (1); at the end nothing happens. */
export function shift(tree: Tree, path: Path, by: -1 | 1): Tree {
  const last = path.at(-1);
  if (last === undefined) return tree;
  return withMembers(tree, parentOf(path), (members) => {
    const other = last + by;
    const [mine, theirs] = [members[last], members[other]];
    if (!mine || !theirs) return members;
    return members.map((member, i) => (i === last ? theirs : i === other ? mine : member));
  });
}

/** Makes the group at `path` ask for all, any, or at least so many of what it holds. */
export function combine(tree: Tree, path: Path, how: { kind: 'all' | 'any' } | { kind: 'some'; least: number }): Tree {
  const group = at(tree, path);
  if (!group || group.kind === 'requirement') return tree;
  const changed: Tree = { ...how, of: membersOf(group) };
  const last = path.at(-1);
  return last === undefined ? changed : withMembers(tree, parentOf(path), (members) => members.map((member, i) => (i === last ? changed : member)));
}

/** Moves what stands at `from` to the end of the group at `to`; nothing moves into itself. */
export function moveInto(tree: Tree, from: Path, to: Path): Tree {
  const moved = at(tree, from);
  const group = at(tree, to);
  const inside = from.every((step, i) => to[i] === step);
  if (from.length === 0 || !moved || !group || group.kind === 'requirement' || inside) return tree;
  const depth = from.length - 1;
  const last = from[depth] ?? 0;
  // What is taken out may stand before the group, which then is one place further up.
  const shifted = to.map((step, i) => (i === depth && to.slice(0, depth).every((one, j) => one === from[j]) && step > last ? step - 1 : step));
  return add(remove(tree, from), shifted, moved);
}

/** The groups of a tree with their paths, the top first. */
export function groupsOf(tree: Tree, path: Path = []): { path: Path; group: Group }[] {
  if (tree.kind === 'requirement') return [];
  const of = membersOf(tree);
  return [{ path, group: { ...tree, of } }, ...of.flatMap((member, i) => groupsOf(member, [...path, i]))];
}

/** A path as it stands in a form: `0.2`; the top is `top`. */
export const pathText = (path: Path): string => (path.length === 0 ? 'top' : path.join('.'));

/** The path that a form names, or null. */
export function readPath(text: string): Path | null {
  if (text === 'top') return [];
  return /^\d{1,3}(\.\d{1,3}){0,7}$/.test(text) ? text.split('.').map(Number) : null;
}
