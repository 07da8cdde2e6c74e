import { json, redirect, type ActionFunctionArgs, type LoaderFunctionArgs } from '@remix-run/node';
import { useLoaderData } from '@remix-run/react';
import { z } from 'zod';
import { planRecertification, versionsToChoose } from '~/certification';
import { courseList } from '~/courses';
import { reader } from '~/db';
import { listExams } from '~/exams';
import { authorise, can, signedIn } from '~/identity';
import { addDays, dateAt, isPlainDate } from '~/kernel/calendar';
import { clock } from '~/kernel/clock';
import { config } from '~/kernel/config';
import { Id, newId } from '~/kernel/id';
import { organisationTree } from '~/people';
import { textFor, type Text } from '~/text';
import { langOf } from '~/text/lang';
import { useText } from '~/text/react';
import { CheckboxGroupField, FormBox, Page, SelectField, SubmitButton, TextField, useFormReply } from '~/ui';
import { parseForm } from '~/ui/form.server';
import { pageTitle } from '~/ui/page-title';

export const meta = pageTitle;

const Day = z.string().refine(isPlainDate, 'field.date');
const Title = z.string().trim().min(2, 'field.too-short').max(80, 'field.too-long');
const Plan = z.object({
  key: Id, titleZh: Title, titleEn: Title, basis: z.string().trim().min(2, 'field.too-short').max(300, 'field.too-long'),
  programmes: z.array(z.string().regex(/^[^:]+:\d+$/)).min(1), organisationId: Id, courseId: Id.optional(), examId: Id.optional(), until: Day, countsFrom: Day,
});

export async function loader({ request }: LoaderFunctionArgs) {
  const actor = await signedIn(request);
  authorise(actor, 'recertify');
  const text = textFor(langOf(request));
  const { lang, t } = text;
  const today = dateAt(clock.now(), config().TIME_ZONE);
  const indent = '　';
  return json({
    heading: t('recertification.new'), administers: can(actor, 'see administration'), key: newId(), today, until: addDays(today, 90), programmes: await programmeOptions(text),
    organisations: (await organisationTree(reader())).map((unit) => ({ value: unit.id, label: `${indent.repeat(unit.depth)}${unit.name}` })),
    courses: (await courseList(reader(), { lang })).map((course) => ({ value: course.id, label: course.title })),
    exams: (await listExams(reader())).filter((exam) => exam.practiceOf === null).map((exam) => ({ value: exam.id, label: exam.title[lang] })),
  });
}

/** For each programme: the versions before each later one, and all that there are. */
async function programmeOptions({ lang, t }: Text): Promise<{ value: string; label: string }[]> {
  const versions = await versionsToChoose(reader());
  return versions.flatMap((version) => {
    const title = lang === 'zh' ? version.title_zh : version.title_en;
    const isLast = !versions.some((other) => other.programme_id === version.programme_id && other.number > version.number);
    return [
      ...(version.number > 1 ? [{ value: `${version.programme_id}:${version.number}`, label: t('recertification.versions-before', { title, before: version.number }) }] : []),
      ...(isLast ? [{ value: `${version.programme_id}:${version.number + 1}`, label: t('recertification.versions-all', { title, last: version.number }) }] : []),
    ];
  });
}

export async function action({ request }: ActionFunctionArgs) {
  const actor = await signedIn(request);
  authorise(actor, 'recertify');
  const form = await parseForm(request, Plan);
  if (!form.ok) return form.response;
  const { key: id, titleZh, titleEn, programmes, courseId = null, examId = null, ...rest } = form.value;
  const planned = await planRecertification(actor, { id, title: { zh: titleZh, en: titleEn }, programmes: chosen(programmes), courseId, examId, ...rest });
  return planned.ok ? redirect(`/admin/recertifications/${planned.value}?done=planned`) : form.refuse(planned.error);
}

/** Of two choices for one programme the wider one counts. */
function chosen(values: string[]): { programmeId: string; before: number }[] {
  const widest = new Map<string, number>();
  for (const value of values) {
    const [programmeId = '', before = ''] = value.split(':');
    widest.set(programmeId, Math.max(widest.get(programmeId) ?? 2, Number(before)));
  }
  return [...widest].map(([programmeId, before]) => ({ programmeId, before }));
}

export default function PlanRecertification() {
  const { administers, key, today, until, programmes, organisations, courses, exams } = useLoaderData<typeof loader>();
  const { t } = useText();
  const form = useFormReply<typeof Plan>({ defaultValue: { until, countsFrom: today, organisationId: organisations[0]?.value ?? '' } });
  return (
    <Page title={t('recertification.new')} lead={<p>{t('recertification.new-lead')}</p>} trail={[...(administers ? [{ to: '/admin', label: t('shell.nav-admin') }] : [{ to: '/hr/renewals', label: t('renewal.title') }]), { to: '/admin/recertifications', label: t('recertification.title') }]}>
      <FormBox form={form}>
        <input type="hidden" name="key" value={key} />
        <TextField form={form} name="titleZh" label={t('recertification.title-zh')} maxLength={80} />
        <TextField form={form} name="titleEn" label={t('recertification.title-en')} maxLength={80} />
        <TextField form={form} name="basis" label={t('recertification.basis')} hint={t('recertification.basis-hint')} maxLength={300} />
        <CheckboxGroupField form={form} name="programmes" label={t('recertification.programmes')} hint={t('recertification.programmes-hint')} options={programmes} />
        <SelectField form={form} name="organisationId" label={t('recertification.organisation')} hint={t('recertification.organisation-hint')} options={organisations} />
        <SelectField form={form} name="courseId" label={t('recertification.course')} hint={t('recertification.asked-hint')} options={courses} optional />
        <SelectField form={form} name="examId" label={t('recertification.exam')} options={exams} optional />
        <TextField form={form} name="until" type="date" width="middle" label={t('recertification.until-label')} hint={t('recertification.until-hint')} />
        <TextField form={form} name="countsFrom" type="date" width="middle" label={t('recertification.counts-from')} hint={t('recertification.counts-from-hint')} />
        <SubmitButton>{t('recertification.save')}</SubmitButton>
      </FormBox>
    </Page>
  );
}
