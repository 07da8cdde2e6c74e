/** The server's half of forms: what was posted, checked by a schema; or an answer that keeps what was typed. */
import type { Submission } from '@conform-to/react';
import { parseWithZod } from '@conform-to/zod/v4';
import { json, type TypedResponse } from '@remix-run/node';
import type { output, ZodType } from 'zod';
import { statusOf } from '~/kernel/errors';
import type { Problem } from '~/kernel/result';
import { nameIssue, problemsOf } from './form/form-errors';
import { FORM_FIELD, ONLY_FORM, type FormReply } from './form/form-reply';

export type FormResponse = TypedResponse<FormReply>;

export interface AcceptedForm<T> {
  ok: true;
  value: T;
  /** The same form again with `problem` beside its field (or on top when it names none). */
  refuse(problem: Problem): FormResponse;
}
export interface RefusedForm {
  ok: false;
  response: FormResponse;
}

/**
 * Reads and checks a posted form. Empty fields count as absent and text is coerced to the schema's
 * numbers, dates and booleans. Passwords and files never travel back; everything else does.
 */
export async function parseForm<S extends ZodType>(request: Request, schema: S): Promise<AcceptedForm<output<S>> | RefusedForm> {
  const body = await readBody(request);
  return body ? check(body, schema) : unreadable();
}

type OneOf<M extends Record<string, ZodType>> = {
  [K in keyof M & string]: AcceptedForm<output<M[K]>> & { form: K };
}[keyof M & string];

/** For pages with several forms: `schemas` by the id each form was given in `useFormReply`. */
export async function parseOneOf<M extends Record<string, ZodType>>(request: Request, schemas: M): Promise<OneOf<M> | RefusedForm> {
  const body = await readBody(request);
  const form = body?.get(FORM_FIELD);
  if (!body || typeof form !== 'string' || !Object.hasOwn(schemas, form)) return unreadable();
  const schema = schemas[form];
  if (!schema) return unreadable();
  const checked = check(body, schema);
  // The pairing of name and schema is by construction; the compiler cannot follow an index by a string.
  return checked.ok ? ({ ...checked, form } as OneOf<M>) : checked;
}

async function readBody(request: Request): Promise<FormData | null> {
  try {
    return await request.formData();
  } catch {
    return null;
  }
}

function check<S extends ZodType>(body: FormData, schema: S): AcceptedForm<output<S>> | RefusedForm {
  const form = body.get(FORM_FIELD);
  const name = typeof form === 'string' ? form : ONLY_FORM;
  body.delete(FORM_FIELD);
  const submission = readSubmission(body, schema);
  if (!submission) return unreadable(name);
  const secrets = [...new Set(body.keys())].filter((field) => /password/i.test(field));
  if (submission.status !== 'success') {
    return { ok: false, response: answer(name, submission.reply({ hideFields: secrets }), 422) };
  }
  return {
    ok: true,
    value: submission.value,
    refuse: (problem) => answer(name, submission.reply({ ...errorsOf(problem), hideFields: secrets }), statusOf(problem.code)),
  };
}

function readSubmission<S extends ZodType>(body: FormData, schema: S): Submission<unknown, Problem[], output<S>> | null {
  // The two names are the form library's own instructions; our forms never send them.
  if (body.has('__intent__') || body.has('__state__') || hasNul(body)) return null;
  try {
    return parseWithZod(body, { schema, error: nameIssue, formatError: problemsOf });
  } catch {
    return null;
  }
}

/** PostgreSQL has no NUL in text, SQLite cuts there: nobody types one. */
const hasNul = (body: FormData): boolean =>
  [...body].some(([name, value]) => name.includes('\0') || (typeof value === 'string' && value.includes('\0')));

const errorsOf = ({ field, ...problem }: Problem) =>
  field ? { fieldErrors: { [field]: [problem] } } : { formErrors: [problem] };

const unreadable = (form = ONLY_FORM): RefusedForm => ({
  ok: false,
  response: answer(form, { status: 'error', initialValue: {}, error: { '': [{ code: 'request.invalid' }] } }, 400),
});

const answer = (form: string, reply: FormReply['reply'], status: number): FormResponse => json({ form, reply }, { status });
