import { json, redirect, type ActionFunctionArgs, type LoaderFunctionArgs } from '@remix-run/node';
import { useLoaderData } from '@remix-run/react';
import { z } from 'zod';
import { headersOf, MAX_ROSTER, rosterUnits, uploadRoster } from '~/exchange';
import { authorise, signedIn } from '~/identity';
import { Id } from '~/kernel/id';
import { ProblemError } from '~/kernel/result';
import { textFor } from '~/text';
import { langOf } from '~/text/lang';
import { useText } from '~/text/react';
import { ButtonLink, Disclosure, FileField, FormBox, Page, SelectField, SubmitButton, useFormReply } from '~/ui';
import { parseForm } from '~/ui/form.server';
import { pageTitle } from '~/ui/page-title';
import { organisationOptions } from '~/ui/people/organisation-options';
import { ChosenFile, contentOf, isTooLong } from '~/ui/records/upload.server';

export const meta = pageTitle;

const Upload = z.object({ organisationId: Id, file: ChosenFile });
const MB = 1024 * 1024;

export async function loader({ request }: LoaderFunctionArgs) {
  const actor = await signedIn(request);
  authorise(actor, 'see rosters');
  const lang = langOf(request);
  return json({ heading: textFor(lang).t('roster.new'), units: organisationOptions(await rosterUnits(actor)), columns: headersOf(lang), max: MAX_ROSTER / MB });
}

export async function action({ request }: ActionFunctionArgs) {
  const actor = await signedIn(request);
  authorise(actor, 'see rosters');
  if (isTooLong(request, MAX_ROSTER)) throw new ProblemError({ code: 'sheet.too-large', params: { max: MAX_ROSTER / MB } });
  const form = await parseForm(request, Upload);
  if (!form.ok) return form.response;
  const { file, organisationId } = form.value;
  const taken = await uploadRoster(actor, { organisationId, fileName: file.name, content: await contentOf(file) });
  return taken.ok ? redirect(`/hr/rosters/${taken.value}`) : form.refuse(taken.error);
}

export default function NewRoster() {
  const { heading, units, columns, max } = useLoaderData<typeof loader>();
  const { t, lang } = useText();
  const form = useFormReply<typeof Upload>({ defaultValue: { organisationId: units[0]?.value ?? '' } });
  return (
    <Page title={heading} lead={t('roster.upload-lead')} trail={[{ to: '/hr/rosters', label: t('roster.title') }]}>
      <FormBox form={form} multipart>
        <SelectField form={form} name="organisationId" label={t('roster.upload-unit')} hint={t('roster.upload-unit-hint')} options={units} />
        <FileField form={form} name="file" label={t('roster.upload-file')} hint={t('roster.upload-file-hint', { max })} accept=".xlsx,.csv,.txt" />
        <SubmitButton>{t('roster.upload')}</SubmitButton>
      </FormBox>
      <Disclosure summary={t('roster.understood')}>
        <p>{columns.join(lang === 'zh' ? '、' : ', ')}</p>
        <p>{t('roster.understood-text')}</p>
        <div className="button-row">
          <ButtonLink to="/hr/rosters/template.xlsx" document>{t('roster.template-xlsx')}</ButtonLink>
          <ButtonLink to="/hr/rosters/template.csv" document>{t('roster.template-csv')}</ButtonLink>
        </div>
      </Disclosure>
    </Page>
  );
}
