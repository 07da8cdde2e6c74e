import { json, redirect, type ActionFunctionArgs, type LoaderFunctionArgs } from '@remix-run/node';
import { useActionData, useLoaderData } from '@remix-run/react';
import { z } from 'zod';
import { earliestFor, missingIn, proposeEmergencyStart, recordStart, startForm } from '~/certification';
import { reader } from '~/db';
import { authorise, signedIn } from '~/identity';
import { dateAt, isPlainDate } from '~/kernel/calendar';
import { clock } from '~/kernel/clock';
import { config } from '~/kernel/config';
import { Id, newId } from '~/kernel/id';
import { ProblemError } from '~/kernel/result';
import { textFor } from '~/text';
import { langOf } from '~/text/lang';
import { useText } from '~/text/react';
import { Banner, ButtonLink, Disclosure, FormBox, Page, Section, SubmitButton, TextAreaField, TextField, useFormReply } from '~/ui';
import { GroundList } from '~/ui/clearance/ground-list';
import { parseOneOf } from '~/ui/form.server';
import { pageTitle } from '~/ui/page-title';

export const meta = pageTitle;

const Day = z.string().refine(isPlainDate, 'field.date');
const Record = z.object({ key: Id, startedOn: Day });
const Emergency = z.object({ key: Id, startedOn: Day, reason: z.string().trim().min(10, 'field.too-short').max(2000, 'field.too-long') });

async function formOf(request: Request, id: string | undefined) {
  const actor = await signedIn(request);
  const found = await startForm(reader(), id ?? '');
  authorise(actor, 'record a start', { organisationPath: found?.post.path ?? [] });
  if (!found) throw new ProblemError({ code: 'not-found' });
  return { actor, found };
}

export async function loader({ request, params }: LoaderFunctionArgs) {
  const { found } = await formOf(request, params['id']);
  const today = dateAt(clock.now(), config().TIME_ZONE);
  const earliest = await earliestFor(reader(), params['id'] ?? '', clock.now());
  return json({
    heading: textFor(langOf(request)).t('starts.record-title', { name: found.post.name }), assignmentId: params['id'] ?? '', today,
    suggested: found.post.start_of_duty <= today ? found.post.start_of_duty : today, keys: [newId(), newId()] as const,
    open: found.open && { id: found.open.id, state: found.open.state, on: found.open.startedOn },
    earliestOn: earliest?.kind === 'date' ? earliest.on : null,
  });
}

/** Records the start, or says requirement by requirement what is missing; nothing is recorded then. */
export async function action({ request, params }: ActionFunctionArgs) {
  const { actor, found } = await formOf(request, params['id']);
  const form = await parseOneOf(request, { record: Record, emergency: Emergency });
  if (!form.ok) return form.response;
  const { key: id, ...asked } = form.value;
  if (form.form === 'emergency') {
    const proposed = await proposeEmergencyStart(actor, { id, appointmentId: found.appointmentId, ...form.value });
    return proposed.ok ? redirect(`/hr/starts/${proposed.value}?done=proposed`) : form.refuse(proposed.error);
  }
  const recorded = await recordStart(actor, { id, appointmentId: found.appointmentId, ...asked });
  if (!recorded.ok) return form.refuse(recorded.error);
  if (recorded.value.kind === 'recorded') return redirect(`/hr/starts/${recorded.value.id}?done=recorded`);
  return json({ refused: await missingIn(reader(), recorded.value.verdict.ground) }, { status: 422 });
}

export default function RecordStart() {
  const data = useLoaderData<typeof loader>();
  const answer = useActionData<typeof action>();
  const { t } = useText();
  const refused = answer && 'refused' in answer ? answer.refused : null;
  return (
    <Page title={data.heading} lead={<p>{t('starts.record-lead')}</p>} trail={[{ to: '/hr', label: t('hr.title') }, { to: `/hr/clearance/${data.assignmentId}`, label: t('clearance.page') }]}>
      {refused && <Refusal refused={refused} data={data} />}
      {data.open ? <AlreadyOpen open={data.open} /> : (
        <>
          <RecordForm data={data} on={refused?.on ?? data.suggested} />
          <EmergencyForm data={data} open={refused !== null} on={refused?.on ?? data.today} />
        </>
      )}
    </Page>
  );
}

type Data = ReturnType<typeof useLoaderData<typeof loader>>;
type Refused = Parameters<typeof GroundList>[0]['ground'];

/** Exactly what is missing, and what can be done about it. */
function Refusal({ refused, data: { earliestOn, assignmentId } }: { refused: Refused; data: Data }) {
  const { t, date } = useText();
  const none = refused.programmes.length === 0;
  return (
    <>
      <Banner tone="danger" title={t('starts.refused', { on: date(refused.on) })}>{t(none ? 'starts.nothing-assigned' : 'starts.refused-text')}</Banner>
      {!none && <Section title={t('starts.missing')}><GroundList ground={refused} missing /></Section>}
      <Section title={t('starts.what-now')}>
        <ul className="bullets">
          {earliestOn !== null && earliestOn > refused.on && <li>{t('starts.what-now-earliest', { date: date(earliestOn) })}</li>}
          {!none && <li>{t('starts.what-now-waiver')} <ButtonLink to={`/hr/clearance/${assignmentId}/waiver`} kind="quiet">{t('waiver.ask-link')}</ButtonLink></li>}
          <li>{t('starts.what-now-emergency')}</li>
        </ul>
      </Section>
    </>
  );
}

/** Nobody starts twice: what stands or waits is shown in place of the forms. */
function AlreadyOpen({ open: { id, state, on } }: { open: NonNullable<Data['open']> }) {
  const { t, date } = useText();
  return (
    <>
      <Banner tone="info" title={t(state === 'recorded' ? 'starts.already' : 'starts.already-proposed', { date: date(on) })}>{t('starts.already-text')}</Banner>
      <ButtonLink to={`/hr/starts/${id}`}>{t('starts.open')}</ButtonLink>
    </>
  );
}

function RecordForm({ data, on }: { data: Data; on: string }) {
  const { t } = useText();
  const form = useFormReply<typeof Record>({ id: 'record', defaultValue: { startedOn: on } });
  return (
    <FormBox form={form}>
      <input type="hidden" name="key" value={data.keys[0]} />
      <TextField form={form} name="startedOn" type="date" width="middle" label={t('starts.record-on')} />
      <SubmitButton>{t('starts.record-submit')}</SubmitButton>
    </FormBox>
  );
}

function EmergencyForm({ data, open, on }: { data: Data; open: boolean; on: string }) {
  const { t } = useText();
  const form = useFormReply<typeof Emergency>({ id: 'emergency', defaultValue: { startedOn: on } });
  return (
    <Disclosure summary={t('starts.emergency')} open={open || form.meta.status === 'error'}>
      <p>{t('starts.emergency-lead')}</p>
      <FormBox form={form}>
        <input type="hidden" name="key" value={data.keys[1]} />
        <TextField form={form} name="startedOn" type="date" width="middle" label={t('starts.on')} />
        <TextAreaField form={form} name="reason" label={t('starts.emergency-reason')} rows={4} />
        <SubmitButton kind="danger">{t('starts.emergency-submit')}</SubmitButton>
      </FormBox>
    </Disclosure>
  );
}
