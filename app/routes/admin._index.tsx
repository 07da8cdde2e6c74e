import { json, type LoaderFunctionArgs } from '@remix-run/node';
import { useLoaderData } from '@remix-run/react';
import { askedActs } from '~/certification';
import { outboxCounts, reader } from '~/db';
import { webhooksWithDead } from '~/exchange';
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
    programmes: can(actor, 'see programmes'),
    calendar: can(actor, 'set the calendar'),
    credentials: can(actor, 'design credentials'),
    acts: await askedActs(reader(), scopePaths(actor, ['hr', 'administrator'])),
    undelivered: (await webhooksWithDead(reader(), paths)).reduce((sum, { dead }) => sum + dead, 0),
    hourRules: can(actor, 'set hour rules'),
    notices: can(actor, 'set notices'),
    recertify: can(actor, 'recertify'),
    failed: can(actor, 'see failed jobs') ? (await outboxCounts(reader())).failed : null,
  });
}

export default function Administration() {
  const { organisations, accounts, banks, exams, programmes, calendar, credentials, acts, undelivered, hourRules, notices, recertify, failed } = useLoaderData<typeof loader>();
  const { t } = useText();
  return (
    <Page title={t('admin.title')} lead={t('admin.lead')} width="wide">
      <Cards>
        <Card title={t('admin.organisations')} to="/hr/units" meta={t('admin.organisations-count', { count: organisations })}><p>{t('admin.organisations-text')}</p></Card>
        <Card title={t('admin.accounts')} to="/admin/accounts" meta={t('admin.accounts-count', { count: accounts })}><p>{t('admin.accounts-text')}</p></Card>
        <Card title={t('applications.title')} to="/admin/applications" meta={undelivered > 0 && <StatusTag tone="bad">{t('webhooks.dead-count', { count: undelivered })}</StatusTag>}><p>{t('applications.card')}</p></Card>
        {banks && <Card title={t('admin.banks')} to="/admin/banks"><p>{t('admin.banks-text')}</p></Card>}
        {programmes && <Card title={t('programme.title')} to="/admin/programmes"><p>{t('programme.admin-text')}</p></Card>}
        {calendar && <Card title={t('calendar.title')} to="/admin/calendar"><p>{t('programme.calendar-text')}</p></Card>}
        {exams && <Card title={t('admin.exams')} to="/admin/exams"><p>{t('admin.exams-text')}</p></Card>}
        <Card title={t('acts.title')} to="/hr/credential-acts" meta={acts > 0 && <StatusTag tone="due">{t('hr.credential-acts', { count: acts })}</StatusTag>}><p>{t('acts.lead')}</p></Card>
        {credentials && <Card title={t('admin.credential-templates')} to="/admin/credential-templates"><p>{t('admin.credential-templates-text')}</p></Card>}
        {credentials && <Card title={t('admin.credential-issuers')} to="/admin/credential-issuers"><p>{t('admin.credential-issuers-text')}</p></Card>}
        {hourRules && <Card title={t('hours.admin-title')} to="/admin/hour-rules"><p>{t('hours.admin-card')}</p></Card>}
        {notices && <Card title={t('gateways.title')} to="/admin/gateways"><p>{t('gateways.card')}</p></Card>}
        {notices && <Card title={t('words.title')} to="/admin/notices"><p>{t('words.card')}</p></Card>}
        {recertify && <Card title={t('recertification.title')} to="/admin/recertifications"><p>{t('recertification.card')}</p></Card>}
        {failed !== null && (
          <Card title={t('admin.jobs')} to="/admin/jobs" meta={<StatusTag tone={failed > 0 ? 'bad' : 'ok'}>{failed > 0 ? t('admin.jobs-count', { count: failed }) : t('admin.jobs-none')}</StatusTag>}>
            <p>{t('admin.jobs-text')}</p>
          </Card>
        )}
      </Cards>
    </Page>
  );
}
