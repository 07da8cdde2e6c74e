import { json, type LoaderFunctionArgs } from '@remix-run/node';
import { useLoaderData } from '@remix-run/react';
import { hoursOverview } from '~/certification';
import { reader } from '~/db';
import { authorise, signedIn } from '~/identity';
import { clock } from '~/kernel/clock';
import { textFor } from '~/text';
import { hoursWith } from '~/text/hours-words';
import { langOf } from '~/text/lang';
import { useText } from '~/text/react';
import { Banner, ButtonLink, Counts, EmptyState, Page, Section } from '~/ui';
import { HourCharts, HourEntries } from '~/ui/hours/entries';
import { Targets } from '~/ui/hours/targets';
import { askedYear } from '~/ui/hours/year.server';
import { pageTitle } from '~/ui/page-title';

export const meta = pageTitle;

/** What counts for me this year, against what, and why so much. */
export async function loader({ request }: LoaderFunctionArgs) {
  const actor = await signedIn(request);
  authorise(actor, 'see own learning', { personId: actor.personId });
  const now = clock.now();
  return json({ heading: textFor(langOf(request)).t('hours.title'), ...(await hoursOverview(reader(), actor.personId ?? '', askedYear(request.url, now), now)) });
}

export default function HoursPage() {
  const overview = useLoaderData<typeof loader>();
  const { year, closed, hundredths, targets, entries, years } = overview;
  const text = useText();
  const { t } = text;
  return (
    <Page title={t('hours.title')} lead={t('hours.lead-rules')} width="wide">
      {closed && <Banner tone="info" title={t('hours.year-closed', { year })} />}
      <Counts items={[{ label: t('hours.total', { year }), value: hoursWith(text, hundredths), tone: 'ok' }]} />
      <Section title={t('hours.targets')}><Targets targets={targets} closed={closed} /></Section>
      {hundredths > 0 && <Section title={t('hours.year', { year })}><HourCharts overview={overview} /></Section>}
      <Section title={t('hours.entries')}>
        <HourEntries entries={entries} empty={<EmptyState title={t('hours.empty')} action={<ButtonLink to="/courses" kind="primary">{t('home.courses-all')}</ButtonLink>}>{t('hours.empty-text')}</EmptyState>} />
      </Section>
      {years.length > 1 && (
        <Section title={t('hours.years')}>
          <Counts items={years.map((one) => ({ label: t('hours.year', { year: one.year }), value: hoursWith(text, one.hundredths), to: `?year=${one.year}` }))} />
        </Section>
      )}
    </Page>
  );
}
