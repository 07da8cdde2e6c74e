import type { Tree } from './requirement';

/** A tree made ready for judging: leaves by the place of their requirement, nodes by how many branches must be met. */
export type TreeNode = { leaf: number } | { least: number; of: TreeNode[] };

/** `{"kind":"all"}` alone means every requirement of the version. */
export function nodeOf(tree: Tree, codes: readonly string[]): TreeNode {
  if (tree.kind === 'requirement') return { leaf: codes.indexOf(tree.code) };
  const of = tree.of ? tree.of.map((one) => nodeOf(one, codes)) : codes.map((_, leaf) => ({ leaf }));
  return { least: tree.kind === 'all' ? of.length : tree.kind === 'any' ? 1 : tree.least, of };
}

/** Whether a tree is met. One without requirements never is: it would permit without any proof. */
export function isNodeMet(node: TreeNode, isMet: (index: number) => boolean): boolean {
  if ('leaf' in node) return isMet(node.leaf);
  let met = 0;
  for (const one of node.of) {
    if (isNodeMet(one, isMet)) met += 1;
  }
  return node.of.length > 0 && met >= node.least;
}

export interface TreeProgress {
  done: number;
  total: number;
}

/** How much of what must be met is met, along the branches that are nearest to it. */
export function progressIn(node: TreeNode, isMet: (index: number) => boolean): TreeProgress {
  if ('leaf' in node) return { done: isMet(node.leaf) ? 1 : 0, total: 1 };
  const of = node.of.map((one) => progressIn(one, isMet));
  // The order of equals stays, so that the first branches count.
  if (node.least < of.length) of.sort((a, b) => (a.total - a.done) - (b.total - b.done));
  const sum: TreeProgress = { done: 0, total: 0 };
  for (const { done, total } of of.slice(0, node.least)) {
    sum.done += done;
    sum.total += total;
  }
  return sum;
}
