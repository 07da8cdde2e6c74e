import { json, redirect, type ActionFunctionArgs, type LoaderFunctionArgs } from '@remix-run/node';
import { useActionData, useLoaderData } from '@remix-run/react';
import { z } from 'zod';
import { accommodationsOfPerson, endAccommodation, grantAccommodation, listExams } from '~/exams';
import { authorise, can, signedIn } from '~/identity';
import { pathsOfPerson } from '~/people';
import { reader } from '~/db';
import { dateAt, isPlainDate } from '~/kernel/calendar';
import { clock } from '~/kernel/clock';
import { config } from '~/kernel/config';
import { Id, newId } from '~/kernel/id';
import { must } from '~/kernel/result';
import { textFor } from '~/text';
import { langOf } from '~/text/lang';
import { useText } from '~/text/react';
import { Banner, DataTable, DateText, Disclosure, FormBox, Page, Section, SelectField, StatusTag, SubmitButton, TextField, useFormReply } from '~/ui';
import { parseOneOf } from '~/ui/form.server';
import { pageTitle } from '~/ui/page-title';

export const meta = pageTitle;

const Day = z.string().refine(isPlainDate, 'field.date');
const Reason = z.string().trim().min(2, 'field.too-short').max(300, 'field.too-long');
const Grant = z.object({
  key: Id,
  examId: Id.optional(),
  extraMinutes: z.number().int().min(0, 'field.too-low').max(240, 'field.too-high').default(0),
  factorPercent: z.number().int().min(100, 'field.too-low').max(400, 'field.too-high').default(100),
  reason: Reason,
  validFrom: Day,
  validUntil: Day.optional(),
});
const End = z.object({ accommodation: Id, reason: Reason });

export async function loader({ request, params }: LoaderFunctionArgs) {
  const actor = await signedIn(request);
  const personId = params['id'] ?? '';
  const organisationPath = await pathsOfPerson(reader(), personId);
  authorise(actor, 'grant accommodations', { personId, organisationPath });
  const lang = langOf(request);
  const { name, accommodations } = must(await accommodationsOfPerson(actor, personId));
  const done = new URL(request.url).searchParams.get('done');
  return json({
    heading: textFor(lang).t('accommodation.title', { name }),
    personId, name, mayReadCard: can(actor, 'see a person', { personId, organisationPath }),
    accommodations: accommodations.map(({ examTitle, ...one }) => ({ ...one, exam: examTitle?.[lang] ?? null })),
    exams: (await listExams(reader())).map((exam) => ({ value: exam.id, label: exam.title[lang] })),
    today: dateAt(clock.now(), config().TIME_ZONE), key: newId(),
    done: done === 'granted' || done === 'ended' ? done : null,
  });
}

export async function action({ request, params }: ActionFunctionArgs) {
  const actor = await signedIn(request);
  const personId = params['id'] ?? '';
  authorise(actor, 'grant accommodations', { personId, organisationPath: await pathsOfPerson(reader(), personId) });
  const form = await parseOneOf(request, { grant: Grant, end: End });
  if (!form.ok) return form.response;
  if (form.form === 'end') {
    const ended = await endAccommodation(actor, form.value.accommodation, form.value.reason);
    return ended.ok ? redirect(`/hr/people/${personId}/accommodations?done=ended`) : form.refuse(ended.error);
  }
  const { key, examId, validUntil, ...rest } = form.value;
  const granted = await grantAccommodation(actor, { ...rest, id: key, personId, examId: examId ?? null, validUntil: validUntil ?? null });
  return granted.ok ? redirect(`/hr/people/${personId}/accommodations?done=granted`) : form.refuse(granted.error);
}

type Data = ReturnType<typeof useLoaderData<typeof loader>>;
type Accommodation = Data['accommodations'][number];

export default function Accommodations() {
  const data = useLoaderData<typeof loader>();
  const refused = useActionData<typeof action>();
  const { t } = useText();
  return (
    <Page title={data.heading} lead={t('accommodation.lead')} width="wide" trail={[
      { to: '/hr/people', label: t('people.title') },
      ...(data.mayReadCard ? [{ to: `/hr/people/${data.personId}`, label: data.name }] : []),
    ]}>
      {data.done && !refused && <Banner tone="success" title={t(data.done === 'granted' ? 'accommodation.saved' : 'accommodation.end-saved')} />}
      <Section title={t('accommodation.list')}><List data={data} /></Section>
      <Section title={t('accommodation.new')}>
        <p>{t('accommodation.rule')}</p>
        <GrantForm key={data.key} data={data} />
      </Section>
    </Page>
  );
}

function useWhat(): (one: Pick<Accommodation, 'extraMinutes' | 'factorPercent'>) => string {
  const { t, lang } = useText();
  return ({ extraMinutes, factorPercent }) => [
    factorPercent > 100 ? t('accommodation.factor', { percent: factorPercent }) : '',
    extraMinutes > 0 ? t('accommodation.minutes', { minutes: extraMinutes }) : '',
  ].filter(Boolean).join(lang === 'zh' ? '，' : ', ');
}

function List({ data }: { data: Data }) {
  const { t, date, dateTime } = useText();
  const what = useWhat();
  const open = data.accommodations.filter((one) => one.endedAt === null);
  return (
    <>
      <DataTable
        caption={t('accommodation.list')}
        rows={data.accommodations}
        rowKey={(row) => row.id}
        empty={t('accommodation.none')}
        columns={[
          { key: 'what', header: t('accommodation.what'), cell: (row) => what(row) },
          { key: 'exam', header: t('accommodation.exam'), cell: (row) => row.exam ?? t('accommodation.all-exams') },
          { key: 'validity', header: t('accommodation.validity'), cell: (row) => (row.validUntil === null
            ? t('accommodation.from', { from: date(row.validFrom) }) : <><DateText date={row.validFrom} /> – <DateText date={row.validUntil} /></>) },
          { key: 'reason', header: t('accommodation.reason'), cell: (row) => row.reason },
          { key: 'state', header: t('accommodation.state'), cell: (row) => (row.endedAt === null
            ? <StatusTag tone="ok">{t('accommodation.holds')}</StatusTag> : t('accommodation.ended', { at: dateTime(row.endedAt), reason: row.endReason ?? '' })) },
        ]}
      />
      {open.length > 0 && <EndForm options={open.map((one) => ({ value: one.id, label: [what(one), one.exam ?? t('accommodation.all-exams')].join(' · ') }))} />}
    </>
  );
}

function EndForm({ options }: { options: { value: string; label: string }[] }) {
  const { t } = useText();
  const form = useFormReply<typeof End>({ id: 'end' });
  return (
    <Disclosure summary={t('accommodation.end')} open={form.meta.status === 'error'}>
      <p>{t('accommodation.end-lead')}</p>
      <FormBox form={form}>
        <SelectField form={form} name="accommodation" label={t('accommodation.end-which')} options={options} />
        <TextField form={form} name="reason" label={t('accommodation.end-reason')} maxLength={300} />
        <SubmitButton kind="secondary">{t('accommodation.end-save')}</SubmitButton>
      </FormBox>
    </Disclosure>
  );
}

function GrantForm({ data }: { data: Data }) {
  const { t } = useText();
  const form = useFormReply<typeof Grant>({ id: 'grant', defaultValue: { validFrom: data.today } });
  return (
    <FormBox form={form}>
      <input type="hidden" name="key" value={data.key} />
      <TextField form={form} name="factorPercent" type="number" inputMode="numeric" width="short" label={t('accommodation.factor-label')} hint={t('accommodation.factor-hint')} optional />
      <TextField form={form} name="extraMinutes" type="number" inputMode="numeric" width="short" label={t('accommodation.extra-label')} hint={t('accommodation.extra-hint')} optional />
      <SelectField form={form} name="examId" label={t('accommodation.exam')} hint={t('accommodation.exam-hint')} options={data.exams} optional />
      <TextField form={form} name="validFrom" type="date" width="middle" label={t('accommodation.valid-from')} />
      <TextField form={form} name="validUntil" type="date" width="middle" label={t('accommodation.valid-until')} hint={t('accommodation.valid-until-hint')} optional />
      <TextField form={form} name="reason" label={t('accommodation.reason')} hint={t('accommodation.reason-hint')} maxLength={300} />
      <SubmitButton>{t('accommodation.save')}</SubmitButton>
    </FormBox>
  );
}
