import { json, redirect, type ActionFunctionArgs, type LoaderFunctionArgs } from '@remix-run/node';
import { useLoaderData } from '@remix-run/react';
import { z } from 'zod';
import { askWaiver, LARGEST_PROOF, waiverForm, WAIVER_DAYS } from '~/certification';
import { reader } from '~/db';
import { authorise, signedIn } from '~/identity';
import { addDays, dateAt, isPlainDate } from '~/kernel/calendar';
import { clock } from '~/kernel/clock';
import { config } from '~/kernel/config';
import { Id, newId } from '~/kernel/id';
import { ProblemError } from '~/kernel/result';
import { textFor } from '~/text';
import { langOf } from '~/text/lang';
import { useText } from '~/text/react';
import { FileField, FormBox, Page, SelectField, SubmitButton, TextAreaField, TextField, useFormReply } from '~/ui';
import { parseForm } from '~/ui/form.server';
import { pageTitle } from '~/ui/page-title';

export const meta = pageTitle;

/** The choice that means the whole clearance: no requirement is called so. */
const WHOLE = 'whole-clearance';
const Day = z.string().refine(isPlainDate, 'field.date');
const Words = z.string().trim().min(5, 'field.too-short').max(2000, 'field.too-long');
const Ask = z.object({
  key: Id, requirementCode: z.string(), from: Day, until: Day, reason: Words, proof: Words,
  file: z.instanceof(File).optional(), conditions: z.string().trim().max(1000, 'field.too-long').optional(),
});

export async function loader({ request, params }: LoaderFunctionArgs) {
  const actor = await signedIn(request);
  const found = await waiverForm(reader(), params['id'] ?? '');
  authorise(actor, 'ask for a waiver', { organisationPath: found?.holder.path ?? [] });
  if (!found) throw new ProblemError({ code: 'not-found' });
  const { lang, t } = textFor(langOf(request));
  const today = dateAt(clock.now(), config().TIME_ZONE);
  return json({
    heading: t('waiver.ask-title', { name: found.holder.name }), assignmentId: params['id'] ?? '', days: WAIVER_DAYS, key: newId(),
    options: [...found.requirements.map(({ code, title }) => ({ value: code, label: title[lang] })), { value: WHOLE, label: t('waiver.ask-whole') }],
    from: today, until: addDays(today, 29),
  });
}

export async function action({ request, params }: ActionFunctionArgs) {
  const actor = await signedIn(request);
  const assignmentId = params['id'] ?? '';
  authorise(actor, 'ask for a waiver', { organisationPath: (await waiverForm(reader(), assignmentId))?.holder.path ?? [] });
  const form = await parseForm(request, Ask);
  if (!form.ok) return form.response;
  const { key: id, requirementCode, file, conditions = '', ...rest } = form.value;
  const asked = await askWaiver(actor, {
    id, assignmentId, requirementCode: requirementCode === WHOLE ? null : requirementCode, conditions, ...rest, file: await contentOf(file),
  });
  return asked.ok ? redirect(`/hr/waivers/${asked.value}?done=asked`) : form.refuse(asked.error);
}

/** One byte more than may be stored tells that it is too much; the rest is not read. */
const contentOf = async (file: File | undefined): Promise<Uint8Array | null> =>
  (file && file.size > 0 ? new Uint8Array(await file.slice(0, LARGEST_PROOF + 1).arrayBuffer()) : null);

export default function AskWaiver() {
  const { heading, assignmentId, days, key, options, from, until } = useLoaderData<typeof loader>();
  const { t } = useText();
  const form = useFormReply<typeof Ask>({ defaultValue: { from, until } });
  return (
    <Page title={heading} lead={<p>{t('waiver.ask-lead', { days })}</p>} trail={[{ to: '/hr', label: t('hr.title') }, { to: `/hr/clearance/${assignmentId}`, label: t('clearance.page') }]}>
      <FormBox form={form} multipart>
        <input type="hidden" name="key" value={key} />
        <SelectField form={form} name="requirementCode" label={t('waiver.ask-what')} options={options} />
        <TextField form={form} name="from" type="date" width="middle" label={t('waiver.from')} />
        <TextField form={form} name="until" type="date" width="middle" label={t('waiver.until')} />
        <TextAreaField form={form} name="reason" label={t('waiver.reason')} hint={t('waiver.reason-hint')} />
        <TextAreaField form={form} name="proof" label={t('waiver.proof')} hint={t('waiver.proof-hint')} rows={3} />
        <FileField form={form} name="file" label={t('waiver.file')} hint={t('waiver.file-hint')} accept=".pdf,.png,.jpg,.jpeg" optional />
        <TextAreaField form={form} name="conditions" label={t('waiver.conditions')} hint={t('waiver.conditions-hint')} rows={3} optional />
        <SubmitButton>{t('waiver.ask')}</SubmitButton>
      </FormBox>
    </Page>
  );
}
