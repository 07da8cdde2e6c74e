import { json, type LoaderFunctionArgs } from '@remix-run/node';
import { Link, useLoaderData } from '@remix-run/react';
import { namesOf } from '~/audit';
import { reader } from '~/db';
import { ROSTER_STATES, rostersInScope, waitingRosters } from '~/exchange';
import { authorise, scopePaths, signedIn } from '~/identity';
import { textFor } from '~/text';
import { langOf } from '~/text/lang';
import { useText } from '~/text/react';
import { Banner, ButtonLink, DataTable, EmptyState, FilterBar, FilterSelect, FilterText, InstantText, Page, Pager, StatusTag } from '~/ui';
import { pageNumber } from '~/ui/page-number';
import { pageTitle } from '~/ui/page-title';
import { ROSTER_TONES } from '~/ui/roster/tones';

export const meta = pageTitle;

/** What a list of rosters is narrowed to: a state, or those that wait for somebody. */
const STATES = ['waiting', ...ROSTER_STATES] as const;

export async function loader({ request }: LoaderFunctionArgs) {
  const actor = await signedIn(request);
  authorise(actor, 'see rosters');
  const query = new URL(request.url).searchParams;
  const paths = scopePaths(actor, ['hr', 'administrator']);
  const search = (query.get('q') ?? '').trim().slice(0, 100);
  const state = STATES.find((one) => one === query.get('state'));
  const page = pageNumber(request.url);
  const found = await rostersInScope(reader(), { paths, search, page, ...(state && { state }) });
  const names = await namesOf(reader(), found.rosters.map((one) => one.createdBy));
  return json({
    heading: textFor(langOf(request)).t('roster.title'), page, count: found.count, pageCount: found.pageCount, filtered: search !== '' || state !== undefined,
    waiting: await waitingRosters(reader(), paths), states: [...STATES],
    rosters: found.rosters.map((one) => ({
      id: one.id, fileName: one.fileName, organisation: one.organisation, source: one.source, lines: one.lines, state: one.state, createdAt: one.createdAt, waitsFor: one.waitsFor, by: names.get(one.createdBy) ?? '',
    })),
  });
}

export default function Rosters() {
  const { rosters, count, page, pageCount, filtered, waiting, states } = useLoaderData<typeof loader>();
  const { t } = useText();
  const make = <><ButtonLink to="/hr/rosters/new" kind="primary">{t('roster.new')}</ButtonLink><ButtonLink to="/hr/directories">{t('directory.title')}</ButtonLink></>;
  const none = count === 0 && !filtered;
  return (
    <Page title={t('roster.title')} lead={t('roster.lead')} width="wide" trail={[{ to: '/hr/people', label: t('people.title') }]} actions={none ? undefined : make}>
      {waiting > 0 && <Banner tone="info" title={t('roster.waiting', { count: waiting })}><Link to="/hr/rosters?state=waiting">{t('roster.waiting-show')}</Link></Banner>}
      {!none && (
        <FilterBar count={count}>
          <FilterText name="q" label={t('roster.search')} />
          <FilterSelect name="state" label={t('roster.state')} options={states.map((value) => ({ value, label: t(`roster.state.${value}`) }))} />
        </FilterBar>
      )}
      <DataTable
        caption={t('roster.title')}
        rows={rosters}
        rowKey={(row) => row.id}
        empty={filtered ? t('roster.none-found') : <EmptyState title={t('roster.none')} action={make}>{t('roster.none-text')}</EmptyState>}
        columns={[
          { key: 'file', header: t('roster.file'), cell: (row) => <Link to={`/hr/rosters/${row.id}`}>{row.fileName}</Link> },
          { key: 'unit', header: t('roster.unit'), cell: (row) => row.organisation },
          { key: 'rows', header: t('roster.rows'), cell: (row) => row.lines, numeric: true },
          { key: 'at', header: t('roster.brought'), cell: (row) => <><InstantText at={row.createdAt} /><br /><small>{row.source === 'folder' ? t('roster.from-folder') : row.by}</small></> },
          { key: 'state', header: t('roster.state'), cell: (row) => <><StatusTag tone={ROSTER_TONES[row.state]}>{t(`roster.state.${row.state}`)}</StatusTag>{row.waitsFor && row.state === 'checked' && <><br /><small>{t(`roster.waits.${row.waitsFor as 'share'}`)}</small></>}</> },
        ]}
      />
      <Pager page={page} pageCount={pageCount} />
    </Page>
  );
}
