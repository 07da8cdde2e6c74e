import { json, type LoaderFunctionArgs } from '@remix-run/node';
import { Link, useLoaderData } from '@remix-run/react';
import { FUNNEL_PER_PAGE, WEEK_STEPS, weekCount, weekPeople } from '~/certification';
import { reader } from '~/db';
import { authorise, scopePaths, signedIn } from '~/identity';
import { addDays } from '~/kernel/calendar';
import { textFor } from '~/text';
import { langOf } from '~/text/lang';
import { useText } from '~/text/react';
import { DataTable, DateText, InstantText, Page, Pager } from '~/ui';
import { weekQuery } from '~/ui/desk/funnel-query.server';
import { pageNumber } from '~/ui/page-number';
import { pageTitle } from '~/ui/page-title';

export const meta = pageTitle;

export async function loader({ request }: LoaderFunctionArgs) {
  const actor = await signedIn(request);
  authorise(actor, 'see who may start');
  const { monday } = weekQuery(request.url);
  const step = WEEK_STEPS.find((one) => one === new URL(request.url).searchParams.get('step')) ?? 'appointed';
  const paths = scopePaths(actor, ['hr', 'inspector']);
  const days = { from: monday, until: addDays(monday, 6) };
  const page = pageNumber(request.url);
  const count = await weekCount(reader(), step, paths, days);
  const { t } = textFor(langOf(request));
  return json({
    heading: t('week.people', { step: t(`week.step.${step}`) }), monday, count, page, pageCount: Math.max(1, Math.ceil(count / FUNNEL_PER_PAGE)),
    people: await weekPeople(reader(), step, paths, days, { limit: FUNNEL_PER_PAGE, offset: (page - 1) * FUNNEL_PER_PAGE }),
  });
}

export default function WeekPeople() {
  const { heading, monday, people, count, page, pageCount } = useLoaderData<typeof loader>();
  const { t, date } = useText();
  return (
    <Page title={heading} lead={t('funnel.week-of', { date: date(monday) })} width="wide" trail={[{ to: '/hr', label: t('hr.title') }, { to: `/hr/week?week=${monday}`, label: t('week.title') }]}>
      <p className="figures" role="status">{t('ui.found', { total: count })}</p>
      <DataTable
        caption={heading} rows={people} rowKey={(row) => row.personId} empty={t('week.none')}
        columns={[
          { key: 'name', header: t('hr.name'), cell: (row) => <><Link to={`/hr/people/${row.personId}`}>{row.name}</Link><br /><small className="figures">{row.number}</small></> },
          { key: 'unit', header: t('hr.organisation'), cell: (row) => row.organisation ?? '' },
          { key: 'when', header: t('week.when'), cell: (row) => (typeof row.at === 'number' ? <InstantText at={row.at} /> : <DateText date={row.at} />) },
        ]}
      />
      <Pager page={page} pageCount={pageCount} />
    </Page>
  );
}
