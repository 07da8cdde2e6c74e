import { FormProvider, useForm, type DefaultValue, type FormMetadata } from '@conform-to/react';
import { Form, useActionData } from '@remix-run/react';
import { Children, createContext, isValidElement, type ReactNode } from 'react';
import type { input, ZodType } from 'zod';
import type { Problem } from '~/kernel/result';
import { useText } from '~/text/react';
import { FORM_FIELD, isFormReply, ONLY_FORM } from './form-reply';

type Fields = Record<string, unknown>;
/** A form whose fields nobody listed. */
type AnySchema = ZodType<Fields>;
type FieldsOf<S extends ZodType> = input<S> extends Fields ? input<S> : Fields;

/** A form as `useFormReply` hands it to `FormBox` and the fields; `S` lists the fields' names. */
export interface FormHandle<S extends Fields = Fields> {
  id: string;
  meta: FormMetadata<S, Problem[]>;
}

/** A field's name: of the schema, or inside one of its lists and groups. */
export type FieldNameOf<S extends Fields> = (keyof S & string) | `${keyof S & string}[${string}` | `${keyof S & string}.${string}`;

export interface FormReplyOptions<S extends Fields> {
  /** Needed only where a page has several forms; the action then uses `parseOneOf`. */
  id?: string;
  defaultValue?: DefaultValue<S>;
}

/**
 * The state of a form that `parseForm` checks: what was typed and what is wrong, from the last answer
 * of this page's action. Checking is the server's alone, so schemas (and zod) are not sent to browsers.
 */
export function useFormReply<S extends ZodType = AnySchema>(options: FormReplyOptions<FieldsOf<S>> = {}): FormHandle<FieldsOf<S>> {
  const id = options.id ?? ONLY_FORM;
  const answer = useActionData();
  const lastResult = isFormReply(answer) && answer.form === id ? answer.reply : undefined;
  const [meta] = useForm<FieldsOf<S>, FieldsOf<S>, Problem[]>({ id, lastResult, defaultValue: options.defaultValue });
  return { id, meta };
}

/** The id of the form around a control. */
export const FormId = createContext<string>(ONLY_FORM);

export interface FormBoxProps<S extends Fields> {
  form: FormHandle<S>;
  method?: 'post' | 'get';
  action?: string;
  /** For files. */
  multipart?: boolean;
  /** The page stays where it is scrolled to, also when the answer leads to it anew. */
  keepScroll?: boolean;
  children: ReactNode;
}

/** The form itself, with a summary of what is wrong on top that leads to each field. */
export function FormBox<S extends Fields>({ form, method = 'post', action, multipart, keepScroll, children }: FormBoxProps<S>) {
  return (
    <FormProvider context={form.meta.context}>
      <Form
        id={form.id}
        className="form"
        method={method}
        action={action}
        encType={multipart ? 'multipart/form-data' : undefined}
        onSubmit={form.meta.onSubmit}
        preventScrollReset={keepScroll}
        noValidate
      >
        <ErrorSummary form={form} labels={labelsIn(children)} />
        {form.id !== ONLY_FORM && <input type="hidden" name={FORM_FIELD} value={form.id} />}
        <FormId.Provider value={form.id}>{children}</FormId.Provider>
      </Form>
    </FormProvider>
  );
}

function ErrorSummary<S extends Fields>({ form, labels }: { form: FormHandle<S>; labels: Map<string, ReactNode> }) {
  const { t, problem } = useText();
  const errors = Object.entries(form.meta.allErrors);
  if (errors.length === 0) return null;
  return (
    <div className="error-summary" role="alert" aria-labelledby={`${form.id}-errors`}>
      <h2 id={`${form.id}-errors`}>{t('ui.form-errors')}</h2>
      <ul>
        {errors.flatMap(([name, problems]) => problems.map((one, place) => (
          <li key={`${name} ${place}`}>
            {name === '' ? problem(one) : <a href={`#${form.id}-${name}`}>{labels.get(name)}{labels.has(name) && t('ui.colon')}{problem(one)}</a>}
          </li>
        )))}
      </ul>
    </div>
  );
}

/** The labels of the fields among `children`, by name: the summary comes before the fields are drawn. */
function labelsIn(children: ReactNode, found = new Map<string, ReactNode>()): Map<string, ReactNode> {
  Children.forEach(children, (child) => {
    if (!isValidElement<{ name?: unknown; label?: ReactNode; children?: ReactNode }>(child)) return;
    const { name, label, children: inner } = child.props;
    if (typeof name === 'string' && label) found.set(name, label);
    else if (inner) labelsIn(inner, found);
  });
  return found;
}
