import { json, redirect, type ActionFunctionArgs, type LoaderFunctionArgs } from '@remix-run/node';
import { Link, useLoaderData } from '@remix-run/react';
import { z } from 'zod';
import { namesOf } from '~/audit';
import { calendarChanges, calendarDays, previewCalendar, type CalendarChange } from '~/certification';
import { reader } from '~/db';
import { authorise, signedIn } from '~/identity';
import { isNationalWorkingDay, isPlainDate } from '~/kernel/calendar';
import { clock } from '~/kernel/clock';
import { textFor } from '~/text';
import { langOf } from '~/text/lang';
import { useText } from '~/text/react';
import { Banner, DataTable, DateText, FormBox, InstantText, Page, RadioField, Section, StatusTag, SubmitButton, TextField, useFormReply } from '~/ui';
import { parseForm } from '~/ui/form.server';
import { pageTitle } from '~/ui/page-title';
import { useRefresh } from '~/ui/use-refresh';

export const meta = pageTitle;

const Day = z.string().refine(isPlainDate, 'field.date');
const SetDays = z.object({ from: Day, until: Day.optional(), kind: z.enum(['off', 'work']), note: z.string().trim().min(2, 'field.too-short').max(200, 'field.too-long') });
const LATEST = 20;

/** Which days this deployment sets itself, and what its changes moved. */
export async function loader({ request }: LoaderFunctionArgs) {
  authorise(await signedIn(request), 'set the calendar');
  const [days, changes] = [await calendarDays(reader()), await calendarChanges(reader(), LATEST)];
  const names = await namesOf(reader(), [...days.map(({ setBy }) => setBy), ...changes.map(({ madeBy }) => madeBy)]);
  const done = new URL(request.url).searchParams.get('done');
  return json({
    heading: textFor(langOf(request)).t('calendar.title'), done: done === 'saved' || done === 'removed' ? done : null,
    days: days.map(({ day, working, note, setBy }) => ({ day, working, note, by: names.get(setBy) ?? '', national: isNationalWorkingDay(day) })),
    changes: changes.map(({ madeBy, afterId: _, ...one }) => ({ ...one, by: names.get(madeBy) ?? '' })),
  });
}

/** Nothing is saved here: what is typed is checked, and the next page shows what it would move. */
export async function action({ request }: ActionFunctionArgs) {
  authorise(await signedIn(request), 'set the calendar');
  const form = await parseForm(request, SetDays);
  if (!form.ok) return form.response;
  const { from, until = from, kind, note } = form.value;
  const effect = await previewCalendar(reader(), { from, until, working: kind === 'work' }, clock.now());
  return effect.ok ? redirect(`/admin/calendar/preview?${new URLSearchParams({ from, until, kind, note }).toString()}`) : form.refuse(effect.error);
}

type Data = ReturnType<typeof useLoaderData<typeof loader>>;

export default function WorkingCalendar() {
  const { days, changes, done } = useLoaderData<typeof loader>();
  const { t } = useText();
  useRefresh(changes.some(({ state }) => state === 'running') ? 3 : null);
  return (
    <Page title={t('calendar.title')} lead={t('calendar.lead')} width="wide" trail={[{ to: '/admin', label: t('shell.nav-admin') }]}>
      {done && <Banner tone="success" title={t(done === 'saved' ? 'calendar.saved' : 'calendar.removed')} />}
      <Days days={days} />
      <AddDays key={days.length} />
      {changes.length > 0 && <Changes changes={changes} />}
    </Page>
  );
}

function Days({ days }: Pick<Data, 'days'>) {
  const { t, date } = useText();
  const kind = (working: boolean) => t(working ? 'calendar.kind.work' : 'calendar.kind.off');
  return (
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
          { key: 'act', header: t('calendar.act'), screenOnly: true, cell: (row) => <Link to={`/admin/calendar/preview?from=${row.day}&kind=built-in`} aria-label={t('calendar.remove-label', { date: date(row.day) })}>{t('calendar.remove')}</Link> },
        ]}
      />
    </Section>
  );
}

function AddDays() {
  const { t } = useText();
  const form = useFormReply<typeof SetDays>({ defaultValue: { kind: 'off' } });
  return (
    <Section title={t('calendar.add')}>
      <FormBox form={form}>
        <TextField form={form} name="from" type="date" width="middle" label={t('calendar.from')} />
        <TextField form={form} name="until" type="date" width="middle" label={t('calendar.until')} hint={t('calendar.until-hint')} optional />
        <RadioField form={form} name="kind" label={t('calendar.kind')} options={(['off', 'work'] as const).map((value) => ({ value, label: t(`calendar.kind.${value}`) }))} />
        <TextField form={form} name="note" label={t('calendar.note')} hint={t('calendar.note-hint')} maxLength={200} />
        <SubmitButton>{t('calendar.look')}</SubmitButton>
      </FormBox>
    </Section>
  );
}

const TONES: Record<CalendarChange['state'], 'due' | 'ok'> = { running: 'due', checking: 'ok', done: 'ok' };

function Changes({ changes }: Pick<Data, 'changes'>) {
  const { t } = useText();
  return (
    <Section title={t('calendar.changes')}>
      <DataTable
        caption={t('calendar.changes')}
        rows={changes}
        rowKey={(row) => row.id}
        empty=""
        columns={[
          { key: 'days', header: t('calendar.date'), cell: (row) => (row.firstDay === row.lastDay ? <DateText date={row.firstDay} /> : <><DateText date={row.firstDay} /> – <DateText date={row.lastDay} /></>) },
          { key: 'kind', header: t('calendar.kind'), cell: (row) => t(row.working === null ? 'calendar.remove' : row.working ? 'calendar.kind.work' : 'calendar.kind.off') },
          { key: 'moved', header: t('calendar.moved'), numeric: true, cell: (row) => row.moved },
          { key: 'state', header: t('calendar.state'), cell: (row) => <StatusTag tone={TONES[row.state]}>{t(row.state === 'running' ? 'calendar.state.running' : 'calendar.state.done')}</StatusTag> },
          { key: 'when', header: t('calendar.when'), cell: (row) => <InstantText at={row.madeAt} /> },
          { key: 'by', header: t('calendar.by'), cell: (row) => row.by },
        ]}
      />
    </Section>
  );
}
