import { json, type LoaderFunctionArgs } from '@remix-run/node';
import { Link, useLoaderData } from '@remix-run/react';
import { reader } from '~/db';
import { authorise, signedIn } from '~/identity';
import { config } from '~/kernel/config';
import { allGateways } from '~/notices';
import { textFor } from '~/text';
import { langOf } from '~/text/lang';
import { useText } from '~/text/react';
import { ButtonLink, DataTable, EmptyState, Page, Section, StatusTag } from '~/ui';
import { pageTitle } from '~/ui/page-title';

export const meta = pageTitle;

export async function loader({ request }: LoaderFunctionArgs) {
  authorise(await signedIn(request), 'set notices');
  const { SMTP_URL: smtp, MAIL_FROM: from } = config();
  return json({
    heading: textFor(langOf(request)).t('gateways.title'), mail: smtp ? { server: new URL(smtp).host, from } : null,
    gateways: (await allGateways(reader())).map(({ id, name, kind, url, active }) => ({ id, name, kind, url, active })),
  });
}

/** By which ways people are told outside of the product. */
export default function Gateways() {
  const { gateways, mail } = useLoaderData<typeof loader>();
  const { t } = useText();
  return (
    <Page title={t('gateways.title')} lead={t('gateways.lead')} width="wide" trail={[{ to: '/admin', label: t('shell.nav-admin') }]} actions={<ButtonLink to="/admin/gateways/new" kind="primary">{t('gateways.new')}</ButtonLink>}>
      <DataTable
        caption={t('gateways.title')} rows={gateways} rowKey={(row) => row.id} empty={<EmptyState title={t('gateways.none')}>{t('gateways.none-text')}</EmptyState>}
        columns={[
          { key: 'name', header: t('gateways.name'), cell: (row) => <Link to={`/admin/gateways/${row.id}`}>{row.name}</Link> },
          { key: 'kind', header: t('gateways.kind'), cell: (row) => t(`gateways.kind.${row.kind}`) },
          { key: 'url', header: t('gateways.url'), cell: (row) => <span className="code">{row.url}</span> },
          { key: 'state', header: t('gateways.state'), cell: (row) => <StatusTag tone={row.active ? 'ok' : 'neutral'}>{t(row.active ? 'gateways.on' : 'gateways.off')}</StatusTag> },
        ]}
      />
      <Section title={t('gateways.mail')}><p>{mail ? t('gateways.mail-on', mail) : t('gateways.mail-off')}</p></Section>
    </Page>
  );
}
