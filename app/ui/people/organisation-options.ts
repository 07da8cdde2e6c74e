interface Placed {
  id: string;
  name: string;
  code: string;
  depth: number;
}

/** Choices of organisations, beneath each other as they are; the code tells two of one name apart. */
export function organisationOptions(tree: readonly Placed[]): { value: string; label: string }[] {
  const outermost = Math.min(...tree.map((one) => one.depth));
  return tree.map((one) => ({ value: one.id, label: `${'\u3000'.repeat(one.depth - outermost)}${one.name}（${one.code}）` }));
}
