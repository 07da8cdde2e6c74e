import { json, type LoaderFunctionArgs } from '@remix-run/node';
import { Link, useLoaderData } from '@remix-run/react';
import { reader } from '~/db';
import { authorise, can, signedIn } from '~/identity';
import { peopleInScope } from '~/people';
import { textFor } from '~/text';
import { langOf } from '~/text/lang';
import { useText } from '~/text/react';
import { ButtonLink, DataTable, DateText, EmptyState, FilterBar, FilterSelect, FilterText, Page, Pager } from '~/ui';
import { pageNumber } from '~/ui/page-number';
import { pageTitle } from '~/ui/page-title';
import { ACCOUNT_STATES, AccountStateTag } from '~/ui/people/account-states';
import { KINDS } from '~/ui/people/kinds';
import { organisationOptions } from '~/ui/people/organisation-options';
import { peopleQuery } from '~/ui/people/people-query.server';

export const meta = pageTitle;

export async function loader({ request }: LoaderFunctionArgs) {
  const actor = await signedIn(request);
  authorise(actor, 'see people');
  const { query, units, filtered } = await peopleQuery(actor, request.url);
  const page = pageNumber(request.url);
  return json({
    heading: textFor(langOf(request)).t('people.title'),
    ...(await peopleInScope(reader(), { ...query, page })), page, filtered, mayIntake: can(actor, 'see intakes'), mayMerge: can(actor, 'see merges'),
    units: units.map(({ id, name, code, depth }) => ({ id, name, code, depth })),
  });
}

export default function People() {
  const { people, count, page, pageCount, units, filtered, mayIntake, mayMerge } = useLoaderData<typeof loader>();
  const { t } = useText();
  return (
    <Page title={t('people.title')} lead={t('people.lead')} width="wide" actions={mayMerge && <>
      <ButtonLink kind="quiet" to="/hr/merges">{t('records.merges')}</ButtonLink>
      <ButtonLink kind="quiet" to="/hr/transfers">{t('records.transfers')}</ButtonLink>
    </>}>
      <FilterBar count={count} exportTo="/hr/people.csv">
        <FilterText name="q" label={t('people.search')} />
        <FilterSelect name="unit" label={t('people.unit')} options={organisationOptions(units)} />
        <FilterSelect name="kind" label={t('people.kind')} options={KINDS.map((value) => ({ value, label: t(`people.kind.${value}`) }))} />
        <FilterSelect name="state" label={t('people.state')} options={ACCOUNT_STATES.map((value) => ({ value, label: t(`identity.state.${value}`) }))} />
      </FilterBar>
      <DataTable
        caption={t('people.title')}
        rows={people}
        rowKey={(row) => row.id}
        empty={filtered ? t('people.none') : (
          <EmptyState title={t('people.none-yet')} action={mayIntake && <ButtonLink to="/hr/intakes/new" kind="primary">{t('people.intakes-new')}</ButtonLink>}>
            {t('people.none-yet-text')}
          </EmptyState>
        )}
        columns={[
          { key: 'name', header: t('people.name'), cell: (row) => <Link to={`/hr/people/${row.id}`}>{row.name}</Link> },
          { key: 'number', header: t('people.number'), cell: (row) => row.number ?? '' },
          { key: 'unit', header: t('people.unit'), cell: (row) => row.organisationName },
          { key: 'post', header: t('people.post'), cell: (row) => <>{row.post}<br /><small>{t(`people.kind.${row.kind}`)}</small></> },
          { key: 'start', header: t('people.start'), cell: (row) => <DateText date={row.startOfDuty} /> },
          { key: 'state', header: t('people.state'), cell: (row) => <AccountStateTag state={row.accountState} /> },
        ]}
      />
      <Pager page={page} pageCount={pageCount} />
    </Page>
  );
}
