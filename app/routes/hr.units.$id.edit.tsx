import { json, redirect, type ActionFunctionArgs, type LoaderFunctionArgs } from '@remix-run/node';
import { useLoaderData } from '@remix-run/react';
import { z } from 'zod';
import { reader } from '~/db';
import { authorise, signedIn, type Actor } from '~/identity';
import { ProblemError } from '~/kernel/result';
import { findOrganisation, renameOrganisation, type Organisation } from '~/people';
import { textFor } from '~/text';
import { langOf } from '~/text/lang';
import { useText } from '~/text/react';
import { FormBox, Page, SubmitButton, TextField, useFormReply } from '~/ui';
import { parseForm } from '~/ui/form.server';
import { pageTitle } from '~/ui/page-title';

export const meta = pageTitle;

const Edit = z.object({ version: z.number().int(), name: z.string().trim().min(1, 'field.required').max(80, 'field.too-long'), code: z.string().trim().max(40, 'field.too-long') });

async function unitFor(actor: Actor, id: string): Promise<Organisation> {
  authorise(actor, 'see administration');
  const unit = await findOrganisation(reader(), id);
  if (!unit) throw new ProblemError({ code: 'not-found' });
  authorise(actor, 'administer organisations', { organisationPath: unit.path });
  return unit;
}

export async function loader({ request, params }: LoaderFunctionArgs) {
  const { id, name, code, version } = await unitFor(await signedIn(request), params['id'] ?? '');
  return json({ heading: textFor(langOf(request)).t('units.edit-title', { name }), id, name, code, version });
}

export async function action({ request, params }: ActionFunctionArgs) {
  const actor = await signedIn(request);
  const { id } = await unitFor(actor, params['id'] ?? '');
  const form = await parseForm(request, Edit);
  if (!form.ok) return form.response;
  const saved = await renameOrganisation(actor, { id, ...form.value });
  return saved.ok ? redirect(`/hr/units/${id}?done=edited`) : form.refuse(saved.error);
}

export default function EditUnit() {
  const { heading, id, name, code, version } = useLoaderData<typeof loader>();
  const { t } = useText();
  const form = useFormReply<typeof Edit>({ defaultValue: { name, code } });
  return (
    <Page title={heading} lead={<p>{t('units.edit-lead')}</p>} trail={[{ to: '/hr/units', label: t('units.title') }, { to: `/hr/units/${id}`, label: name }]}>
      <FormBox form={form}>
        <input type="hidden" name="version" value={version} />
        <TextField form={form} name="name" label={t('units.name')} width="middle" maxLength={80} />
        <TextField form={form} name="code" label={t('units.code-header')} hint={t('admin.organisation-code-hint')} width="short" maxLength={40} />
        <SubmitButton>{t('units.save')}</SubmitButton>
      </FormBox>
    </Page>
  );
}
