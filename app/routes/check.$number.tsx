import { json, type LoaderFunctionArgs } from '@remix-run/node';
import { useLoaderData } from '@remix-run/react';
import { checkCredential, mayCheck } from '~/certification';
import { reader } from '~/db';
import { actorOf, authorise, clientAddress } from '~/identity';
import { clock } from '~/kernel/clock';
import { must } from '~/kernel/result';
import { textFor } from '~/text';
import { langOf } from '~/text/lang';
import { useText } from '~/text/react';
import { Banner, Facts, InstantText, Page, Seal, Section } from '~/ui';
import { CheckForm } from '~/ui/credential/check-form';
import { CredentialFacts } from '~/ui/credential/credential-facts';
import { RevokedBanner } from '~/ui/credential/revoked-banner';
import { pageTitle } from '~/ui/page-title';

export const meta = pageTitle;

/** What a stranger who scans the QR code sees: the status of this moment, and with the check code every fact printed. */
export async function loader({ request, params }: LoaderFunctionArgs) {
  authorise(await actorOf(request), 'check a credential');
  must(await mayCheck(clientAddress(request)));
  const typed = params['number'] ?? '';
  const check = await checkCredential(reader(), typed, new URL(request.url).searchParams.get('code'));
  const { t } = textFor(langOf(request));
  const heading = check.found === 'nothing' ? t('credential.check-nothing') : t(`credential.${check.status.state}-title`);
  return json({ heading, typed, check, checkedAt: clock.now() }, {
    status: check.found === 'nothing' ? 404 : 200,
    headers: { 'Cache-Control': 'no-store', 'X-Robots-Tag': 'noindex' },
  });
}

export const headers = () => ({ 'Cache-Control': 'no-store', 'X-Robots-Tag': 'noindex' });

type Check = ReturnType<typeof useLoaderData<typeof loader>>['check'];

export default function CheckedCredential() {
  const { heading, typed, check, checkedAt } = useLoaderData<typeof loader>();
  const { t } = useText();
  return (
    <Page title={heading} trail={[{ to: '/check', label: t('credential.check-title') }]}>
      <Answer check={check} />
      <Facts items={[
        ...(check.found === 'facts' ? [] : [{ term: t('credential.number'), value: <span className="code wrap-anywhere">{typed}</span> }]),
        { term: t('credential.checked-at'), value: <InstantText at={checkedAt} /> },
      ]} />
      {check.found === 'status' && check.wrongCode && <Banner tone="warning" title={t('credential.check-wrong-code')} />}
      {check.found === 'facts' && (
        <Section title={t('credential.facts')}>
          <p>{t('credential.check-compare')}</p>
          <CredentialFacts snapshot={check.facts} />
        </Section>
      )}
      {check.found !== 'facts' && (
        <Section title={t(check.found === 'status' ? 'credential.check-add-code' : 'credential.check-title')}><CheckForm number={typed} /></Section>
      )}
    </Page>
  );
}

/** What the title says, once more with its reason. */
function Answer({ check }: { check: Check }) {
  const { t, dateTime } = useText();
  if (check.found === 'nothing') return <Banner tone="danger" title={t('credential.check-nothing-text')} />;
  if (check.status.state === 'revoked') return <RevokedBanner status={check.status} />;
  return (
    <div className="verdict-line">
      <Seal text={t('credential.state.valid')} />
      <p>{t('credential.valid-since', { at: dateTime(check.status.stateAt) })}</p>
    </div>
  );
}
