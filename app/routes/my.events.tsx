import { json, type LoaderFunctionArgs } from '@remix-run/node';
import { useLoaderData } from '@remix-run/react';
import { eventsFor, type OwnEvent } from '~/certification';
import { reader } from '~/db';
import { authorise, signedIn } from '~/identity';
import { dateAt } from '~/kernel/calendar';
import { clock } from '~/kernel/clock';
import { config } from '~/kernel/config';
import { textFor, type Text } from '~/text';
import { langOf } from '~/text/lang';
import { useText } from '~/text/react';
import { DataTable, DateText, EmptyState, Page, StatusTag } from '~/ui';
import type { StatusTone } from '~/ui/status/status';
import { pageTitle } from '~/ui/page-title';

export const meta = pageTitle;

/** Which classroom events concern me, and am I on their lists? */
export async function loader({ request }: LoaderFunctionArgs) {
  const actor = await signedIn(request);
  authorise(actor, 'learn');
  return json({
    heading: textFor(langOf(request)).t('records.my-events'),
    events: await eventsFor(reader(), actor.personId ?? '', dateAt(clock.now(), config().TIME_ZONE)),
  });
}

export default function MyEvents() {
  const { events } = useLoaderData<typeof loader>();
  const text = useText();
  const { t } = text;
  return (
    <Page title={t('records.my-events')} lead={t('records.my-events-lead')} width="wide" trail={[{ to: '/home', label: t('shell.nav-home') }]}>
      <DataTable
        caption={t('records.my-events')}
        rows={events}
        rowKey={(row) => row.id}
        empty={<EmptyState title={t('records.my-events-none')}>{t('records.my-events-none-text')}</EmptyState>}
        columns={[
          { key: 'title', header: t('records.event-title'), cell: (row) => row.title },
          { key: 'when', header: t('records.event-when'), cell: (row) => (row.fromOn === row.untilOn ? <DateText date={row.fromOn} far /> : <><DateText date={row.fromOn} far /> – <DateText date={row.untilOn} /></>) },
          { key: 'place', header: t('records.event-place'), cell: (row) => row.place },
          { key: 'host', header: t('records.event-host'), cell: (row) => row.organisation },
          { key: 'hours', header: t('records.event-hours'), cell: (row) => row.hundredths / 100, numeric: true },
          { key: 'own', header: t('records.event-own'), cell: (row) => <Own event={row} /> },
        ]}
      />
      {events.some(({ state }) => state === null) && <p>{t('records.event-own-how')}</p>}
    </Page>
  );
}

function Own({ event }: { event: OwnEvent }) {
  const text = useText();
  const [tone, words] = standing(text, event);
  return <StatusTag tone={tone}>{words}</StatusTag>;
}

function standing({ t }: Text, { state, free }: OwnEvent): [StatusTone, string] {
  if (state === null) return free === 0 ? ['bad', t('records.event-own-full')] : ['due', t('records.event-own-open')];
  if (state === 'expected') return ['ok', t('records.event-own-listed')];
  return [state === 'absent' ? 'bad' : 'ok', t(`records.attended.${state}`)];
}
