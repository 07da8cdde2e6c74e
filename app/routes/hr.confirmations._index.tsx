import { json, type LoaderFunctionArgs } from '@remix-run/node';
import { Link, useLoaderData } from '@remix-run/react';
import { listedProbations, PROBATION_MONTHS } from '~/certification';
import { reader } from '~/db';
import { authorise, scopePaths, signedIn } from '~/identity';
import { clock } from '~/kernel/clock';
import { textFor } from '~/text';
import { langOf } from '~/text/lang';
import { useText } from '~/text/react';
import { DataTable, DateText, EmptyState, FilterBar, FilterSelect, Page, Pager } from '~/ui';
import { StandingTag } from '~/ui/clearance/standing-tag';
import { pageNumber } from '~/ui/page-number';
import { pageTitle } from '~/ui/page-title';

export const meta = pageTitle;

/** Whose probation ends when, and who can be confirmed? */
export async function loader({ request }: LoaderFunctionArgs) {
  const actor = await signedIn(request);
  authorise(actor, 'see confirmations');
  const confirmed = new URL(request.url).searchParams.get('which') === 'confirmed';
  const found = await listedProbations(reader(), { paths: scopePaths(actor, ['hr', 'inspector']), confirmed }, pageNumber(request.url), clock.now());
  return json({ heading: textFor(langOf(request)).t('confirmation.title'), months: PROBATION_MONTHS, ...found });
}

export default function Confirmations() {
  const { heading, months, people, total, page, pageCount } = useLoaderData<typeof loader>();
  const { t } = useText();
  return (
    <Page title={heading} width="wide" lead={<p>{t('confirmation.lead', { months })}</p>} trail={[{ to: '/hr', label: t('hr.title') }]}>
      <FilterBar count={total}>
        <FilterSelect name="which" label={t('confirmation.which')} options={[{ value: 'confirmed', label: t('confirmation.which.confirmed') }]} none={t('confirmation.which.open')} />
      </FilterBar>
      <DataTable
        caption={t('confirmation.list')}
        rows={people}
        rowKey={(row) => row.appointmentId}
        empty={<EmptyState title={t('confirmation.none')}>{t('confirmation.none-text')}</EmptyState>}
        columns={[
          { key: 'name', header: t('hr.name'), cell: (row) => <><Link to={`/hr/confirmations/${row.appointmentId}`}>{row.name}</Link><br /><small>{row.organisation} · {row.post}</small></> },
          { key: 'began', header: t('confirmation.began'), cell: (row) => <DateText date={row.began} /> },
          { key: 'ends', header: t('confirmation.ends'), cell: (row) => <DateText date={row.ends} far /> },
          { key: 'state', header: t('confirmation.state'), cell: (row) => <StandingTag standing={row.standing} /> },
        ]}
      />
      <Pager page={page} pageCount={pageCount} />
    </Page>
  );
}
