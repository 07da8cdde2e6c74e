import { useField } from '@conform-to/react';
import type { ReactNode } from 'react';
import type { Problem } from '~/kernel/result';
import { useText } from '~/text/react';
import type { FieldNameOf, FormHandle } from './form';

type Fields = Record<string, unknown>;

export interface FieldProps<S extends Fields> {
  form: FormHandle<S>;
  name: FieldNameOf<S>;
  label: ReactNode;
  /** What to write, and where to find it; stays visible while typing. */
  hint?: ReactNode;
  /** Says so in the label. Fields are required otherwise. */
  optional?: boolean;
}

export interface FieldState {
  /** Changes when the form is reset, so that the control is made anew. */
  key: string | undefined;
  id: string;
  name: string;
  initial: string | undefined;
  chosen: string[];
  errors: Problem[];
  errorId: string;
  hintId: string;
}

/** A field's state, by its name, inside `FormBox`. */
export function useFieldState<S extends Fields>(form: FormHandle<S>, name: string): FieldState {
  const [field] = useField<unknown, S, Problem[]>(name, { formId: form.meta.id });
  return {
    key: field.key,
    id: field.id,
    name: field.name,
    initial: field.defaultValue,
    chosen: field.defaultOptions ?? [],
    errors: field.errors ?? [],
    errorId: field.errorId,
    hintId: field.descriptionId,
  };
}

/** What every control carries: id, name, whether it is required and what describes it. */
export function controlProps(field: FieldState, { hint, optional }: { hint?: ReactNode; optional?: boolean }) {
  return { id: field.id, name: field.name, required: !optional, ...describedBy(field, hint) };
}

export function describedBy(field: FieldState, hint?: ReactNode) {
  const ids = [hint && field.hintId, field.errors.length > 0 && field.errorId].filter(Boolean).join(' ');
  return { 'aria-describedby': ids || undefined, 'aria-invalid': field.errors.length > 0 || undefined };
}

/** Label, hint and errors around one control. */
export function FieldFrame({ field, label, hint, optional, children }: { field: FieldState; label: ReactNode; hint?: ReactNode; optional?: boolean; children: ReactNode }) {
  return (
    <div className={field.errors.length > 0 ? 'field field--wrong' : 'field'}>
      <label className="field-label" htmlFor={field.id}>{label}{optional && <Optional />}</label>
      <HintAndErrors field={field} hint={hint} />
      {children}
    </div>
  );
}

/** Label, hint and errors around several controls that answer one thing together. */
export function GroupFrame({ field, label, hint, optional, children }: { field: FieldState; label: ReactNode; hint?: ReactNode; optional?: boolean; children: ReactNode }) {
  return (
    <fieldset className={field.errors.length > 0 ? 'field field--wrong' : 'field'} id={field.id} aria-describedby={describedBy(field, hint)['aria-describedby']}>
      <legend className="field-label">{label}{optional && <Optional />}</legend>
      <HintAndErrors field={field} hint={hint} />
      {children}
    </fieldset>
  );
}

export function HintAndErrors({ field, hint }: { field: FieldState; hint?: ReactNode }) {
  const { problem } = useText();
  return (
    <>
      {hint && <p className="field-hint" id={field.hintId}>{hint}</p>}
      {field.errors.length > 0 && <p className="field-error" id={field.errorId}>{field.errors.map((one) => problem(one)).join(' ')}</p>}
    </>
  );
}

function Optional() {
  const { t } = useText();
  return <span className="field-optional">{t('ui.optional')}</span>;
}
