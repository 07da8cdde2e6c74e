import { json, type LoaderFunctionArgs } from '@remix-run/node';
import { Link, useLoaderData } from '@remix-run/react';
import { reader } from '~/db';
import { authorise, scopePaths, signedIn } from '~/identity';
import { transfersInScope } from '~/people';
import { textFor } from '~/text';
import { langOf } from '~/text/lang';
import { useText } from '~/text/react';
import { DataTable, DateText, Page, StatusTag } from '~/ui';
import { pageTitle } from '~/ui/page-title';
import { TRANSFER_TONES } from '~/ui/records/past';

export const meta = pageTitle;

const LATEST = 200;

export async function loader({ request }: LoaderFunctionArgs) {
  const actor = await signedIn(request);
  authorise(actor, 'see transfers');
  const found = await transfersInScope(reader(), scopePaths(actor, 'hr'), LATEST);
  return json({
    heading: textFor(langOf(request)).t('records.transfers'),
    transfers: found.map(({ id, name, fromName, toName, endsOn, state }) => ({ id, name, fromName, toName, endsOn, state })),
  });
}

export default function Transfers() {
  const { transfers } = useLoaderData<typeof loader>();
  const { t } = useText();
  return (
    <Page title={t('records.transfers')} lead={t('records.transfers-lead')} width="wide" trail={[{ to: '/hr/people', label: t('people.title') }]}>
      <DataTable
        caption={t('records.transfers')}
        rows={transfers}
        rowKey={(row) => row.id}
        empty={t('records.transfers-none')}
        columns={[
          { key: 'name', header: t('records.person'), cell: (row) => <Link to={`/hr/transfers/${row.id}`}>{row.name}</Link> },
          { key: 'from', header: t('records.transfer-from'), cell: (row) => row.fromName },
          { key: 'to', header: t('records.transfer-to'), cell: (row) => row.toName },
          { key: 'ends', header: t('records.transfer-ends'), cell: (row) => <DateText date={row.endsOn} far /> },
          { key: 'state', header: t('records.state'), cell: (row) => <StatusTag tone={TRANSFER_TONES[row.state]}>{t(`records.transfer-state.${row.state}`)}</StatusTag> },
        ]}
      />
    </Page>
  );
}
