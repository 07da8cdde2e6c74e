import { json, type LoaderFunctionArgs } from '@remix-run/node';
import { Link, useLoaderData } from '@remix-run/react';
import { listRecertifications, type Recertification } from '~/certification';
import { reader } from '~/db';
import { authorise, can, signedIn } from '~/identity';
import { textFor } from '~/text';
import { langOf } from '~/text/lang';
import { useText } from '~/text/react';
import { Banner, ButtonLink, DataTable, DateText, EmptyState, Page, StatusTag } from '~/ui';
import { pageTitle } from '~/ui/page-title';

export const meta = pageTitle;

export async function loader({ request }: LoaderFunctionArgs) {
  const actor = await signedIn(request);
  authorise(actor, 'recertify');
  const { lang, t } = textFor(langOf(request));
  const found = await listRecertifications(reader());
  return json({
    heading: t('recertification.title'), administers: can(actor, 'see administration'), discarded: new URL(request.url).searchParams.get('done') === 'discarded',
    recertifications: found.map(({ id, title, until, state, numbers }) => ({ id, title: title[lang], until, state, affected: numbers?.affected ?? null })),
  });
}

const TONES: Record<Recertification['state'], 'due' | 'ok' | 'neutral'> = { draft: 'due', starting: 'due', running: 'ok', cancelling: 'due', cancelled: 'neutral', discarded: 'neutral' };

export default function Recertifications() {
  const { recertifications, discarded, administers } = useLoaderData<typeof loader>();
  const { t } = useText();
  const plan = <ButtonLink to="/admin/recertifications/new" kind="primary">{t('recertification.new')}</ButtonLink>;
  return (
    <Page title={t('recertification.title')} lead={<p>{t('recertification.lead')}</p>} width="wide" trail={[...(administers ? [{ to: '/admin', label: t('shell.nav-admin') }] : [{ to: '/hr/renewals', label: t('renewal.title') }])]} actions={recertifications.length > 0 && plan}>
      {discarded && <Banner tone="success" title={t('recertification.done.discarded')} />}
      <DataTable
        caption={t('recertification.title')}
        rows={recertifications}
        rowKey={(row) => row.id}
        empty={<EmptyState title={t('recertification.none')} action={plan}>{t('recertification.none-text')}</EmptyState>}
        columns={[
          { key: 'title', header: t('recertification.name'), cell: (row) => <Link to={`/admin/recertifications/${row.id}`}>{row.title}</Link> },
          { key: 'until', header: t('recertification.until'), cell: (row) => <DateText date={row.until} far /> },
          { key: 'state', header: t('recertification.state'), cell: (row) => <StatusTag tone={TONES[row.state]}>{t(`recertification.state.${row.state}`)}</StatusTag> },
          { key: 'affected', header: t('recertification.affected'), cell: (row) => row.affected ?? '–', numeric: true },
        ]}
      />
    </Page>
  );
}
