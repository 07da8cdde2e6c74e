import { json, redirect, type ActionFunctionArgs, type LoaderFunctionArgs } from '@remix-run/node';
import { useLoaderData } from '@remix-run/react';
import { z } from 'zod';
import { planEvent, seriesKnown, targetsOf } from '~/certification';
import { reader } from '~/db';
import { authorise, scopePaths, signedIn } from '~/identity';
import { isPlainDate } from '~/kernel/calendar';
import { Id } from '~/kernel/id';
import { organisationTree } from '~/people';
import { textFor } from '~/text';
import { langOf } from '~/text/lang';
import { useText } from '~/text/react';
import { FormBox, Page, SelectField, SubmitButton, TextField, useFormReply } from '~/ui';
import { parseForm } from '~/ui/form.server';
import { pageTitle } from '~/ui/page-title';
import { organisationOptions } from '~/ui/people/organisation-options';

export const meta = pageTitle;

const Day = z.string().refine(isPlainDate, 'field.date');
const Text = z.string().trim().min(2, 'field.too-short').max(120, 'field.too-long');
const Plan = z.object({
  organisationId: Id, title: Text, series: z.string().trim().regex(/^[A-Za-z0-9][A-Za-z0-9._-]{1,79}$/, 'field.invalid'), fromOn: Day, untilOn: Day, place: Text,
  hours: z.number().min(0.5, 'field.too-low').max(1000, 'field.too-high'), capacity: z.number().int().min(1, 'field.too-low').max(10_000, 'field.too-high').optional(),
});

export async function loader({ request }: LoaderFunctionArgs) {
  const actor = await signedIn(request);
  authorise(actor, 'see past imports');
  const codes = new Set([...(await targetsOf(reader(), 'event')).map((one) => one.code), ...await seriesKnown(reader())]);
  const units = await organisationTree(reader(), scopePaths(actor, 'hr'));
  return json({ heading: textFor(langOf(request)).t('records.event-new'), codes: [...codes].sort(), units: organisationOptions(units) });
}

export async function action({ request }: ActionFunctionArgs) {
  const actor = await signedIn(request);
  authorise(actor, 'see past imports');
  const form = await parseForm(request, Plan);
  if (!form.ok) return form.response;
  const { hours, capacity, ...rest } = form.value;
  const made = await planEvent(actor, { ...rest, hundredths: Math.round(hours * 100), capacity: capacity ?? null });
  return made.ok ? redirect(`/hr/events/${made.value}`) : form.refuse(made.error);
}

export default function NewEvent() {
  const { heading, codes, units } = useLoaderData<typeof loader>();
  const { t } = useText();
  const form = useFormReply<typeof Plan>({ defaultValue: { organisationId: units[0]?.value ?? '' } });
  return (
    <Page title={heading} trail={[{ to: '/hr/events', label: t('records.events') }]}>
      <FormBox form={form}>
        <SelectField form={form} name="organisationId" label={t('records.past-organisation')} options={units} />
        <TextField form={form} name="title" label={t('records.event-title')} maxLength={120} />
        <TextField form={form} name="series" label={t('records.event-series')} hint={t('records.event-series-hint', { codes: codes.join('、') || '—' })} maxLength={80} />
        <TextField form={form} name="fromOn" type="date" width="middle" label={t('records.event-from')} />
        <TextField form={form} name="untilOn" type="date" width="middle" label={t('records.event-until')} />
        <TextField form={form} name="place" label={t('records.event-place')} maxLength={120} />
        <TextField form={form} name="hours" inputMode="decimal" width="short" label={t('records.event-hours')} hint={t('records.event-hours-hint')} />
        <TextField form={form} name="capacity" type="number" inputMode="numeric" width="short" label={t('records.event-capacity')} hint={t('records.event-capacity-hint')} optional />
        <SubmitButton>{t('records.event-save')}</SubmitButton>
      </FormBox>
    </Page>
  );
}
