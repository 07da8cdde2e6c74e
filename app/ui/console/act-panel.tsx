import { Link } from '@remix-run/react';
import { useEffect, useRef } from 'react';
import type { ActOnPeople, Omission } from '~/exams';
import { useText } from '~/text/react';
import { CheckboxField, RadioField, SubmitButton, TextAreaField, TextField } from '../form/fields';
import { FormBox, useFormReply } from '../form/form';

/** What an act would do to whom, as the server has worked it out. */
export interface ActQuestion {
  kind: ActOnPeople;
  /** Names the act beforehand: the same form sent twice acts once. */
  key: string;
  /** Those it applies to. */
  ids: string[];
  names: string[];
  /** How many of them still have time left. */
  withTime: number;
  omitted: { why: Omission; count: number }[];
}

/** The question in an action's answer, if it asks one. */
export const questionIn = (answer: unknown): ActQuestion | null =>
  typeof answer === 'object' && answer !== null && 'question' in answer ? (answer.question as ActQuestion) : null;

/** Acts whose words are their reason. */
const IN_WORDS: readonly ActOnPeople[] = ['message', 'note'];
/** Acts that are asked twice. */
const FINAL: readonly ActOnPeople[] = ['hand-in', 'void'];

const NAMES_SHOWN = 15;

/** The question before an act: what happens, to whom, why; then yes or no. */
export function ActPanel({ question, cancelTo, onCancel }: { question: ActQuestion; cancelTo: string; onCancel: () => void }) {
  const { t } = useText();
  const { kind, ids, names, omitted, withTime } = question;
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => heading.current?.focus(), [question.key]);
  const count = ids.length;
  return (
    <section className="console-panel" aria-labelledby="console-panel-title">
      <h2 id="console-panel-title" ref={heading} tabIndex={-1}>
        {count === 0 ? t('console.ask-nobody', { act: t(`console.act.${kind}`) }) : t(`console.ask.${kind}`, { count })}
      </h2>
      {count > 0 && (
        <p className="console-panel-names">
          {names.slice(0, NAMES_SHOWN).join('、')}{count > NAMES_SHOWN && <> {t('console.and-more', { count })}</>}
        </p>
      )}
      {omitted.map((one) => <p key={one.why} className="small">{t('console.omitted', { count: one.count, why: t(`console.why.${one.why}`) })}</p>)}
      {count > 0 && <p>{t(`console.does.${kind}`)} {kind === 'hand-in' && withTime > 0 && <strong>{t('console.does.hand-in-left', { count: withTime })}</strong>}</p>}
      {count > 0 ? <ActForm question={question} cancelTo={cancelTo} onCancel={onCancel} /> : (
        <div className="button-row"><Link to={cancelTo} className="button button--secondary" preventScrollReset onClick={onCancel}>{t('console.cancel')}</Link></div>
      )}
    </section>
  );
}

function ActForm({ question, cancelTo, onCancel }: { question: ActQuestion; cancelTo: string; onCancel: () => void }) {
  const { t } = useText();
  const { kind, key, ids } = question;
  const form = useFormReply({ id: 'act', defaultValue: kind === 'time' ? { minutes: '10' } : {} });
  const what = t(`console.ask.${kind}`, { count: ids.length });
  return (
    <FormBox form={form} keepScroll>
      <input type="hidden" name="kind" value={kind} />
      <input type="hidden" name="key" value={key} />
      <input type="hidden" name="ids" value={ids.join(' ')} />
      {kind === 'time' && <TextField form={form} name="minutes" label={t('console.field.minutes')} inputMode="numeric" width="short" />}
      {kind === 'exempt' && (
        <RadioField form={form} name="exemption" label={t('console.field.exemption')} options={(['seb', 'network', 'late'] as const).map((value) => ({ value, label: t(`console.field.exemption.${value}`) }))} />
      )}
      {IN_WORDS.includes(kind)
        ? <TextAreaField form={form} name="text" label={t(kind === 'note' ? 'console.field.note' : 'console.field.text')} rows={2} />
        : <TextField form={form} name="reason" label={t('console.field.reason')} hint={t('console.field.reason-hint')} maxLength={300} />}
      {FINAL.includes(kind) && <CheckboxField form={form} name="sure" label={t('console.field.sure', { count: ids.length })} />}
      <div className="button-row">
        <SubmitButton kind={FINAL.includes(kind) ? 'danger' : 'primary'}>{t('console.confirm', { what })}</SubmitButton>
        <Link to={cancelTo} className="button button--secondary" preventScrollReset onClick={onCancel}>{t('console.cancel')}</Link>
      </div>
    </FormBox>
  );
}
