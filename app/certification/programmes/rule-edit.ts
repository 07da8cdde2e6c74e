import type { AppliesTo, Condition } from './applies-to';
import type { Path } from './tree';

/** The rule as a form shows it: negation is a property of a part, not a part of its own. */
export interface RulePart {
  path: Path;
  not: boolean;
  rule: Condition | { kind: 'all' | 'any'; of: RulePart[] };
}

export type RuleGroup = Extract<AppliesTo, { kind: 'all' | 'any' }>;

/** A rule whose top is a group, so that something can be added to it. */
export const asGroup = (rule: AppliesTo): RuleGroup => (rule.kind === 'all' || rule.kind === 'any' ? rule : { kind: 'all', of: [rule] });

const bare = (rule: AppliesTo): { not: boolean; rule: Exclude<AppliesTo, { kind: 'not' }> } => {
  if (rule.kind !== 'not') return { not: false, rule };
  const inner = bare(rule.of);
  return { not: !inner.not, rule: inner.rule };
};

/** The parts of a rule with their paths. */
export function partsOf(given: AppliesTo, path: Path = []): RulePart {
  const { not, rule } = bare(given);
  if (rule.kind !== 'all' && rule.kind !== 'any') return { path, not, rule };
  return { path, not, rule: { kind: rule.kind, of: rule.of.map((part, i) => partsOf(part, [...path, i])) } };
}

/** Changes the part at `path`; the negation around it stays. */
function change(given: AppliesTo, [first, ...rest]: Path, to: (part: AppliesTo) => AppliesTo | null): AppliesTo {
  if (given.kind === 'not' && first !== undefined) return { kind: 'not', of: change(given.of, [first, ...rest], to) };
  if (first === undefined || (given.kind !== 'all' && given.kind !== 'any')) return given;
  return {
    ...given,
    of: given.of.flatMap((part, i) => {
      if (i !== first) return [part];
      const changed = rest.length === 0 ? to(part) : change(part, rest, to);
      return changed === null ? [] : [changed];
    }),
  };
}

const grow = (rule: AppliesTo, fresh: AppliesTo): AppliesTo => {
  if (rule.kind === 'not') return { kind: 'not', of: grow(rule.of, fresh) };
  return rule.kind === 'all' || rule.kind === 'any' ? { ...rule, of: [...rule.of, fresh] } : rule;
};

/** Adds to the group at `path`. */
export const addPart = (rule: RuleGroup, path: Path, fresh: AppliesTo): AppliesTo =>
  (path.length === 0 ? grow(rule, fresh) : change(rule, path, (part) => grow(part, fresh)));

export const removePart = (rule: RuleGroup, path: Path): AppliesTo => change(rule, path, () => null);

/** Turns a part into its opposite. */
export const negatePart = (rule: RuleGroup, path: Path): AppliesTo =>
  change(rule, path, (part) => (part.kind === 'not' ? part.of : { kind: 'not', of: part }));

const combined = (rule: AppliesTo, kind: 'all' | 'any'): AppliesTo => {
  if (rule.kind === 'not') return { kind: 'not', of: combined(rule.of, kind) };
  return rule.kind === 'all' || rule.kind === 'any' ? { kind, of: rule.of } : rule;
};

/** Makes the group at `path` ask for all or for any of its parts. */
export const combineParts = (rule: RuleGroup, path: Path, kind: 'all' | 'any'): AppliesTo =>
  (path.length === 0 ? combined(rule, kind) : change(rule, path, (part) => combined(part, kind)));
