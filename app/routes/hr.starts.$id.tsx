import { json, redirect, type ActionFunctionArgs, type LoaderFunctionArgs } from '@remix-run/node';
import { useActionData, useLoaderData } from '@remix-run/react';
import { z } from 'zod';
import { cancelStart, decideStart, startPage } from '~/certification';
import { authorise, can, signedIn } from '~/identity';
import { ProblemError } from '~/kernel/result';
import { textFor } from '~/text';
import { langOf } from '~/text/lang';
import { useText } from '~/text/react';
import { Banner, Disclosure, Facts, FormBox, Page, RadioField, Section, SubmitButton, TextAreaField, useFormReply } from '~/ui';
import { GroundList } from '~/ui/clearance/ground-list';
import { BasisTag, StartTag } from '~/ui/clearance/start-words';
import { parseOneOf } from '~/ui/form.server';
import { pageTitle } from '~/ui/page-title';

export const meta = pageTitle;

const Reason = z.string().trim().min(5, 'field.too-short').max(2000, 'field.too-long');
const Decide = z.object({ decision: z.enum(['confirm', 'refuse']), reason: Reason });
const Cancel = z.object({ reason: Reason });
const DONE = ['recorded', 'proposed', 'confirmed', 'refused', 'cancelled'] as const;

export async function loader({ request, params }: LoaderFunctionArgs) {
  const actor = await signedIn(request);
  const page = await startPage(actor, params['id'] ?? '');
  if (!page) {
    authorise(actor, 'see starts');
    throw new ProblemError({ code: 'not-found' });
  }
  const { start, post } = page;
  const done = new URL(request.url).searchParams.get('done');
  const own = start.personId === actor.personId;
  return json({
    heading: textFor(langOf(request)).t('starts.one', { name: post.name }), ...page, done: DONE.find((one) => one === done) ?? null, own,
    mine: start.askedBy === actor.by, mayRecord: !own && can(actor, 'record a start', { organisationPath: post.path }),
    mayDecide: !own && can(actor, 'decide on starts', { organisationPath: post.path }),
  });
}

export async function action({ request, params }: ActionFunctionArgs) {
  const actor = await signedIn(request);
  const id = params['id'] ?? '';
  authorise(actor, 'see starts');
  const form = await parseOneOf(request, { decide: Decide, cancel: Cancel });
  if (!form.ok) return form.response;
  if (form.form === 'cancel') {
    const cancelled = await cancelStart(actor, id, form.value.reason);
    return cancelled.ok ? redirect(`/hr/starts/${id}?done=cancelled`) : form.refuse(cancelled.error);
  }
  const confirm = form.value.decision === 'confirm';
  const decided = await decideStart(actor, id, confirm, form.value.reason);
  return decided.ok ? redirect(`/hr/starts/${id}?done=${confirm ? 'confirmed' : 'refused'}`) : form.refuse(decided.error);
}

type Data = ReturnType<typeof useLoaderData<typeof loader>>;

export default function StartRecord() {
  const data = useLoaderData<typeof loader>();
  const refused = useActionData<typeof action>();
  const { t, date } = useText();
  const { start, post, ground, done, own } = data;
  return (
    <Page
      title={data.heading} lead={<p>{t(`starts.one-lead.${start.state}`, { date: date(start.startedOn), basis: t(`starts.basis.${start.basis}`) })}</p>}
      trail={own ? [{ to: '/home', label: t('clearance.own-trail') }] : [{ to: '/hr/starts', label: t('starts.title') }]}
    >
      {done && !refused && <Banner tone="success" title={t(`starts.done.${done}`)} />}
      <Facts items={[
        { term: t('waiver.person'), value: <>{post.name} · {post.organisation} · {post.post}</> },
        { term: t('starts.basis'), value: <BasisTag basis={start.basis} /> },
        { term: t('starts.state'), value: <StartTag state={start.state} /> },
        ...(start.reason ? [{ term: t('starts.reason'), value: <span className="lines">{start.reason}</span> }] : []),
      ]} />
      <Acts data={data} />
      <Section title={t('starts.ground')}>
        <p>{t('starts.ground-lead')}</p>
        {ground.programmes.length === 0 ? <p>{t('starts.nothing-assigned')}</p> : <GroundList ground={ground} />}
      </Section>
      <Section title={t('starts.history')}><Story data={data} /></Section>
    </Page>
  );
}

function Story({ data: { start, asker, decider, canceller } }: { data: Data }) {
  const { t, dateTime } = useText();
  const by = (name: string | null) => name ?? t('hr.by-system');
  return (
    <ul className="bullets">
      <li>{t(start.basis === 'emergency' ? 'starts.proposed-by' : 'starts.asked-by', { at: dateTime(start.askedAt), by: by(asker) })}</li>
      {start.decidedAt !== null && <li>{t('starts.decided-by', { at: dateTime(start.decidedAt), by: by(decider) })}<br /><span className="lines">{start.decisionReason}</span></li>}
      {start.cancelledAt !== null && <li>{t('starts.cancelled-by', { at: dateTime(start.cancelledAt), by: by(canceller) })}<br /><span className="lines">{start.cancelReason}</span></li>}
    </ul>
  );
}

/** What this reader can do about it; or who can. */
function Acts({ data }: { data: Data }) {
  const { t, date } = useText();
  const { start, post, mine, mayDecide, mayRecord } = data;
  if (start.state === 'proposed') {
    if (mine) return <><p>{t('starts.own-proposal')}</p>{mayRecord && <CancelForm back />}</>;
    return mayDecide && (
      <Section title={t('starts.decide')}>
        <p>{t('starts.decide-lead', { name: post.name, date: date(start.startedOn) })}</p>
        <DecideForm />
      </Section>
    );
  }
  if (start.state !== 'recorded') return null;
  if (mine) return <p className="small soft no-print">{t('starts.cancel-own')}</p>;
  return mayDecide && <CancelForm />;
}

function DecideForm() {
  const { t } = useText();
  const form = useFormReply<typeof Decide>({ id: 'decide' });
  return (
    <FormBox form={form}>
      <RadioField form={form} name="decision" label={t('starts.decide')} options={[{ value: 'confirm', label: t('starts.confirm') }, { value: 'refuse', label: t('starts.refuse') }]} />
      <TextAreaField form={form} name="reason" label={t('starts.decision-reason')} rows={3} />
      <SubmitButton>{t('waiver.decide')}</SubmitButton>
    </FormBox>
  );
}

function CancelForm({ back }: { back?: boolean }) {
  const { t } = useText();
  const form = useFormReply<typeof Cancel>({ id: 'cancel' });
  return (
    <Disclosure summary={t(back ? 'starts.take-back' : 'starts.cancel')} open={form.meta.status === 'error'}>
      {!back && <p>{t('starts.cancel-lead')}</p>}
      <FormBox form={form}>
        <TextAreaField form={form} name="reason" label={t(back ? 'starts.take-back-reason' : 'starts.cancel-reason')} rows={3} />
        <SubmitButton kind="danger">{t(back ? 'starts.take-back' : 'starts.cancel')}</SubmitButton>
      </FormBox>
    </Disclosure>
  );
}
