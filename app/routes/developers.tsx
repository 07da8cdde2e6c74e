import { json, type LoaderFunctionArgs } from '@remix-run/node';
import { useLoaderData } from '@remix-run/react';
import { API_BASE, guideOf, PROBLEM_STATUSES, WEBHOOK_TRIES } from '~/exchange';
import { actorOf, APPLICATION_LIMITS, authorise } from '~/identity';
import { textFor } from '~/text';
import { langOf } from '~/text/lang';
import { useText } from '~/text/react';
import { ButtonLink, DataTable, Disclosure, Page, Section } from '~/ui';
import { Code } from '~/ui/exchange/code';
import { pageTitle } from '~/ui/page-title';

export const meta = pageTitle;

export async function loader({ request }: LoaderFunctionArgs) {
  authorise(await actorOf(request), 'use public pages');
  const { tries, seconds } = APPLICATION_LIMITS.requests;
  return json({ heading: textFor(langOf(request)).t('developers.title'), operations: guideOf(), statuses: PROBLEM_STATUSES, limits: { tries, seconds }, webhookTries: WEBHOOK_TRIES, openApi: `${API_BASE}/openapi.json` });
}

const MESSAGE = `POST /shanggang HTTP/1.1
content-type: application/json
webhook-id: 01a2316a-1ee5-716b-9cc8-23ba0d2dfbea
webhook-timestamp: 1782864000
webhook-signature: v1,K5oZfzN95Z9UVu1EsfQmfVNQhnkZ2pj9o9NDN/H/pI4=

{"type":"clearance.changed","timestamp":"2026-07-01T00:00:00.000Z","data":{"sequence":1024,"kind":"changed",…}}`;

/** Runs as it stands under Node 18 and later; the test of this page runs it. */
const VERIFY = `const { createHmac, timingSafeEqual } = require('node:crypto');

function isGenuine(secret, headers, body) {
  const id = headers['webhook-id'], time = headers['webhook-timestamp'];
  if (Math.abs(Date.now() / 1000 - Number(time)) > 300) return false;
  const key = Buffer.from(secret.slice('whsec_'.length), 'base64');
  const expected = createHmac('sha256', key).update(id + '.' + time + '.' + body).digest();
  return headers['webhook-signature'].split(' ').some((one) => {
    const given = Buffer.from(one.split(',')[1] ?? '', 'base64');
    return given.length === expected.length && timingSafeEqual(given, expected);
  });
}`;

type Operation = ReturnType<typeof useLoaderData<typeof loader>>['operations'][number];

/** The guide for developers of other systems, made from what the service is made of. */
export default function Developers() {
  const { operations, limits, webhookTries, openApi } = useLoaderData<typeof loader>();
  const { t } = useText();
  return (
    <Page title={t('developers.title')} lead={t('developers.lead')} width="wide" actions={<ButtonLink to={openApi} document>{t('developers.openapi')}</ButtonLink>}>
      <Section title={t('developers.token')}><p>{t('developers.token-text')}</p><Code>{'Authorization: Bearer sgt_…'}</Code></Section>
      <Section title={t('developers.common')}>
        <p>{t('developers.common-text')}</p><p>{t('developers.pages-text')}</p><p>{t('developers.keys-text')}</p><p>{t('developers.limits-text', limits)}</p>
      </Section>
      <Section title={t('developers.operations')}>{operations.map((one) => <OneOperation key={one.id} operation={one} />)}</Section>
      <Section title={t('developers.webhooks')} id="webhooks">
        <p>{t('developers.webhooks-text')}</p>
        <Code>{MESSAGE}</Code>
        <p>{t('developers.webhooks-order', { tries: webhookTries })}</p>
        <h3>{t('developers.webhooks-verify')}</h3>
        <Code>{VERIFY}</Code>
      </Section>
      <Section title={t('developers.problems')}><Problems /></Section>
    </Page>
  );
}

function OneOperation({ operation: { id, method, path, scope, parameters, curl, answer } }: { operation: Operation }) {
  const { t } = useText();
  return (
    <section id={id} aria-labelledby={`${id}-title`}>
      <h3 id={`${id}-title`}><span className="code">{method} {path}</span><br />{t(`api.op.${id}`)}</h3>
      <p>{t(`api.op-text.${id}`)}</p>
      <p className="soft small">{t('developers.scope', { scope })}</p>
      {parameters.length > 0 && (
        <DataTable
          caption={t('developers.parameters')}
          rows={parameters}
          rowKey={(row) => row.name}
          empty=""
          columns={[
            { key: 'name', header: t('developers.parameter'), cell: (row) => <span className="code">{row.name}</span> },
            { key: 'type', header: t('developers.type'), cell: (row) => <span className="code">{row.type}</span> },
            { key: 'required', header: t('developers.required'), cell: (row) => t(row.required ? 'developers.yes' : 'developers.no') },
          ]}
        />
      )}
      <h4>{t('developers.request')}</h4>
      <Code>{curl}</Code>
      <Disclosure summary={t('developers.response')}><Code>{answer}</Code></Disclosure>
    </section>
  );
}

function Problems() {
  const { statuses } = useLoaderData<typeof loader>();
  const { t } = useText();
  return (
    <>
      <p>{t('developers.problems-text')}</p>
      <DataTable
        caption={t('developers.problems')}
        rows={[...statuses]}
        rowKey={(row) => row}
        empty=""
        columns={[
          { key: 'status', header: t('developers.problem'), cell: (row) => <span id={`problem-${row}`} className="code">{row} {t(`api.status.${row}`)}</span> },
          { key: 'when', header: t('developers.problem-when'), cell: (row) => t(`developers.when.${row}`) },
        ]}
      />
    </>
  );
}
