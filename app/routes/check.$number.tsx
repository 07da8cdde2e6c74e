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
import { Banner, InstantText, Page, Section } from '~/ui';
import { CheckForm } from '~/ui/credential/check-form';
import { CredentialFacts } from '~/ui/credential/credential-facts';
import { StatusBanner } from '~/ui/credential/status-banner';
import { pageTitle } from '~/ui/page-title';

export const meta = pageTitle;

/** What a stranger who scans the QR code sees: the status of this moment, and with the check code every fact printed. */
export async function loader({ request, params }: LoaderFunctionArgs) {
  authorise(await actorOf(request), 'check a credential');
  must(await mayCheck(clientAddress(request)));
  const typed = params['number'] ?? '';
  const check = await checkCredential(reader(), typed, new URL(request.url).searchParams.get('code'));
  return json({ heading: textFor(langOf(request)).t('credential.check-title'), typed, check, checkedAt: clock.now() }, {
    status: check.found === 'nothing' ? 404 : 200,
    headers: { 'Cache-Control': 'no-store', 'X-Robots-Tag': 'noindex' },
  });
}

export const headers = () => ({ 'Cache-Control': 'no-store', 'X-Robots-Tag': 'noindex' });

export default function CheckedCredential() {
  const { typed, check, checkedAt } = useLoaderData<typeof loader>();
  const { t } = useText();
  return (
    <Page title={t('credential.check-title')} trail={[{ to: '/check', label: t('credential.check-title') }]}
      lead={<>{typed} · {t('credential.checked-at')} <InstantText at={checkedAt} /></>}>
      {check.found === 'nothing' && <Banner tone="danger" title={t('credential.check-nothing')}><p>{t('credential.check-nothing-text')}</p></Banner>}
      {check.found !== 'nothing' && <StatusBanner status={check.status} />}
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
