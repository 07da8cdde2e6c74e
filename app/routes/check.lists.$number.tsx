import { json, type LoaderFunctionArgs } from '@remix-run/node';
import { Form, useLoaderData } from '@remix-run/react';
import { mayCheck } from '~/certification';
import { checkStatement } from '~/exchange';
import { actorOf, authorise, clientAddress } from '~/identity';
import { must } from '~/kernel/result';
import { textFor } from '~/text';
import { langOf } from '~/text/lang';
import { useText } from '~/text/react';
import { Button, Page, Section } from '~/ui';
import { CheckForm } from '~/ui/credential/check-form';
import { CheckedStatement } from '~/ui/hiring/checked-statement';
import { pageTitle } from '~/ui/page-title';

export const meta = pageTitle;

const HEADERS = { 'Cache-Control': 'no-store', 'X-Robots-Tag': 'noindex' };

/** What a stranger who scans the code on a hiring statement sees: whether it was signed here and as of when; with the code every row. */
export async function loader({ request, params }: LoaderFunctionArgs) {
  authorise(await actorOf(request), 'check a credential');
  must(await mayCheck(clientAddress(request)));
  const check = await checkStatement(params['number'] ?? '', (new URL(request.url).searchParams.get('code') ?? '').slice(0, 20));
  const { t } = textFor(langOf(request));
  return json({ heading: t('statement.check-title'), typed: (params['number'] ?? '').slice(0, 40), check }, { status: check.found === 'nothing' ? 404 : 200, headers: HEADERS });
}

export const headers = () => HEADERS;

export default function CheckedList() {
  const { heading, typed, check } = useLoaderData<typeof loader>();
  const { t } = useText();
  return (
    <Page title={heading} width="wide" trail={[{ to: '/check', label: t('credential.check-title') }]}>
      <CheckedStatement check={check} />
      {check.found === 'statement' && check.list.people === null && (
        <Section title={t('statement.check-add-code')}>
          <p>{t('statement.check-add-code-text')}</p>
          <Form method="get" action="/check" className="form">
            <input type="hidden" name="number" value={check.number} />
            <div className="field">
              <label className="field-label" htmlFor="code">{t('statement.code')}</label>
              <input className="input input--short" id="code" name="code" required maxLength={20} autoComplete="off" spellCheck={false} />
            </div>
            <Button kind="primary">{t('credential.check-by-code')}</Button>
          </Form>
        </Section>
      )}
      {check.found === 'nothing' && <Section title={t('credential.check-title')}><CheckForm number={typed} /></Section>}
    </Page>
  );
}
