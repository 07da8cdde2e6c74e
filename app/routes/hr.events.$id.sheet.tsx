import { json, type LoaderFunctionArgs } from '@remix-run/node';
import { useLoaderData } from '@remix-run/react';
import { openEvent } from '~/certification';
import { signedIn } from '~/identity';
import { ProblemError } from '~/kernel/result';
import { textFor } from '~/text';
import { langOf } from '~/text/lang';
import { useText } from '~/text/react';
import { DataTable, Page } from '~/ui';
import { pageTitle } from '~/ui/page-title';
import { PrintButton } from '~/ui/print-button';

export const meta = pageTitle;

export async function loader({ request, params }: LoaderFunctionArgs) {
  const actor = await signedIn(request);
  const found = await openEvent(actor, params['id'] ?? '');
  if (!found) throw new ProblemError({ code: 'not-found' });
  return json({ heading: `${found.event.title} ${textFor(langOf(request)).t('records.event-sheet')}`, event: found.event, attendees: found.attendees });
}

/** The list that people sign, for printing. */
export default function Sheet() {
  const { heading, event, attendees } = useLoaderData<typeof loader>();
  const { t, date } = useText();
  const when = event.fromOn === event.untilOn ? date(event.fromOn) : `${date(event.fromOn)} – ${date(event.untilOn)}`;
  return (
    <Page title={heading} lead={`${when} · ${event.place}`} width="wide" actions={<PrintButton>{t('records.print')}</PrintButton>} trail={[{ to: '/hr/events', label: t('records.events') }, { to: `/hr/events/${event.id}`, label: event.title }]}>
      <DataTable
        caption={heading}
        rows={attendees.map((one, i) => ({ ...one, place: i + 1 }))}
        rowKey={(row) => row.id}
        empty={t('records.event-roster-none')}
        columns={[
          { key: 'name', header: t('records.person'), cell: (row) => `${row.place}. ${row.name}` },
          { key: 'number', header: t('records.event-numbers'), cell: (row) => <span className="figures">{row.number}</span> },
          { key: 'unit', header: t('records.col.organisation'), cell: (row) => row.organisation ?? '' },
          { key: 'sign', header: t('records.event-sign'), cell: () => '　　　　　　' },
        ]}
      />
    </Page>
  );
}
