import { json, type LoaderFunctionArgs } from '@remix-run/node';
import { Link, useLoaderData } from '@remix-run/react';
import { reader } from '~/db';
import { authorise, scopePaths, signedIn } from '~/identity';
import { intakesInScope } from '~/people';
import { textFor } from '~/text';
import { langOf } from '~/text/lang';
import { useText } from '~/text/react';
import { ButtonLink, DataTable, DateText, EmptyState, FilterBar, FilterText, Page, Pager } from '~/ui';
import { pageNumber } from '~/ui/page-number';
import { pageTitle } from '~/ui/page-title';

export const meta = pageTitle;

export async function loader({ request }: LoaderFunctionArgs) {
  const actor = await signedIn(request);
  authorise(actor, 'see intakes');
  const search = (new URL(request.url).searchParams.get('q') ?? '').slice(0, 100);
  const page = pageNumber(request.url);
  const found = await intakesInScope(reader(), { paths: scopePaths(actor, 'hr'), search, page });
  return json({ heading: textFor(langOf(request)).t('people.intakes'), ...found, page, filtered: search !== '' });
}

export default function Intakes() {
  const { intakes, count, page, pageCount, filtered } = useLoaderData<typeof loader>();
  const { t } = useText();
  const make = <ButtonLink to="/hr/intakes/new" kind="primary">{t('people.intakes-new')}</ButtonLink>;
  const none = count === 0 && !filtered;
  return (
    <Page title={t('people.intakes')} lead={t('people.intakes-lead')} width="wide" actions={none ? undefined : make}>
      {!none && <FilterBar count={count}><FilterText name="q" label={t('people.intake-search')} /></FilterBar>}
      <DataTable
        caption={t('people.intakes')}
        rows={intakes}
        rowKey={(row) => row.id}
        empty={filtered ? t('people.intakes-found-none') : <EmptyState title={t('people.intakes-none')} action={make}>{t('people.intakes-none-text')}</EmptyState>}
        columns={[
          { key: 'name', header: t('people.intake-name'), cell: (row) => <Link to={`/hr/intakes/${row.id}`}>{row.name}</Link> },
          { key: 'unit', header: t('people.unit'), cell: (row) => row.organisationName },
          { key: 'start', header: t('people.intake-start'), cell: (row) => <DateText date={row.startOfDuty} far /> },
          { key: 'people', header: t('people.intake-people'), cell: (row) => row.people, numeric: true },
          { key: 'waiting', header: t('people.intake-waiting'), cell: (row) => row.notActivated, numeric: true },
        ]}
      />
      <Pager page={page} pageCount={pageCount} />
    </Page>
  );
}
