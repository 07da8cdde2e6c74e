import { json, type LoaderFunctionArgs } from '@remix-run/node';
import { useLoaderData } from '@remix-run/react';
import { appendEvent, inTransaction, reader } from '~/db';
import { plannedSitting } from '~/exams';
import { authorise, signedIn } from '~/identity';
import { must } from '~/kernel/result';
import { textFor } from '~/text';
import { langOf } from '~/text/lang';
import { useText } from '~/text/react';
import { EmptyState, Page } from '~/ui';
import { pageTitle } from '~/ui/page-title';
import { PrintButton } from '~/ui/print-button';
import { Ticket } from '~/ui/sitting/ticket';
import { ticketsOf } from '~/ui/sitting/ticket.server';

export const meta = pageTitle;

/** The tickets of everybody, for those who cannot print their own. That they were opened is an event in the ledger. */
export async function loader({ request, params }: LoaderFunctionArgs) {
  const actor = await signedIn(request);
  authorise(actor, 'see sittings');
  const sitting = must(await plannedSitting(reader(), actor, params['id'] ?? ''));
  const lang = langOf(request);
  const tickets = await ticketsOf(sitting, lang);
  await inTransaction((tx) => appendEvent(tx, { kind: 'sitting.tickets-opened', subject: { kind: 'sitting', id: sitting.id }, by: actor.by, body: { people: tickets.length } }));
  return json({ heading: textFor(lang).t('sittings.print-tickets'), id: sitting.id, title: sitting.title, tickets });
}

export default function Tickets() {
  const { heading, id, title, tickets } = useLoaderData<typeof loader>();
  const { t } = useText();
  return (
    <Page title={heading} lead={t('sittings.print-each')} width="wide" print="content" actions={<PrintButton>{t('sittings.print')}</PrintButton>}
      trail={[{ to: '/sittings', label: t('sittings.title') }, { to: `/sittings/${id}`, label: title }]}>
      {tickets.length === 0 && <EmptyState title={t('sittings.nobody-seated')} />}
      {tickets.map((ticket) => <Ticket key={ticket.bookingId} ticket={ticket} />)}
    </Page>
  );
}
