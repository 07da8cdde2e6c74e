import { json, type LoaderFunctionArgs } from '@remix-run/node';
import { Link, useLoaderData } from '@remix-run/react';
import { listedStarts } from '~/certification';
import { reader } from '~/db';
import { authorise, signedIn } from '~/identity';
import { organisationTree } from '~/people';
import { textFor } from '~/text';
import { langOf } from '~/text/lang';
import { useText } from '~/text/react';
import { DataTable, DateText, EmptyState, FilterBar, FilterSelect, FilterText, Page, Pager } from '~/ui';
import { startQuery } from '~/ui/clearance/start-query.server';
import { BasisTag, StartTag } from '~/ui/clearance/start-words';
import { pageNumber } from '~/ui/page-number';
import { pageTitle } from '~/ui/page-title';

export const meta = pageTitle;

/** Who started when, on what ground, and which emergency waits for me? */
export async function loader({ request }: LoaderFunctionArgs) {
  const actor = await signedIn(request);
  authorise(actor, 'see starts');
  const query = startQuery(actor, request.url);
  const found = await listedStarts(reader(), query, pageNumber(request.url));
  const units = await organisationTree(reader(), [...query.paths]);
  return json({
    heading: textFor(langOf(request)).t('starts.title'), ...found, units: units.map(({ id, name }) => ({ value: id, label: name })),
    filtered: Boolean(query.basis ?? query.state ?? query.from ?? query.until ?? query.organisationId),
  });
}

// Named here too: the room's lists are the server's.
const BASES = ['clearance', 'waiver', 'emergency'] as const;
const STATES = ['proposed', 'recorded', 'refused', 'cancelled'] as const;

export default function Starts() {
  const { heading, starts, total, page, pageCount, waiting, units, filtered } = useLoaderData<typeof loader>();
  const { t } = useText();
  return (
    <Page title={heading} width="wide" lead={<p>{t('starts.lead')} {waiting > 0 && t('starts.lead-emergency', { count: waiting })}</p>} trail={[{ to: '/hr', label: t('hr.title') }]}>
      <FilterBar count={total} exportTo="/hr/starts.csv">
        <FilterSelect name="basis" label={t('starts.basis')} options={BASES.map((value) => ({ value, label: t(`starts.basis.${value}`) }))} />
        <FilterSelect name="state" label={t('starts.state')} options={STATES.map((value) => ({ value, label: t(`starts.state.${value}`) }))} />
        <FilterText name="from" label={t('starts.from')} type="date" />
        <FilterText name="until" label={t('starts.until')} type="date" />
        <FilterSelect name="organisation" label={t('starts.organisation')} options={units} />
      </FilterBar>
      <DataTable
        caption={t('starts.list')}
        rows={starts}
        rowKey={(row) => row.id}
        empty={filtered ? t('starts.none-found') : <EmptyState title={t('starts.none')}>{t('starts.none-text')}</EmptyState>}
        columns={[
          { key: 'name', header: t('hr.name'), cell: (row) => <><Link to={`/hr/starts/${row.id}`}>{row.name}</Link><br /><small>{row.organisation} · {row.post}</small></> },
          { key: 'on', header: t('starts.on'), cell: (row) => <DateText date={row.started_on} /> },
          { key: 'basis', header: t('starts.basis'), cell: (row) => <><BasisTag basis={row.basis} />{row.reason && <><br /><small>{row.reason}</small></>}</> },
          { key: 'state', header: t('starts.state'), cell: (row) => <StartTag state={row.state} /> },
          { key: 'by', header: t('starts.by'), cell: (row) => <>{row.asker}{row.decider && <><br /><small>{t('starts.second')} {row.decider}</small></>}</> },
        ]}
      />
      <Pager page={page} pageCount={pageCount} />
    </Page>
  );
}
