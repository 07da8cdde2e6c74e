import { json, type LoaderFunctionArgs } from '@remix-run/node';
import { Link, useLoaderData } from '@remix-run/react';
import { reader } from '~/db';
import { listExams } from '~/exams';
import { authorise, signedIn } from '~/identity';
import { bankList, blueprintItems } from '~/itembank';
import { textFor } from '~/text';
import { langOf } from '~/text/lang';
import { useText } from '~/text/react';
import { ButtonLink, DataTable, EmptyState, Page } from '~/ui';
import { pageTitle } from '~/ui/page-title';
import { windowWords } from '~/ui/exam/window-words';

export const meta = pageTitle;

export async function loader({ request }: LoaderFunctionArgs) {
  authorise(await signedIn(request), 'set exams');
  const lang = langOf(request);
  const banks = new Map((await bankList(reader())).map((bank) => [bank.id, bank.title]));
  const exams = (await listExams(reader())).map((exam) => ({
    slug: exam.slug, title: exam.title[lang], minutes: exam.minutes, cutScore: exam.cutScore, items: blueprintItems(exam.blueprint),
    delivery: exam.delivery, opensAt: exam.opensAt, closesAt: exam.closesAt, bank: exam.bankId === null ? null : banks.get(exam.bankId) ?? null,
  }));
  return json({ heading: textFor(lang).t('exams.settings-title'), exams });
}

/** All exams; the rules of each have a page of their own. */
export default function AdminExams() {
  const { exams } = useLoaderData<typeof loader>();
  const text = useText();
  const { t } = text;
  return (
    <Page title={t('exams.settings-title')} lead={t('exams.settings-lead')} width="wide" trail={[{ to: '/admin', label: t('shell.nav-admin') }]} actions={<ButtonLink to="/admin/banks">{t('exams.settings-bank-change')}</ButtonLink>}>
      <DataTable
        caption={t('exams.settings-title')}
        rows={exams}
        rowKey={(row) => row.slug}
        empty={<EmptyState title={t('exams.settings-none')} />}
        columns={[
          { key: 'exam', header: t('settings.exam'), cell: (row) => <Link to={`/admin/exams/${row.slug}`}>{row.title}</Link> },
          { key: 'fixed', header: t('settings.fixed'), cell: (row) => t('exams.settings-fixed-short', { minutes: row.minutes, cut: row.cutScore, items: row.items }) },
          { key: 'delivery', header: t('settings.delivery'), cell: (row) => t(`settings.delivery-short.${row.delivery}`) },
          { key: 'window', header: t('settings.window'), cell: (row) => windowWords(text, row) },
          { key: 'bank', header: t('settings.bank'), cell: (row) => row.bank ?? t('exams.settings-bank-none') },
        ]}
      />
    </Page>
  );
}
