import { json, type ActionFunctionArgs, type LoaderFunctionArgs } from '@remix-run/node';
import { Link, useActionData, useLoaderData } from '@remix-run/react';
import { checkCredential, mayCheck, noteCheck, type CheckWay, type Proof } from '~/certification';
import { reader } from '~/db';
import { actorOf, authorise, clientAddress } from '~/identity';
import { clock } from '~/kernel/clock';
import { must } from '~/kernel/result';
import { textFor } from '~/text';
import { langOf } from '~/text/lang';
import { useText } from '~/text/react';
import { Banner, Facts, InstantText, Page, Section } from '~/ui';
import { CheckForm, MoreFactForms } from '~/ui/credential/check-form';
import { CredentialFacts } from '~/ui/credential/credential-facts';
import { Standing } from '~/ui/credential/standing';
import { pageTitle } from '~/ui/page-title';

export const meta = pageTitle;

const HEADERS = { 'Cache-Control': 'no-store', 'X-Robots-Tag': 'noindex' };

/** What a stranger who scans the QR code sees: the status of this moment, and with one more fact every fact printed. */
export async function loader({ request, params }: LoaderFunctionArgs) {
  const query = new URL(request.url).searchParams;
  const code = query.get('code');
  // After a name was posted this page is asked for once more by the program itself: nobody checked twice.
  const isAgain = code === null && request.headers.has('Content-Type');
  return checked(request, params['number'] ?? '', code === null ? null : { code }, isAgain ? null : query.has('typed') ? 'code' : 'qr');
}

/** What was posted answers for itself. */
export const shouldRevalidate = ({ formMethod }: { formMethod?: string }): boolean => formMethod?.toUpperCase() !== 'POST';

/** The same with the name, which stays out of addresses and so out of logs. */
export async function action({ request, params }: ActionFunctionArgs) {
  const name = (await request.formData().catch(() => null))?.get('name');
  return checked(request, params['number'] ?? '', typeof name === 'string' ? { name } : null, 'name');
}

/** @param how null: not to be noted */
async function checked(request: Request, typed: string, proof: Proof, how: CheckWay | null) {
  authorise(await actorOf(request), 'check a credential');
  must(await mayCheck(clientAddress(request)));
  const check = await checkCredential(reader(), typed, proof);
  if (how !== null) await noteCheck(typed, check.found === 'facts' ? how : 'number', clientAddress(request));
  const { t } = textFor(langOf(request));
  const heading = check.found === 'nothing' ? t('credential.check-nothing') : t(`credential.${check.status.state}-title`);
  return json({ heading, typed, check, checkedAt: clock.now() }, { status: check.found === 'nothing' ? 404 : 200, headers: HEADERS });
}

export const headers = () => HEADERS;

type Checked = ReturnType<typeof useLoaderData<typeof loader>>;

export default function CheckedCredential() {
  const asked = useLoaderData<typeof loader>();
  const named = useActionData<typeof action>();
  const { heading, typed, check, checkedAt } = named ?? asked;
  const { t } = useText();
  return (
    <Page title={heading} trail={[{ to: '/check', label: t('credential.check-title') }]}>
      {check.found === 'nothing' ? <Banner tone="danger" title={t('credential.check-nothing-text')} /> : <Standing status={check.status} />}
      <Facts items={[
        ...(check.found === 'facts' ? [] : [{ term: t('credential.number'), value: <span className="code wrap-anywhere">{typed}</span> }]),
        ...(check.found === 'status' ? [{ term: t('credential.issuer'), value: check.status.issuer }] : []),
        { term: t('credential.checked-at'), value: <InstantText at={checkedAt} /> },
        ...replacement(check, t),
      ]} />
      {check.found === 'status' && check.wrong !== null && <Banner tone="warning" title={t(check.wrong === 'code' ? 'credential.check-wrong-code' : 'credential.check-wrong-name')} />}
      {check.found === 'facts' && (
        <Section title={t('credential.facts')}>
          <p>{t('credential.check-compare')}</p>
          <CredentialFacts snapshot={check.facts} />
        </Section>
      )}
      {check.found === 'status' && (
        <Section title={t('credential.check-add-fact')}>
          <p>{t('credential.check-add-fact-text')}</p>
          <MoreFactForms number={check.status.number} />
        </Section>
      )}
      {check.found === 'nothing' && <Section title={t('credential.check-title')}><CheckForm number={typed} /></Section>}
    </Page>
  );
}

/** Where a superseded credential leads: to its successor for whoever has shown to hold it. */
function replacement(check: Checked['check'], t: ReturnType<typeof useText>['t']) {
  if (check.found === 'nothing' || check.status.state !== 'superseded') return [];
  const number = check.found === 'facts' ? check.links.replacedBy : null;
  return [{ term: t('credential.replaced-by'), value: number === null ? t('credential.replaced-by-holder') : <Link className="code" to={`/check/${number}`}>{number}</Link> }];
}
