import { json, redirect, type ActionFunctionArgs, type LoaderFunctionArgs } from '@remix-run/node';
import { Link, useLoaderData } from '@remix-run/react';
import { z } from 'zod';
import { MOST_RECOVERY, recordIncident, sittingIncidents } from '~/exams';
import { authorise, signedIn } from '~/identity';
import { instantAt, localTimeAt } from '~/kernel/calendar';
import { clock } from '~/kernel/clock';
import { config } from '~/kernel/config';
import { Id, newId } from '~/kernel/id';
import { must } from '~/kernel/result';
import { textFor } from '~/text';
import { langOf } from '~/text/lang';
import { useText } from '~/text/react';
import { Banner, DataTable, FormBox, InstantText, Page, RadioField, Section, SelectField, StatusTag, SubmitButton, TextField, useFormReply } from '~/ui';
import { parseForm } from '~/ui/form.server';
import { pageTitle } from '~/ui/page-title';

export const meta = pageTitle;

/** Everybody in the sitting, as the form names them. */
const EVERYBODY = 'all';

const LocalTime = z.string().refine((text) => instantAt(text, config().TIME_ZONE) !== null, 'field.date');
const Typed = z.object({
  key: Id,
  title: z.string().trim().min(2, 'field.too-short').max(100, 'field.too-long'),
  where: z.union([z.literal(EVERYBODY), Id]),
  from: LocalTime,
  to: LocalTime,
  basis: z.enum(['evidence', 'whole']),
  recoveryMinutes: z.number().int().min(0, 'field.too-low').max(MOST_RECOVERY, 'field.too-high'),
});

export async function loader({ request, params }: LoaderFunctionArgs) {
  const actor = await signedIn(request);
  authorise(actor, 'see sittings');
  const { sitting, incidents, mayActIn } = must(await sittingIncidents(actor, params['sitting'] ?? ''));
  const zone = config().TIME_ZONE;
  return json({
    heading: textFor(langOf(request)).t('incident.title'),
    sitting: { id: sitting.id, title: sitting.title }, zone, key: newId(), now: localTimeAt(clock.now(), zone),
    rooms: mayActIn.map((room) => ({ value: room?.id ?? EVERYBODY, name: room?.name ?? null })),
    incidents: incidents.map(({ id, title, roomName, from, to, state, credits }) => ({
      id, title, roomName, from, to, until: localTimeAt(to, zone).slice(11), state, credited: credits.filter(({ credit }) => credit > 0).length, total: credits.length,
    })),
  });
}

export async function action({ request, params }: ActionFunctionArgs) {
  const actor = await signedIn(request);
  authorise(actor, 'invigilate');
  const form = await parseForm(request, Typed);
  if (!form.ok) return form.response;
  const { key, where, from, to, ...rest } = form.value;
  const sittingId = params['sitting'] ?? '';
  const recorded = await recordIncident(actor, {
    ...rest, id: key, sittingId, roomId: where === EVERYBODY ? null : where, from: instantOf(from), to: instantOf(to),
  });
  return recorded.ok ? redirect(`/invigilate/sittings/${sittingId}/incidents/${recorded.value}`) : form.refuse(recorded.error);
}

const instantOf = (local: string): number => instantAt(local, config().TIME_ZONE) ?? 0;

type Data = ReturnType<typeof useLoaderData<typeof loader>>;

export default function Incidents() {
  const data = useLoaderData<typeof loader>();
  const { t } = useText();
  return (
    <Page title={t('incident.title')} lead={t('incident.lead')} width="wide" trail={[
      { to: '/invigilate', label: t('invigilate.title') }, { to: `/invigilate/sittings/${data.sitting.id}`, label: data.sitting.title },
    ]}>
      <Banner tone="info" title={t('incident.while')} />
      <Section title={t('incident.list')}><List data={data} /></Section>
      {data.rooms.length > 0 && <Section title={t('incident.new')}><NewIncident key={data.key} data={data} /></Section>}
    </Page>
  );
}

const TONES = { recorded: 'due', applied: 'ok', undone: 'neutral' } as const;

function List({ data }: { data: Data }) {
  const { t } = useText();
  return (
    <DataTable
      caption={t('incident.list')}
      rows={data.incidents}
      rowKey={(row) => row.id}
      empty={t('incident.none')}
      columns={[
        { key: 'name', header: t('incident.name'), cell: (row) => <Link to={`/invigilate/sittings/${data.sitting.id}/incidents/${row.id}`}>{row.title}</Link> },
        { key: 'where', header: t('incident.where'), cell: (row) => row.roomName ?? t('incident.whole-sitting') },
        { key: 'when', header: t('incident.when'), cell: (row) => <><InstantText at={row.from} />–{row.until}</> },
        { key: 'state', header: t('incident.state'), cell: (row) => <StatusTag tone={TONES[row.state]}>{t(`incident.state.${row.state}`)}</StatusTag> },
        { key: 'credited', header: t('incident.credit'), cell: (row) => (row.total === 0 ? '' : t('incident.summary', { credited: row.credited, total: row.total })) },
      ]}
    />
  );
}

function NewIncident({ data }: { data: Data }) {
  const { t } = useText();
  const form = useFormReply<typeof Typed>({ defaultValue: { basis: 'evidence', recoveryMinutes: '5', from: data.now, to: data.now, where: data.rooms[0]?.value } });
  const hint = t('incident.time-hint', { zone: data.zone });
  return (
    <FormBox form={form}>
      <input type="hidden" name="key" value={data.key} />
      <TextField form={form} name="title" label={t('incident.name')} hint={t('incident.name-hint')} maxLength={100} />
      <SelectField form={form} name="where" label={t('incident.where')} options={data.rooms.map(({ value, name }) => ({ value, label: name ?? t('incident.whole-sitting') }))} />
      <TextField form={form} name="from" type="datetime-local" label={t('incident.from')} hint={hint} width="middle" />
      <TextField form={form} name="to" type="datetime-local" label={t('incident.to')} hint={hint} width="middle" />
      <RadioField form={form} name="basis" label={t('incident.basis')} options={[
        { value: 'evidence', label: t('incident.basis.evidence'), hint: t('incident.basis.evidence-hint') },
        { value: 'whole', label: t('incident.basis.whole'), hint: t('incident.basis.whole-hint') },
      ]} />
      <TextField form={form} name="recoveryMinutes" type="number" inputMode="numeric" width="short" label={t('incident.recovery')} hint={t('incident.recovery-hint')} />
      <SubmitButton>{t('incident.save')}</SubmitButton>
    </FormBox>
  );
}
