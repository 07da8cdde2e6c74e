import { json, redirect, type ActionFunctionArgs, type LoaderFunctionArgs } from '@remix-run/node';
import { useLoaderData } from '@remix-run/react';
import { z } from 'zod';
import { checkPast, MAX_FILE, MAX_SHEET, seriesKnown, targetsOf } from '~/certification';
import { reader } from '~/db';
import { authorise, scopePaths, signedIn } from '~/identity';
import { Id } from '~/kernel/id';
import { ProblemError } from '~/kernel/result';
import { organisationTree } from '~/people';
import { textFor } from '~/text';
import { langOf } from '~/text/lang';
import { useText } from '~/text/react';
import { ButtonLink, DataTable, Disclosure, FileField, FormBox, Page, Section, SelectField, SubmitButton, TextField, useFormReply } from '~/ui';
import { parseForm } from '~/ui/form.server';
import { pageTitle } from '~/ui/page-title';
import { organisationOptions } from '~/ui/people/organisation-options';
import { ChosenFile, contentOf, isTooLong } from '~/ui/records/upload.server';

export const meta = pageTitle;

const Upload = z.object({
  organisationId: Id, source: z.string().trim().min(2, 'field.too-short').max(200, 'field.too-long'), file: ChosenFile, scan: ChosenFile.optional(),
});

export async function loader({ request }: LoaderFunctionArgs) {
  const actor = await signedIn(request);
  authorise(actor, 'see past imports');
  const lang = langOf(request);
  const { t } = textFor(lang);
  const [certificates, events, series] = [await targetsOf(reader(), 'external'), await targetsOf(reader(), 'event'), await seriesKnown(reader())];
  const known = [
    ...certificates.map((one) => ({ kind: t('records.section.external'), code: one.code, title: lang === 'zh' ? one.titleZh : one.titleEn })),
    ...events.map((one) => ({ kind: t('records.section.events'), code: one.code, title: lang === 'zh' ? one.titleZh : one.titleEn })),
    ...series.filter((code) => !events.some((one) => one.code === code)).map((code) => ({ kind: t('records.section.events'), code, title: '' })),
  ];
  const units = await organisationTree(reader(), scopePaths(actor, 'hr'));
  return json({ heading: t('records.past-new'), known, units: organisationOptions(units) });
}

export async function action({ request }: ActionFunctionArgs) {
  const actor = await signedIn(request);
  authorise(actor, 'see past imports');
  if (isTooLong(request, MAX_FILE + MAX_SHEET)) throw new ProblemError({ code: 'sheet.too-large', params: { max: MAX_SHEET / 1024 / 1024 } });
  const form = await parseForm(request, Upload);
  if (!form.ok) return form.response;
  const { file, scan, ...rest } = form.value;
  const made = await checkPast(actor, { ...rest, fileName: file.name, file: await contentOf(file), scan: scan ? await contentOf(scan) : null });
  return made.ok ? redirect(`/hr/past-imports/${made.value}`) : form.refuse(made.error);
}

export default function NewPastImport() {
  const { heading, known, units } = useLoaderData<typeof loader>();
  const { t } = useText();
  const form = useFormReply<typeof Upload>({ defaultValue: { organisationId: units[0]?.value ?? '' } });
  return (
    <Page title={heading} lead={t('records.past-lead')} trail={[{ to: '/hr/past-imports', label: t('records.past') }]} actions={<ButtonLink to="/hr/past-imports/template.csv" document>{t('records.past-template')}</ButtonLink>}>
      <p>{t('records.past-columns-text')}</p>
      <Disclosure summary={t('records.past-codes')}>
        <DataTable caption={t('records.past-codes')} rows={known} rowKey={(row) => `${row.kind} ${row.code}`} empty={t('records.past-codes-none')} columns={[
          { key: 'code', header: t('records.code'), cell: (row) => <span className="code">{row.code}</span> },
          { key: 'title', header: t('records.evidence-title'), cell: (row) => row.title },
          { key: 'kind', header: t('records.col.basis'), cell: (row) => row.kind },
        ]} />
      </Disclosure>
      <Section title={t('records.past-new')}>
        <FormBox form={form} multipart>
          <SelectField form={form} name="organisationId" label={t('records.past-organisation')} options={units} />
          <TextField form={form} name="source" label={t('records.past-source')} hint={t('records.past-source-hint')} maxLength={200} />
          <FileField form={form} name="file" label={t('records.past-file-label')} hint={t('records.past-file-hint')} accept=".xlsx,.csv,.txt" />
          <FileField form={form} name="scan" label={t('records.past-scan')} hint={t('records.past-scan-hint')} accept=".pdf,.png,.jpg,.jpeg" optional />
          <SubmitButton>{t('records.past-check')}</SubmitButton>
        </FormBox>
      </Section>
    </Page>
  );
}
