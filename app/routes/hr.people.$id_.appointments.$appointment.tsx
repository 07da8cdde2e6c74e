import { json, redirect, type ActionFunctionArgs, type LoaderFunctionArgs } from '@remix-run/node';
import { useLoaderData } from '@remix-run/react';
import { z } from 'zod';
import { eventsOf } from '~/audit';
import { reader } from '~/db';
import { authorise, covers, scopePaths, signedIn, type Actor } from '~/identity';
import { dateAt, isPlainDate } from '~/kernel/calendar';
import { clock } from '~/kernel/clock';
import { config } from '~/kernel/config';
import { Id } from '~/kernel/id';
import { ProblemError } from '~/kernel/result';
import { correctAppointment, endAppointment, moveAppointment, openAppointment, organisationTree, type OpenAppointment } from '~/people';
import { textFor } from '~/text';
import { langOf } from '~/text/lang';
import { useText } from '~/text/react';
import { Banner, DataTable, DateText, Facts, FormBox, Page, Section, SelectField, SubmitButton, TextField, useFormReply } from '~/ui';
import { appointmentFields } from '~/ui/appointments/appointment-fields';
import { AppointmentFields, Reason } from '~/ui/appointments/fields.server';
import { parseOneOf } from '~/ui/form.server';
import { pageTitle } from '~/ui/page-title';
import { EventList } from '~/ui/people/event-list';
import { organisationOptions } from '~/ui/people/organisation-options';
import { shownEvents } from '~/ui/people/shown-events.server';

export const meta = pageTitle;

const Correct = AppointmentFields.extend({ version: z.number().int() });
const End = z.object({ lastDay: z.string().refine(isPlainDate, 'field.date'), reason: Reason });
const Move = z.object({ organisationId: Id, reason: Reason });

async function appointmentFor(actor: Actor, personId: string, id: string): Promise<OpenAppointment> {
  authorise(actor, 'see people');
  const found = await openAppointment(actor, id);
  if (found?.held.personId !== personId) throw new ProblemError({ code: 'not-found' });
  return found;
}

export async function loader({ request, params }: LoaderFunctionArgs) {
  const actor = await signedIn(request);
  const { held, name, organisation, superior, moves } = await appointmentFor(actor, params['id'] ?? '', params['appointment'] ?? '');
  const units = (await organisationTree(reader(), scopePaths(actor, 'hr'))).filter((one) => one.id !== held.organisationId);
  return json({
    heading: textFor(langOf(request)).t('appointments.edit-title', { name }), held, name, organisation, superior, moves, today: dateAt(clock.now(), config().TIME_ZONE),
    units: units.map(({ id, name: called, code, depth }) => ({ id, name: called, code, depth })),
    mayOpenUnit: scopePaths(actor, 'hr').some((path) => covers(path, held.organisationPath)),
    events: await shownEvents(reader(), await eventsOf(reader(), { kind: 'appointment', id: held.id }, 50)),
  });
}

export async function action({ request, params }: ActionFunctionArgs) {
  const actor = await signedIn(request);
  const { held: { id, personId } } = await appointmentFor(actor, params['id'] ?? '', params['appointment'] ?? '');
  const form = await parseOneOf(request, { correct: Correct, end: End, move: Move });
  if (!form.ok) return form.response;
  const done = (what: string) => redirect(`/hr/people/${personId}?done=${what}`);
  switch (form.form) {
    case 'correct': {
      const corrected = await correctAppointment(actor, id, form.value);
      return corrected.ok ? done(corrected.value ? 'corrected' : 'unchanged') : form.refuse(corrected.error);
    }
    case 'end': {
      const ended = await endAppointment(actor, id, form.value);
      return ended.ok ? done('ended') : form.refuse(ended.error);
    }
    case 'move': {
      const moved = await moveAppointment(actor, id, form.value);
      return moved.ok ? done('moved') : form.refuse(moved.error);
    }
  }
}

type Data = ReturnType<typeof useLoaderData<typeof loader>>;

export default function OneAppointment() {
  const data = useLoaderData<typeof loader>();
  const { t, date } = useText();
  const { held, name } = data;
  const until = held.endedOn ?? held.endsOn;
  return (
    <Page title={data.heading} width="wide" trail={[{ to: '/hr/people', label: t('people.title') }, { to: `/hr/people/${held.personId}`, label: name }]}>
      {held.endedOn !== null && <Banner tone="info" title={t('appointments.over', { date: date(held.endedOn) })} />}
      <Facts items={[
        { term: t('people.unit'), value: data.organisation },
        { term: t('people.post'), value: [held.post, held.rank].filter(Boolean).join(' · ') },
        { term: t('people.nature'), value: t(`people.nature.${held.nature}`) },
        { term: t('people.start'), value: <DateText date={held.startOfDuty} far /> },
        { term: t('appointments.last-day'), value: until === null ? t('appointments.open-end') : <DateText date={until} /> },
      ]} />
      {held.endedOn === null && <>
        <Section title={t('appointments.edit')}><CorrectForm data={data} /></Section>
        {data.units.length > 0 && <Section title={t('appointments.move')}><MoveForm data={data} /></Section>}
        <Section title={t('appointments.end')}><EndForm data={data} /></Section>
      </>}
      <Section title={t('appointments.history')}><History data={data} /></Section>
    </Page>
  );
}

function CorrectForm({ data: { held, superior } }: { data: Data }) {
  const text = useText();
  const form = useFormReply<typeof Correct>({
    id: 'correct', defaultValue: { kind: held.kind, nature: held.nature, post: held.post, rank: held.rank ?? '', startOfDuty: held.startOfDuty, endsOn: held.endsOn ?? '', superior: superior ?? '' },
  });
  return (
    <>
      <p>{text.t('appointments.edit-lead')}</p>
      <FormBox form={form}>
        <input type="hidden" name="version" value={held.version} />
        {appointmentFields(form, text)}
        <SubmitButton>{text.t('person.save')}</SubmitButton>
      </FormBox>
    </>
  );
}

function MoveForm({ data: { units } }: { data: Data }) {
  const { t } = useText();
  const form = useFormReply<typeof Move>({ id: 'move' });
  return (
    <>
      <p>{t('appointments.move-lead')}</p>
      <FormBox form={form}>
        <SelectField form={form} name="organisationId" label={t('appointments.move-to')} options={organisationOptions(units)} />
        <TextField form={form} name="reason" label={t('person.reason')} hint={t('units.reason-hint')} maxLength={300} />
        <SubmitButton kind="secondary">{t('appointments.move')}</SubmitButton>
      </FormBox>
    </>
  );
}

function EndForm({ data: { today } }: { data: Data }) {
  const { t } = useText();
  const form = useFormReply<typeof End>({ id: 'end', defaultValue: { lastDay: today } });
  return (
    <>
      <p>{t('appointments.end-lead')}</p>
      <FormBox form={form}>
        <TextField form={form} name="lastDay" type="date" width="middle" label={t('appointments.last-day')} />
        <TextField form={form} name="reason" label={t('person.reason')} hint={t('units.reason-hint')} maxLength={300} />
        <SubmitButton kind="danger">{t('appointments.end')}</SubmitButton>
      </FormBox>
    </>
  );
}

function History({ data: { moves, events } }: { data: Data }) {
  const { t } = useText();
  return (
    <>
      {moves.length > 0 && (
        <DataTable
          caption={t('appointments.moves')} showCaption rows={moves} rowKey={(row) => row.on} empty=""
          columns={[
            { key: 'on', header: t('units.when'), cell: (row) => <DateText date={row.on} /> },
            { key: 'from', header: t('appointments.move-from'), cell: (row) => row.from },
            { key: 'to', header: t('appointments.move-to'), cell: (row) => row.to },
          ]}
        />
      )}
      <EventList caption={t('appointments.history')} events={events} />
    </>
  );
}
