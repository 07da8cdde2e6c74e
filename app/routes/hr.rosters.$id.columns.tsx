import { json, redirect, type ActionFunctionArgs, type LoaderFunctionArgs } from '@remix-run/node';
import { useLoaderData } from '@remix-run/react';
import { z } from 'zod';
import { columnSamples, openRoster, ROSTER_FIELDS, setColumns } from '~/exchange';
import { signedIn } from '~/identity';
import { ProblemError } from '~/kernel/result';
import { textFor } from '~/text';
import { langOf } from '~/text/lang';
import { useText } from '~/text/react';
import { Banner, FormBox, Page, SelectField, SubmitButton, useFormReply } from '~/ui';
import { parseForm } from '~/ui/form.server';
import { pageTitle } from '~/ui/page-title';

export const meta = pageTitle;

type Columns = ReturnType<typeof columnsSchema>;

/** Made where it is needed: the list of fields is the server's. */
function columnsSchema() {
  return z.record(z.string().regex(/^column\d{1,3}$/), z.enum([...ROSTER_FIELDS, 'unused']));
}

export async function loader({ request, params }: LoaderFunctionArgs) {
  const actor = await signedIn(request);
  const roster = await openRoster(actor, params['id'] ?? '');
  if (!roster) throw new ProblemError({ code: 'not-found' });
  if (roster.fileKey === null) throw new ProblemError({ code: 'roster.state' });
  const samples = await columnSamples(roster);
  return json({
    heading: textFor(langOf(request)).t('roster.columns'), id: roster.id, fileName: roster.fileName, needed: roster.state === 'columns', fields: [...ROSTER_FIELDS],
    columns: roster.headers.map((title, i) => ({ title, field: roster.mapping[i] ?? null, samples: samples[i] ?? [] })),
  });
}

export async function action({ request, params }: ActionFunctionArgs) {
  const actor = await signedIn(request);
  const id = params['id'] ?? '';
  const roster = await openRoster(actor, id);
  if (!roster) throw new ProblemError({ code: 'not-found' });
  const form = await parseForm(request, columnsSchema());
  if (!form.ok) return form.response;
  const { value } = form;
  const set = await setColumns(actor, id, roster.headers.map((_, i) => { const field = value[`column${i}`]; return field === undefined || field === 'unused' ? null : field; }));
  return set.ok ? redirect(`/hr/rosters/${id}?done=columns`) : form.refuse(set.error);
}

export default function RosterColumns() {
  const { id, fileName, columns, needed, fields } = useLoaderData<typeof loader>();
  const { t } = useText();
  const form = useFormReply<Columns>({ defaultValue: Object.fromEntries(columns.map(({ field }, i) => [`column${i}`, field ?? 'unused'])) });
  const options = [{ value: 'unused', label: t('roster.column-none') }, ...fields.map((value) => ({ value, label: t(`roster.field.${value}`) }))];
  return (
    <Page title={t('roster.columns')} lead={t('roster.columns-lead')} trail={[{ to: '/hr/rosters', label: t('roster.title') }, { to: `/hr/rosters/${id}`, label: fileName }]}>
      {needed && <Banner tone="warning" title={t('roster.columns-need')} />}
      <FormBox form={form}>
        {columns.map(({ title, samples }, i) => (
          <SelectField key={i} form={form} name={`column${i}`} options={options}
            label={t('roster.column-of', { title: title || t('roster.column-untitled', { n: i + 1 }) })} hint={samples.join('　｜　')} />
        ))}
        <SubmitButton>{t('roster.columns-save')}</SubmitButton>
      </FormBox>
    </Page>
  );
}
