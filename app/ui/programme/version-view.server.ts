import {
  combination, dueText, requirementText, ruleParts, ruleText, sentenceOf, validityText,
  type AppliesTo, type Fault, type Names, type Path, type RulePart, type Tree, type WrittenVersion,
} from '~/certification';
import type { Problem } from '~/kernel/result';
import type { Text } from '~/text';

/** A part of a combination or of a rule, as pages show it. */
export interface NodeView {
  /** Where it stands: `top`, `0.2`. */
  path: string;
  kind: 'leaf' | 'all' | 'any' | 'some';
  /** The requirement or condition in words, or how a group combines. */
  text: string;
  /** The requirement's code, by which it is changed. */
  code: string | null;
  least: number;
  not: boolean;
  faults: Problem[];
  of: NodeView[];
}

const problems = (faults: readonly Fault[], at: string): Problem[] => faults.filter((one) => one.at === at).map(({ code, params }) => ({ code, ...(params && { params }) }));

/** The combination of a version's requirements. */
export function treeView({ tree, requirements }: WrittenVersion, names: Names, faults: readonly Fault[], text: Text): NodeView {
  const byCode = new Map(requirements.map((one) => [one.code, one]));
  const view = (node: Tree, path: Path): NodeView => {
    if (node.kind === 'requirement') {
      const requirement = byCode.get(node.code);
      return {
        path: combination.pathText(path), kind: 'leaf', text: requirement ? requirementText(requirement, names, text) : text.t('programme.say-unknown'), code: node.code, least: 1, not: false,
        faults: problems(faults, `requirement:${node.code}`), of: [],
      };
    }
    const members = combination.membersOf(node);
    const least = node.kind === 'some' ? node.least : 1;
    return {
      path: combination.pathText(path), kind: node.kind, text: text.t(`programme.req-${node.kind}`, { least, total: members.length }), code: null, least, not: false,
      faults: problems(faults, `group:${combination.pathText(path)}`), of: members.map((member, i) => view(member, [...path, i])),
    };
  };
  return view(combination.writtenOut(tree, requirements), []);
}

/** The rule of whom a version applies to. */
export function ruleView(rule: AppliesTo, names: Names, text: Text): NodeView {
  const view = ({ path, not, rule: part }: RulePart): NodeView => {
    const shared = { path: combination.pathText(path), code: null, least: 1, not, faults: [] };
    if ('of' in part) return { ...shared, kind: part.kind, text: text.t(`programme.rule-${part.kind}`), of: part.of.map(view) };
    return { ...shared, kind: 'leaf', text: ruleText(part, names, text, 1), of: [] };
  };
  return view(ruleParts.partsOf(ruleParts.asGroup(rule)));
}

/** The groups of a combination or rule, to choose where something goes. */
export function groupChoices(top: NodeView, { t }: Text): { value: string; label: string }[] {
  const walk = (node: NodeView): NodeView[] => (node.kind === 'leaf' ? [] : [node, ...node.of.flatMap(walk)]);
  return walk(top).map((node) => ({
    value: node.path,
    label: node.path === 'top' ? t('programme.req-top') : t('programme.req-group-name', { place: node.path.split('.').map((step) => Number(step) + 1).join('.'), how: node.text }),
  }));
}

/** All of a version that a page says in words. */
export function versionWords(version: WrittenVersion, names: Names, text: Text) {
  return {
    title: version.title[text.lang], number: version.number, sentence: sentenceOf(version, names, text),
    gate: text.t(`programme.gate.${version.gate}`), due: dueText(version.due, text), validity: validityText(version.validity, text),
  };
}

export const faultsAt = problems;
