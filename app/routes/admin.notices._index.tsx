import { json, type LoaderFunctionArgs } from '@remix-run/node';
import { Link, useLoaderData } from '@remix-run/react';
import { reader } from '~/db';
import { authorise, signedIn } from '~/identity';
import { config } from '~/kernel/config';
import { allWords, previewOf } from '~/notices';
import { textFor } from '~/text';
import { langOf } from '~/text/lang';
import { useText } from '~/text/react';
import { ButtonLink, DataTable, InstantText, Page, StatusTag } from '~/ui';
import { pageTitle } from '~/ui/page-title';

export const meta = pageTitle;

/** The words of every notice, each as it would be read. */
export async function loader({ request }: LoaderFunctionArgs) {
  const actor = await signedIn(request);
  authorise(actor, 'set notices');
  const { t, lang } = textFor(langOf(request));
  const words = (await allWords(reader())).map(({ key, number, isOwn, madeAt, wording }) => ({ key, number, isOwn, madeAt, title: previewOf(key, wording, lang, config().TIME_ZONE).title }));
  return json({ heading: t('words.title'), words });
}

export default function NoticeWords() {
  const { words } = useLoaderData<typeof loader>();
  const { t } = useText();
  return (
    <Page title={t('words.title')} lead={t('words.lead')} width="wide" trail={[{ to: '/admin', label: t('shell.nav-admin') }]} actions={<><ButtonLink to="/admin/notices/rules">{t('house.title')}</ButtonLink><ButtonLink to="/hr/notices/outlook">{t('outlook.title')}</ButtonLink></>}>
      <DataTable
        caption={t('words.title')}
        rows={words}
        rowKey={(row) => row.key}
        empty=""
        columns={[
          { key: 'title', header: t('words.notice'), cell: (row) => <Link to={`/admin/notices/${row.key}`}>{row.title}</Link> },
          { key: 'own', header: t('words.whose'), cell: (row) => <StatusTag tone={row.isOwn ? 'ok' : 'neutral'}>{t(row.isOwn ? 'words.own' : 'words.shipped')}</StatusTag> },
          { key: 'since', header: t('words.since'), cell: (row) => (row.isOwn && row.madeAt !== null ? <InstantText at={row.madeAt} /> : '–') },
        ]}
      />
    </Page>
  );
}
