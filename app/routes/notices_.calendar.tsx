import { json, redirect, type ActionFunctionArgs, type LoaderFunctionArgs } from '@remix-run/node';
import { useLoaderData } from '@remix-run/react';
import { z } from 'zod';
import { reader } from '~/db';
import { authorise, signedIn } from '~/identity';
import { publicUrl } from '~/kernel/config';
import { calendarAddressOf, renewCalendarAddress, revokeCalendarAddress } from '~/notices';
import { textFor } from '~/text';
import { langOf } from '~/text/lang';
import { useText } from '~/text/react';
import { Banner, ButtonLink, ButtonRow, Facts, InstantText, Page, PostButton, Section } from '~/ui';
import { parseOneOf } from '~/ui/form.server';
import { pageTitle } from '~/ui/page-title';

export const meta = pageTitle;

const Nothing = z.object({});
const DONE = ['made', 'renewed', 'revoked'] as const;

/** Where somebody gets their dates into a calendar of their own. */
export async function loader({ request }: LoaderFunctionArgs) {
  const actor = await signedIn(request);
  authorise(actor, 'read notices');
  const address = await calendarAddressOf(reader(), actor.personId ?? '');
  const done = new URL(request.url).searchParams.get('done');
  return json({
    heading: textFor(langOf(request)).t('calendar-feed.title'), done: DONE.find((one) => one === done) ?? null,
    address: address && { url: `${publicUrl()}/calendar/${address.token}.ics`, madeAt: address.madeAt },
  }, { headers: { 'Cache-Control': 'no-store' } });
}

export async function action({ request }: ActionFunctionArgs) {
  const actor = await signedIn(request);
  authorise(actor, 'read notices');
  const personId = actor.personId ?? '';
  const form = await parseOneOf(request, { make: Nothing, renew: Nothing, revoke: Nothing });
  if (!form.ok) return form.response;
  if (form.form === 'revoke') await revokeCalendarAddress({ by: actor.by, personId });
  else await renewCalendarAddress({ by: actor.by, personId }, langOf(request));
  return redirect(`/notices/calendar?done=${form.form === 'revoke' ? 'revoked' : form.form === 'renew' ? 'renewed' : 'made'}`);
}

export default function CalendarFeed() {
  const { address, done } = useLoaderData<typeof loader>();
  const { t } = useText();
  return (
    <Page title={t('calendar-feed.title')} lead={t('calendar-feed.lead')} trail={[{ to: '/notices', label: t('notices.title') }, { to: '/notices/preferences', label: t('preferences.title') }]}>
      {done && <Banner tone="success" title={t(`calendar-feed.done.${done}`)} />}
      <Section title={t('calendar-feed.address')}>
        <p>{t('calendar-feed.address-lead')}</p>
        {address === null ? <><p>{t('calendar-feed.none')}</p><PostButton kind="primary" fields={{ __form: 'make' }}>{t('calendar-feed.make')}</PostButton></> : (
          <>
            <Facts items={[{ term: t('calendar-feed.address'), value: <code>{address.url}</code> }, { term: t('calendar-feed.since'), value: <InstantText at={address.madeAt} /> }]} />
            <p>{t('calendar-feed.renew-lead')}</p>
            <ButtonRow>
              <PostButton fields={{ __form: 'renew' }}>{t('calendar-feed.renew')}</PostButton>
              <PostButton fields={{ __form: 'revoke' }}>{t('calendar-feed.revoke')}</PostButton>
            </ButtonRow>
          </>
        )}
      </Section>
      <Section title={t('calendar-feed.file')}>
        <p>{t('calendar-feed.file-lead')}</p>
        <ButtonLink to="/notices/calendar.ics" document>{t('calendar-feed.file')}</ButtonLink>
      </Section>
    </Page>
  );
}
