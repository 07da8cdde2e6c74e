import { json, type LoaderFunctionArgs } from '@remix-run/node';
import { Link, useLoaderData, useSearchParams } from '@remix-run/react';
import { FUNNEL_PER_PAGE, FUNNEL_STEPS, funnelPeople } from '~/certification';
import { reader } from '~/db';
import { authorise, signedIn } from '~/identity';
import { textFor } from '~/text';
import { langOf } from '~/text/lang';
import { useText } from '~/text/react';
import { DataTable, DateText, Page, Pager } from '~/ui';
import { funnelQuery } from '~/ui/desk/funnel-query.server';
import { pageNumber } from '~/ui/page-number';
import { pageTitle } from '~/ui/page-title';

export const meta = pageTitle;

export async function loader({ request }: LoaderFunctionArgs) {
  const actor = await signedIn(request);
  authorise(actor, 'see who may start');
  const { filter } = funnelQuery(actor, request.url);
  const query = new URL(request.url).searchParams;
  const least = Math.max(0, FUNNEL_STEPS.findIndex((step) => step === query.get('step')));
  const only = query.has('only');
  const page = pageNumber(request.url);
  const { people, count } = await funnelPeople(reader(), filter, { least, most: only ? least : FUNNEL_STEPS.length - 1 }, page);
  const { t } = textFor(langOf(request));
  return json({
    heading: t(only ? 'funnel.people-stopped' : 'funnel.people', { step: t(`funnel.step.${FUNNEL_STEPS[least] ?? 'appointed'}`) }), count, page, pageCount: Math.max(1, Math.ceil(count / FUNNEL_PER_PAGE)),
    people: people.map(({ step, ...person }) => ({ ...person, step: FUNNEL_STEPS[step] ?? 'appointed' })),
  });
}

export default function FunnelPeople() {
  const { heading, people, count, page, pageCount } = useLoaderData<typeof loader>();
  const { t } = useText();
  const [asked] = useSearchParams();
  const back = new URLSearchParams([...asked].filter(([key]) => ['unit', 'intake', 'week'].includes(key))).toString();
  return (
    <Page title={heading} lead={t('funnel.people-lead')} width="wide" trail={[{ to: '/hr', label: t('hr.title') }, { to: back ? `/hr/funnel?${back}` : '/hr/funnel', label: t('funnel.title') }]}>
      <p className="figures" role="status">{t('ui.found', { total: count })}</p>
      <DataTable
        caption={heading} rows={people} rowKey={(row) => row.appointmentId} empty={t('funnel.none')}
        columns={[
          { key: 'name', header: t('hr.name'), cell: (row) => <><Link to={row.assignmentId === null ? `/hr/people/${row.personId}` : `/hr/clearance/${row.assignmentId}`}>{row.name}</Link><br /><small className="figures">{row.number}</small></> },
          { key: 'unit', header: t('hr.organisation'), cell: (row) => <>{row.organisation}<br /><small>{row.post}</small></> },
          { key: 'intake', header: t('hr.intake'), cell: (row) => row.intake ?? t('funnel.no-intake') },
          { key: 'start', header: t('hr.dates'), cell: (row) => <DateText date={row.startOfDuty} far /> },
          { key: 'now', header: t('funnel.now'), cell: (row) => t(`funnel.step.${row.step}`) },
        ]}
      />
      <Pager page={page} pageCount={pageCount} />
    </Page>
  );
}
