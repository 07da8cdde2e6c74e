import { json, redirect, type ActionFunctionArgs, type LoaderFunctionArgs } from '@remix-run/node';
import { useLoaderData } from '@remix-run/react';
import { z } from 'zod';
import { actorOf, authorise, clientAddress, safePath, signIn, signInCookie, tokenOf } from '~/identity';
import { textFor } from '~/text';
import { langOf } from '~/text/lang';
import { useText } from '~/text/react';
import { Banner, ButtonLink, Card, Cards, FormBox, Page, SubmitButton, TextField, useFormReply } from '~/ui';
import { parseForm } from '~/ui/form.server';
import { pageTitle } from '~/ui/page-title';

export const meta = pageTitle;

const SignInForm = z.object({ name: z.string().max(100), password: z.string().max(1000), next: z.string().max(2000).optional() });

export async function loader({ request }: LoaderFunctionArgs) {
  const actor = await actorOf(request);
  authorise(actor, 'sign in');
  const query = new URL(request.url).searchParams;
  const next = safePath(query.get('next'));
  if (actor) return redirect(next ?? '/');
  return json({ heading: textFor(langOf(request)).t('identity.sign-in'), next, left: query.has('left') });
}

export async function action({ request }: ActionFunctionArgs) {
  authorise(null, 'sign in');
  const form = await parseForm(request, SignInForm);
  if (!form.ok) return form.response;
  const { name, password, next } = form.value;
  const agent = request.headers.get('user-agent') ?? '';
  const signed = await signIn({ name, password, address: clientAddress(request), agent }, tokenOf(request));
  if (!signed.ok) return form.refuse(signed.error);
  return redirect(safePath(next) ?? '/', { headers: { 'Set-Cookie': signInCookie(signed.value.token) } });
}

export default function SignIn() {
  const { next, left } = useLoaderData<typeof loader>();
  const { t } = useText();
  const form = useFormReply<typeof SignInForm>();
  return (
    <Page title={t('identity.sign-in')} lead={t('identity.sign-in-lead')}>
      {next && <Banner tone="info" title={t('identity.sign-in-next')} />}
      {left && <Banner tone="success" title={t('identity.sign-in-left')} />}
      <FormBox form={form}>
        {next && <input type="hidden" name="next" value={next} />}
        <TextField form={form} name="name" label={t('identity.name')} autoComplete="username" width="middle" />
        <TextField form={form} name="password" label={t('identity.password')} type="password" autoComplete="current-password" width="middle" />
        <SubmitButton>{t('identity.sign-in')}</SubmitButton>
      </FormBox>
      <Cards>
        <Card title={t('identity.first-time')} actions={<ButtonLink to={next ? `/activate?next=${encodeURIComponent(next)}` : '/activate'}>{t('identity.first-time-action')}</ButtonLink>}>
          <p>{t('identity.first-time-text')}</p>
        </Card>
        <Card title={t('identity.forgot')}><p>{t('identity.forgot-text')}</p></Card>
      </Cards>
    </Page>
  );
}
