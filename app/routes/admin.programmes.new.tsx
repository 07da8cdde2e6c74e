import { json, redirect, type ActionFunctionArgs, type LoaderFunctionArgs } from '@remix-run/node';
import { createProgramme } from '~/certification';
import { authorise, signedIn } from '~/identity';
import { textFor } from '~/text';
import { langOf } from '~/text/lang';
import { useText } from '~/text/react';
import { FormBox, Page, RadioField, SubmitButton, TextField, useFormReply } from '~/ui';
import { parseForm } from '~/ui/form.server';
import { pageTitle } from '~/ui/page-title';
import { NewProgramme } from '~/ui/programme/programme-forms.server';

export const meta = pageTitle;

export async function loader({ request }: LoaderFunctionArgs) {
  authorise(await signedIn(request), 'write programmes');
  return json({ heading: textFor(langOf(request)).t('programme.new-title') });
}

export async function action({ request }: ActionFunctionArgs) {
  const actor = await signedIn(request);
  authorise(actor, 'write programmes');
  const form = await parseForm(request, NewProgramme);
  if (!form.ok) return form.response;
  const made = await createProgramme(actor, form.value);
  return made.ok ? redirect(`/admin/programmes/versions/${made.value}?done=created`) : form.refuse(made.error);
}

const GATES = ['before-start-of-duty', 'before-confirmation', 'none'] as const;

export default function CreateProgramme() {
  const { t } = useText();
  const form = useFormReply<typeof NewProgramme>({ defaultValue: { gate: 'before-start-of-duty' } });
  return (
    <Page title={t('programme.new-title')} lead={t('programme.new-lead')} trail={[{ to: '/admin', label: t('shell.nav-admin') }, { to: '/admin/programmes', label: t('programme.title') }]}>
      <FormBox form={form}>
        <TextField form={form} name="titleZh" label={t('programme.field.title-zh')} maxLength={80} />
        <TextField form={form} name="titleEn" label={t('programme.field.title-en')} maxLength={80} />
        <TextField form={form} name="slug" label={t('programme.field.slug')} hint={t('programme.field.slug-hint')} width="middle" maxLength={40} />
        <RadioField form={form} name="gate" label={t('programme.field.gate')} options={GATES.map((value) => ({ value, label: t(`programme.gate.${value}`), hint: t(`programme.gate-hint.${value}`) }))} />
        <SubmitButton>{t('programme.create')}</SubmitButton>
      </FormBox>
    </Page>
  );
}
