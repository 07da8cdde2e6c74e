import { json, redirect, type ActionFunctionArgs, type LoaderFunctionArgs } from '@remix-run/node';
import { useLoaderData } from '@remix-run/react';
import { z } from 'zod';
import { openDeclaration, signDeclaration } from '~/certification';
import { authorise, clientAddress, signedIn } from '~/identity';
import { ProblemError } from '~/kernel/result';
import { langOf } from '~/text/lang';
import { useText } from '~/text/react';
import { Banner, CheckboxField, Disclosure, Facts, FormBox, InstantText, Page, Section, SubmitButton, TextField, useFormReply } from '~/ui';
import { parseForm } from '~/ui/form.server';
import { pageTitle } from '~/ui/page-title';
import { PrintButton } from '~/ui/print-button';

export const meta = pageTitle;

const Sign = z.object({
  hash: z.string().length(64), name: z.string().max(60), agreed: z.literal(true, 'field.tick'), password: z.string().max(1000),
});

export async function loader({ request, params }: LoaderFunctionArgs) {
  const actor = await signedIn(request);
  authorise(actor, 'learn');
  const page = await openDeclaration(actor, params['assignment'] ?? '', params['code'] ?? '');
  if (!page) throw new ProblemError({ code: 'not-found' });
  const lang = langOf(request);
  return json({
    heading: lang === 'zh' ? page.text.titleZh : page.text.titleEn, text: page.text, hash: page.hash, name: page.name,
    signed: page.signed && { name: page.signed.signedName, at: page.signed.signedAt },
  });
}

export async function action({ request, params }: ActionFunctionArgs) {
  const actor = await signedIn(request);
  authorise(actor, 'learn');
  const form = await parseForm(request, Sign);
  if (!form.ok) return form.response;
  const { hash, name, password } = form.value;
  const [assignmentId, code] = [params['assignment'] ?? '', params['code'] ?? ''];
  const signed = await signDeclaration(actor, { assignmentId, code, hash, name, password, lang: langOf(request), address: clientAddress(request) });
  return signed.ok ? redirect(`/my/declarations/${assignmentId}/${encodeURIComponent(code)}?done=1`) : form.refuse(signed.error);
}

export default function DeclarationPage() {
  const { heading, text, signed } = useLoaderData<typeof loader>();
  const { t, lang } = useText();
  const other = lang === 'zh' ? 'en' : 'zh';
  return (
    <Page title={heading} lead={signed ? undefined : t('records.declaration-lead')} actions={signed && <PrintButton>{t('records.declaration-print')}</PrintButton>} trail={[{ to: '/home', label: t('shell.nav-home') }]}>
      {signed && <Banner tone="success" title={t('records.declaration-signed')} />}
      <Paragraphs lang={lang} text={lang === 'zh' ? text.textZh : text.textEn} />
      <Disclosure summary={t('records.declaration-other')}><Paragraphs lang={other} text={other === 'zh' ? text.textZh : text.textEn} /></Disclosure>
      {signed ? <Receipt /> : <SignForm />}
    </Page>
  );
}

function Paragraphs({ text, lang }: { text: string; lang: 'zh' | 'en' }) {
  return <div className="prose" lang={lang === 'zh' ? 'zh-CN' : 'en'}>{text.split(/\n+/).filter(Boolean).map((one, i) => <p key={i}>{one}</p>)}</div>;
}

function SignForm() {
  const { hash } = useLoaderData<typeof loader>();
  const { t } = useText();
  const form = useFormReply<typeof Sign>();
  return (
    <Section title={t('records.declaration-sign')}>
      <FormBox form={form}>
        <input type="hidden" name="hash" value={hash} />
        <CheckboxField form={form} name="agreed" label={t('records.declaration-agree')} />
        <TextField form={form} name="name" label={t('records.declaration-name')} hint={t('records.declaration-name-hint')} maxLength={60} autoComplete="off" />
        <TextField form={form} name="password" type="password" label={t('records.declaration-password')} hint={t('records.declaration-password-hint')} autoComplete="current-password" />
        <SubmitButton>{t('records.declaration-sign')}</SubmitButton>
      </FormBox>
    </Section>
  );
}

function Receipt() {
  const { signed, hash, name } = useLoaderData<typeof loader>();
  const { t } = useText();
  if (!signed) return null;
  return (
    <Section title={t('records.declaration-receipt')}>
      <Facts items={[
        { term: t('records.person'), value: name },
        { term: t('records.declaration-signed-name'), value: signed.name },
        { term: t('records.declaration-signed-at'), value: <InstantText at={signed.at} /> },
        { term: t('records.declaration-hash'), value: <span className="code">{hash}</span> },
      ]} />
      <p className="small">{t('records.declaration-hash-note')}</p>
    </Section>
  );
}
