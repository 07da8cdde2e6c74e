import { json, type LoaderFunctionArgs } from '@remix-run/node';
import { Link, useLoaderData } from '@remix-run/react';
import { mergesSeen } from '~/certification';
import { authorise, signedIn } from '~/identity';
import { textFor } from '~/text';
import { langOf } from '~/text/lang';
import { useText } from '~/text/react';
import { ButtonLink, DataTable, EmptyState, InstantText, Page, StatusTag } from '~/ui';
import { pageTitle } from '~/ui/page-title';
import { MERGE_TONES } from '~/ui/records/merge-preview';

export const meta = pageTitle;

const LATEST = 200;

export async function loader({ request }: LoaderFunctionArgs) {
  const actor = await signedIn(request);
  authorise(actor, 'see merges');
  return json({
    heading: textFor(langOf(request)).t('records.merges'),
    merges: (await mergesSeen(actor, LATEST)).map(({ id, survivorName, mergedName, survivorNumber, mergedNumber, state, askedAt }) => ({ id, survivorName, mergedName, survivorNumber, mergedNumber, state, askedAt })),
  });
}

export default function Merges() {
  const { merges } = useLoaderData<typeof loader>();
  const { t } = useText();
  const propose = <ButtonLink to="/hr/merges/new" kind="primary">{t('records.merge-new')}</ButtonLink>;
  return (
    <Page title={t('records.merges')} lead={t('records.merges-lead')} width="wide" trail={[{ to: '/hr/people', label: t('people.title') }]} actions={merges.length > 0 && propose}>
      <DataTable
        caption={t('records.merges')}
        rows={merges}
        rowKey={(row) => row.id}
        empty={<EmptyState title={t('records.merges-none')} action={propose} />}
        columns={[
          { key: 'survivor', header: t('records.merge-survivor'), cell: (row) => <><Link to={`/hr/merges/${row.id}`}>{row.survivorName}</Link><br /><small className="figures">{row.survivorNumber}</small></> },
          { key: 'merged', header: t('records.merge-merged'), cell: (row) => <>{row.mergedName}<br /><small className="figures">{row.mergedNumber}</small></> },
          { key: 'at', header: t('records.asked-at'), cell: (row) => <InstantText at={row.askedAt} /> },
          { key: 'state', header: t('records.state'), cell: (row) => <StatusTag tone={MERGE_TONES[row.state]}>{t(`records.merge-state.${row.state}`)}</StatusTag> },
        ]}
      />
    </Page>
  );
}
