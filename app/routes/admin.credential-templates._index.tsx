import { json, redirect, type ActionFunctionArgs, type LoaderFunctionArgs } from '@remix-run/node';
import { Link, useLoaderData } from '@remix-run/react';
import { z } from 'zod';
import { allTemplates, makeTemplate, programmeChoices, templateVersions } from '~/certification';
import { reader } from '~/db';
import { authorise, signedIn } from '~/identity';
import { Id } from '~/kernel/id';
import { must } from '~/kernel/result';
import { textFor } from '~/text';
import { langOf } from '~/text/lang';
import { useText } from '~/text/react';
import { DataTable, FormBox, Page, Section, SelectField, SubmitButton, TextField, useFormReply } from '~/ui';
import { parseForm } from '~/ui/form.server';
import { pageTitle } from '~/ui/page-title';

export const meta = pageTitle;

const New = z.object({ name: z.string().trim().min(2, 'field.too-short').max(60, 'field.too-long'), programmeId: Id.optional() });

export async function loader({ request }: LoaderFunctionArgs) {
  const actor = await signedIn(request);
  authorise(actor, 'design credentials');
  const templates = await Promise.all((await allTemplates(reader())).map(async (one) => {
    const versions = await templateVersions(reader(), one.id);
    return {
      id: one.id, name: one.name, programme: one.programme_zh === null ? null : { zh: one.programme_zh, en: one.programme_en ?? one.programme_zh },
      published: versions.find(({ state }) => state === 'published')?.number ?? null, draft: versions.find(({ state }) => state === 'draft')?.number ?? null,
    };
  }));
  return json({ heading: textFor(langOf(request)).t('templates.title'), templates, programmes: await programmeChoices(reader()) });
}

export async function action({ request }: ActionFunctionArgs) {
  const actor = await signedIn(request);
  authorise(actor, 'design credentials');
  const form = await parseForm(request, New);
  if (!form.ok) return form.response;
  return redirect(`/admin/credential-templates/${must(await makeTemplate(actor.by, form.value.name, form.value.programmeId ?? null))}`);
}

export default function Templates() {
  const { templates, programmes } = useLoaderData<typeof loader>();
  const { t, lang } = useText();
  const form = useFormReply<typeof New>();
  return (
    <Page title={t('templates.title')} lead={t('templates.lead')} width="wide" trail={[{ to: '/admin', label: t('admin.title') }]}>
      <DataTable
        caption={t('templates.list')}
        rows={templates}
        rowKey={(row) => row.id}
        empty={t('templates.none')}
        columns={[
          { key: 'name', header: t('templates.name'), cell: (row) => <Link to={`/admin/credential-templates/${row.id}`}>{row.name}</Link> },
          { key: 'programme', header: t('templates.programme'), cell: (row) => row.programme?.[lang] ?? t('templates.all-programmes') },
          { key: 'published', header: t('templates.published'), cell: (row) => row.published ?? t('templates.no-published') },
          { key: 'draft', header: t('templates.draft'), cell: (row) => row.draft ?? '—' },
        ]}
      />
      <Section title={t('templates.new')}>
        <FormBox form={form}>
          <TextField form={form} name="name" label={t('templates.name')} width="middle" maxLength={60} />
          <SelectField form={form} name="programmeId" label={t('templates.programme')} hint={t('templates.all-programmes')} options={programmes.map((one) => ({ value: one.id, label: one[lang] }))} optional />
          <SubmitButton>{t('templates.new-submit')}</SubmitButton>
        </FormBox>
      </Section>
    </Page>
  );
}
