import { useNavigation } from '@remix-run/react';
import { useContext, type HTMLInputAutoCompleteAttribute, type ReactNode } from 'react';
import { useText } from '~/text/react';
import { Button, type ButtonProps } from '../button/button';
import { controlProps, describedBy, FieldFrame, GroupFrame, HintAndErrors, useFieldState, type FieldProps } from './field';
import { FormId } from './form';
import { sentBy } from './form-reply';

type Fields = Record<string, unknown>;

export interface TextFieldProps<S extends Fields> extends FieldProps<S> {
  type?: 'text' | 'password' | 'email' | 'tel' | 'number' | 'date' | 'datetime-local' | 'time' | 'search';
  autoComplete?: HTMLInputAutoCompleteAttribute;
  inputMode?: 'text' | 'numeric' | 'decimal';
  /** How much is expected; the width says so. */
  width?: 'short' | 'middle' | 'full';
  maxLength?: number;
}

export function TextField<S extends Fields>({ form, name, label, hint, optional, type = 'text', width = 'full', ...rest }: TextFieldProps<S>) {
  const field = useFieldState(form, name);
  return (
    <FieldFrame field={field} label={label} hint={hint} optional={optional}>
      <input key={field.key} className={`input input--${width}`} type={type} defaultValue={type === 'password' ? undefined : field.initial} spellCheck={type === 'password' ? false : undefined} {...controlProps(field, { hint, optional })} {...rest} />
    </FieldFrame>
  );
}

export interface Option {
  value: string;
  label: ReactNode;
  hint?: ReactNode;
}

export function SelectField<S extends Fields>({ form, name, label, hint, optional, options }: FieldProps<S> & { options: { value: string; label: string }[] }) {
  const { t } = useText();
  const field = useFieldState(form, name);
  return (
    <FieldFrame field={field} label={label} hint={hint} optional={optional}>
      <select key={field.key} className="input" defaultValue={field.initial ?? ''} {...controlProps(field, { hint, optional })}>
        <option value="">{t('ui.choose')}</option>
        {options.map((option) => <option key={option.value} value={option.value}>{option.label}</option>)}
      </select>
    </FieldFrame>
  );
}

export function TextAreaField<S extends Fields>({ form, name, label, hint, optional, rows = 5 }: FieldProps<S> & { rows?: number }) {
  const field = useFieldState(form, name);
  return (
    <FieldFrame field={field} label={label} hint={hint} optional={optional}>
      <textarea key={field.key} className="input" rows={rows} defaultValue={field.initial} {...controlProps(field, { hint, optional })} />
    </FieldFrame>
  );
}

/** One thing to agree to. In the schema `z.boolean().default(false)`, or `z.literal(true)` if it must be ticked. */
export function CheckboxField<S extends Fields>({ form, name, label, hint }: Omit<FieldProps<S>, 'optional'>) {
  const field = useFieldState(form, name);
  return (
    <div className={field.errors.length > 0 ? 'field field--wrong' : 'field'}>
      <HintAndErrors field={field} hint={hint} />
      <label className="option" htmlFor={field.id}>
        <input key={field.key} className="option-control" type="checkbox" id={field.id} name={field.name} value="on" defaultChecked={field.initial === 'on'} {...describedBy(field, hint)} />
        <span className="option-text">{label}</span>
      </label>
    </div>
  );
}

/** Several of a list; the schema is `z.array(…)`. */
export function CheckboxGroupField<S extends Fields>(props: FieldProps<S> & { options: Option[] }) {
  return <OptionGroup {...props} type="checkbox" />;
}

/** One of a short list. */
export function RadioField<S extends Fields>(props: FieldProps<S> & { options: Option[] }) {
  return <OptionGroup {...props} type="radio" />;
}

function OptionGroup<S extends Fields>({ form, name, label, hint, optional, options, type }: FieldProps<S> & { options: Option[]; type: 'radio' | 'checkbox' }) {
  const field = useFieldState(form, name);
  return (
    <GroupFrame field={field} label={label} hint={hint} optional={optional}>
      {options.map((option) => (
        <OptionRow key={`${field.key}-${option.value}`} type={type} id={`${field.id}-${option.value}`} name={field.name} option={option} chosen={field.chosen.includes(option.value)} />
      ))}
    </GroupFrame>
  );
}

function OptionRow({ type, id, name, option, chosen }: { type: 'radio' | 'checkbox'; id: string; name: string; option: Option; chosen: boolean }) {
  return (
    <label className="option" htmlFor={id}>
      <input className="option-control" type={type} id={id} name={name} value={option.value} defaultChecked={chosen} />
      <span className="option-text">{option.label}{option.hint && <span className="option-hint">{option.hint}</span>}</span>
    </label>
  );
}

/** `FormBox` needs `multipart`. A chosen file has to be chosen again after an error; browsers allow nothing else. */
export function FileField<S extends Fields>({ form, name, label, hint, optional, accept }: FieldProps<S> & { accept?: string }) {
  const field = useFieldState(form, name);
  return (
    <FieldFrame field={field} label={label} hint={hint} optional={optional}>
      <input key={field.key} className="input input--file" type="file" accept={accept} {...controlProps(field, { hint, optional })} />
    </FieldFrame>
  );
}

/** The form's one main button; says that it is at work and takes no second press meanwhile. */
export function SubmitButton({ children, kind = 'primary', ...rest }: Omit<ButtonProps, 'type' | 'disabled'>) {
  const { t } = useText();
  const { state, formData } = useNavigation();
  const busy = sentBy(formData, useContext(FormId)) && state === 'submitting';
  return <Button kind={kind} disabled={busy} {...rest}>{busy ? t('ui.working') : children}</Button>;
}
