import { json, redirect, type ActionFunctionArgs, type LoaderFunctionArgs } from '@remix-run/node';
import { Link, useLoaderData } from '@remix-run/react';
import { z } from 'zod';
import { reader } from '~/db';
import { authorise, scopePaths, signedIn } from '~/identity';
import { dateAt, isPlainDate } from '~/kernel/calendar';
import { clock } from '~/kernel/clock';
import { config } from '~/kernel/config';
import { Id } from '~/kernel/id';
import { handOverSlips, slipsOf, unitsWithSlips } from '~/notices';
import { textFor } from '~/text';
import { langOf } from '~/text/lang';
import { useText } from '~/text/react';
import { Banner, CheckboxGroupField, DataTable, EmptyState, FormBox, InstantText, Page, Section, SubmitButton, TextField, useFormReply } from '~/ui';
import { parseForm } from '~/ui/form.server';
import { PaperSlips } from '~/ui/notices/paper-slips';
import { pageTitle } from '~/ui/page-title';
import { PrintButton } from '~/ui/print-button';

export const meta = pageTitle;

/** As many as somebody cuts and carries at once; the rest follows once these are handed over. */
const AT_ONCE = 200;
const HandedOver = z.object({ slips: z.array(Id).max(AT_ONCE).default([]), on: z.string().refine(isPlainDate, 'field.date') });

export async function loader({ request }: LoaderFunctionArgs) {
  const actor = await signedIn(request);
  authorise(actor, 'see notices of people');
  const query = new URL(request.url).searchParams;
  const paths = scopePaths(actor, 'hr');
  const units = await unitsWithSlips(reader(), paths);
  const unit = units.find(({ id }) => id === query.get('unit')) ?? (units.length === 1 ? units[0] : undefined);
  const done = Number(query.get('done'));
  return json({
    heading: textFor(langOf(request)).t('slips.title'), units, unit: unit ?? null, slips: unit ? await slipsOf(reader(), paths, unit.id, AT_ONCE) : [], today: dateAt(clock.now(), config().TIME_ZONE),
    done: Number.isSafeInteger(done) && done > 0 ? done : 0,
  });
}

export async function action({ request }: ActionFunctionArgs) {
  const actor = await signedIn(request);
  authorise(actor, 'see notices of people');
  const form = await parseForm(request, HandedOver);
  if (!form.ok) return form.response;
  const noted = await handOverSlips(actor, { dispatchIds: form.value.slips, on: form.value.on });
  if (!noted.ok) return form.refuse(noted.error);
  const unit = new URL(request.url).searchParams.get('unit');
  return redirect(`/hr/notices/slips?${new URLSearchParams({ ...(unit && { unit }), done: String(noted.value) }).toString()}`);
}

export default function SlipsToHandOver() {
  const { units, unit, slips, done } = useLoaderData<typeof loader>();
  const { t } = useText();
  return (
    <Page title={t('slips.title')} lead={<p className="no-print">{t('slips.lead')}</p>} width="wide" trail={[{ to: '/hr', label: t('hr.title') }, { to: '/hr/notices', label: t('told.title') }]} print="content">
      {done > 0 && <div className="no-print"><Banner tone="success" title={t('slips.done', { count: done })} /></div>}
      {units.length === 0 && <EmptyState title={t('slips.none')}>{t('slips.none-text')}</EmptyState>}
      {units.length > 0 && (
        <div className="no-print">
          <p className="figures" role="status">{t('ui.found', { total: units.reduce((sum, one) => sum + one.slips, 0) })}</p>
          <Units />
        </div>
      )}
      {unit && (
        <Section title={t('slips.of', { unit: unit.name, count: unit.slips })} actions={<PrintButton>{t('slips.print')}</PrintButton>}>
          {unit.slips > slips.length && <p className="no-print">{t('slips.first', { count: slips.length })}</p>}
          <PaperSlips slips={slips} />
        </Section>
      )}
      {unit && <div className="no-print"><Section title={t('slips.after')}><HandOver key={slips.map(({ dispatchId }) => dispatchId).join()} /></Section></div>}
    </Page>
  );
}

function Units() {
  const { units, unit } = useLoaderData<typeof loader>();
  const { t } = useText();
  return (
    <DataTable
      caption={t('slips.units')} rows={units} rowKey={(row) => row.id} empty=""
      columns={[
        { key: 'unit', header: t('slips.unit'), cell: (row) => <Link to={`?unit=${row.id}`} aria-current={row.id === unit?.id ? 'true' : undefined}>{row.name}</Link> },
        { key: 'count', header: t('slips.count'), cell: (row) => row.slips, numeric: true },
        { key: 'since', header: t('slips.since'), cell: (row) => <InstantText at={row.since} /> },
      ]}
    />
  );
}

/** All of them are ticked: whoever was not met is left out. */
function HandOver() {
  const { slips, today } = useLoaderData<typeof loader>();
  const { t } = useText();
  const form = useFormReply<typeof HandedOver>({ defaultValue: { slips: slips.map(({ dispatchId }) => dispatchId), on: today } });
  return (
    <FormBox form={form}>
      <CheckboxGroupField
        form={form} name="slips" label={t('slips.handed-over')} hint={t('slips.handed-over-hint')}
        options={slips.map(({ dispatchId, name, post, text }) => ({ value: dispatchId, label: name, hint: `${post} · ${text.split('\n')[0] ?? ''}` }))}
      />
      <TextField form={form} name="on" type="date" label={t('slips.on')} hint={t('slips.on-hint')} width="middle" />
      <SubmitButton>{t('slips.hand-over')}</SubmitButton>
    </FormBox>
  );
}
