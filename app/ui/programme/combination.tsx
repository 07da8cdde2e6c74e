import { Form } from '@remix-run/react';
import type { ReactNode } from 'react';
import { useText } from '~/text/react';
import { Button, ButtonLink } from '../button/button';
import { Disclosure } from '../page/page';
import { HowFields } from './how-fields';
import type { NodeView } from './version-view.server';

export interface CombinationProps {
  top: NodeView;
  /** Absent: for reading only. */
  edit?: { version: number; form: 'tree' | 'rule'; changeAt?: (code: string) => string };
}

/** Requirements or conditions as they combine; with buttons to edit them, each a small form of its own. */
export function Combination({ top, edit }: CombinationProps) {
  return <div className="combination"><Group node={top} edit={edit} last first /></div>;
}

interface PartProps {
  node: NodeView;
  edit: CombinationProps['edit'];
  first: boolean;
  last: boolean;
}

function Group({ node, edit, first, last }: PartProps) {
  const { t } = useText();
  return (
    <div className="combination-group">
      <div className="combination-line">
        <span className="combination-text"><Not node={node} /><span className="combination-how">{node.text}</span></span>
        {edit && node.path !== 'top' && <Acts node={node} edit={edit} first={first} last={last} />}
      </div>
      <Faults node={node} />
      {edit && <Combining node={node} edit={edit} />}
      {node.of.length === 0 && edit?.form === 'tree' && <p className="soft">{t('programme.req-empty')}</p>}
      {node.of.length > 0 && (
        <ol>
          {node.of.map((member, i) => (
            <li key={member.path} className={itemClass(member)}>
              {member.kind === 'leaf' ? <Leaf node={member} edit={edit} first={i === 0} last={i === node.of.length - 1} /> : <Group node={member} edit={edit} first={i === 0} last={i === node.of.length - 1} />}
            </li>
          ))}
        </ol>
      )}
    </div>
  );
}

const itemClass = ({ kind, faults }: NodeView): string =>
  ['combination-item', kind === 'leaf' && 'combination-item--leaf', kind === 'leaf' && faults.length > 0 && 'combination-item--wrong'].filter(Boolean).join(' ');

function Leaf({ node, edit, first, last }: PartProps) {
  return (
    <>
      <div className="combination-line">
        <span className="combination-text"><Not node={node} />{node.text}</span>
        {edit && <Acts node={node} edit={edit} first={first} last={last} />}
      </div>
      <Faults node={node} />
    </>
  );
}

function Not({ node }: { node: NodeView }) {
  const { t } = useText();
  return node.not ? <span className="combination-not">{t('programme.rule-except')}</span> : null;
}

function Faults({ node }: { node: NodeView }) {
  const { problem } = useText();
  return <>{node.faults.map((one) => <p key={one.code} className="field-error">{problem(one)}</p>)}</>;
}

function Acts({ node, edit, first, last }: PartProps) {
  const { t } = useText();
  if (!edit) return null;
  const act = (name: string, words: string, children: ReactNode = words) => (
    <Act key={name} edit={edit} node={node} act={name} label={t('programme.act-on', { act: words, what: node.text })}>{children}</Act>
  );
  return (
    <div className="combination-acts">
      {edit.form === 'tree' && !first && act('up', t('programme.up'))}
      {edit.form === 'tree' && !last && act('down', t('programme.down'))}
      {edit.form === 'rule' && act('not', t(node.not ? 'programme.rule-not-undo' : 'programme.rule-not'))}
      {edit.changeAt && node.code !== null && <ButtonLink to={edit.changeAt(node.code)} kind="quiet">{t('programme.req-change')}<span className="visually-hidden">{t('ui.colon')}{node.text}</span></ButtonLink>}
      {act('remove', t('programme.remove'))}
    </div>
  );
}

function Act({ edit, node, act, label, children }: { edit: NonNullable<CombinationProps['edit']>; node: NodeView; act: string; label: string; children: ReactNode }) {
  return (
    <Form method="post" className="post-button" preventScrollReset>
      <input type="hidden" name="__form" value={edit.form} />
      <input type="hidden" name="version" value={edit.version} />
      <input type="hidden" name="path" value={node.path} />
      <Button kind="quiet" name="act" value={act} aria-label={label}>{children}</Button>
    </Form>
  );
}

/** How a group combines, and to change that. */
function Combining({ node, edit }: { node: NodeView; edit: NonNullable<CombinationProps['edit']> }) {
  const { t } = useText();
  if (edit.form === 'rule') {
    const other = node.kind === 'all' ? 'any' : 'all';
    return node.of.length > 1 ? <Act edit={edit} node={node} act={other} label={t('programme.act-on', { act: t(`programme.rule-to-${other}`), what: node.text })}>{t(`programme.rule-to-${other}`)}</Act> : null;
  }
  return (
    <Disclosure summary={t('programme.req-how')}>
      <Form method="post" className="combination-form" preventScrollReset>
        <input type="hidden" name="__form" value="combine" />
        <input type="hidden" name="version" value={edit.version} />
        <input type="hidden" name="path" value={node.path} />
        <HowFields id={`how-${node.path}`} how={node.kind === 'leaf' ? 'all' : node.kind} least={node.least} />
        <Button>{t('programme.req-how-save')}</Button>
      </Form>
    </Disclosure>
  );
}
