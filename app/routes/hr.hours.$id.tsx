import { json, redirect, type ActionFunctionArgs, type LoaderFunctionArgs } from '@remix-run/node';
import { useActionData, useLoaderData } from '@remix-run/react';
import { z } from 'zod';
import { adjustHours, CONVERTED_KINDS, hoursOverview } from '~/certification';
import { appendEvent, inTransaction, reader } from '~/db';
import { authorise, can, signedIn } from '~/identity';
import { dateAt, isPlainDate } from '~/kernel/calendar';
import { clock } from '~/kernel/clock';
import { config } from '~/kernel/config';
import { Id, newId } from '~/kernel/id';
import { ProblemError } from '~/kernel/result';
import { findPerson, pathsOfPerson } from '~/people';
import { textFor } from '~/text';
import { hoursWith, wordHourKind } from '~/text/hours-words';
import { langOf } from '~/text/lang';
import { useText } from '~/text/react';
import { Banner, Counts, Disclosure, EmptyState, FormBox, Page, Section, SelectField, SubmitButton, TextField, useFormReply } from '~/ui';
import { parseForm } from '~/ui/form.server';
import { HourCharts, HourEntries } from '~/ui/hours/entries';
import { Targets } from '~/ui/hours/targets';
import { askedYear } from '~/ui/hours/year.server';
import { pageTitle } from '~/ui/page-title';

export const meta = pageTitle;

const Adjust = z.object({
  key: Id,
  countsAs: z.enum(CONVERTED_KINDS),
  occurredOn: z.string().refine(isPlainDate, 'field.date'),
  hours: z.number().min(-1000, 'field.too-low').max(1000, 'field.too-high'),
  reason: z.string().trim().min(2, 'field.too-short').max(300, 'field.too-long'),
});

/** A person's hours for those who look after them; that they were read is an event. */
export async function loader({ request, params }: LoaderFunctionArgs) {
  const actor = await signedIn(request);
  const personId = params['id'] ?? '';
  const organisationPath = await pathsOfPerson(reader(), personId);
  authorise(actor, 'see hours of a person', { personId, organisationPath });
  const person = await findPerson(reader(), personId);
  if (!person) throw new ProblemError({ code: 'not-found' });
  await inTransaction((tx) => appendEvent(tx, { kind: 'person.read', subject: { kind: 'person', id: personId }, personId, by: actor.by, body: { what: 'hours' } }));
  const now = clock.now();
  return json({
    heading: textFor(langOf(request)).t('hours.of', { name: person.name }), key: newId(), today: dateAt(now, config().TIME_ZONE),
    mayList: can(actor, 'see hours'), mayAdjust: can(actor, 'adjust hours', { personId, organisationPath }) && actor.personId !== personId,
    done: new URL(request.url).searchParams.has('done'), ...(await hoursOverview(reader(), personId, askedYear(request.url, now), now)),
  });
}

export async function action({ request, params }: ActionFunctionArgs) {
  const actor = await signedIn(request);
  const personId = params['id'] ?? '';
  authorise(actor, 'adjust hours', { personId, organisationPath: await pathsOfPerson(reader(), personId) });
  const form = await parseForm(request, Adjust);
  if (!form.ok) return form.response;
  const { hours, ...rest } = form.value;
  const adjusted = await adjustHours(actor, { ...rest, personId, hundredths: Math.round(hours * 100) });
  return adjusted.ok ? redirect(`/hr/hours/${personId}?year=${rest.occurredOn.slice(0, 4)}&done`) : form.refuse(adjusted.error);
}

type Data = ReturnType<typeof useLoaderData<typeof loader>>;

export default function HoursOfPerson() {
  const data = useLoaderData<typeof loader>();
  const refused = useActionData<typeof action>();
  const { year, closed, hundredths, targets, entries, years } = data;
  const text = useText();
  const { t } = text;
  return (
    <Page title={data.heading} lead={t('hours.lead-rules')} width="wide" trail={data.mayList ? [{ to: '/hr/hours', label: t('hours.hr-title') }] : undefined}>
      {data.done && !refused && <Banner tone="success" title={t('hours.adjusted')} />}
      {closed && <Banner tone="info" title={t('hours.year-closed', { year })} />}
      <Counts items={years.map((one) => ({ label: t('hours.year', { year: one.year }), value: hoursWith(text, one.hundredths), to: `?year=${one.year}`, tone: one.year === year ? 'ok' : 'neutral' }))} />
      <Section title={t('hours.targets')}><Targets targets={targets} closed={closed} /></Section>
      {hundredths > 0 && <Section title={t('hours.year', { year })}><HourCharts overview={data} /></Section>}
      <Section title={t('hours.entries')}><HourEntries entries={entries} empty={<EmptyState title={t('hours.empty')}>{t('hours.empty-text')}</EmptyState>} /></Section>
      {data.mayAdjust && <AdjustForm key={data.key} data={data} />}
    </Page>
  );
}

function AdjustForm({ data }: { data: Data }) {
  const text = useText();
  const { t } = text;
  const form = useFormReply<typeof Adjust>({ defaultValue: { occurredOn: data.closed ? `${data.year}-12-31` : data.today } });
  return (
    <Section title={t('hours.adjust')}>
      <p>{t('hours.adjust-lead')}</p>
      <Disclosure summary={t('hours.adjust')} open={form.meta.status === 'error'}>
        <FormBox form={form}>
          <input type="hidden" name="key" value={data.key} />
          <TextField form={form} name="hours" inputMode="decimal" width="short" label={t('hours.adjust-hours')} hint={t('hours.adjust-hours-hint')} />
          <SelectField form={form} name="countsAs" label={t('hours.adjust-kind')} options={CHOICES.map((value) => ({ value, label: wordHourKind(text, value) }))} />
          <TextField form={form} name="occurredOn" type="date" width="middle" label={t('hours.adjust-on')} />
          <TextField form={form} name="reason" label={t('hours.adjust-reason')} maxLength={300} />
          <SubmitButton kind="secondary">{t('hours.adjust-save')}</SubmitButton>
        </FormBox>
      </Disclosure>
    </Section>
  );
}

const CHOICES: readonly (typeof CONVERTED_KINDS)[number][] = ['online-course', 'exam-passed', 'classroom', 'transfer'];
