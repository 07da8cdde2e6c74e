import { json, type LoaderFunctionArgs } from '@remix-run/node';
import { Link, useLoaderData } from '@remix-run/react';
import { listedWaivers, WAIVER_STATES } from '~/certification';
import { reader } from '~/db';
import { authorise, scopePaths, signedIn } from '~/identity';
import { textFor } from '~/text';
import { langOf } from '~/text/lang';
import { useText } from '~/text/react';
import { DataTable, EmptyState, FilterBar, FilterSelect, InstantText, Page, Pager } from '~/ui';
import { WaiverSpan, WaiverTag } from '~/ui/clearance/waiver-words';
import { pageNumber } from '~/ui/page-number';
import { pageTitle } from '~/ui/page-title';

export const meta = pageTitle;

/** Which waivers wait for me, and what was decided? */
export async function loader({ request }: LoaderFunctionArgs) {
  const actor = await signedIn(request);
  authorise(actor, 'see waivers');
  const asked = new URL(request.url).searchParams.get('state');
  const state = WAIVER_STATES.find((one) => one === asked);
  const paths = scopePaths(actor, ['hr', 'administrator', 'inspector']);
  const found = await listedWaivers(reader(), { paths, state }, pageNumber(request.url));
  return json({ heading: textFor(langOf(request)).t('waiver.title'), ...found, filtered: state !== undefined });
}

// Named here too: the room's list is the server's.
const STATES = ['asked', 'granted', 'refused', 'withdrawn', 'revoked'] as const;

export default function Waivers() {
  const { heading, waivers, total, waiting, page, pageCount, filtered } = useLoaderData<typeof loader>();
  const { t, lang } = useText();
  return (
    <Page title={heading} width="wide" lead={<p>{t('waiver.lead')} {waiting > 0 && t('waiver.waiting', { count: waiting })}</p>} trail={[{ to: '/hr', label: t('hr.title') }]}>
      <FilterBar count={total}>
        <FilterSelect name="state" label={t('waiver.state')} options={STATES.map((value) => ({ value, label: t(`waiver.state.${value}`) }))} />
      </FilterBar>
      <DataTable
        caption={t('waiver.list')}
        rows={waivers}
        rowKey={(row) => row.id}
        empty={filtered ? t('waiver.none-found') : <EmptyState title={t('waiver.none')}>{t('waiver.none-text')}</EmptyState>}
        columns={[
          { key: 'name', header: t('waiver.who'), cell: (row) => <><Link to={`/hr/waivers/${row.id}`}>{row.name}</Link><br /><small>{row.organisation} · {row.post}</small></> },
          { key: 'what', header: t('waiver.what'), cell: (row) => <>{row.requirement ? row.requirement[lang] : t('waiver.whole')}<br /><small>{row.programme[lang]}</small></> },
          { key: 'when', header: t('waiver.when'), cell: (row) => <WaiverSpan from={row.validFrom} until={row.validUntil} /> },
          { key: 'state', header: t('waiver.state'), cell: (row) => <WaiverTag state={row.state} /> },
          { key: 'asked', header: t('waiver.asked'), cell: (row) => <><InstantText at={row.askedAt} /><br /><small>{row.asker}</small></> },
        ]}
      />
      <Pager page={page} pageCount={pageCount} />
    </Page>
  );
}
