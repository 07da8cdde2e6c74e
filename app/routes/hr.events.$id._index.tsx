import { json, redirect, type ActionFunctionArgs, type LoaderFunctionArgs } from '@remix-run/node';
import { Form, useActionData, useLoaderData } from '@remix-run/react';
import { z } from 'zod';
import { addAttendees, ATTENDANCE, cancelEvent, openEvent, recordAttendance } from '~/certification';
import { can, signedIn } from '~/identity';
import { dateAt } from '~/kernel/calendar';
import { clock } from '~/kernel/clock';
import { config } from '~/kernel/config';
import { Id } from '~/kernel/id';
import { ProblemError, type Problem } from '~/kernel/result';
import { useText } from '~/text/react';
import { Banner, Button, ButtonLink, DataTable, DateText, Disclosure, EmptyState, Facts, FormBox, Page, Section, SubmitButton, TextAreaField, TextField, useFormReply } from '~/ui';
import { parseOneOf } from '~/ui/form.server';
import { pageTitle } from '~/ui/page-title';

export const meta = pageTitle;

const Add = z.object({ numbers: z.string().trim().max(30_000, 'field.too-long') });
const Cancel = z.object({ reason: z.string().trim().min(2, 'field.too-short').max(300, 'field.too-long') });
const Hours = z.coerce.number().min(0, 'field.too-low').max(1000, 'field.too-high');
/** One row of the list: named by its id, so that it works without JavaScript. */
const Attend = z.object({ id: z.array(Id).max(2000), state: z.array(z.enum(ATTENDANCE)).max(2000), leave: z.array(Hours).max(2000) })
  .refine((one) => one.id.length === one.state.length && one.id.length === one.leave.length, 'field.invalid');

export async function loader({ request, params }: LoaderFunctionArgs) {
  const actor = await signedIn(request);
  const found = await openEvent(actor, params['id'] ?? '');
  if (!found) throw new ProblemError({ code: 'not-found' });
  const { event, attendees } = found;
  const query = new URL(request.url).searchParams;
  const done = query.get('done');
  return json({
    heading: event.title, event, attendees, mayHold: can(actor, 'hold events', { organisationPath: event.path }) && event.state === 'planned',
    begun: event.fromOn <= dateAt(clock.now(), config().TIME_ZONE),
    done: done === 'added' || done === 'marked' ? { what: done, n: Math.floor(Number(query.get('n'))) || 0 } : null,
  });
}

export async function action({ request, params }: ActionFunctionArgs) {
  const actor = await signedIn(request);
  const id = params['id'] ?? '';
  if (!(await openEvent(actor, id))) throw new ProblemError({ code: 'not-found' });
  const form = await parseOneOf(request, { add: Add, attend: Attend, cancel: Cancel });
  if (!form.ok) return form.response;
  switch (form.form) {
    case 'add': { const added = await addAttendees(actor, id, form.value.numbers); return added.ok ? redirect(`/hr/events/${id}?done=added&n=${added.value}`) : form.refuse(added.error); }
    case 'cancel': { const gone = await cancelEvent(actor, id, form.value.reason); return gone.ok ? redirect(`/hr/events/${id}`) : form.refuse(gone.error); }
    case 'attend': {
      const marks = form.value.id.map((one, i) => ({ id: one, state: form.value.state[i] ?? 'expected' as const, leave: Math.round((form.value.leave[i] ?? 0) * 100) }));
      const marked = await recordAttendance(actor, id, marks);
      return marked.ok ? redirect(`/hr/events/${id}?done=marked&n=${marked.value}`) : form.refuse(marked.error);
    }
  }
}

export default function EventPage() {
  const { event, attendees, mayHold, done } = useLoaderData<typeof loader>();
  const answer = useActionData<typeof action>();
  const { t } = useText();
  return (
    <Page title={event.title} width="wide" trail={[{ to: '/hr/events', label: t('records.events') }]} actions={attendees.length > 0 && <ButtonLink to={`/hr/events/${event.id}/sheet`}>{t('records.event-sheet')}</ButtonLink>}>
      {done && !answer && <Banner tone="success" title={t(done.what === 'added' ? 'records.event-added' : 'records.event-marked', { n: done.n })} />}
      {event.state === 'cancelled' && <Banner tone="warning" title={t('records.event-cancelled', { reason: event.endReason ?? '' })} />}
      <Facts items={[
        { term: t('records.event-when'), value: event.fromOn === event.untilOn ? <DateText date={event.fromOn} far /> : <><DateText date={event.fromOn} far /> – <DateText date={event.untilOn} /></> },
        { term: t('records.event-place'), value: event.place },
        { term: t('records.event-series'), value: <span className="code">{event.series}</span> },
        { term: t('records.event-hours'), value: event.hundredths / 100 },
        { term: t('records.event-capacity'), value: event.capacity ?? t('records.event-no-limit') },
        { term: t('records.past-organisation'), value: event.organisation },
      ]} />
      <Section title={t('records.event-roster')}><p className="soft">{t('records.event-rule')}</p><Roster /></Section>
      {mayHold && <Section title={t('records.event-add')}><AddForm key={attendees.length} /></Section>}
      {mayHold && event.there === 0 && <CancelForm />}
    </Page>
  );
}

function Roster() {
  const { attendees, mayHold, begun } = useLoaderData<typeof loader>();
  const answer = useActionData<typeof action>();
  const { t, problem } = useText();
  const open = mayHold && begun;
  const table = (
    <DataTable
      caption={t('records.event-roster')}
      rows={attendees}
      rowKey={(row) => row.id}
      empty={<EmptyState title={t('records.event-roster-none')} />}
      columns={[
        { key: 'name', header: t('records.person'), cell: (row) => <>{row.name}<br /><small className="figures">{row.number}</small></> },
        { key: 'unit', header: t('records.col.organisation'), cell: (row) => row.organisation ?? '' },
        {
          key: 'state', header: t('records.event-attendance'), cell: (row) => (open ? (
            <>
              <input type="hidden" name="id" value={row.id} />
              <select className="input" name="state" defaultValue={row.state} aria-label={`${row.name} ${t('records.event-attendance')}`}>
                {STATES.map((state) => <option key={state} value={state}>{t(`records.attended.${state}`)}</option>)}
              </select>
            </>
          ) : t(`records.attended.${row.state}`)),
        },
        {
          key: 'leave', header: t('records.event-leave'), cell: (row) => (open
            ? <input className="input input--short" name="leave" inputMode="decimal" defaultValue={row.leave / 100} aria-label={`${row.name} ${t('records.event-leave')}`} /> : row.leave / 100),
        },
      ]}
    />
  );
  if (!open || attendees.length === 0) return table;
  const faults: Problem[] = answer && answer.form === 'attend' ? Object.values(answer.reply.error ?? {}).flatMap((one) => (one ?? []) as Problem[]) : [];
  return (
    <Form method="post" className="stack">
      <input type="hidden" name="__form" value="attend" />
      {faults.length > 0 && <div className="error-summary" role="alert"><ul>{faults.map((one, i) => <li key={i}>{problem(one)}</li>)}</ul></div>}
      {table}
      <Button kind="primary">{t('records.event-mark')}</Button>
    </Form>
  );
}

// Named here too: the room's list is the server's.
const STATES = ['expected', 'attended', 'left-early', 'absent'] as const;

function AddForm() {
  const { t } = useText();
  const form = useFormReply<typeof Add>({ id: 'add' });
  return (
    <FormBox form={form}>
      <TextAreaField form={form} name="numbers" label={t('records.event-numbers')} hint={t('records.event-numbers-hint')} rows={5} />
      <SubmitButton kind="secondary">{t('records.event-add-save')}</SubmitButton>
    </FormBox>
  );
}

function CancelForm() {
  const { t } = useText();
  const form = useFormReply<typeof Cancel>({ id: 'cancel' });
  return (
    <Disclosure summary={t('records.event-cancel')} open={form.meta.status === 'error'}>
      <p>{t('records.event-cancel-text')}</p>
      <FormBox form={form}>
        <TextField form={form} name="reason" label={t('records.reason')} maxLength={300} />
        <SubmitButton kind="danger">{t('records.event-cancel')}</SubmitButton>
      </FormBox>
    </Disclosure>
  );
}
