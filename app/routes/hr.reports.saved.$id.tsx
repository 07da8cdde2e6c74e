import { json, redirect, type ActionFunctionArgs, type LoaderFunctionArgs } from '@remix-run/node';
import { useLoaderData } from '@remix-run/react';
import { z } from 'zod';
import { reader } from '~/db';
import { authorise, signedIn } from '~/identity';
import { clock } from '~/kernel/clock';
import { config } from '~/kernel/config';
import { ok } from '~/kernel/result';
import { findPerson, organisationTree } from '~/people';
import { aboutLines, askReport, changeReport, forgetSaved, FORMATS, namesAsked, openSaved, prepare, reportReach, RHYTHMS, scheduleReport } from '~/reports';
import { textFor } from '~/text';
import { langOf } from '~/text/lang';
import { useText } from '~/text/react';
import { Banner, ButtonLink, ButtonRow, Disclosure, FormBox, Page, RadioField, Section, SelectField, SubmitButton, TextField, useFormReply } from '~/ui';
import { parseOneOf } from '~/ui/form.server';
import { pageTitle } from '~/ui/page-title';
import { organisationOptions } from '~/ui/people/organisation-options';
import { searchOf } from '~/ui/reports/query.server';
import { WEEKDAYS } from '~/ui/reports/rhythm';

export const meta = pageTitle;

const KEEP_DAYS = 7;
const Run = z.object({ format: z.enum(FORMATS) });
const Change = z.object({ name: z.string().trim().min(1).max(60, 'field.too-long'), sharedWith: z.string().optional(), version: z.number().int() });
const Schedule = z.object({
  rhythm: z.enum(RHYTHMS), weekday: z.number().int().min(1).max(7).optional(), monthday: z.number().int().min(1).max(31).optional(), hour: z.number().int().min(0).max(23),
  format: z.enum(FORMATS), keepDays: z.number().int().min(1).max(90),
});
const Nothing = z.object({});

/** A report that is kept: made now, made again and again, shared, changed. */
export async function loader({ request, params }: LoaderFunctionArgs) {
  const actor = await signedIn(request);
  const saved = await openSaved(actor, params['id'] ?? '');
  const text = textFor(langOf(request), config().TIME_ZONE);
  const reach = reportReach(actor);
  const prepared = await prepare(reader(), saved.query, reach, clock.now());
  const named = await namesAsked(reader(), saved.query);
  const email = actor.personId === null ? null : (await findPerson(reader(), actor.personId))?.email ?? null;
  return json({
    heading: saved.name, id: saved.id, own: saved.own, owner: saved.owner, version: saved.version, sharedWith: saved.sharedWith, email: email !== null, fixed: saved.query.on ?? null,
    about: prepared.ok ? aboutLines(text, prepared.value, clock.now(), { intake: named.intake, target: named.target?.[text.lang] ?? null }) : [text.problem(prepared.error)],
    units: organisationOptions(await organisationTree(reader(), reach.figures)), change: `/hr/reports/new${searchOf(saved.query, { saved: saved.id })}`,
    done: ['saved', 'scheduled'].find((one) => one === new URL(request.url).searchParams.get('done')) ?? null,
  });
}

export async function action({ request, params }: ActionFunctionArgs) {
  const actor = await signedIn(request);
  authorise(actor, 'see reports');
  const id = params['id'] ?? '';
  const form = await parseOneOf(request, { run: Run, change: Change, schedule: Schedule, forget: Nothing });
  if (!form.ok) return form.response;
  switch (form.form) {
    case 'run': {
      const { name, query } = await openSaved(actor, id);
      const asked = await askReport(actor, { name, query, format: form.value.format, lang: langOf(request), keepDays: KEEP_DAYS, savedReportId: id });
      return asked.ok ? redirect(`/hr/reports/${asked.value}`) : form.refuse(asked.error);
    }
    case 'change': {
      const { name, sharedWith = null, version } = form.value;
      const changed = await changeReport(actor, id, { name, sharedWith, version });
      return changed.ok ? redirect(`/hr/reports/saved/${id}?done=saved`) : form.refuse(changed.error);
    }
    case 'schedule': {
      const { rhythm, weekday, monthday, ...rest } = form.value;
      const day = rhythm === 'daily' ? ok(0) : dayOf(rhythm === 'weekly' ? weekday : monthday);
      if (!day.ok) return form.refuse({ code: 'report.day-form', field: rhythm === 'weekly' ? 'weekday' : 'monthday' });
      const made = await scheduleReport(actor, id, { ...rest, rhythm, day: day.value, lang: langOf(request) });
      return made.ok ? redirect(`/hr/reports/saved/${id}?done=scheduled`) : form.refuse(made.error);
    }
    case 'forget': {
      await forgetSaved(actor, id);
      return redirect('/hr/reports?done=forgotten');
    }
  }
}

const dayOf = (day: number | undefined) => (day === undefined ? { ok: false as const } : ok(day));

const FORMATS_SHOWN = ['xlsx', 'csv', 'pdf'] as const;

export default function SavedReportPage() {
  const data = useLoaderData<typeof loader>();
  const { t } = useText();
  return (
    <Page title={data.heading} trail={[{ to: '/hr/reports', label: t('reports.title') }]}>
      {data.done && <Banner tone="success" title={t(data.done === 'saved' ? 'reports.saved-done' : 'reports.scheduled-done')} />}
      {!data.own && <p>{t('reports.shared-by', { owner: data.owner, unit: data.sharedWith?.name ?? '' })}</p>}
      <ul>{data.about.map((line) => <li key={line}>{line}</li>)}</ul>
      <Section title={t('reports.run')}>
        <RunForm />
        <ButtonRow><ButtonLink to={data.change} kind="quiet">{t(data.own ? 'reports.change' : 'reports.look')}</ButtonLink></ButtonRow>
      </Section>
      <Section title={t('reports.schedule')} id="schedule"><ScheduleForm /></Section>
      {data.own && <Section title={t('reports.keep')}><ChangeForm /><ForgetForm /></Section>}
    </Page>
  );
}

function RunForm() {
  const { t } = useText();
  const form = useFormReply<typeof Run>({ id: 'run', defaultValue: { format: 'xlsx' } });
  return (
    <FormBox form={form}>
      <RadioField form={form} name="format" label={t('reports.format')} options={FORMATS_SHOWN.map((value) => ({ value, label: t(`reports.format.${value}`) }))} />
      <SubmitButton>{t('reports.run')}</SubmitButton>
    </FormBox>
  );
}

function ScheduleForm() {
  const { email, fixed } = useLoaderData<typeof loader>();
  const { t, date } = useText();
  const form = useFormReply<typeof Schedule>({ id: 'schedule', defaultValue: { rhythm: 'weekly', weekday: '1', hour: '8', format: 'xlsx', keepDays: '7' } });
  if (fixed !== null) return <p>{t('reports.schedule-fixed', { on: date(fixed) })}</p>;
  return (
    <>
      <p>{t(email ? 'reports.schedule-text' : 'reports.schedule-text-no-mail')}</p>
      <FormBox form={form}>
        <RadioField form={form} name="rhythm" label={t('reports.rhythm')} options={(['daily', 'weekly', 'monthly'] as const).map((value) => ({ value, label: t(`reports.rhythm.${value}`) }))} />
        <SelectField form={form} name="weekday" label={t('reports.weekday')} hint={t('reports.weekday-hint')} options={WEEKDAYS.map((value) => ({ value, label: t(`reports.weekday.${value}`) }))} optional />
        <TextField form={form} name="monthday" label={t('reports.monthday')} hint={t('reports.monthday-hint')} inputMode="numeric" width="short" optional />
        <TextField form={form} name="hour" label={t('reports.hour')} hint={t('reports.hour-hint')} inputMode="numeric" width="short" />
        <SelectField form={form} name="format" label={t('reports.format')} options={FORMATS_SHOWN.map((value) => ({ value, label: t(`reports.format.${value}`) }))} />
        <TextField form={form} name="keepDays" label={t('reports.keep-days')} hint={t('reports.keep-days-hint')} inputMode="numeric" width="short" />
        <SubmitButton kind="secondary">{t('reports.schedule-save')}</SubmitButton>
      </FormBox>
    </>
  );
}

function ChangeForm() {
  const { heading, version, sharedWith, units } = useLoaderData<typeof loader>();
  const { t } = useText();
  const form = useFormReply<typeof Change>({ id: 'change', defaultValue: { name: heading, sharedWith: sharedWith?.id ?? '', version: String(version) } });
  return (
    <FormBox form={form}>
      <input type="hidden" name="version" value={version} />
      <TextField form={form} name="name" label={t('reports.name')} maxLength={60} width="middle" />
      <SelectField form={form} name="sharedWith" label={t('reports.share')} hint={t('reports.share-hint')} options={units} optional />
      <SubmitButton kind="secondary">{t('reports.keep-save')}</SubmitButton>
    </FormBox>
  );
}

function ForgetForm() {
  const { t } = useText();
  const form = useFormReply<typeof Nothing>({ id: 'forget' });
  return (
    <Disclosure summary={t('reports.forget')}>
      <p>{t('reports.forget-text')}</p>
      <FormBox form={form}><SubmitButton kind="danger">{t('reports.forget')}</SubmitButton></FormBox>
    </Disclosure>
  );
}
