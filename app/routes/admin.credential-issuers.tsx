import { json, redirect, type ActionFunctionArgs, type LoaderFunctionArgs } from '@remix-run/node';
import { useLoaderData, useSearchParams } from '@remix-run/react';
import { z } from 'zod';
import { allIssuers, credentialNumber, endIssuer, makeIssuer, renameIssuer } from '~/certification';
import { reader } from '~/db';
import { authorise, scopePaths, signedIn } from '~/identity';
import { dateAt } from '~/kernel/calendar';
import { clock } from '~/kernel/clock';
import { config } from '~/kernel/config';
import { Id } from '~/kernel/id';
import { organisationTree } from '~/people';
import { textFor } from '~/text';
import { langOf } from '~/text/lang';
import { useText } from '~/text/react';
import { Banner, DataTable, Disclosure, FormBox, Page, Section, SelectField, StatusTag, SubmitButton, TextField, useFormReply } from '~/ui';
import { parseOneOf } from '~/ui/form.server';
import { pageTitle } from '~/ui/page-title';
import { organisationOptions } from '~/ui/people/organisation-options';

export const meta = pageTitle;

const Add = z.object({ organisationId: Id, prefix: z.string().trim().max(20, 'field.too-long') });
const Rename = z.object({ organisationId: Id, prefix: z.string().trim().max(20, 'field.too-long') });
const End = z.object({ organisationId: Id });

export async function loader({ request }: LoaderFunctionArgs) {
  const actor = await signedIn(request);
  authorise(actor, 'design credentials');
  const year = Number(dateAt(clock.now(), config().TIME_ZONE).slice(0, 4));
  const issuers = (await allIssuers(reader())).map((one) => ({
    id: one.organisation_id, name: one.name, prefix: one.prefix, issued: one.issued, isEnded: one.ended_at !== null, example: credentialNumber(one.prefix, year, 123),
  }));
  const taken = new Set(issuers.map(({ id }) => id));
  const units = (await organisationTree(reader(), scopePaths(actor, 'administrator'))).filter(({ id }) => !taken.has(id));
  return json({ heading: textFor(langOf(request)).t('issuers.title'), issuers, units: units.map(({ id, name, code, depth }) => ({ id, name, code, depth })) });
}

export async function action({ request }: ActionFunctionArgs) {
  const actor = await signedIn(request);
  authorise(actor, 'design credentials');
  const form = await parseOneOf(request, { add: Add, rename: Rename, end: End, resume: End });
  if (!form.ok) return form.response;
  const done = form.form === 'add' ? await makeIssuer(actor.by, form.value.organisationId, form.value.prefix)
    : form.form === 'rename' ? await renameIssuer(actor.by, form.value.organisationId, form.value.prefix)
      : await endIssuer(actor.by, form.value.organisationId, form.form === 'end');
  return done.ok ? redirect('/admin/credential-issuers?done=1') : form.refuse(done.error);
}

type Data = ReturnType<typeof useLoaderData<typeof loader>>;

export default function Issuers() {
  const { issuers, units } = useLoaderData<typeof loader>();
  const [query] = useSearchParams();
  const { t } = useText();
  return (
    <Page title={t('issuers.title')} lead={t('issuers.lead')} width="wide" trail={[{ to: '/admin', label: t('admin.title') }]}>
      {query.has('done') && <Banner tone="success" title={t('issuers.done')} />}
      <DataTable
        caption={t('issuers.list')}
        rows={issuers}
        rowKey={(row) => row.id}
        empty=""
        columns={[
          { key: 'name', header: t('issuers.organisation'), cell: (row) => row.name },
          { key: 'prefix', header: t('issuers.prefix'), cell: (row) => <span className="code">{row.prefix}</span> },
          { key: 'example', header: t('issuers.example'), cell: (row) => <span className="code">{row.example}</span> },
          { key: 'issued', header: t('issuers.issued'), cell: (row) => row.issued, numeric: true },
          { key: 'state', header: t('issuers.state'), cell: (row) => <StatusTag tone={row.isEnded ? 'neutral' : 'ok'}>{t(row.isEnded ? 'issuers.ended' : 'issuers.active')}</StatusTag> },
        ]}
      />
      {units.length > 0 && <Section title={t('issuers.add')}><AddForm units={units} /></Section>}
      {issuers.length > 0 && <Section title={t('issuers.change')}><ChangeForms issuers={issuers} /></Section>}
    </Page>
  );
}

function AddForm({ units }: { units: Data['units'] }) {
  const { t } = useText();
  const form = useFormReply<typeof Add>({ id: 'add' });
  return (
    <FormBox form={form}>
      <SelectField form={form} name="organisationId" label={t('issuers.organisation')} options={organisationOptions(units)} />
      <TextField form={form} name="prefix" label={t('issuers.prefix')} hint={t('issuers.prefix-hint')} width="short" maxLength={20} />
      <SubmitButton>{t('issuers.add-submit')}</SubmitButton>
    </FormBox>
  );
}

function ChangeForms({ issuers }: { issuers: Data['issuers'] }) {
  const unused = issuers.filter(({ issued }) => issued === 0);
  return (
    <>
      {unused.length > 0 && <RenameForm issuers={unused} />}
      <EndForm id="end" issuers={issuers.filter(({ isEnded }) => !isEnded)} />
      <EndForm id="resume" issuers={issuers.filter(({ isEnded }) => isEnded)} />
    </>
  );
}

const named = (issuers: Data['issuers']) => issuers.map(({ id, name, prefix }) => ({ value: id, label: `${name} (${prefix})` }));

function RenameForm({ issuers }: { issuers: Data['issuers'] }) {
  const { t } = useText();
  const form = useFormReply<typeof Rename>({ id: 'rename' });
  return (
    <Disclosure summary={t('issuers.rename')} open={form.meta.status === 'error'}>
      <FormBox form={form}>
        <SelectField form={form} name="organisationId" label={t('issuers.organisation')} options={named(issuers)} />
        <TextField form={form} name="prefix" label={t('issuers.prefix')} hint={t('issuers.prefix-hint')} width="short" maxLength={20} />
        <SubmitButton kind="secondary">{t('issuers.rename')}</SubmitButton>
      </FormBox>
    </Disclosure>
  );
}

function EndForm({ id, issuers }: { id: 'end' | 'resume'; issuers: Data['issuers'] }) {
  const { t } = useText();
  const form = useFormReply<typeof End>({ id });
  if (issuers.length === 0) return null;
  return (
    <Disclosure summary={t(`issuers.${id}`)} open={form.meta.status === 'error'}>
      <FormBox form={form}>
        <SelectField form={form} name="organisationId" label={t('issuers.organisation')} options={named(issuers)} />
        <SubmitButton kind="secondary">{t(`issuers.${id}`)}</SubmitButton>
      </FormBox>
    </Disclosure>
  );
}
