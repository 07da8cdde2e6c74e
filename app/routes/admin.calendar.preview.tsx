import { json, redirect, type ActionFunctionArgs, type LoaderFunctionArgs } from '@remix-run/node';
import { useLoaderData } from '@remix-run/react';
import { z } from 'zod';
import { changeCalendar, previewCalendar } from '~/certification';
import { reader } from '~/db';
import { authorise, signedIn } from '~/identity';
import { isPlainDate } from '~/kernel/calendar';
import { clock } from '~/kernel/clock';
import { textFor } from '~/text';
import { langOf } from '~/text/lang';
import { useText } from '~/text/react';
import { ButtonLink, Counts, DataTable, DateText, Facts, FormBox, Page, Section, SubmitButton, useFormReply } from '~/ui';
import { parseForm } from '~/ui/form.server';
import { pageTitle } from '~/ui/page-title';

export const meta = pageTitle;

const KINDS = { 'off': false, 'work': true, 'built-in': null } as const;
const Day = z.string().refine(isPlainDate, 'field.date');
const Note = z.string().trim().max(200, 'field.too-long').default('');
const Asked = z.object({ from: Day, until: Day.optional(), kind: z.enum(['off', 'work', 'built-in']), note: Note });
const Save = Asked.extend({ seen: z.number().int().min(0) });
const MOST_GROUPS = 50;

/** Whose due dates would move, before anything is saved. */
export async function loader({ request }: LoaderFunctionArgs) {
  authorise(await signedIn(request), 'set the calendar');
  const asked = Asked.safeParse(Object.fromEntries(new URL(request.url).searchParams));
  if (!asked.success) throw redirect('/admin/calendar');
  const { from, until = from, kind, note } = asked.data;
  const effect = await previewCalendar(reader(), { from, until, working: KINDS[kind] }, clock.now());
  if (!effect.ok) throw redirect('/admin/calendar');
  const { lang, t } = textFor(langOf(request));
  const { groups, ...numbers } = effect.value;
  return json({
    heading: t('calendar.preview'), from, until, kind, note, ...numbers, more: Math.max(0, groups.length - MOST_GROUPS),
    groups: groups.slice(0, MOST_GROUPS).map(({ title, source, ...one }) => ({ ...one, title: title[lang], startOfDuty: source.by === 'rule' ? source.startOfDuty : null })),
  });
}

export async function action({ request }: ActionFunctionArgs) {
  const actor = await signedIn(request);
  authorise(actor, 'set the calendar');
  const form = await parseForm(request, Save);
  if (!form.ok) return form.response;
  const { from, until = from, kind, note, seen } = form.value;
  const changed = await changeCalendar(actor, { from, until, working: KINDS[kind], note }, seen);
  return changed.ok ? redirect(`/admin/calendar?done=${kind === 'built-in' ? 'removed' : 'saved'}`) : form.refuse(changed.error);
}

type Data = ReturnType<typeof useLoaderData<typeof loader>>;

export default function CalendarPreview() {
  const data = useLoaderData<typeof loader>();
  const { from, until, kind, note, people, earlier, later, late } = data;
  const { t, date } = useText();
  return (
    <Page title={data.heading} lead={t(people === 0 ? 'calendar.preview-none' : 'calendar.preview-lead')} width="wide" trail={[{ to: '/admin', label: t('shell.nav-admin') }, { to: '/admin/calendar', label: t('calendar.title') }]}>
      <Facts items={[
        { term: t('calendar.date'), value: from === until ? date(from) : `${date(from)} – ${date(until)}` },
        { term: t('calendar.kind'), value: t(kind === 'built-in' ? 'calendar.remove' : `calendar.kind.${kind}`) },
        ...(note === '' ? [] : [{ term: t('calendar.note'), value: note }]),
      ]} />
      {people > 0 && (
        <>
          <Counts items={[
            { label: t('calendar.moves'), value: people, tone: 'due' }, { label: t('calendar.earlier'), value: earlier }, { label: t('calendar.later'), value: later },
            { label: t('calendar.late'), value: late, tone: late > 0 ? 'bad' : 'neutral' },
          ]} />
          <Groups data={data} />
        </>
      )}
      <SaveForm key={people} data={data} />
    </Page>
  );
}

function Groups({ data: { groups, more } }: { data: Data }) {
  const { t } = useText();
  return (
    <Section title={t('calendar.groups')}>
      <DataTable
        caption={t('calendar.groups')}
        rows={groups}
        rowKey={(row) => `${row.title} ${row.startOfDuty ?? ''} ${row.dueOn} ${row.newDueOn}`}
        empty=""
        columns={[
          { key: 'programme', header: t('calendar.programme'), cell: (row) => row.title },
          { key: 'start', header: t('calendar.start'), cell: (row) => (row.startOfDuty === null ? t('calendar.renewal') : <DateText date={row.startOfDuty} />) },
          { key: 'now', header: t('calendar.due-now'), cell: (row) => <DateText date={row.dueOn} /> },
          { key: 'new', header: t('calendar.due-new'), cell: (row) => <DateText date={row.newDueOn} far /> },
          { key: 'people', header: t('calendar.people'), cell: (row) => row.people, numeric: true },
        ]}
      />
      {more > 0 && <p>{t('calendar.more', { more })}</p>}
    </Section>
  );
}

function SaveForm({ data: { from, until, kind, note, people } }: { data: Data }) {
  const { t } = useText();
  const form = useFormReply<typeof Save>();
  return (
    <Section title={t('calendar.save-title')}>
      <p>{t('calendar.stays')}</p>
      <FormBox form={form}>
        {Object.entries({ from, until, kind, note, seen: people }).map(([name, value]) => <input key={name} type="hidden" name={name} value={value} />)}
        <SubmitButton>{people === 0 ? t('calendar.save') : t('calendar.save-moving', { people })}</SubmitButton>
        <ButtonLink to="/admin/calendar" kind="quiet">{t('calendar.back')}</ButtonLink>
      </FormBox>
    </Section>
  );
}
