import { json, type LoaderFunctionArgs } from '@remix-run/node';
import { Link, useLoaderData } from '@remix-run/react';
import { lateToDecide } from '~/exams';
import { can, signedIn } from '~/identity';
import { textFor } from '~/text';
import { langOf } from '~/text/lang';
import { useText } from '~/text/react';
import { ButtonLink, DataTable, EmptyState, FilterBar, FilterText, InstantText, Page } from '~/ui';
import { pageTitle } from '~/ui/page-title';

export const meta = pageTitle;

export async function loader({ request }: LoaderFunctionArgs) {
  const actor = await signedIn(request);
  const lang = langOf(request);
  const waiting = await lateToDecide(actor, { search: new URL(request.url).searchParams.get('search') ?? '' });
  return json({ heading: textFor(lang).t('late.title'), mayCorrect: can(actor, 'decide on key corrections'), waiting: waiting.map(({ title, ...one }) => ({ ...one, title: title[lang] })) });
}

export default function Adjudicate() {
  const { waiting, mayCorrect } = useLoaderData<typeof loader>();
  const { t } = useText();
  return (
    <Page title={t('late.title')} lead={t('late.lead')} width="wide" actions={mayCorrect && <ButtonLink to="/adjudicate/corrections">{t('correction.queue')}</ButtonLink>}>
      <FilterBar count={waiting.length}>
        <FilterText name="search" label={t('late.search')} />
      </FilterBar>
      <DataTable
        caption={t('late.title')}
        rows={waiting}
        rowKey={(row) => row.attemptId}
        empty={<EmptyState title={t('late.none')} />}
        columns={[
          { key: 'candidate', header: t('late.candidate'), cell: (row) => <Link to={`/adjudicate/${row.attemptId}`}>{row.name}</Link> },
          { key: 'organisation', header: t('late.organisation'), cell: (row) => row.organisation },
          { key: 'exam', header: t('late.exam'), cell: (row) => t('late.exam-attempt', { title: row.title, number: row.number }) },
          { key: 'deadline', header: t('late.deadline'), cell: (row) => <InstantText at={row.deadlineAt} /> },
          { key: 'received', header: t('late.received'), cell: (row) => <InstantText at={row.lastReceivedAt} /> },
          { key: 'items', header: t('late.items'), cell: (row) => row.changes, numeric: true },
        ]}
      />
    </Page>
  );
}
