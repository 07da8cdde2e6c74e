import { json, type LoaderFunctionArgs } from '@remix-run/node';
import { Link, useLoaderData } from '@remix-run/react';
import { authorise, signedIn } from '~/identity';
import { correctionsToDecide } from '~/marking';
import { textFor } from '~/text';
import { langOf } from '~/text/lang';
import { useText } from '~/text/react';
import { DataTable, EmptyState, InstantText, Page } from '~/ui';
import { CorrectionKindWords, CorrectionStateTag } from '~/ui/correction/correction-words';
import { pageTitle } from '~/ui/page-title';

export const meta = pageTitle;

export async function loader({ request }: LoaderFunctionArgs) {
  const actor = await signedIn(request);
  authorise(actor, 'decide on key corrections');
  return json({ heading: textFor(langOf(request)).t('correction.queue'), corrections: await correctionsToDecide(actor) });
}

export default function KeyCorrections() {
  const { corrections } = useLoaderData<typeof loader>();
  const { t } = useText();
  return (
    <Page title={t('correction.queue')} lead={t('correction.queue-lead')} width="wide" trail={[{ to: '/adjudicate', label: t('late.title') }]}>
      <DataTable
        caption={t('correction.queue')}
        rows={corrections}
        rowKey={(row) => row.id}
        empty={<EmptyState title={t('correction.queue-none')} />}
        columns={[
          { key: 'item', header: t('correction.item'), cell: (row) => <Link to={`/adjudicate/corrections/${row.id}`}>{row.itemCode} · {t('itembank.version-number', { number: row.itemVersion })}</Link> },
          { key: 'what', header: t('correction.what'), cell: (row) => <CorrectionKindWords kind={row.kind} favourable={row.favourable} /> },
          { key: 'state', header: t('correction.state'), cell: (row) => <CorrectionStateTag state={row.state} appliedAt={row.appliedAt} /> },
          { key: 'by', header: t('correction.asked-by'), cell: (row) => row.asker ?? '—' },
          { key: 'when', header: t('correction.when'), cell: (row) => <InstantText at={row.askedAt} /> },
        ]}
      />
    </Page>
  );
}
