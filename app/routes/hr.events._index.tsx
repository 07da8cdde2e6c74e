import { json, type LoaderFunctionArgs } from '@remix-run/node';
import { Link, useLoaderData } from '@remix-run/react';
import { eventsInScope } from '~/certification';
import { reader } from '~/db';
import { authorise, can, scopePaths, signedIn } from '~/identity';
import { textFor } from '~/text';
import { langOf } from '~/text/lang';
import { useText } from '~/text/react';
import { ButtonLink, DataTable, DateText, EmptyState, Page, Pager } from '~/ui';
import { pageNumber } from '~/ui/page-number';
import { pageTitle } from '~/ui/page-title';

export const meta = pageTitle;

const PAGE_SIZE = 50;

export async function loader({ request }: LoaderFunctionArgs) {
  const actor = await signedIn(request);
  authorise(actor, 'see events');
  const page = pageNumber(request.url);
  const { events, count } = await eventsInScope(reader(), { paths: scopePaths(actor, ['hr', 'inspector']), page, pageSize: PAGE_SIZE });
  return json({
    heading: textFor(langOf(request)).t('records.events'), page, pageCount: Math.max(1, Math.ceil(count / PAGE_SIZE)), mayPlan: can(actor, 'see past imports'),
    events: events.map(({ id, title, series, fromOn, untilOn, place, hundredths, listed, there, state }) => ({ id, title, series, fromOn, untilOn, place, hundredths, listed, there, state })),
  });
}

export default function Events() {
  const { events, page, pageCount, mayPlan } = useLoaderData<typeof loader>();
  const { t } = useText();
  const plan = mayPlan && <ButtonLink to="/hr/events/new" kind="primary">{t('records.event-new')}</ButtonLink>;
  return (
    <Page title={t('records.events')} lead={t('records.events-lead')} width="wide" actions={events.length > 0 && plan} trail={[{ to: '/hr', label: t('hr.title') }]}>
      <DataTable
        caption={t('records.events')}
        rows={events}
        rowKey={(row) => row.id}
        empty={<EmptyState title={t('records.events-none')} action={plan} />}
        columns={[
          { key: 'title', header: t('records.event-title'), cell: (row) => <><Link to={`/hr/events/${row.id}`}>{row.title}</Link><br /><small className="code">{row.series}</small></> },
          { key: 'when', header: t('records.event-when'), cell: (row) => (row.fromOn === row.untilOn ? <DateText date={row.fromOn} /> : <><DateText date={row.fromOn} /> – <DateText date={row.untilOn} /></>) },
          { key: 'place', header: t('records.event-place'), cell: (row) => row.place },
          { key: 'hours', header: t('records.event-hours'), cell: (row) => row.hundredths / 100, numeric: true },
          { key: 'listed', header: t('records.event-listed'), cell: (row) => row.listed, numeric: true },
          { key: 'there', header: t('records.event-there'), cell: (row) => (row.state === 'cancelled' ? '—' : row.there), numeric: true },
        ]}
      />
      <Pager page={page} pageCount={pageCount} />
    </Page>
  );
}
