import { json, type LoaderFunctionArgs } from '@remix-run/node';
import { Link, useLoaderData } from '@remix-run/react';
import { reader } from '~/db';
import { listedLists, mayStartOf } from '~/exchange';
import { authorise, can, scopePaths, signedIn } from '~/identity';
import { textFor } from '~/text';
import { langOf } from '~/text/lang';
import { useText } from '~/text/react';
import { ButtonLink, DataTable, EmptyState, FilterBar, FilterText, InstantText, Page, Pager } from '~/ui';
import { pageNumber } from '~/ui/page-number';
import { pageTitle } from '~/ui/page-title';

export const meta = pageTitle;

/** Whom did we ask about, when, and how many may start? */
export async function loader({ request }: LoaderFunctionArgs) {
  const actor = await signedIn(request);
  authorise(actor, 'see hiring lists');
  const search = (new URL(request.url).searchParams.get('q') ?? '').slice(0, 100);
  const { lists, ...found } = await listedLists(reader(), actor, search, pageNumber(request.url));
  return json({
    heading: textFor(langOf(request)).t('hiring.title'), ...found, filtered: search !== '',
    mayMake: scopePaths(actor, 'hr').some((organisationPath) => can(actor, 'make hiring lists', { organisationPath })),
    lists: lists.map((list) => ({ id: list.id, title: list.title, organisation: list.organisation, people: list.people, may: mayStartOf(list.counts), asker: list.asker ?? '', askedAt: list.askedAt, judgedAt: list.judgedAt })),
  });
}

export default function HiringLists() {
  const { heading, lists, count, page, pageCount, filtered, mayMake } = useLoaderData<typeof loader>();
  const { t } = useText();
  const make = mayMake && <ButtonLink to="/hr/hiring/new" kind="primary">{t('hiring.new')}</ButtonLink>;
  const none = count === 0 && !filtered;
  return (
    <Page title={heading} lead={t('hiring.lead')} width="wide" actions={none ? undefined : make}>
      {!none && <FilterBar count={count}><FilterText name="q" label={t('hiring.search-lists')} /></FilterBar>}
      <DataTable
        caption={heading}
        rows={lists}
        rowKey={(row) => row.id}
        empty={filtered ? t('hiring.none-found') : <EmptyState title={t('hiring.none')} action={make}>{t('hiring.none-text')}</EmptyState>}
        columns={[
          { key: 'title', header: t('hiring.list-title'), cell: (row) => <Link to={`/hr/hiring/${row.id}`}>{row.title}</Link> },
          { key: 'unit', header: t('hiring.organisation'), cell: (row) => row.organisation },
          { key: 'asked', header: t('hiring.asked'), cell: (row) => <>{row.asker} · <InstantText at={row.askedAt} /></> },
          { key: 'as-of', header: t('hiring.as-of'), cell: (row) => <InstantText at={row.judgedAt} /> },
          { key: 'may', header: t('hiring.answer'), cell: (row) => t('hiring.answer-of', { may: row.may, people: row.people }), numeric: true },
        ]}
      />
      <Pager page={page} pageCount={pageCount} />
    </Page>
  );
}
