import { json, redirect, type ActionFunctionArgs, type LoaderFunctionArgs } from '@remix-run/node';
import { useLoaderData } from '@remix-run/react';
import { z } from 'zod';
import { namesOf } from '~/audit';
import { calendarDays, clearCalendarDay, setCalendarDays } from '~/certification';
import { reader } from '~/db';
import { authorise, signedIn } from '~/identity';
import { isNationalWorkingDay, isPlainDate } from '~/kernel/calendar';
import { textFor } from '~/text';
import { langOf } from '~/text/lang';
import { useText } from '~/text/react';
import { Banner, DataTable, DateText, FormBox, Page, PostButton, RadioField, Section, StatusTag, SubmitButton, TextField, useFormReply } from '~/ui';
import { parseOneOf } from '~/ui/form.server';
import { pageTitle } from '~/ui/page-title';

export const meta = pageTitle;

const Day = z.string().refine(isPlainDate, 'field.date');
const SetDays = z.object({ from: Day, until: Day.optional(), kind: z.enum(['off', 'work']), note: z.string().trim().min(2, 'field.too-short').max(200, 'field.too-long') });
const ClearDay = z.object({ day: Day });

export async function loader({ request }: LoaderFunctionArgs) {
  authorise(await signedIn(request), 'set the calendar');
  const days = await calendarDays(reader());
  const names = await namesOf(reader(), days.map(({ setBy }) => setBy));
  const done = new URL(request.url).searchParams.get('done');
  return json({
    heading: textFor(langOf(request)).t('calendar.title'), done: done === 'saved' || done === 'removed' ? done : null,
    days: days.map(({ day, working, note, setBy }) => ({ day, working, note, by: names.get(setBy) ?? '', national: isNationalWorkingDay(day) })),
  });
}

export async function action({ request }: ActionFunctionArgs) {
  const actor = await signedIn(request);
  authorise(actor, 'set the calendar');
  const form = await parseOneOf(request, { set: SetDays, clear: ClearDay });
  if (!form.ok) return form.response;
  if (form.form === 'clear') {
    await clearCalendarDay(actor, form.value.day);
    return redirect('/admin/calendar?done=removed');
  }
  const { from, until = from, kind, note } = form.value;
  const set = await setCalendarDays(actor, { from, until, working: kind === 'work', note });
  return set.ok ? redirect('/admin/calendar?done=saved') : form.refuse(set.error);
}

export default function WorkingCalendar() {
  const { days, done } = useLoaderData<typeof loader>();
  const { t, date } = useText();
  const form = useFormReply<typeof SetDays>({ id: 'set', defaultValue: { kind: 'off' } });
  const kind = (working: boolean) => t(working ? 'calendar.kind.work' : 'calendar.kind.off');
  return (
    <Page title={t('calendar.title')} lead={t('calendar.lead')} width="wide" trail={[{ to: '/admin', label: t('shell.nav-admin') }]}>
      {done && <Banner tone="success" title={t(done === 'saved' ? 'calendar.saved' : 'calendar.removed')} />}
      <Section title={t('calendar.days')}>
        <DataTable
          caption={t('calendar.days')}
          rows={days}
          rowKey={(row) => row.day}
          empty={t('calendar.none')}
          columns={[
            { key: 'day', header: t('calendar.date'), cell: (row) => <DateText date={row.day} /> },
            { key: 'kind', header: t('calendar.kind'), cell: (row) => <StatusTag tone={row.working ? 'due' : 'ok'}>{kind(row.working)}</StatusTag> },
            { key: 'national', header: t('calendar.built-in'), cell: (row) => kind(row.national) },
            { key: 'note', header: t('calendar.note'), cell: (row) => row.note },
            { key: 'by', header: t('calendar.by'), cell: (row) => row.by },
            { key: 'act', header: t('calendar.act'), screenOnly: true, cell: (row) => <PostButton kind="quiet" fields={{ __form: 'clear', day: row.day }} label={t('calendar.remove-label', { date: date(row.day) })}>{t('calendar.remove')}</PostButton> },
          ]}
        />
      </Section>
      <Section title={t('calendar.add')}>
        <FormBox form={form} key={days.length}>
          <TextField form={form} name="from" type="date" width="middle" label={t('calendar.from')} />
          <TextField form={form} name="until" type="date" width="middle" label={t('calendar.until')} hint={t('calendar.until-hint')} optional />
          <RadioField form={form} name="kind" label={t('calendar.kind')} options={(['off', 'work'] as const).map((value) => ({ value, label: t(`calendar.kind.${value}`) }))} />
          <TextField form={form} name="note" label={t('calendar.note')} hint={t('calendar.note-hint')} maxLength={200} />
          <SubmitButton>{t('calendar.save')}</SubmitButton>
        </FormBox>
      </Section>
    </Page>
  );
}
