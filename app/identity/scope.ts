/**
 * Scope is an organisation subtree. A path is the chain of organisation ids from the root, each followed
 * by a slash: `/<root>/<district>/<bureau>/`. The closing slash keeps `/a/1/` from covering `/a/12/`.
 */

/** Whether `path` is `scope` itself or lies beneath it. */
export const covers = (scope: string, path: string): boolean => isPath(scope) && path.startsWith(scope);

/** Whether `path` is well formed; what is not covers nothing and is covered by nothing but itself. */
const isPath = (path: string): boolean => /^\/(?:[^/]+\/)+$/.test(path);

/** Whether `path` is the root organisation of the deployment. */
export const isRoot = (path: string): boolean => /^\/[^/]+\/$/.test(path);

/** The fewest paths that cover the same organisations, sorted: nothing equal to or beneath another. */
export function outermost(paths: readonly string[]): string[] {
  const sorted = [...new Set(paths)].sort();
  return sorted.filter((path) => !sorted.some((other) => other !== path && covers(other, path)));
}
