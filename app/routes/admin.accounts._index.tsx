import { json, type LoaderFunctionArgs } from '@remix-run/node';
import { Link, useLoaderData } from '@remix-run/react';
import { reader } from '~/db';
import { authorise, signedIn } from '~/identity';
import { accountsInScope } from '~/people';
import { textFor } from '~/text';
import { langOf } from '~/text/lang';
import { useText } from '~/text/react';
import { ButtonLink, DataTable, FilterBar, FilterSelect, FilterText, Page, Pager } from '~/ui';
import { pageNumber } from '~/ui/page-number';
import { pageTitle } from '~/ui/page-title';
import { accountsQuery } from '~/ui/people/account-query.server';
import { ACCOUNT_STATES, AccountStateTag } from '~/ui/people/account-states';
import { ROLE_CHOICES } from '~/ui/people/roles';

export const meta = pageTitle;

export async function loader({ request }: LoaderFunctionArgs) {
  const actor = await signedIn(request);
  authorise(actor, 'see accounts');
  const page = pageNumber(request.url);
  const found = await accountsInScope(reader(), { ...accountsQuery(actor, request.url), page });
  return json({ heading: textFor(langOf(request)).t('admin.accounts'), ...found, page });
}

export default function Accounts() {
  const { accounts, count, page, pageCount } = useLoaderData<typeof loader>();
  const { t } = useText();
  return (
    <Page title={t('admin.accounts')} lead={t('admin.accounts-lead')} width="wide" trail={[{ to: '/admin', label: t('admin.title') }]}
      actions={<ButtonLink to="/admin/accounts/new" kind="primary">{t('admin.account-new')}</ButtonLink>}>
      <FilterBar count={count} exportTo="/admin/accounts.csv">
        <FilterText name="q" label={t('admin.account-search')} />
        <FilterSelect name="role" label={t('admin.account-role')} options={ROLE_CHOICES.map((value) => ({ value, label: t(`identity.role.${value}`) }))} />
        <FilterSelect name="state" label={t('admin.account-state')} options={ACCOUNT_STATES.filter((value) => value !== 'none').map((value) => ({ value, label: t(`identity.state.${value}`) }))} />
      </FilterBar>
      <DataTable
        caption={t('admin.accounts')}
        rows={accounts}
        rowKey={(row) => row.id}
        empty={t('admin.account-none')}
        columns={[
          { key: 'name', header: t('admin.account-name'), cell: (row) => <Link to={`/admin/accounts/${row.id}`}>{row.signInName}</Link> },
          { key: 'person', header: t('admin.account-person'), cell: (row) => row.personName ?? t('admin.account-pure') },
          { key: 'roles', header: t('admin.account-roles'), cell: (row) => row.roles.map((held) => (
            <div key={`${held.role} ${held.organisationName}`}>{t('identity.role-of', { role: t(`identity.role.${held.role}`), organisation: held.organisationName })}</div>
          )) },
          { key: 'state', header: t('admin.account-state'), cell: (row) => <AccountStateTag state={row.state} /> },
        ]}
      />
      <Pager page={page} pageCount={pageCount} />
    </Page>
  );
}
