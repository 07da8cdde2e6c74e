import type { ReactNode } from 'react';
import type { ViewedRequirement } from '~/certification';
import { useText } from '~/text/react';
import { wordReason } from '~/text/reason';
import { StatusTag } from '../status/status';

export type ShownTree =
  | { kind: 'requirement'; code: string }
  | { kind: 'all'; of?: ShownTree[] | undefined }
  | { kind: 'any'; of: ShownTree[] }
  | { kind: 'some'; least: number; of: ShownTree[] };

export interface RequirementTreeProps {
  tree: ShownTree;
  requirements: ViewedRequirement[];
  /** Beside each requirement: its evidence. */
  more?: (requirement: ViewedRequirement) => ReactNode;
}

/** The requirements as they combine, each with its state and reason in words. */
export function RequirementTree({ tree, requirements, more }: RequirementTreeProps) {
  if (tree.kind === 'requirement') return <ul className="tree"><Leaf code={tree.code} requirements={requirements} more={more} /></ul>;
  return <Group tree={tree} requirements={requirements} more={more} />;
}

type Branch = Exclude<ShownTree, { kind: 'requirement' }>;

function Group({ tree, requirements, more }: Omit<RequirementTreeProps, 'tree'> & { tree: Branch }) {
  const { t } = useText();
  const of = tree.of ?? requirements.map(({ code }): ShownTree => ({ kind: 'requirement', code }));
  const heading = tree.kind === 'some' ? t('clearance.group.some', { least: tree.least, of: of.length }) : t(`clearance.group.${tree.kind}`);
  return (
    <div className="tree-group">
      {of.length > 1 && <p className="tree-heading">{heading}</p>}
      <ul className="tree">
        {of.map((one, index) => (one.kind === 'requirement'
          ? <Leaf key={one.code} code={one.code} requirements={requirements} more={more} />
          : <li key={index} className="tree-branch"><Group tree={one} requirements={requirements} more={more} /></li>))}
      </ul>
    </div>
  );
}

const TONES = { met: 'ok', open: 'due', failed: 'bad', expired: 'bad', waived: 'neutral' } as const;

function Leaf({ code, requirements, more }: { code: string; requirements: ViewedRequirement[]; more: RequirementTreeProps['more'] }) {
  const text = useText();
  const one = requirements.find((each) => each.code === code);
  if (!one) return null;
  return (
    <li className="tree-leaf">
      <div className="tree-line"><strong>{one.title[text.lang]}</strong> <StatusTag tone={TONES[one.state]}>{text.t(`clearance.requirement.${one.state}`)}</StatusTag></div>
      <p>{wordReason(text, one.reason)}</p>
      {more?.(one)}
    </li>
  );
}
