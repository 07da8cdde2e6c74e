import { AsyncLocalStorage } from 'node:async_hooks';

/** What the boundary remembers about one run of a loader or action. */
interface Decided {
  made: boolean;
}

const current = new AsyncLocalStorage<Decided>();

/** `authorise` tells that access was decided for the running request. */
export function noteDecision(): void {
  const decided = current.getStore();
  if (decided) decided.made = true;
}

/**
 * Runs a loader or action and reports whether it decided about access: one that answers without having
 * asked is a defect, and is treated as one.
 */
export async function watchDecision<T>(run: () => Promise<T> | T): Promise<{ value: T; decided: boolean }> {
  const decided: Decided = { made: false };
  const value = await current.run(decided, async () => run());
  return { value, decided: decided.made };
}
