import { json, type LoaderFunctionArgs } from '@remix-run/node';
import { Link, useLoaderData } from '@remix-run/react';
import { reader } from '~/db';
import { webhooksWithDead } from '~/exchange';
import { applicationsOf, authorise, scopePaths, signedIn } from '~/identity';
import { dateAt } from '~/kernel/calendar';
import { clock } from '~/kernel/clock';
import { config } from '~/kernel/config';
import { textFor } from '~/text';
import { langOf } from '~/text/lang';
import { useText } from '~/text/react';
import { Banner, ButtonLink, DataTable, DateText, InstantText, Page } from '~/ui';
import { ApplicationStateTag } from '~/ui/exchange/application-state';
import { pageTitle } from '~/ui/page-title';

export const meta = pageTitle;

export async function loader({ request }: LoaderFunctionArgs) {
  const actor = await signedIn(request);
  authorise(actor, 'see administration');
  const today = dateAt(clock.now(), config().TIME_ZONE);
  const applications = (await applicationsOf(actor)).map(({ id, name, organisation, scopes, expiresOn, lastUsedAt, revokedAt, tokenEnd }) => ({
    id, name, organisation, scopes, expiresOn, lastUsedAt, tokenEnd, state: revokedAt !== null ? 'revoked' as const : expiresOn < today ? 'expired' as const : 'active' as const,
  }));
  return json({ heading: textFor(langOf(request)).t('applications.title'), applications, undelivered: await webhooksWithDead(reader(), scopePaths(actor, 'administrator')) });
}

/** Which other systems may ask something, and whether they do. */
export default function Applications() {
  const { applications, undelivered } = useLoaderData<typeof loader>();
  const { t } = useText();
  return (
    <Page title={t('applications.title')} lead={t('applications.lead')} width="wide" trail={[{ to: '/admin', label: t('admin.title') }]}
      actions={<><ButtonLink to="/admin/applications/new" kind="primary">{t('applications.new')}</ButtonLink><ButtonLink to="/developers">{t('applications.docs')}</ButtonLink></>}>
      {undelivered.length > 0 && (
        <Banner tone="warning" title={t('webhooks.undelivered')}>
          <ul>{undelivered.map((one) => <li key={one.id}><Link to={`/admin/webhooks/${one.id}?state=dead`}>{one.application}{' · '}<span className="code">{one.url}</span></Link>{' '}{t('webhooks.dead-count', { count: one.dead })}</li>)}</ul>
        </Banner>
      )}
      <DataTable
        caption={t('applications.title')}
        rows={applications}
        rowKey={(row) => row.id}
        empty={<p>{t('applications.none')}</p>}
        columns={[
          { key: 'name', header: t('applications.name'), cell: (row) => <Link to={`/admin/applications/${row.id}`}>{row.name}</Link> },
          { key: 'organisation', header: t('applications.organisation'), cell: (row) => row.organisation },
          { key: 'scopes', header: t('applications.scopes'), cell: (row) => row.scopes.map((scope) => <div key={scope}>{t(`applications.scope.${scope}`)}</div>) },
          { key: 'expires', header: t('applications.expires'), cell: (row) => <DateText date={row.expiresOn} /> },
          { key: 'used', header: t('applications.last-used'), cell: (row) => (row.lastUsedAt === null ? t('applications.never') : <InstantText at={row.lastUsedAt} />) },
          { key: 'state', header: t('applications.state'), cell: (row) => <ApplicationStateTag state={row.state} /> },
        ]}
      />
    </Page>
  );
}
