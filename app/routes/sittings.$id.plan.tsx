import { json, type LoaderFunctionArgs } from '@remix-run/node';
import { useLoaderData } from '@remix-run/react';
import { authorise, signedIn } from '~/identity';
import { textFor } from '~/text';
import { langOf } from '~/text/lang';
import { useText } from '~/text/react';
import { EmptyState, Page } from '~/ui';
import { pageTitle } from '~/ui/page-title';
import { PrintButton } from '~/ui/print-button';
import { sittingOnPaper } from '~/ui/sitting/paper.server';
import { SeatPlan } from '~/ui/sitting/seat-plan';

export const meta = pageTitle;

export async function loader({ request, params }: LoaderFunctionArgs) {
  const actor = await signedIn(request);
  authorise(actor, 'see sittings');
  const lang = langOf(request);
  return json({ heading: textFor(lang).t('sittings.print-plan'), ...await sittingOnPaper(actor, params['id'] ?? '', lang) });
}

/** Who sits where, each room on a page of its own. */
export default function Sheets() {
  const { heading, id, title, exam, place, rooms, people } = useLoaderData<typeof loader>();
  const { t } = useText();
  const empty = people === 0 || place === 'remote';
  return (
    <Page title={heading} lead={t('sittings.print-lead')} width="wide" print="content" actions={<PrintButton>{t('sittings.print')}</PrintButton>}
      trail={[{ to: '/sittings', label: t('sittings.title') }, { to: `/sittings/${id}`, label: title }]}>
      {empty && <EmptyState title={t(place === 'remote' ? 'sittings.no-rooms' : 'sittings.nobody-seated')} />}
      {!empty && rooms.filter((room) => room.people.length > 0).map((room) => <SeatPlan key={room.id} title={`${exam} ${title}`} room={room} />)}
    </Page>
  );
}
