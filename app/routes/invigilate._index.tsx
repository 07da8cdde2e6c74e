import { json, type LoaderFunctionArgs } from '@remix-run/node';
import { Link, useLoaderData } from '@remix-run/react';
import { examsToInvigilate, sittingsToInvigilate } from '~/exams';
import { signedIn } from '~/identity';
import { clock } from '~/kernel/clock';
import { textFor } from '~/text';
import { langOf } from '~/text/lang';
import { useText } from '~/text/react';
import { ButtonLink, DataTable, EmptyState, InstantText, Page, Section, StatusTag } from '~/ui';
import { pageTitle } from '~/ui/page-title';
import { useRefresh } from '~/ui/use-refresh';

export const meta = pageTitle;

export async function loader({ request }: LoaderFunctionArgs) {
  const lang = langOf(request);
  const actor = await signedIn(request);
  const now = clock.now();
  const exams = await examsToInvigilate(actor, now);
  const sittings = await sittingsToInvigilate(actor, now);
  return json({
    heading: textFor(lang).t('invigilate.title'), exams: exams.map(({ title, ...exam }) => ({ ...exam, title: title[lang] })),
    sittings: sittings.map(({ exam, ...sitting }) => ({ ...sitting, exam: exam[lang] })),
  });
}

export default function Invigilate() {
  const { exams, sittings } = useLoaderData<typeof loader>();
  const { t } = useText();
  useRefresh(10);
  return (
    <Page title={t('invigilate.title')} lead={t('invigilate.lead')} width="wide" actions={<ButtonLink to="/invigilate/answer-file">{t('answer-file.title')}</ButtonLink>}>
      <Section title={t('console.sittings')}>
        <DataTable
          caption={t('console.sittings')}
          rows={sittings}
          rowKey={(row) => row.id}
          empty={<p>{t('console.sittings-none')}</p>}
          columns={[
            { key: 'title', header: t('console.sittings'), cell: (row) => <Link to={`/invigilate/sittings/${row.id}`}>{row.title}</Link> },
            { key: 'exam', header: t('invigilate.exam'), cell: (row) => row.exam },
            { key: 'when', header: t('console.sittings-when'), cell: (row) => <InstantText at={row.startsAt} /> },
            { key: 'state', header: t('console.state'), cell: (row) => <StatusTag tone={row.state === 'planned' ? 'ok' : 'neutral'}>{t(`console.state.${row.state}`)}</StatusTag> },
            { key: 'people', header: t('console.sittings-people'), cell: (row) => row.people, numeric: true },
            { key: 'writing', header: t('console.sittings-writing'), cell: (row) => row.writing, numeric: true },
          ]}
        />
      </Section>
      <Section title={t('console.open-exams')}>
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
      </Section>
    </Page>
  );
}
