import { json, redirect, type ActionFunctionArgs, type LoaderFunctionArgs } from '@remix-run/node';
import { Link, useActionData, useLoaderData } from '@remix-run/react';
import { z } from 'zod';
import { reader } from '~/db';
import { API_BASE, requestsOf, webhooksOfApplication } from '~/exchange';
import { authorise, openApplication, renewApplication, revokeApplication, signedIn } from '~/identity';
import { addDays, dateAt, isPlainDate } from '~/kernel/calendar';
import { clock } from '~/kernel/clock';
import { config, publicUrl } from '~/kernel/config';
import { ProblemError } from '~/kernel/result';
import { useText } from '~/text/react';
import { Banner, ButtonLink, DataTable, DateText, Disclosure, Facts, FormBox, InstantText, Page, Section, SubmitButton, TextField, useFormReply } from '~/ui';
import { ApplicationStateTag } from '~/ui/exchange/application-state';
import { FreshToken } from '~/ui/exchange/fresh-token';
import { WebhookStateTag } from '~/ui/exchange/webhook-state';
import { parseOneOf } from '~/ui/form.server';
import { pageTitle } from '~/ui/page-title';

export const meta = pageTitle;

const Renew = z.object({ expiresOn: z.string().refine(isPlainDate, 'field.date') });
const Revoke = z.object({ reason: z.string().trim().min(2, 'field.too-short').max(300) });

export async function loader({ request, params }: LoaderFunctionArgs) {
  const actor = await signedIn(request);
  authorise(actor, 'see administration');
  const application = await openApplication(actor, params['id'] ?? '');
  if (!application) throw new ProblemError({ code: 'not-found' });
  const today = dateAt(clock.now(), config().TIME_ZONE);
  const { id, name, organisation, scopes, tokenEnd, createdAt, expiresOn, lastUsedAt, revokedAt, revokeReason } = application;
  const state = revokedAt !== null ? 'revoked' as const : expiresOn < today ? 'expired' as const : 'active' as const;
  return json({
    heading: name, id, name, organisation, scopes, tokenEnd, createdAt, expiresOn, lastUsedAt, revokedAt, revokeReason, state, renewUntil: addDays(today, 365),
    webhooks: (await webhooksOfApplication(reader(), id, today)).map(({ id: webhookId, url, organisation: about, isUsable, waiting, dead, ...webhook }) => ({
      id: webhookId, url, organisation: about, waiting, dead, state: isUsable ? webhook.state : 'unusable' as const,
    })),
    requests: await requestsOf(reader(), id), done: new URL(request.url).searchParams.get('done') === 'revoked',
  });
}

export async function action({ request, params }: ActionFunctionArgs) {
  const actor = await signedIn(request);
  authorise(actor, 'see administration');
  const id = params['id'] ?? '';
  const form = await parseOneOf(request, { renew: Renew, revoke: Revoke });
  if (!form.ok) return form.response;
  if (form.form === 'revoke') {
    const revoked = await revokeApplication(actor, id, form.value.reason);
    return revoked.ok ? redirect(`/admin/applications/${id}?done=revoked`) : form.refuse(revoked.error);
  }
  const renewed = await renewApplication(actor, id, form.value.expiresOn);
  if (!renewed.ok) return form.refuse(renewed.error);
  return json({ fresh: { ...renewed.value, address: `${publicUrl()}${API_BASE}/people` } }, { headers: { 'Cache-Control': 'no-store' } });
}

export default function OneApplication() {
  const { name, done, requests, webhooks, ...data } = useLoaderData<typeof loader>();
  const answer = useActionData<typeof action>();
  const { t, dateTime } = useText();
  return (
    <Page title={name} width="wide" trail={[{ to: '/admin', label: t('admin.title') }, { to: '/admin/applications', label: t('applications.title') }]}>
      {answer && 'fresh' in answer && <FreshToken {...answer.fresh} />}
      {done && <Banner tone="success" title={t('applications.done.revoked')} />}
      <Facts items={[
        { term: t('applications.state'), value: <ApplicationStateTag state={data.state} /> },
        ...(data.revokedAt === null ? [] : [{ term: t('applications.state.revoked'), value: t('applications.revoked', { at: dateTime(data.revokedAt), reason: data.revokeReason ?? '' }) }]),
        { term: t('applications.organisation'), value: data.organisation },
        { term: t('applications.scopes'), value: data.scopes.map((scope) => <div key={scope}>{t(`applications.scope.${scope}`)}</div>) },
        { term: t('applications.token'), value: <>{t('applications.token-end', { end: '' })}<span className="code">{data.tokenEnd}</span></> },
        { term: t('applications.expires'), value: <DateText date={data.expiresOn} /> },
        { term: t('applications.created'), value: <InstantText at={data.createdAt} /> },
        { term: t('applications.last-used'), value: data.lastUsedAt === null ? t('applications.never') : <InstantText at={data.lastUsedAt} /> },
      ]} />
      {data.state !== 'revoked' && <Section title={t('applications.token')}><RenewForm /><RevokeForm /></Section>}
      {(data.scopes.includes('clearances.read') || webhooks.length > 0) && <Webhooks webhooks={webhooks} to={data.state === 'active' ? `/admin/applications/${data.id}/webhooks` : null} />}
      <Section title={t('applications.requests')}>
        <p className="soft small">{t('applications.requests-text')}</p>
        <DataTable
          caption={t('applications.requests')}
          rows={requests}
          rowKey={(row) => row.id}
          empty={<p>{t('applications.requests-none')}</p>}
          columns={[
            { key: 'at', header: t('applications.at'), cell: (row) => <InstantText at={row.at} /> },
            { key: 'request', header: t('applications.request'), cell: (row) => <span className="code">{row.method} {row.path}</span> },
            { key: 'status', header: t('applications.answer'), cell: (row) => row.status, numeric: true },
            { key: 'ms', header: t('applications.took'), cell: (row) => row.ms, numeric: true },
          ]}
        />
      </Section>
    </Page>
  );
}

/** @param to where one more is set up; null while the token does not work */
function Webhooks({ webhooks, to }: { webhooks: ReturnType<typeof useLoaderData<typeof loader>>['webhooks']; to: string | null }) {
  const { t } = useText();
  return (
    <Section title={t('webhooks.title')} actions={to !== null && <ButtonLink to={to}>{t('webhooks.new')}</ButtonLink>}>
      <p className="soft small">{t('webhooks.text')}</p>
      <DataTable
        caption={t('webhooks.title')} rows={webhooks} rowKey={(row) => row.id} empty={t('webhooks.none')}
        columns={[
          { key: 'url', header: t('webhooks.url'), cell: (row) => <Link to={`/admin/webhooks/${row.id}`} className="code">{row.url}</Link> },
          { key: 'organisation', header: t('webhooks.organisation'), cell: (row) => row.organisation },
          { key: 'state', header: t('webhooks.state'), cell: (row) => <WebhookStateTag state={row.state} /> },
          { key: 'waiting', header: t('webhooks.waiting'), cell: (row) => row.waiting, numeric: true },
          { key: 'dead', header: t('webhooks.dead'), cell: (row) => row.dead, numeric: true },
        ]}
      />
    </Section>
  );
}

function RenewForm() {
  const { renewUntil } = useLoaderData<typeof loader>();
  const { t } = useText();
  const form = useFormReply<typeof Renew>({ id: 'renew', defaultValue: { expiresOn: renewUntil } });
  return (
    <Disclosure summary={t('applications.renew')} open={form.meta.status === 'error'}>
      <p>{t('applications.renew-text')}</p>
      <FormBox form={form}>
        <TextField form={form} name="expiresOn" type="date" label={t('applications.expires')} hint={t('applications.expires-hint')} width="middle" />
        <SubmitButton kind="secondary">{t('applications.renew-do')}</SubmitButton>
      </FormBox>
    </Disclosure>
  );
}

function RevokeForm() {
  const { name } = useLoaderData<typeof loader>();
  const { t } = useText();
  const form = useFormReply<typeof Revoke>({ id: 'revoke' });
  return (
    <Disclosure summary={t('applications.revoke')} open={form.meta.status === 'error'}>
      <p>{t('applications.revoke-text', { name })}</p>
      <FormBox form={form}>
        <TextField form={form} name="reason" label={t('applications.revoke-reason')} maxLength={300} />
        <SubmitButton kind="danger">{t('applications.revoke-do')}</SubmitButton>
      </FormBox>
    </Disclosure>
  );
}
