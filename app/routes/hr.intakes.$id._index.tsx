import { json, type LoaderFunctionArgs } from '@remix-run/node';
import { Link, useLoaderData } from '@remix-run/react';
import { reader } from '~/db';
import { authorise, scopePaths, signedIn } from '~/identity';
import { ProblemError } from '~/kernel/result';
import { findIntake, peopleInScope } from '~/people';
import { useText } from '~/text/react';
import { Banner, ButtonLink, DataTable, DateText, Facts, FilterBar, FilterSelect, FilterText, Page, Pager } from '~/ui';
import { pageNumber } from '~/ui/page-number';
import { pageTitle } from '~/ui/page-title';
import { ACCOUNT_STATES, AccountStateTag } from '~/ui/people/account-states';

export const meta = pageTitle;

export async function loader({ request, params }: LoaderFunctionArgs) {
  const actor = await signedIn(request);
  authorise(actor, 'see intakes');
  const intake = await findIntake(reader(), params['id'] ?? '');
  if (!intake) throw new ProblemError({ code: 'not-found' });
  authorise(actor, 'make an intake', { organisationPath: intake.organisationPath });
  const query = new URL(request.url).searchParams;
  const page = pageNumber(request.url);
  const found = await peopleInScope(reader(), {
    paths: scopePaths(actor, 'hr'), intakeId: intake.id, page, search: (query.get('q') ?? '').slice(0, 100),
    accountState: ACCOUNT_STATES.find((state) => state === query.get('state')),
  });
  return json({ heading: intake.name, intake, ...found, page, done: query.has('done') });
}

export default function OneIntake() {
  const { intake, people, count, page, pageCount, done } = useLoaderData<typeof loader>();
  const { t } = useText();
  return (
    <Page title={intake.name} width="wide" trail={[{ to: '/hr/intakes', label: t('people.intakes') }]}
      actions={<ButtonLink to={`/hr/intakes/${intake.id}/slips`} kind={intake.notActivated > 0 ? 'primary' : 'secondary'}>{t('people.slips-make')}</ButtonLink>}>
      {done && <Banner tone="success" title={t('people.intake-done', { count: intake.people })} />}
      <Facts items={[
        { term: t('people.intake-unit'), value: intake.organisationName },
        { term: t('people.intake-start'), value: <DateText date={intake.startOfDuty} far /> },
        { term: t('people.intake-people'), value: intake.people },
        { term: t('people.intake-waiting'), value: intake.notActivated },
      ]} />
      <FilterBar count={count}>
        <FilterText name="q" label={t('people.search')} />
        <FilterSelect name="state" label={t('people.state')} options={ACCOUNT_STATES.map((value) => ({ value, label: t(`identity.state.${value}`) }))} />
      </FilterBar>
      <DataTable
        caption={intake.name}
        rows={people}
        rowKey={(row) => row.id}
        empty={t('people.none')}
        columns={[
          { key: 'name', header: t('people.name'), cell: (row) => <Link to={`/hr/people/${row.id}`}>{row.name}</Link> },
          { key: 'number', header: t('identity.number.recruitment'), cell: (row) => row.number ?? '' },
          { key: 'unit', header: t('people.unit'), cell: (row) => row.organisationName },
          { key: 'post', header: t('people.post'), cell: (row) => row.post },
          { key: 'state', header: t('people.state'), cell: (row) => <AccountStateTag state={row.accountState} /> },
        ]}
      />
      <Pager page={page} pageCount={pageCount} />
    </Page>
  );
}
