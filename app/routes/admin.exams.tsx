import { json, redirect, type ActionFunctionArgs, type LoaderFunctionArgs } from '@remix-run/node';
import { useLoaderData } from '@remix-run/react';
import { z } from 'zod';
import { reader } from '~/db';
import { changeSettings, findExamBySlug, listExams } from '~/exams';
import { authorise, signedIn } from '~/identity';
import { bankList, blueprintItems } from '~/itembank';
import { instantAt, localTimeAt } from '~/kernel/calendar';
import { config } from '~/kernel/config';
import { textFor } from '~/text';
import { langOf } from '~/text/lang';
import { useText } from '~/text/react';
import { Banner, ButtonLink, EmptyState, Facts, FormBox, Page, Section, SelectField, SubmitButton, TextField, useFormReply } from '~/ui';
import { parseOneOf } from '~/ui/form.server';
import { pageTitle } from '~/ui/page-title';

export const meta = pageTitle;

/** A time in the deployment's zone, as browsers write it; absent: no bound. */
const LocalTime = z.string().refine((text) => instantAt(text, config().TIME_ZONE) !== null, 'field.date').optional();
const Settings = z.object({
  version: z.number().int(),
  opensAt: LocalTime,
  closesAt: LocalTime,
  maxAttempts: z.number().int().min(1, 'field.too-low').max(20, 'field.too-high'),
  coolingOffHours: z.number().int().min(0, 'field.too-low').max(8760, 'field.too-high'),
  release: z.enum(['automatic', 'by-person']),
});

export async function loader({ request }: LoaderFunctionArgs) {
  authorise(await signedIn(request), 'set exams');
  const lang = langOf(request);
  const zone = config().TIME_ZONE;
  const banks = new Map((await bankList(reader())).map((bank) => [bank.id, bank]));
  const exams = (await listExams(reader())).map((exam) => ({
    slug: exam.slug, title: exam.title[lang], minutes: exam.minutes, cutScore: exam.cutScore, items: blueprintItems(exam.blueprint),
    bank: exam.bankId === null ? null : banks.get(exam.bankId) ?? null,
    settings: {
      version: exam.version, maxAttempts: exam.maxAttempts, coolingOffHours: exam.coolingOffHours, release: exam.release,
      opensAt: exam.opensAt === null ? '' : localTimeAt(exam.opensAt, zone), closesAt: exam.closesAt === null ? '' : localTimeAt(exam.closesAt, zone),
    },
  }));
  const saved = new URL(request.url).searchParams.get('saved');
  return json({ heading: textFor(lang).t('exams.settings-title'), zone, exams, saved: exams.find(({ slug }) => slug === saved)?.title ?? null });
}

export async function action({ request }: ActionFunctionArgs) {
  const actor = await signedIn(request);
  authorise(actor, 'set exams');
  const slugs = (await listExams(reader())).map((exam) => exam.slug);
  const form = await parseOneOf(request, Object.fromEntries(slugs.map((slug) => [slug, Settings])));
  if (!form.ok) return form.response;
  const exam = await findExamBySlug(reader(), form.form);
  if (!exam) return form.refuse({ code: 'not-found' });
  const { version, opensAt, closesAt, ...rest } = form.value;
  const changed = await changeSettings(actor, exam.id, version, { ...rest, opensAt: instantOf(opensAt), closesAt: instantOf(closesAt) });
  return changed.ok ? redirect(`/admin/exams?saved=${exam.slug}`) : form.refuse(changed.error);
}

const instantOf = (local: string | undefined): number | null => (local === undefined ? null : instantAt(local, config().TIME_ZONE));

type Data = ReturnType<typeof useLoaderData<typeof loader>>;
type ExamRow = Data['exams'][number];

export default function AdminExams() {
  const { exams, zone, saved } = useLoaderData<typeof loader>();
  const { t } = useText();
  return (
    <Page title={t('exams.settings-title')} lead={t('exams.settings-lead')}>
      {saved && <Banner tone="success" title={t('exams.settings-saved', { title: saved })} />}
      {exams.length === 0 && <EmptyState title={t('exams.settings-none')} />}
      {exams.map((exam) => <ExamSettings key={`${exam.slug} ${exam.settings.version}`} exam={exam} zone={zone} />)}
    </Page>
  );
}

function ExamSettings({ exam, zone }: { exam: ExamRow; zone: string }) {
  const { t } = useText();
  const { settings } = exam;
  const form = useFormReply<typeof Settings>({ id: exam.slug, defaultValue: settings });
  return (
    <Section title={exam.title} id={`exam-${exam.slug}`}>
      <Facts items={[
        { term: t('exams.settings-bank'), value: exam.bank ? exam.bank.title : t('exams.settings-bank-none') },
        { term: t('exams.rules'), value: t('exams.settings-fixed', { minutes: exam.minutes, cut: exam.cutScore, items: exam.items }) },
      ]} />
      <p><ButtonLink to="/admin/banks">{t('exams.settings-bank-change')}</ButtonLink></p>
      <FormBox form={form}>
        <input type="hidden" name="version" value={settings.version} />
        <TextField form={form} name="opensAt" type="datetime-local" label={t('exams.settings-opens')} hint={t('exams.settings-time-hint', { zone })} width="middle" optional />
        <TextField form={form} name="closesAt" type="datetime-local" label={t('exams.settings-closes')} hint={t('exams.settings-time-hint', { zone })} width="middle" optional />
        <TextField form={form} name="maxAttempts" type="number" label={t('exams.settings-attempts')} width="short" inputMode="numeric" />
        <TextField form={form} name="coolingOffHours" type="number" label={t('exams.settings-cooling-off')} width="short" inputMode="numeric" />
        <SelectField form={form} name="release" label={t('exams.settings-release')} options={(['automatic', 'by-person'] as const).map((value) => ({ value, label: t(`exams.settings-release.${value}`) }))} />
        <SubmitButton>{t('exams.settings-save')}</SubmitButton>
      </FormBox>
    </Section>
  );
}
