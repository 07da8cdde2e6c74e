import { json, type LoaderFunctionArgs } from '@remix-run/node';
import { useLoaderData } from '@remix-run/react';
import { openCredential, pdfReady, qrPath } from '~/certification';
import { signedIn } from '~/identity';
import { ProblemError } from '~/kernel/result';
import { textFor } from '~/text';
import { langOf } from '~/text/lang';
import { useText } from '~/text/react';
import { Banner, ButtonLink, Page, Seal, Section } from '~/ui';
import { CredentialFacts } from '~/ui/credential/credential-facts';
import { QrCode } from '~/ui/credential/qr-code';
import { RevokedBanner } from '~/ui/credential/revoked-banner';
import { pageTitle } from '~/ui/page-title';
import { PrintButton } from '~/ui/print-button';
import { useRefresh } from '~/ui/use-refresh';

export const meta = pageTitle;

/** A credential for its holder, or for those who answer for the holder. */
export async function loader({ request, params }: LoaderFunctionArgs) {
  const actor = await signedIn(request);
  const credential = await openCredential(actor, params['number'] ?? '');
  if (!credential) throw new ProblemError({ code: 'not-found' });
  const { number, snapshot, state, state_at: stateAt, state_reason: reason } = credential;
  return json({
    heading: textFor(langOf(request)).t('credential.title'), snapshot, status: { number, state, stateAt, reason },
    qr: qrPath(snapshot.checkAddress), ready: await pdfReady(credential),
  });
}

export default function CredentialPage() {
  const { snapshot, status, qr, ready } = useLoaderData<typeof loader>();
  const { t, date, lang } = useText();
  const programme = lang === 'zh' ? snapshot.programmeZh : snapshot.programmeEn;
  useRefresh(ready ? null : 3);
  return (
    <Page title={t('credential.title')} width="wide" actions={<>
      {ready && <ButtonLink kind="primary" to={`/credentials/${snapshot.number}.pdf`} document>{t('credential.download')}</ButtonLink>}
      <PrintButton>{t('credential.print')}</PrintButton>
    </>}>
      {status.state === 'revoked' && <RevokedBanner status={status} />}
      {!ready && <Banner tone="info" title={t('credential.making')} />}
      <div className="credential">
        <h2 className="credential-title">{t('credential.title')}</h2>
        <p className="credential-number">{t('credential.number')} <span className="code">{snapshot.number}</span></p>
        <p className="credential-text">
          <span className="credential-name">{snapshot.name}</span>
          {' '}{t('credential.statement', { programme, version: snapshot.programmeVersion, date: date(snapshot.mayStartOn) })}
        </p>
        <div className="credential-foot">
          <QrCode qr={qr} label={t('credential.qr')} />
          <div className="credential-issuer">
            <Seal text={t(status.state === 'valid' ? 'credential.seal' : 'credential.seal-revoked')} tone={status.state === 'valid' ? 'valid' : 'void'} />
            <p>{snapshot.issuer}</p>
            <p>{date(snapshot.issuedOn)}</p>
          </div>
        </div>
      </div>
      <Section title={t('credential.facts')}><CredentialFacts snapshot={snapshot} /></Section>
    </Page>
  );
}
