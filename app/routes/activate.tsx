import { json, redirect, type ActionFunctionArgs, type LoaderFunctionArgs } from '@remix-run/node';
import { useActionData, useLoaderData } from '@remix-run/react';
import { z } from 'zod';
import { reader } from '~/db';
import { activate, actorOf, authorise, checkCode, clientAddress, NewPassword, newPasswordRules, safePath, SHORTEST_PASSWORD, signInCookie } from '~/identity';
import { statusOf } from '~/kernel/errors';
import type { Problem } from '~/kernel/result';
import { findPerson } from '~/people';
import { textFor } from '~/text';
import { langOf } from '~/text/lang';
import { useText } from '~/text/react';
import { Banner, FormBox, Page, SubmitButton, TextField, useFormReply } from '~/ui';
import { parseOneOf } from '~/ui/form.server';
import { pageTitle } from '~/ui/page-title';

export const meta = pageTitle;

const CodeForm = z.object({ name: z.string().max(100), code: z.string().max(60) });
/** `person` is only carried along to be shown again. */
const PasswordForm = CodeForm.extend({ ...NewPassword.shape, person: z.string().max(100).optional() })
  .superRefine(newPasswordRules((form) => form.name));

export async function loader({ request }: LoaderFunctionArgs) {
  authorise(await actorOf(request), 'sign in');
  const query = new URL(request.url).searchParams;
  return json({
    heading: textFor(langOf(request)).t('identity.activate'),
    name: query.get('name') ?? '', code: query.get('code') ?? '', shortest: SHORTEST_PASSWORD,
  });
}

export async function action({ request }: ActionFunctionArgs) {
  authorise(null, 'sign in');
  const form = await parseOneOf(request, { code: CodeForm, password: PasswordForm });
  if (!form.ok) return form.response;
  const address = clientAddress(request);
  if (form.form === 'code') {
    const checked = await checkCode({ ...form.value, address });
    if (!checked.ok) return form.refuse(checked.error);
    const { personId } = checked.value;
    const person = personId ? await findPerson(reader(), personId) : null;
    return json({ step: 'password' as const, ...form.value, person: person?.name ?? '', problem: null });
  }
  const done = await activate({ ...form.value, address, agent: request.headers.get('user-agent') ?? '' });
  if (done.ok) {
    const next = safePath(new URL(request.url).searchParams.get('next'));
    return redirect(next ?? '/', { headers: { 'Set-Cookie': signInCookie(done.value.token) } });
  }
  if (done.error.field) return form.refuse(done.error);
  return json({ step: 'code' as const, problem: done.error }, { status: statusOf(done.error.code) });
}

interface Carried {
  name: string;
  code: string;
  person: string;
}

/** What the second step carries from the first, also after a password was refused. */
function carriedBy(answer: unknown): Carried | null {
  const text = (from: object, name: string): string => {
    const value: unknown = Object.getOwnPropertyDescriptor(from, name)?.value;
    return typeof value === 'string' ? value : '';
  };
  const found = typeof answer === 'object' && answer !== null ? answer : {};
  const source: unknown = text(found, 'step') === 'password' ? found : initialValueOf(found);
  if (typeof source !== 'object' || source === null) return null;
  return { name: text(source, 'name'), code: text(source, 'code'), person: text(source, 'person') };
}

function initialValueOf(answer: object): unknown {
  if (!('form' in answer) || answer.form !== 'password' || !('reply' in answer)) return null;
  const { reply } = answer;
  return typeof reply === 'object' && reply !== null && 'initialValue' in reply ? reply.initialValue : null;
}

export default function Activate() {
  const answer = useActionData<typeof action>();
  const carried = carriedBy(answer);
  return carried ? <ChoosePassword {...carried} /> : <EnterCode problem={answer && 'problem' in answer ? answer.problem : null} />;
}

function EnterCode({ problem }: { problem: Problem | null }) {
  const { name, code } = useLoaderData<typeof loader>();
  const text = useText();
  const form = useFormReply<typeof CodeForm>({ id: 'code', defaultValue: { name, code } });
  return (
    <Page title={text.t('identity.activate')} lead={text.t('identity.activate-lead')}>
      {problem && <Banner tone="danger" title={text.problem(problem)} />}
      <FormBox form={form}>
        <TextField form={form} name="name" label={text.t('identity.name')} autoComplete="username" width="middle" />
        <TextField form={form} name="code" label={text.t('identity.code')} hint={text.t('identity.code-hint')} autoComplete="one-time-code" width="middle" />
        <SubmitButton>{text.t('identity.continue')}</SubmitButton>
      </FormBox>
    </Page>
  );
}

function ChoosePassword({ name, code, person }: Carried) {
  const { shortest } = useLoaderData<typeof loader>();
  const { t } = useText();
  const form = useFormReply<typeof PasswordForm>({ id: 'password' });
  return (
    <Page title={t('identity.choose-title')} lead={<>{person && t('identity.choose-for', { person })}{t('identity.choose-lead')}</>}>
      <FormBox form={form}>
        <input type="hidden" name="code" value={code} />
        <input type="hidden" name="person" value={person} />
        <div className="field">
          <label className="field-label" htmlFor="sign-in-name">{t('identity.choose-name')}</label>
          <input className="input input--middle" id="sign-in-name" name="name" value={name} readOnly autoComplete="username" />
        </div>
        <TextField form={form} name="password" type="password" label={t('identity.new-password')} hint={t('identity.new-password-hint', { min: shortest })} autoComplete="new-password" width="middle" />
        <TextField form={form} name="passwordAgain" type="password" label={t('identity.new-password-again')} autoComplete="new-password" width="middle" />
        <SubmitButton>{t('identity.choose-save')}</SubmitButton>
      </FormBox>
    </Page>
  );
}
