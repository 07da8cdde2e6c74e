import { json, type LoaderFunctionArgs } from '@remix-run/node';
import { Link, useLoaderData } from '@remix-run/react';
import { examsToInvigilate } from '~/exams';
import { signedIn } from '~/identity';
import { clock } from '~/kernel/clock';
import { textFor } from '~/text';
import { langOf } from '~/text/lang';
import { useText } from '~/text/react';
import { DataTable, EmptyState, InstantText, Page } from '~/ui';
import { pageTitle } from '~/ui/page-title';
import { useRefresh } from '~/ui/use-refresh';

export const meta = pageTitle;

export async function loader({ request }: LoaderFunctionArgs) {
  const lang = langOf(request);
  const exams = await examsToInvigilate(await signedIn(request), clock.now());
  return json({ heading: textFor(lang).t('invigilate.title'), exams: exams.map(({ title, ...exam }) => ({ ...exam, title: title[lang] })) });
}

export default function Invigilate() {
  const { exams } = useLoaderData<typeof loader>();
  const { t } = useText();
  useRefresh(10);
  return (
    <Page title={t('invigilate.title')} lead={t('invigilate.lead')} width="wide">
      <DataTable
        caption={t('invigilate.title')}
        rows={exams}
        rowKey={(row) => row.slug}
        empty={<EmptyState title={t('invigilate.none')} />}
        columns={[
          { key: 'exam', header: t('invigilate.exam'), cell: (row) => <Link to={`/invigilate/${row.slug}`}>{row.title}</Link> },
          { key: 'in-progress', header: t('invigilate.in-progress'), cell: (row) => row.inProgress || t('invigilate.nobody'), numeric: true },
          { key: 'deadline', header: t('invigilate.next-deadline'), cell: (row) => row.nextDeadline !== null && <InstantText at={row.nextDeadline} /> },
          { key: 'handed-in', header: t('invigilate.handed-in'), cell: (row) => row.handedIn, numeric: true },
          { key: 'unreleased', header: t('invigilate.unreleased'), cell: (row) => row.unreleased, numeric: true },
        ]}
      />
    </Page>
  );
}
