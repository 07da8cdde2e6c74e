import type { ShownAct } from '~/exams';
import { useText } from '~/text/react';
import { SubmitButton, TextField } from '../form/fields';
import { FormBox, useFormReply } from '../form/form';
import { Disclosure } from '../page/page';
import { InstantText } from '../time/time';

export interface ActLogProps {
  acts: readonly ShownAct[];
  empty: string;
  /** The act whose form stands elsewhere on the page. */
  undoneAbove?: string | null;
  /** On pages that take nothing back. */
  readOnly?: boolean;
}

/** What was done lately, by whom and why; what can be taken back has its form. */
export function ActLog({ acts, empty, undoneAbove = null, readOnly = false }: ActLogProps) {
  const { t, has } = useText();
  if (acts.length === 0) return <p>{empty}</p>;
  return (
    <ol className="console-acts">
      {acts.map((act) => {
        const key = `console.act.${act.kind}`;
        const name = has(key) ? t(key) : act.kind;
        return (
          <li key={act.id} className={act.undone ? 'console-act console-act--undone' : 'console-act'}>
            <p>
              <InstantText at={act.at} /> <strong>{act.count > 0 ? t('console.acts-line', { act: name, count: act.count, by: act.by }) : t('console.acts-line-none', { act: name, by: act.by })}</strong>
            </p>
            <p className="small">{act.reason}</p>
            {act.undone && <p className="small">{t('console.acts-undone', { reason: act.undone.reason })}</p>}
            {act.undoable && !readOnly && act.id !== undoneAbove && <UndoForm act={act.id} what={name} />}
          </li>
        );
      })}
    </ol>
  );
}

/** Taking one act back, with its reason. */
export function UndoForm({ act, what }: { act: string; what: string }) {
  const { t } = useText();
  const form = useFormReply({ id: `undo-${act}`, defaultValue: { reason: t('console.undo-default') } });
  return (
    <Disclosure summary={t('console.undo-this', { what })} open={form.meta.status === 'error'}>
      <FormBox form={form} keepScroll>
        <TextField form={form} name="reason" label={t('console.undo-reason')} maxLength={300} />
        <SubmitButton kind="secondary">{t('console.undo')}</SubmitButton>
      </FormBox>
    </Disclosure>
  );
}
