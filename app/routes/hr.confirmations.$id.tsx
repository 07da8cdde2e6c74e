import { json, redirect, type ActionFunctionArgs, type LoaderFunctionArgs } from '@remix-run/node';
import { useActionData, useLoaderData } from '@remix-run/react';
import { z } from 'zod';
import { cancelConfirmation, confirmationPage, missingIn, recordConfirmation } from '~/certification';
import { reader } from '~/db';
import { authorise, can, signedIn } from '~/identity';
import { isPlainDate } from '~/kernel/calendar';
import { clock } from '~/kernel/clock';
import { Id, newId } from '~/kernel/id';
import { ProblemError } from '~/kernel/result';
import { textFor } from '~/text';
import { langOf } from '~/text/lang';
import { useText } from '~/text/react';
import { Banner, ButtonLink, Disclosure, Facts, FormBox, Page, Section, SubmitButton, TextAreaField, TextField, useFormReply } from '~/ui';
import { GroundList } from '~/ui/clearance/ground-list';
import { StandingTag } from '~/ui/clearance/standing-tag';
import { parseOneOf } from '~/ui/form.server';
import { pageTitle } from '~/ui/page-title';

export const meta = pageTitle;

const Record = z.object({ key: Id, confirmedOn: z.string().refine(isPlainDate, 'field.date'), note: z.string().trim().max(1000, 'field.too-long').optional() });
const DONE = ['recorded', 'cancelled'] as const;
const Cancel = z.object({ confirmation: Id, reason: z.string().trim().min(5, 'field.too-short').max(2000, 'field.too-long') });

async function pageOf(request: Request, id: string | undefined) {
  const actor = await signedIn(request);
  const page = await confirmationPage(actor, id ?? '', clock.now());
  if (!page) {
    authorise(actor, 'see confirmations');
    throw new ProblemError({ code: 'not-found' });
  }
  return { actor, page };
}

export async function loader({ request, params }: LoaderFunctionArgs) {
  const { actor, page } = await pageOf(request, params['id']);
  const { post, records } = page;
  const done = new URL(request.url).searchParams.get('done');
  return json({
    heading: textFor(langOf(request)).t('confirmation.of', { name: post.name }), ...page, key: newId(),
    records: records.map((one) => ({ ...one, mine: one.recordedBy === actor.by })),
    mayConfirm: post.person_id !== actor.personId && can(actor, 'confirm ranks', { organisationPath: post.path }),
    done: DONE.find((one) => one === done) ?? null,
  });
}

/** Records the confirmation, or says what is missing; nothing is recorded then. */
export async function action({ request, params }: ActionFunctionArgs) {
  const { actor, page } = await pageOf(request, params['id']);
  authorise(actor, 'confirm ranks', { organisationPath: page.post.path });
  const form = await parseOneOf(request, { record: Record, cancel: Cancel });
  if (!form.ok) return form.response;
  const appointmentId = page.post.appointment_id;
  if (form.form === 'cancel') {
    const cancelled = await cancelConfirmation(actor, form.value.confirmation, form.value.reason);
    return cancelled.ok ? redirect(`/hr/confirmations/${appointmentId}?done=cancelled`) : form.refuse(cancelled.error);
  }
  const { key: id, confirmedOn, note = '' } = form.value;
  const recorded = await recordConfirmation(actor, { id, appointmentId, confirmedOn, note });
  if (!recorded.ok) return form.refuse(recorded.error);
  if (recorded.value.kind === 'recorded') return redirect(`/hr/confirmations/${appointmentId}?done=recorded`);
  return json({ refused: await missingIn(reader(), recorded.value.verdict.ground) }, { status: 422 });
}

type Data = ReturnType<typeof useLoaderData<typeof loader>>;

export default function Confirmation() {
  const data = useLoaderData<typeof loader>();
  const answer = useActionData<typeof action>();
  const { t, date } = useText();
  const refused = answer && 'refused' in answer ? answer.refused : null;
  const { post, began, ends, standing, missing, records, mayConfirm, done } = data;
  const recorded = records.some(({ state }) => state === 'recorded');
  const assignmentId = missing.programmes[0]?.assignmentId;
  return (
    <Page
      title={data.heading} lead={<p>{t('confirmation.of-lead', { began: date(began), ends: date(ends) })}</p>}
      trail={[{ to: '/hr', label: t('hr.title') }, { to: '/hr/confirmations', label: t('confirmation.title') }]}
      actions={assignmentId && <ButtonLink to={`/hr/clearance/${assignmentId}`} kind="quiet">{t('clearance.page')}</ButtonLink>}
    >
      {done && !answer && <Banner tone="success" title={t(`confirmation.done.${done}`)} />}
      {refused && <Banner tone="danger" title={t('confirmation.refused', { on: date(refused.on) })}>{refused.programmes.length === 0 ? t('confirmation.nothing-assigned') : t('starts.refused-text')}</Banner>}
      <Facts items={[
        { term: t('waiver.person'), value: <>{post.name} · {post.organisation} · {post.post}</> },
        { term: t('confirmation.state'), value: <StandingTag standing={standing} /> },
      ]} />
      {!recorded && (refused ?? missing).programmes.length > 0 && <Section title={t('confirmation.missing')}><GroundList ground={refused ?? missing} missing /></Section>}
      {!recorded && mayConfirm && <RecordForm data={data} />}
      {records.length > 0 && <Section title={t('confirmation.records')}><Records records={records} mayConfirm={mayConfirm} /></Section>}
    </Page>
  );
}

function RecordForm({ data }: { data: Data }) {
  const { t, date } = useText();
  const form = useFormReply<typeof Record>({ id: 'record', defaultValue: { confirmedOn: data.first <= data.today ? data.today : '' } });
  return (
    <Section title={t('confirmation.record')}>
      <FormBox form={form}>
        <input type="hidden" name="key" value={data.key} />
        <TextField form={form} name="confirmedOn" type="date" width="middle" label={t('confirmation.record-on')} hint={t('confirmation.record-hint', { date: date(data.first) })} />
        <TextField form={form} name="note" label={t('confirmation.note')} optional maxLength={1000} />
        <SubmitButton>{t('confirmation.record-submit')}</SubmitButton>
      </FormBox>
    </Section>
  );
}

function Records({ records, mayConfirm }: { records: Data['records']; mayConfirm: boolean }) {
  const { t, date, dateTime } = useText();
  const by = (name: string | null) => name ?? t('hr.by-system');
  const open = records.find(({ state }) => state === 'recorded');
  return (
    <>
      <ul className="bullets">
        {records.map((one) => (
          <li key={one.id}>
            {t('confirmation.state.confirmed', { date: date(one.confirmedOn) })} · {t('confirmation.recorded-by', { at: dateTime(one.recordedAt), by: by(one.recorder) })}
            {one.note && <><br />{one.note}</>}
            {one.cancelledAt !== null && <><br />{t('starts.cancelled-by', { at: dateTime(one.cancelledAt), by: by(one.canceller) })}: {one.cancelReason}</>}
          </li>
        ))}
      </ul>
      {open && mayConfirm && (open.mine ? <p className="small soft no-print">{t('confirmation.cancel-own')}</p> : <CancelForm id={open.id} />)}
    </>
  );
}

function CancelForm({ id }: { id: string }) {
  const { t } = useText();
  const form = useFormReply<typeof Cancel>({ id: 'cancel' });
  return (
    <Disclosure summary={t('confirmation.cancel')} open={form.meta.status === 'error'}>
      <p>{t('confirmation.cancel-lead')}</p>
      <FormBox form={form}>
        <input type="hidden" name="confirmation" value={id} />
        <TextAreaField form={form} name="reason" label={t('starts.cancel-reason')} rows={3} />
        <SubmitButton kind="danger">{t('confirmation.cancel')}</SubmitButton>
      </FormBox>
    </Disclosure>
  );
}
