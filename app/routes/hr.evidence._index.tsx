import { json, type LoaderFunctionArgs } from '@remix-run/node';
import { Link, useLoaderData } from '@remix-run/react';
import { EXTERNAL_STATES, externalInScope } from '~/certification';
import { reader } from '~/db';
import { authorise, scopePaths, signedIn } from '~/identity';
import { textFor } from '~/text';
import { langOf } from '~/text/lang';
import { useText } from '~/text/react';
import { Banner, DataTable, FilterBar, FilterSelect, InstantText, Page, Pager } from '~/ui';
import { pageNumber } from '~/ui/page-number';
import { pageTitle } from '~/ui/page-title';
import { EvidenceState } from '~/ui/records/evidence-list';

export const meta = pageTitle;

const PAGE_SIZE = 50;

export async function loader({ request }: LoaderFunctionArgs) {
  const actor = await signedIn(request);
  authorise(actor, 'see evidence handed in');
  const query = new URL(request.url).searchParams;
  const state = EXTERNAL_STATES.find((one) => one === query.get('state')) ?? 'asked';
  const page = pageNumber(request.url);
  const { found, count } = await externalInScope(reader(), { paths: scopePaths(actor, 'hr'), state, page, pageSize: PAGE_SIZE });
  return json({
    heading: textFor(langOf(request)).t('records.queue'), page, count, pageCount: Math.max(1, Math.ceil(count / PAGE_SIZE)),
    evidence: found.map(({ id, name, title, issuer, issuedOn, state: is, askedAt }) => ({ id, name, title, issuer, issuedOn, state: is, askedAt })),
    done: query.has('done'),
  });
}

export default function EvidenceQueue() {
  const { evidence, page, pageCount, count, done } = useLoaderData<typeof loader>();
  const { t, date } = useText();
  return (
    <Page title={t('records.queue')} lead={t('records.queue-lead')} width="wide" trail={[{ to: '/hr', label: t('hr.title') }]}>
      {done && <Banner tone="success" title={t('records.decided')} />}
      <FilterBar count={count}>
        <FilterSelect name="state" label={t('records.filter-state')} options={STATES.map((value) => ({ value, label: t(`records.state.${value}`) }))} />
      </FilterBar>
      <DataTable
        caption={t('records.queue')}
        rows={evidence}
        rowKey={(row) => row.id}
        empty={t('records.queue-none')}
        columns={[
          { key: 'name', header: t('records.person'), cell: (row) => <Link to={`/hr/evidence/${row.id}`}>{row.name}</Link> },
          { key: 'title', header: t('records.evidence-title'), cell: (row) => <>{row.title}<br /><small>{row.issuer}</small></> },
          { key: 'on', header: t('records.issued-on'), cell: (row) => date(row.issuedOn) },
          { key: 'asked', header: t('records.asked-at'), cell: (row) => <InstantText at={row.askedAt} /> },
          { key: 'state', header: t('records.state'), cell: (row) => <EvidenceState state={row.state} /> },
        ]}
      />
      <Pager page={page} pageCount={pageCount} />
    </Page>
  );
}

// Named here too: the room's list is the server's.
const STATES = ['asked', 'approved', 'refused', 'withdrawn', 'void'] as const;
