import { json, redirect, type ActionFunctionArgs, type LoaderFunctionArgs } from '@remix-run/node';
import { Link, useLoaderData } from '@remix-run/react';
import { z } from 'zod';
import { reader } from '~/db';
import { authorise, scopePaths, signedIn } from '~/identity';
import { createOrganisation, organisationTree, renameOrganisation } from '~/people';
import { textFor } from '~/text';
import { langOf } from '~/text/lang';
import { useText } from '~/text/react';
import { Banner, DataTable, FilterBar, FilterText, FormBox, Page, Section, SelectField, SubmitButton, TextField, useFormReply } from '~/ui';
import { parseOneOf } from '~/ui/form.server';
import { pageTitle } from '~/ui/page-title';
import { organisationOptions } from '~/ui/people/organisation-options';

export const meta = pageTitle;

const Name = z.string().trim().min(1, 'field.required').max(80);
const AddForm = z.object({ parentId: z.string(), name: Name, code: z.string().trim().max(40) });
const RenameForm = z.object({ id: z.string(), version: z.number().int(), name: Name });

export async function loader({ request }: LoaderFunctionArgs) {
  const actor = await signedIn(request);
  authorise(actor, 'see administration');
  const query = new URL(request.url).searchParams;
  const tree = await organisationTree(reader(), scopePaths(actor, 'administrator'));
  const search = (query.get('q') ?? '').trim().toLowerCase();
  const units = tree.map(({ id, name, code, depth, version }) => ({ id, name, code, depth, version }));
  const by = (name: string) => units.find((unit) => unit.id === query.get(name)) ?? null;
  return json({
    heading: textFor(langOf(request)).t('admin.organisations'),
    units,
    found: units.filter((unit) => unit.name.toLowerCase().includes(search) || unit.code.toLowerCase().includes(search)),
    renaming: by('rename'), added: by('added'), renamed: by('renamed'),
  });
}

export async function action({ request }: ActionFunctionArgs) {
  const actor = await signedIn(request);
  authorise(actor, 'see administration');
  const form = await parseOneOf(request, { add: AddForm, rename: RenameForm });
  if (!form.ok) return form.response;
  if (form.form === 'add') {
    const made = await createOrganisation(actor, form.value);
    return made.ok ? redirect(`/admin/organisations?added=${made.value.id}`) : form.refuse(made.error);
  }
  const renamed = await renameOrganisation(actor, form.value);
  return renamed.ok ? redirect(`/admin/organisations?renamed=${form.value.id}`) : form.refuse(renamed.error);
}

export default function Organisations() {
  const { found, renaming, added, renamed, units } = useLoaderData<typeof loader>();
  const { t } = useText();
  const top = Math.min(...units.map((unit) => unit.depth));
  return (
    <Page title={t('admin.organisations')} lead={t('admin.organisations-lead')} width="wide" trail={[{ to: '/admin', label: t('admin.title') }]}>
      {added && <Banner tone="success" title={t('admin.organisation-added', { name: added.name })} />}
      {renamed && <Banner tone="success" title={t('admin.organisation-renamed', { name: renamed.name })} />}
      {renaming && <Rename key={renaming.id} {...renaming} />}
      <FilterBar count={found.length}><FilterText name="q" label={t('admin.organisation-search')} /></FilterBar>
      <DataTable
        caption={t('admin.organisations')}
        rows={found}
        rowKey={(row) => row.id}
        empty={t('admin.organisation-none')}
        columns={[
          { key: 'name', header: t('admin.organisation-name'), cell: (row) => <span className={`tree-name tree-name--${Math.min(row.depth - top, 4)}`}>{row.name}</span> },
          { key: 'code', header: t('admin.organisation-code'), cell: (row) => row.code },
          { key: 'rename', header: t('admin.organisation-rename'), cell: (row) => (
            <Link to={`?rename=${row.id}`} aria-label={t('admin.organisation-rename-of', { name: row.name })}>{t('admin.organisation-rename')}</Link>
          ) },
        ]}
      />
      {/* Emptied once the organisation is added. */}
      <Section title={t('admin.organisation-add')}><Add key={added?.id} /></Section>
    </Page>
  );
}

function Rename({ id, name, version }: { id: string; name: string; version: number }) {
  const { t } = useText();
  const form = useFormReply<typeof RenameForm>({ id: 'rename', defaultValue: { name } });
  return (
    <Section title={t('admin.organisation-rename-of', { name })}>
      <FormBox form={form}>
        <input type="hidden" name="id" value={id} />
        <input type="hidden" name="version" value={version} />
        <TextField form={form} name="name" label={t('admin.organisation-new-name')} width="middle" maxLength={80} />
        <SubmitButton>{t('admin.organisation-rename')}</SubmitButton>
      </FormBox>
    </Section>
  );
}

function Add() {
  const { units } = useLoaderData<typeof loader>();
  const { t } = useText();
  const form = useFormReply<typeof AddForm>({ id: 'add', defaultValue: { parentId: units[0]?.id ?? '' } });
  return (
    <FormBox form={form}>
      <SelectField form={form} name="parentId" label={t('admin.organisation-parent')} options={organisationOptions(units)} />
      <TextField form={form} name="name" label={t('admin.organisation-name')} width="middle" maxLength={80} />
      <TextField form={form} name="code" label={t('admin.organisation-code')} hint={t('admin.organisation-code-hint')} width="short" maxLength={40} />
      <SubmitButton kind="secondary">{t('admin.organisation-add')}</SubmitButton>
    </FormBox>
  );
}
