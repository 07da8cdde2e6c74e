import { json, redirect, type ActionFunctionArgs, type LoaderFunctionArgs } from '@remix-run/node';
import { useActionData, useLoaderData } from '@remix-run/react';
import { z } from 'zod';
import { reader } from '~/db';
import { authorise, signedIn } from '~/identity';
import { clock, days } from '~/kernel/clock';
import { publicUrl } from '~/kernel/config';
import { ProblemError } from '~/kernel/result';
import { BODY_EXAMPLES, BODY_PLACEHOLDERS, changeGateway, findGateway, lastFailureOf, resultsOfGateway, tryGateway, type Tried } from '~/notices';
import { textFor } from '~/text';
import { langOf } from '~/text/lang';
import { useText } from '~/text/react';
import { Banner, DataTable, FormBox, InstantText, Page, Section, StatusTag, SubmitButton, TextField, useFormReply } from '~/ui';
import { parseOneOf } from '~/ui/form.server';
import { GatewayFieldsForm } from '~/ui/notices/gateway-form';
import { GatewayFields } from '~/ui/notices/gateway-form.server';
import { ResultTag } from '~/ui/notices/proof';
import { pageTitle } from '~/ui/page-title';

export const meta = pageTitle;

const Try = z.object({ address: z.string().trim().min(1, 'field.required').max(200, 'field.too-long') });
const LOOKS_BACK = days(7);

export async function loader({ request, params }: LoaderFunctionArgs) {
  authorise(await signedIn(request), 'set notices');
  const gateway = await findGateway(reader(), params['id'] ?? '');
  if (!gateway) throw new ProblemError({ code: 'not-found' });
  const { secret: _, ...shown } = gateway;
  const since = clock.now() - LOOKS_BACK;
  return json({
    heading: gateway.name, gateway: shown, examples: BODY_EXAMPLES, placeholders: BODY_PLACEHOLDERS, results: await resultsOfGateway(reader(), gateway.id, since), failure: await lastFailureOf(reader(), gateway.id, since),
    saved: new URL(request.url).searchParams.get('done') === 'saved',
  });
}

export async function action({ request, params }: ActionFunctionArgs) {
  const actor = await signedIn(request);
  authorise(actor, 'set notices');
  const id = params['id'] ?? '';
  const form = await parseOneOf(request, { change: GatewayFields, try: Try });
  if (!form.ok) return form.response;
  if (form.form === 'change') {
    const { signingPassword: secret, version, ...fields } = form.value;
    const changed = await changeGateway(actor, id, version ?? 0, { ...fields, secret });
    return changed.ok ? redirect(`/admin/gateways/${id}?done=saved`) : form.refuse(changed.error);
  }
  const { t } = textFor(langOf(request));
  const tried = await tryGateway(actor, id, { address: form.value.address, subject: t('gateways.try-subject'), text: t('gateways.try-words'), link: `${publicUrl()}/notices` });
  return tried.ok ? json({ tried: tried.value }) : form.refuse(tried.error);
}

export default function OneGateway() {
  const { gateway, saved, results, failure } = useLoaderData<typeof loader>();
  const answer = useActionData<typeof action>();
  const { t } = useText();
  return (
    <Page title={gateway.name} trail={[{ to: '/admin', label: t('shell.nav-admin') }, { to: '/admin/gateways', label: t('gateways.title') }]}>
      {saved && !answer && <Banner tone="success" title={t('gateways.saved')} />}
      {answer && 'tried' in answer && <Outcome tried={answer.tried} />}
      <p><StatusTag tone={gateway.active ? 'ok' : 'neutral'}>{t(gateway.active ? 'gateways.on' : 'gateways.off')}</StatusTag></p>
      <Section title={t('gateways.results')}>
        <DataTable
          caption={t('gateways.results')} rows={results} rowKey={(row) => row.result} empty={<p>{t('gateways.results-none')}</p>}
          columns={[{ key: 'result', header: t('gateways.result'), cell: (row) => <ResultTag result={row.result} /> }, { key: 'count', header: t('gateways.count'), cell: (row) => row.count, numeric: true }]}
        />
        {failure && <p>{t('gateways.last-error')}{' '}<InstantText at={failure.at} />{' '}<span className="code">{failure.detail}</span></p>}
      </Section>
      <Section title={t('gateways.try')}><TryForm /></Section>
      <Section title={t('gateways.edit')}><ChangeForm /></Section>
    </Page>
  );
}

const TONES = { sent: 'success', uncertain: 'warning', refused: 'danger', failed: 'danger' } as const;

function Outcome({ tried }: { tried: Tried }) {
  const { t } = useText();
  return <Banner tone={TONES[tried.result]} title={t(`gateways.tried.${tried.result}`, { detail: 'detail' in tried ? tried.detail : '' })} />;
}

function TryForm() {
  const { t } = useText();
  const form = useFormReply<typeof Try>({ id: 'try' });
  return (
    <>
      <p>{t('gateways.try-text')}</p>
      <FormBox form={form}>
        <TextField form={form} name="address" label={t('gateways.try-address')} width="middle" />
        <SubmitButton kind="secondary">{t('gateways.try-do')}</SubmitButton>
      </FormBox>
    </>
  );
}

function ChangeForm() {
  const { gateway, examples, placeholders } = useLoaderData<typeof loader>();
  const { version, name, kind, url, addressedBy, body, knowsRepeats, active } = gateway;
  const form = useFormReply<typeof GatewayFields>({ id: 'change', defaultValue: { name, kind, url, addressedBy, body, knowsRepeats, active } });
  return <GatewayFieldsForm form={form} examples={examples} placeholders={placeholders} kept version={version} />;
}
