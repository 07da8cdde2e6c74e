import { json, redirect, type ActionFunctionArgs, type LoaderFunctionArgs } from '@remix-run/node';
import { Link, useLoaderData } from '@remix-run/react';
import { z } from 'zod';
import { reader } from '~/db';
import { authorise, reachOf, signedIn } from '~/identity';
import { dateAt, isPlainDate } from '~/kernel/calendar';
import { clock } from '~/kernel/clock';
import { config } from '~/kernel/config';
import { organisationTree } from '~/people';
import { askFreeze, seenAppraisals } from '~/reports';
import { textFor } from '~/text';
import { langOf } from '~/text/lang';
import { useText } from '~/text/react';
import { DataTable, DateText, EmptyState, FormBox, Page, Section, SelectField, StatusTag, SubmitButton, TextField, useFormReply } from '~/ui';
import { parseForm } from '~/ui/form.server';
import { pageTitle } from '~/ui/page-title';
import { organisationOptions } from '~/ui/people/organisation-options';

export const meta = pageTitle;

const Freeze = z.object({ organisationId: z.string(), year: z.number().int().min(2000).max(2200), on: z.string().refine(isPlainDate, 'field.date') });

/** Which figures count in this year's evaluations? */
export async function loader({ request }: LoaderFunctionArgs) {
  const actor = await signedIn(request);
  authorise(actor, 'see appraisals');
  const today = dateAt(clock.now(), config().TIME_ZONE);
  const freezable = reachOf(actor, 'freeze appraisals').under;
  return json({
    heading: textFor(langOf(request)).t('appraisal.title'), today, year: Number(today.slice(0, 4)),
    appraisals: (await seenAppraisals(actor)).map(({ id, organisation, year, frozenOn, state, done, total, rule }) => ({ id, organisation, year, frozenOn, state, done, total, rule })),
    units: freezable.length > 0 ? organisationOptions(await organisationTree(reader(), freezable)) : [],
  });
}

export async function action({ request }: ActionFunctionArgs) {
  const actor = await signedIn(request);
  authorise(actor, 'see appraisals');
  const form = await parseForm(request, Freeze);
  if (!form.ok) return form.response;
  const asked = await askFreeze(actor, form.value);
  return asked.ok ? redirect(`/hr/appraisal/${asked.value}`) : form.refuse(asked.error);
}

export default function Appraisals() {
  const { heading, appraisals, units } = useLoaderData<typeof loader>();
  const { t } = useText();
  return (
    <Page title={heading} lead={t('appraisal.lead')} width="wide" trail={[{ to: '/hr/reports', label: t('reports.title') }]}>
      <Section title={t('appraisal.list')}>
        <DataTable
          caption={t('appraisal.list')}
          rows={appraisals}
          rowKey={(row) => row.id}
          empty={<EmptyState title={t('appraisal.none')}>{t(units.length > 0 ? 'appraisal.none-text' : 'appraisal.none-leader')}</EmptyState>}
          columns={[
            { key: 'unit', header: t('appraisal.unit'), cell: (row) => <Link to={`/hr/appraisal/${row.id}`}>{t('appraisal.of', { unit: row.organisation, year: row.year })}</Link> },
            { key: 'on', header: t('appraisal.on'), cell: (row) => <DateText date={row.frozenOn} /> },
            { key: 'rule', header: t('appraisal.rule'), cell: (row) => t('appraisal.rule-version', { version: row.rule.version }) },
            { key: 'state', header: t('reports.state'), cell: (row) => <StatusTag tone={row.state === 'frozen' ? 'ok' : 'due'}>{row.state === 'frozen' ? t('appraisal.state.frozen') : t('appraisal.progress', { done: row.done, total: row.total })}</StatusTag> },
          ]}
        />
      </Section>
      {units.length > 0 && <Section title={t('appraisal.freeze')} id="freeze"><FreezeForm /></Section>}
    </Page>
  );
}

function FreezeForm() {
  const { units, today, year } = useLoaderData<typeof loader>();
  const { t } = useText();
  const only = units.length === 1 ? units[0]?.value : undefined;
  const form = useFormReply<typeof Freeze>({ defaultValue: { organisationId: only ?? '', year: String(year), on: today } });
  return (
    <>
      <p>{t('appraisal.freeze-text')}</p>
      <FormBox form={form}>
        <SelectField form={form} name="organisationId" label={t('appraisal.unit')} hint={t('appraisal.unit-hint')} options={units} />
        <TextField form={form} name="year" label={t('appraisal.year')} inputMode="numeric" width="short" />
        <TextField form={form} name="on" type="date" label={t('appraisal.on')} hint={t('appraisal.on-hint')} width="short" />
        <SubmitButton>{t('appraisal.freeze-save')}</SubmitButton>
      </FormBox>
    </>
  );
}
