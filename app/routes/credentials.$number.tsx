import { json, type LoaderFunctionArgs } from '@remix-run/node';
import { Link, useLoaderData } from '@remix-run/react';
import { checksOf, eventsOfCredential, linksOf, openCredential, pdfReady, qrPath, statusOf } from '~/certification';
import { reader } from '~/db';
import { can, signedIn } from '~/identity';
import { dateAt } from '~/kernel/calendar';
import { clock } from '~/kernel/clock';
import { config } from '~/kernel/config';
import { ProblemError } from '~/kernel/result';
import { textFor } from '~/text';
import { wordCredentialReason } from '~/text/credential-reason';
import { langOf } from '~/text/lang';
import { useText } from '~/text/react';
import { Banner, ButtonLink, DataTable, DateText, Facts, InstantText, Page, Seal, Section } from '~/ui';
import { BadgeDownloads } from '~/ui/credential/badge-downloads';
import { CredentialFacts } from '~/ui/credential/credential-facts';
import { QrCode } from '~/ui/credential/qr-code';
import { Standing, StandingTag } from '~/ui/credential/standing';
import { pageTitle } from '~/ui/page-title';
import { PrintButton } from '~/ui/print-button';
import { useRefresh } from '~/ui/use-refresh';

export const meta = pageTitle;

/** A credential for its holder, or for those who answer for the holder. */
export async function loader({ request, params }: LoaderFunctionArgs) {
  const actor = await signedIn(request);
  const credential = await openCredential(actor, params['number'] ?? '');
  if (!credential) throw new ProblemError({ code: 'not-found' });
  const { snapshot, id, person_id: personId } = credential;
  return json({
    heading: textFor(langOf(request)).t('credential.title'), snapshot, status: statusOf(credential, dateAt(clock.now(), config().TIME_ZONE)),
    qr: qrPath(snapshot.checkAddress), ready: await pdfReady(credential), links: await linksOf(reader(), credential),
    events: await eventsOfCredential(reader(), { id, personId }), checks: await checksOf(reader(), id),
    mayManage: can(actor, 'revoke a credential', { organisationPath: credential.organisation_path }),
  });
}

type Data = ReturnType<typeof useLoaderData<typeof loader>>;

export default function CredentialPage() {
  const data = useLoaderData<typeof loader>();
  const { snapshot, status, ready } = data;
  const { t } = useText();
  useRefresh(ready ? null : 3);
  return (
    <Page title={t('credential.title')} width="wide" actions={<>
      {ready && <ButtonLink kind="primary" to={`/credentials/${snapshot.number}.pdf`} document>{t('credential.download')}</ButtonLink>}
      <PrintButton>{t('credential.print')}</PrintButton>
      {data.mayManage && <ButtonLink kind="quiet" to={`/hr/credentials/${snapshot.number}`}>{t('credential.manage')}</ButtonLink>}
    </>}>
      {status.state !== 'valid' && <Standing status={status} />}
      {!ready && <Banner tone="info" title={t('credential.making')} />}
      <Sheet data={data} />
      <State data={data} />
      <BadgeDownloads number={snapshot.number} />
      <Section title={t('credential.facts')}><CredentialFacts snapshot={snapshot} /></Section>
      <History data={data} />
      <Checks data={data} />
    </Page>
  );
}

const STATEMENTS = { 'before-start-of-duty': 'credential.statement', 'before-confirmation': 'credential.statement-confirmation', 'none': 'credential.statement-none' } as const;

function Sheet({ data: { snapshot, status, qr } }: { data: Data }) {
  const { t, date, lang } = useText();
  const programme = lang === 'zh' ? snapshot.programmeZh : snapshot.programmeEn;
  const look = snapshot.template?.content;
  const isValid = status.state === 'valid';
  const seal = isValid ? t(snapshot.gate === 'before-start-of-duty' ? 'credential.seal' : 'credential.seal-standard') : t(`credential.state.${status.state}`);
  return (
    <div className="credential">
      <h2 className="credential-title">{look ? look[lang === 'zh' ? 'titleZh' : 'titleEn'] : t('credential.title')}</h2>
      <p className="credential-number">{t('credential.number')} <span className="code">{snapshot.number}</span></p>
      <p className="credential-text">
        <span className="credential-name">{snapshot.name}</span>
        {' '}{t(STATEMENTS[snapshot.gate], { programme, version: snapshot.programmeVersion, date: date(snapshot.mayStartOn) })}
      </p>
      <div className="credential-foot">
        <QrCode qr={qr} label={t('credential.qr')} />
        <div className="credential-issuer">
          <Seal text={seal} tone={isValid ? 'valid' : 'void'} />
          <p>{snapshot.issuer}</p>
          <p>{date(snapshot.issuedOn)}</p>
        </div>
      </div>
    </div>
  );
}

/** How it stands now, which the paper cannot know. */
function State({ data: { status, links } }: { data: Data }) {
  const { t } = useText();
  return (
    <Section title={t('credential.state')}>
      <Facts items={[
        { term: t('credential.state'), value: <StandingTag state={status.state} /> },
        { term: t('credential.valid-from'), value: status.validFrom === null ? <InstantText at={status.issuedAt} /> : <DateText date={status.validFrom} /> },
        { term: t('credential.valid-until'), value: status.validUntil === null ? t('credential.no-end') : <DateText date={status.validUntil} /> },
        ...(links.replaces === null ? [] : [{ term: t('credential.replaces-any'), value: <Link className="code" to={`/credentials/${links.replaces}`}>{links.replaces}</Link> }]),
        ...(links.replacedBy === null ? [] : [{ term: t('credential.replaced-by'), value: <Link className="code" to={`/credentials/${links.replacedBy}`}>{links.replacedBy}</Link> }]),
      ]} />
    </Section>
  );
}

function History({ data: { events } }: { data: Data }) {
  const text = useText();
  const { t } = text;
  return (
    <Section title={t('credential.history')}>
      <DataTable
        caption={t('credential.history')}
        rows={events}
        rowKey={(row) => `${row.what} ${row.at}`}
        empty=""
        columns={[
          { key: 'what', header: t('credential.history-what'), cell: (row) => t(`credential.history-${row.what}`) },
          { key: 'when', header: t('credential.history-when'), cell: (row) => <InstantText at={row.at} /> },
          { key: 'why', header: t('credential.history-why'), cell: (row) => (row.reason === null ? '' : wordCredentialReason(text, row.reason)) },
        ]}
      />
    </Section>
  );
}

/** Who wanted to know whether it is valid: as much as may be noted about strangers. */
function Checks({ data: { checks } }: { data: Data }) {
  const { t } = useText();
  return (
    <Section title={t('credential.checks')}>
      <p>{t('credential.checks-lead')}</p>
      <DataTable
        caption={t('credential.checks')}
        rows={checks}
        rowKey={(row) => `${row.day} ${row.how} ${row.network}`}
        empty={t('credential.checks-none')}
        columns={[
          { key: 'day', header: t('credential.checks-day'), cell: (row) => <DateText date={row.day} /> },
          { key: 'how', header: t('credential.checks-how'), cell: (row) => t(`credential.check-how.${row.how}`) },
          { key: 'network', header: t('credential.checks-network'), cell: (row) => t(`credential.check-network.${row.network}`) },
          { key: 'times', header: t('credential.checks-times'), cell: (row) => row.times, numeric: true },
          { key: 'last', header: t('credential.checks-last'), cell: (row) => <InstantText at={row.last_at} /> },
        ]}
      />
    </Section>
  );
}
