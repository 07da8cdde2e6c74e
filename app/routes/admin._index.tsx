import { json, type LoaderFunctionArgs } from '@remix-run/node';
import { useLoaderData } from '@remix-run/react';
import { outboxCounts, reader } from '~/db';
import { authorise, can, isRoot, scopePaths, signedIn } from '~/identity';
import { accountsInScope, organisationTree } from '~/people';
import { textFor } from '~/text';
import { langOf } from '~/text/lang';
import { useText } from '~/text/react';
import { Card, Cards, Page, StatusTag } from '~/ui';
import { pageTitle } from '~/ui/page-title';

export const meta = pageTitle;

export async function loader({ request }: LoaderFunctionArgs) {
  const actor = await signedIn(request);
  authorise(actor, 'see administration');
  const paths = scopePaths(actor, 'administrator');
  const { count } = await accountsInScope(reader(), { paths, everywhere: paths.some(isRoot), page: 1, pageSize: 1 });
  return json({
    heading: textFor(langOf(request)).t('admin.title'),
    organisations: (await organisationTree(reader(), paths)).length,
    accounts: count,
    banks: can(actor, 'choose item banks'),
    exams: can(actor, 'set exams'),
    failed: can(actor, 'see failed jobs') ? (await outboxCounts(reader())).failed : null,
  });
}

export default function Administration() {
  const { organisations, accounts, banks, exams, failed } = useLoaderData<typeof loader>();
  const { t } = useText();
  return (
    <Page title={t('admin.title')} lead={t('admin.lead')} width="wide">
      <Cards>
        <Card title={t('admin.organisations')} to="/admin/organisations" meta={t('admin.organisations-count', { count: organisations })}><p>{t('admin.organisations-text')}</p></Card>
        <Card title={t('admin.accounts')} to="/admin/accounts" meta={t('admin.accounts-count', { count: accounts })}><p>{t('admin.accounts-text')}</p></Card>
        {banks && <Card title={t('admin.banks')} to="/admin/banks"><p>{t('admin.banks-text')}</p></Card>}
        {exams && <Card title={t('admin.exams')} to="/admin/exams"><p>{t('admin.exams-text')}</p></Card>}
        {failed !== null && (
          <Card title={t('admin.jobs')} to="/admin/jobs" meta={<StatusTag tone={failed > 0 ? 'bad' : 'ok'}>{failed > 0 ? t('admin.jobs-count', { count: failed }) : t('admin.jobs-none')}</StatusTag>}>
            <p>{t('admin.jobs-text')}</p>
          </Card>
        )}
      </Cards>
    </Page>
  );
}
