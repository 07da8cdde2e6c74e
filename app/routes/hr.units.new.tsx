import { json, redirect, type ActionFunctionArgs, type LoaderFunctionArgs } from '@remix-run/node';
import { useLoaderData } from '@remix-run/react';
import { z } from 'zod';
import { reader } from '~/db';
import { authorise, scopePaths, signedIn } from '~/identity';
import { createOrganisation, organisationTree } from '~/people';
import { textFor } from '~/text';
import { langOf } from '~/text/lang';
import { useText } from '~/text/react';
import { FormBox, Page, SelectField, SubmitButton, TextField, useFormReply } from '~/ui';
import { parseForm } from '~/ui/form.server';
import { pageTitle } from '~/ui/page-title';
import { organisationOptions } from '~/ui/people/organisation-options';

export const meta = pageTitle;

const Add = z.object({ parentId: z.string(), name: z.string().trim().min(1, 'field.required').max(80, 'field.too-long'), code: z.string().trim().max(40, 'field.too-long') });

export async function loader({ request }: LoaderFunctionArgs) {
  const actor = await signedIn(request);
  authorise(actor, 'see administration');
  const tree = await organisationTree(reader(), scopePaths(actor, 'administrator'));
  const under = new URL(request.url).searchParams.get('under');
  return json({
    heading: textFor(langOf(request)).t('units.add-title'), under: (tree.find((one) => one.id === under) ?? tree[0])?.id ?? '',
    units: tree.map(({ id, name, code, depth }) => ({ id, name, code, depth })),
  });
}

export async function action({ request }: ActionFunctionArgs) {
  const actor = await signedIn(request);
  authorise(actor, 'see administration');
  const form = await parseForm(request, Add);
  if (!form.ok) return form.response;
  const made = await createOrganisation(actor, form.value);
  return made.ok ? redirect(`/hr/units/${made.value.id}?done=added`) : form.refuse(made.error);
}

export default function NewUnit() {
  const { under, units } = useLoaderData<typeof loader>();
  const { t } = useText();
  const form = useFormReply<typeof Add>({ defaultValue: { parentId: under } });
  return (
    <Page title={t('units.add-title')} trail={[{ to: '/hr/units', label: t('units.title') }]}>
      <FormBox form={form}>
        <SelectField form={form} name="parentId" label={t('units.parent')} options={organisationOptions(units)} />
        <TextField form={form} name="name" label={t('units.name')} width="middle" maxLength={80} />
        <TextField form={form} name="code" label={t('units.code-header')} hint={t('admin.organisation-code-hint')} width="short" maxLength={40} />
        <SubmitButton>{t('units.add-title')}</SubmitButton>
      </FormBox>
    </Page>
  );
}
