import { json, redirect, type ActionFunctionArgs, type LoaderFunctionArgs } from '@remix-run/node';
import { Link, useLoaderData } from '@remix-run/react';
import { z } from 'zod';
import { reader } from '~/db';
import { attemptsOf, countDeliveries, DELIVERIES_PER_PAGE, DELIVERY_STATES, deliveriesOf, openWebhook, pauseWebhook, replayDelivery, replaySince, resumeWebhook, testWebhook } from '~/exchange';
import { authorise, signedIn, type Actor } from '~/identity';
import { addDays, dateAt, isPlainDate, startOfDate } from '~/kernel/calendar';
import { clock } from '~/kernel/clock';
import { config } from '~/kernel/config';
import { Id } from '~/kernel/id';
import { ProblemError, type Result } from '~/kernel/result';
import { useText } from '~/text/react';
import { Banner, ButtonRow, Disclosure, Facts, FormBox, InstantText, Page, PostButton, Section, SubmitButton, TextField, useFormReply } from '~/ui';
import { Attempts, Deliveries } from '~/ui/exchange/deliveries';
import { WebhookStateTag } from '~/ui/exchange/webhook-state';
import { FORM_FIELD } from '~/ui/form/form-reply';
import { parseOneOf } from '~/ui/form.server';
import { pageNumber } from '~/ui/page-number';
import { pageTitle } from '~/ui/page-title';

export const meta = pageTitle;

const Nothing = z.object({});
const FORMS = {
  test: Nothing, pause: Nothing, resume: Nothing, again: z.object({ delivery: Id }), since: z.object({ since: z.string().refine(isPlainDate, 'field.date') }),
};
const DONE = { test: 'tested', pause: 'paused', resume: 'resumed', again: 'replayed', since: 'replayed' } as const;
const DONES = ['tested', 'paused', 'resumed', 'replayed'] as const;

export async function loader({ request, params }: LoaderFunctionArgs) {
  const actor = await signedIn(request);
  authorise(actor, 'see administration');
  const webhook = await openWebhook(actor, params['id'] ?? '');
  if (!webhook) throw new ProblemError({ code: 'not-found' });
  const query = new URL(request.url).searchParams;
  const state = DELIVERY_STATES.find((one) => one === query.get('state'));
  const count = await countDeliveries(reader(), webhook.id, state);
  const pageCount = Math.max(1, Math.ceil(count / DELIVERIES_PER_PAGE));
  const page = Math.min(pageNumber(request.url), pageCount);
  const { id, applicationId, application, isUsable, organisation, url, kinds, madeAt, waiting, dead } = webhook;
  return json({
    heading: hostOf(url), id, applicationId, application, organisation, url, kinds, madeAt, waiting, dead, state: isUsable ? webhook.state : 'unusable' as const, paused: webhook.state === 'paused',
    deliveries: await deliveriesOf(reader(), id, { state, page }), count, page, pageCount, filtered: state !== undefined, attempts: await attemptsOf(reader(), id),
    since: addDays(dateAt(clock.now(), config().TIME_ZONE), -1), done: DONES.find((one) => one === query.get('done')) ?? null,
  });
}

const hostOf = (url: string): string => new URL(url).host;

export async function action({ request, params }: ActionFunctionArgs) {
  const actor = await signedIn(request);
  authorise(actor, 'see administration');
  const form = await parseOneOf(request, FORMS);
  if (!form.ok) return form.response;
  const id = params['id'] ?? '';
  const done = await act(actor, id, form);
  return done.ok ? redirect(`/admin/webhooks/${id}?done=${DONE[form.form]}`) : form.refuse(done.error);
}

type Asked = { form: 'test' | 'pause' | 'resume' } | { form: 'again'; value: { delivery: string } } | { form: 'since'; value: { since: string } };

function act(actor: Actor, id: string, asked: Asked): Promise<Result<null>> {
  switch (asked.form) {
    case 'test': return testWebhook(actor, id);
    case 'pause': return pauseWebhook(actor, id);
    case 'resume': return resumeWebhook(actor, id);
    case 'again': return replayDelivery(actor, id, asked.value.delivery);
    case 'since': return replaySince(actor, id, startOfDate(asked.value.since, config().TIME_ZONE));
  }
}

export default function OneWebhook() {
  const { heading, done, applicationId, application, ...data } = useLoaderData<typeof loader>();
  const { t } = useText();
  return (
    <Page
      title={t('webhooks.heading', { host: heading })} width="wide"
      trail={[{ to: '/admin', label: t('admin.title') }, { to: '/admin/applications', label: t('applications.title') }, { to: `/admin/applications/${applicationId}`, label: application }]}
      actions={<Actions />}
    >
      {done && <Banner tone="success" title={t(`webhooks.done.${done}`)} />}
      {data.dead > 0 && <Banner tone="warning" title={t('webhooks.dead-count', { count: data.dead })}><p>{t('webhooks.dead-text', { count: data.dead })}</p></Banner>}
      <Facts items={[
        { term: t('webhooks.state'), value: <WebhookStateTag state={data.state} /> },
        { term: t('webhooks.url'), value: <span className="code">{data.url}</span> },
        { term: t('webhooks.kinds'), value: data.kinds.map((kind) => <div key={kind}>{t(`webhooks.kind.${kind}`)}</div>) },
        { term: t('webhooks.organisation'), value: data.organisation },
        { term: t('webhooks.since'), value: <InstantText at={data.madeAt} /> },
        { term: t('webhooks.waiting'), value: data.waiting },
        { term: t('webhooks.dead'), value: data.dead },
      ]} />
      <p className="soft small">{t('webhooks.verify-text')} <Link to="/developers#webhooks">{t('applications.docs')}</Link></p>
      <Replay since={data.since} />
      <Section title={t('webhooks.deliveries')}><Deliveries {...data} /></Section>
      <Disclosure summary={t('webhooks.attempts')}><Attempts attempts={data.attempts} /></Disclosure>
    </Page>
  );
}

function Actions() {
  const { paused } = useLoaderData<typeof loader>();
  const { t } = useText();
  return (
    <ButtonRow>
      <PostButton fields={{ [FORM_FIELD]: 'test' }}>{t('webhooks.test')}</PostButton>
      {paused ? <PostButton fields={{ [FORM_FIELD]: 'resume' }} kind="primary">{t('webhooks.resume')}</PostButton> : <PostButton fields={{ [FORM_FIELD]: 'pause' }}>{t('webhooks.pause')}</PostButton>}
    </ButtonRow>
  );
}

function Replay({ since }: { since: string }) {
  const { t } = useText();
  const form = useFormReply<(typeof FORMS)['since']>({ id: 'since', defaultValue: { since } });
  return (
    <Disclosure summary={t('webhooks.replay')} open={form.meta.status === 'error'}>
      <p>{t('webhooks.replay-text')}</p>
      <FormBox form={form}>
        <TextField form={form} name="since" type="date" label={t('webhooks.replay-since')} width="middle" />
        <SubmitButton kind="secondary">{t('webhooks.replay-do')}</SubmitButton>
      </FormBox>
    </Disclosure>
  );
}
