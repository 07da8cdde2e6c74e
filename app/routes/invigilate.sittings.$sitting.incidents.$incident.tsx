import { json, redirect, type ActionFunctionArgs, type LoaderFunctionArgs } from '@remix-run/node';
import { useLoaderData } from '@remix-run/react';
import { z } from 'zod';
import { applyIncident, undoIncident, viewIncident } from '~/exams';
import { authorise, signedIn } from '~/identity';
import { clock, hours } from '~/kernel/clock';
import { config } from '~/kernel/config';
import { localTimeAt } from '~/kernel/calendar';
import { must, ProblemError } from '~/kernel/result';
import { useText } from '~/text/react';
import { Banner, CheckboxField, Disclosure, Facts, FormBox, InstantText, Page, Section, SubmitButton, TextField, useFormReply } from '~/ui';
import { parseOneOf } from '~/ui/form.server';
import { CreditTable } from '~/ui/incident/credit-table';
import { shownLines } from '~/ui/incident/shown-lines.server';
import { pageTitle } from '~/ui/page-title';

export const meta = pageTitle;

const Apply = z.object({ reopen: z.boolean().default(false) });
const Undo = z.object({ reason: z.string().trim().min(2, 'field.too-short').max(300, 'field.too-long') });

/** Later than that after an incident, candidates have gone home: exams are opened again only when somebody chooses it. */
const STILL_THERE = hours(1);

export async function loader({ request, params }: LoaderFunctionArgs) {
  const actor = await signedIn(request);
  authorise(actor, 'see sittings');
  const { incident, lines, waiting, mayAct, names, sitting } = must(await viewIncident(actor, params['incident'] ?? ''));
  if (incident.sittingId !== params['sitting']) throw new ProblemError({ code: 'not-found' });
  const { title, roomName, from, to, basis, recoveryMinutes, state, appliedAt, undoneAt, undoReason } = incident;
  const zone = config().TIME_ZONE;
  const nameOf = (by: string | null): string => (by === null ? '' : names.get(by) ?? by);
  return json({
    heading: title, sitting: { id: sitting.id, title: sitting.title }, mayAct,
    incident: {
      roomName, from, until: localTimeAt(to, zone).slice(11), basis, recoveryMinutes, state, appliedAt, undoneAt, undoReason,
      recordedBy: nameOf(incident.recordedBy), appliedBy: nameOf(incident.appliedBy), undoneBy: nameOf(incident.undoneBy),
    },
    lines: shownLines(lines), waiting,
    credited: lines.filter(({ credit, effect }) => credit > 0 && effect !== 'reopen').length,
    reopens: lines.filter(({ effect }) => effect === 'reopen').length,
    stillThere: clock.now() < incident.to + STILL_THERE,
  }, { headers: { 'Cache-Control': 'no-store' } });
}

export async function action({ request, params }: ActionFunctionArgs) {
  const actor = await signedIn(request);
  authorise(actor, 'invigilate');
  const form = await parseOneOf(request, { apply: Apply, undo: Undo });
  if (!form.ok) return form.response;
  const id = params['incident'] ?? '';
  const done = form.form === 'apply' ? await applyIncident(actor, id, form.value) : await undoIncident(actor, id, form.value.reason);
  return done.ok ? redirect(`/invigilate/sittings/${params['sitting'] ?? ''}/incidents/${id}`) : form.refuse(done.error);
}

type Data = ReturnType<typeof useLoaderData<typeof loader>>;

export default function IncidentPage() {
  const data = useLoaderData<typeof loader>();
  const { t } = useText();
  const { incident } = data;
  return (
    <Page title={data.heading} width="wide" trail={[
      { to: `/invigilate/sittings/${data.sitting.id}`, label: data.sitting.title }, { to: `/invigilate/sittings/${data.sitting.id}/incidents`, label: t('incident.title') },
    ]}>
      <State data={data} />
      <Facts items={[
        { term: t('incident.where'), value: incident.roomName ?? t('incident.whole-sitting') },
        { term: t('incident.when'), value: <><InstantText at={incident.from} />–{incident.until}</> },
        { term: t('incident.basis'), value: t(`incident.basis.${incident.basis}`) },
        { term: t('incident.recovery'), value: incident.recoveryMinutes },
        { term: t('incident.recorded-by'), value: incident.recordedBy },
      ]} />
      <Section title={t('incident.candidates')}>
        {incident.state === 'recorded' && <p>{t('incident.preview-lead')}</p>}
        <CreditTable lines={data.lines} expected={incident.state === 'recorded'} />
        {data.waiting && <Waiting {...data.waiting} />}
      </Section>
      {data.mayAct && incident.state === 'recorded' && <ApplyForm data={data} />}
      {data.mayAct && incident.state !== 'undone' && <UndoForm applied={incident.state === 'applied'} />}
    </Page>
  );
}

function State({ data: { incident } }: { data: Data }) {
  const { t, dateTime } = useText();
  const at = (instant: number | null) => (instant === null ? '' : dateTime(instant));
  switch (incident.state) {
    case 'recorded': return <Banner tone="warning" title={t('incident.preview-title')} />;
    case 'applied': return <Banner tone="success" title={t('incident.applied-title', { at: at(incident.appliedAt), by: incident.appliedBy })} />;
    case 'undone': return (
      <Banner tone="info" title={t('incident.undone-title', { at: at(incident.undoneAt), by: incident.undoneBy, reason: incident.undoReason ?? '' })}>
        {incident.appliedAt === null && <p>{t('incident.withdrawn')}</p>}
      </Banner>
    );
  }
}

function Waiting({ people, windowUntil }: { people: number; windowUntil: number }) {
  const { t, dateTime } = useText();
  return <p>{t('incident.waiting', { people, until: dateTime(windowUntil) })}</p>;
}

function ApplyForm({ data: { credited, reopens, stillThere } }: { data: Data }) {
  const { t } = useText();
  const form = useFormReply<typeof Apply>({ id: 'apply', defaultValue: stillThere ? { reopen: 'on' } : {} });
  return (
    <FormBox form={form}>
      <p>{t('incident.apply-lead', { people: credited })}</p>
      {reopens > 0 && <CheckboxField form={form} name="reopen" label={t('incident.reopen', { people: reopens })} hint={t(stillThere ? 'incident.reopen-hint' : 'incident.reopen-late-hint')} />}
      <SubmitButton>{t('incident.apply')}</SubmitButton>
    </FormBox>
  );
}

function UndoForm({ applied }: { applied: boolean }) {
  const { t } = useText();
  const form = useFormReply<typeof Undo>({ id: 'undo' });
  return (
    <Disclosure summary={t('incident.undo')} open={form.meta.status === 'error'}>
      <p>{t(applied ? 'incident.undo-applied' : 'incident.undo-recorded')}</p>
      <FormBox form={form}>
        <TextField form={form} name="reason" label={t('incident.undo-reason')} maxLength={300} />
        <SubmitButton kind="danger">{t('incident.undo-save')}</SubmitButton>
      </FormBox>
    </Disclosure>
  );
}
