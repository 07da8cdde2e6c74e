import { json, type LoaderFunctionArgs } from '@remix-run/node';
import { Link, useLoaderData } from '@remix-run/react';
import { hoursOf, hourYears } from '~/certification';
import { reader } from '~/db';
import { authorise, signedIn } from '~/identity';
import { dateAt } from '~/kernel/calendar';
import { clock } from '~/kernel/clock';
import { config } from '~/kernel/config';
import { textFor } from '~/text';
import { langOf } from '~/text/lang';
import { useText } from '~/text/react';
import { ButtonLink, Counts, DataTable, EmptyState, InstantText, Page, Section } from '~/ui';
import { pageTitle } from '~/ui/page-title';

export const meta = pageTitle;

export async function loader({ request }: LoaderFunctionArgs) {
  const actor = await signedIn(request);
  authorise(actor, 'see own learning', { personId: actor.personId });
  const personId = actor.personId ?? '';
  const thisYear = Number(dateAt(clock.now(), config().TIME_ZONE).slice(0, 4));
  const asked = Number(new URL(request.url).searchParams.get('year'));
  const year = Number.isInteger(asked) && asked > 1900 && asked < 3000 ? asked : thisYear;
  const years = await hourYears(reader(), personId);
  const known = years.some((one) => one.year === thisYear) ? years : [{ year: thisYear, minutes: 0 }, ...years];
  return json({ heading: textFor(langOf(request)).t('hours.title'), years: known, ...(await hoursOf(reader(), personId, year)) });
}

export default function HoursPage() {
  const { year, minutes, entries, years } = useLoaderData<typeof loader>();
  const { t, duration, lang } = useText();
  return (
    <Page title={t('hours.title')} lead={t('hours.lead')}>
      <Counts items={[{ label: t('hours.total', { year }), value: duration(minutes), tone: 'ok' }]} />
      <Section title={t('hours.year', { year })}>
        <DataTable
          caption={t('hours.title')}
          rows={entries}
          rowKey={(row) => row.id}
          empty={<EmptyState title={t('hours.empty')} action={<ButtonLink to="/courses" kind="primary">{t('home.courses-all')}</ButtonLink>}>{t('hours.empty-text')}</EmptyState>}
          columns={[
            { key: 'course', header: t('hours.course'), cell: (row) => <Link to={`/courses/${row.courseSlug}`}>{row.title[lang]}</Link> },
            { key: 'completed', header: t('hours.completed'), cell: (row) => <InstantText at={row.at} /> },
            { key: 'minutes', header: t('hours.minutes'), cell: (row) => duration(row.minutes), numeric: true },
          ]}
        />
      </Section>
      {years.length > 1 && (
        <Section title={t('hours.years')}>
          <Counts items={years.map((one) => ({ label: t('hours.year', { year: one.year }), value: duration(one.minutes), to: `?year=${one.year}` }))} />
        </Section>
      )}
    </Page>
  );
}
