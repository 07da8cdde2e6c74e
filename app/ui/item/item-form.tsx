import type { ReactNode } from 'react';
import type { input } from 'zod';
import type { FORM_SIZE, ItemForm, ItemType } from '~/itembank';
import { useText } from '~/text/react';
import { GroupFrame, useFieldState } from '../form/field';
import { CheckboxGroupField, RadioField, SelectField, SubmitButton, TextAreaField, TextField } from '../form/fields';
import { FormBox, type FormHandle } from '../form/form';
import { letterOf } from '../player/item-view';

type Handle = FormHandle<input<typeof ItemForm>>;

export interface ItemFormBoxProps {
  form: Handle;
  type: ItemType;
  lessons: { value: string; label: string }[];
  size: typeof FORM_SIZE;
  /** An item that exists is being changed. */
  changes?: boolean;
  /** Where to when one changes one's mind. */
  cancel: ReactNode;
}

const range = (n: number): number[] => Array.from({ length: n }, (_, i) => i);

/** The form for an item of one type; the fields of other types are not shown. */
export function ItemFormBox({ form, type, lessons, size, changes, cancel }: ItemFormBoxProps) {
  const { t } = useText();
  return (
    <FormBox form={form}>
      {changes && <Version form={form} />}
      <SelectField form={form} name="lesson" label={t('itembank.field.lesson')} options={lessons} />
      <div className="inline-options"><RadioField form={form} name="difficulty" label={t('itembank.field.difficulty')} options={([1, 2, 3] as const).map((value) => ({ value: String(value), label: t(`itembank.difficulty.${value}`) }))} /></div>
      <TextAreaField form={form} name="stem" label={t('itembank.field.stem')} hint={t('itembank.field.stem-hint')} rows={3} />
      {(type === 'single' || type === 'multiple') && <Texts form={form} name="options" count={size.options} label={t('itembank.field.options')} hint={t('itembank.field.options-hint')} each={(i) => t('itembank.field.option', { letter: letterOf(i) })} />}
      {type === 'single' && <div className="inline-options"><RadioField form={form} name="key" label={t('itembank.field.key')} options={letters(size.options)} /></div>}
      {type === 'multiple' && <div className="inline-options"><CheckboxGroupField form={form} name="key" label={t('itembank.field.key-many')} options={letters(size.options)} /></div>}
      {type === 'true-false' && <div className="inline-options"><RadioField form={form} name="key" label={t('itembank.field.truth')} options={[{ value: 'true', label: t('player.true') }, { value: 'false', label: t('player.false') }]} /></div>}
      {type === 'order' && <Texts form={form} name="options" count={size.steps} label={t('itembank.field.steps')} hint={t('itembank.field.steps-hint')} each={(i) => t('itembank.field.step', { number: i + 1 })} />}
      {type === 'match' && <Pairs form={form} name="lefts" count={size.pairs} label={t('itembank.field.pairs')} />}
      {type === 'match' && <Texts form={form} name="extras" count={size.extras} label={t('itembank.field.extras')} hint={t('itembank.field.extras-hint')} each={(i) => t('itembank.field.extra', { number: i + 1 })} />}
      {type === 'short' && <TextAreaField form={form} name="accept" label={t('itembank.field.accept')} hint={t('itembank.field.accept-hint')} rows={4} />}
      <TextAreaField form={form} name="explanation" label={t('itembank.field.explanation')} hint={t('itembank.field.explanation-hint')} rows={4} />
      <div className="button-row"><SubmitButton>{t('itembank.save')}</SubmitButton>{cancel}</div>
    </FormBox>
  );
}

/** The version that the author saw first: after a refusal the page may know a later one, which must not be sent. */
function Version({ form }: { form: Handle }) {
  const field = useFieldState(form, 'version');
  return <input type="hidden" name="version" defaultValue={field.initial} />;
}

const letters = (count: number) => range(count).map((i) => ({ value: String(i), label: letterOf(i) }));

interface TextsProps {
  form: Handle;
  name: 'options' | 'extras';
  count: number;
  label: string;
  hint: string;
  each(i: number): string;
}

/** Several lines of text that belong together. */
function Texts({ form, name, count, label, hint, each }: TextsProps) {
  const field = useFieldState(form, name);
  return (
    <GroupFrame field={field} label={label} hint={hint}>
      <div className="field-list">
        {range(count).map((i) => <TextField key={i} form={form} name={`${name}[${i}]`} label={each(i)} optional={i > 1 || name === 'extras'} />)}
      </div>
    </GroupFrame>
  );
}

/** Left and right side by side. */
function Pairs({ form, name, count, label }: { form: Handle; name: 'lefts'; count: number; label: string }) {
  const { t } = useText();
  const field = useFieldState(form, name);
  return (
    <GroupFrame field={field} label={label} hint={t('itembank.field.pairs-hint')}>
      {range(count).map((i) => (
        <div key={i} className="pair-fields">
          <TextField form={form} name={`lefts[${i}]`} label={t('itembank.field.left', { number: i + 1 })} optional={i > 1} />
          <TextField form={form} name={`rights[${i}]`} label={t('itembank.field.right', { number: i + 1 })} optional={i > 1} />
        </div>
      ))}
    </GroupFrame>
  );
}
