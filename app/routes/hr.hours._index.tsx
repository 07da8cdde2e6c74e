import { json, type LoaderFunctionArgs } from '@remix-run/node';
import { Link, useLoaderData } from '@remix-run/react';
import { useId } from 'react';
import { byOrganisation, hourStandings } from '~/certification';
import { reader } from '~/db';
import { authorise, signedIn } from '~/identity';
import { dateAt } from '~/kernel/calendar';
import { clock } from '~/kernel/clock';
import { config } from '~/kernel/config';
import { textFor } from '~/text';
import { hoursWith } from '~/text/hours-words';
import { langOf } from '~/text/lang';
import { useText } from '~/text/react';
import { Counts, DataTable, Disclosure, FilterBar, FilterSelect, FilterText, Page, Pager, Section } from '~/ui';
import { standingsQuery } from '~/ui/hours/standings-query.server';
import { TargetTag } from '~/ui/hours/targets';
import { pageNumber } from '~/ui/page-number';
import { pageTitle } from '~/ui/page-title';
import { organisationOptions } from '~/ui/people/organisation-options';

export const meta = pageTitle;

const ON_A_PAGE = 50;
const YEARS = 6;

/** Who has not reached a target of hours, and what is missing? */
export async function loader({ request }: LoaderFunctionArgs) {
  const actor = await signedIn(request);
  authorise(actor, 'see hours');
  const now = clock.now();
  const { query, units } = await standingsQuery(actor, request.url, now);
  const found = await hourStandings(reader(), query, now);
  const page = pageNumber(request.url);
  return json({
    heading: textFor(langOf(request)).t('hours.hr-title'), year: query.year, years: Array.from({ length: YEARS }, (_, i) => Number(dateAt(now, config().TIME_ZONE).slice(0, 4)) - i),
    rows: found.rows.slice((page - 1) * ON_A_PAGE, page * ON_A_PAGE), count: found.rows.length, page, pageCount: Math.max(1, Math.ceil(found.rows.length / ON_A_PAGE)),
    people: found.people, below: found.below, targets: found.targets, byUnit: byOrganisation(found.rows),
    units: units.map(({ id, name, code, depth }) => ({ id, name, code, depth })),
  });
}

type Data = ReturnType<typeof useLoaderData<typeof loader>>;

export default function HoursOfPeople() {
  const { year, years, rows, count, page, pageCount, people, below, targets, units, byUnit } = useLoaderData<typeof loader>();
  const { t, lang } = useText();
  return (
    <Page title={t('hours.hr-title')} lead={t('hours.hr-lead')} width="wide">
      <Counts items={[
        { label: t('hours.hr-people'), value: people }, { label: t('hours.hr-below'), value: below, tone: below > 0 ? 'due' : 'neutral', to: `?show=below&year=${year}` },
        { label: t('hours.hr-reached'), value: people - below, tone: 'ok' },
      ]} />
      <FilterBar count={count} exportTo="/hr/hours.csv">
        <FilterText name="q" label={t('hours.hr-search')} />
        <FilterSelect name="unit" label={t('hours.hr-unit')} options={organisationOptions(units)} />
        <YearChoice year={year} years={years} />
        <FilterSelect name="target" label={t('hours.hr-target')} options={targets.map((one) => ({ value: one.code, label: one.title[lang] }))} />
        <FilterSelect name="show" label={t('hours.hr-show')} options={[{ value: 'below', label: t('hours.hr-show-below') }]} />
      </FilterBar>
      <Disclosure summary={t('hours.hr-by-unit')}><Units byUnit={byUnit} /></Disclosure>
      <Section title={t('hours.year', { year })}><People rows={rows} year={year} /></Section>
      <Pager page={page} pageCount={pageCount} />
    </Page>
  );
}

/** Unlike other filters there is always one year. */
function YearChoice({ year, years }: Pick<Data, 'year' | 'years'>) {
  const id = useId();
  const { t } = useText();
  return (
    <div className="filter-field">
      <label htmlFor={id}>{t('hours.hr-year')}</label>
      <select key={year} className="input" id={id} name="year" defaultValue={year}>
        {[...new Set([...years, year])].map((one) => <option key={one} value={one}>{t('hours.year', { year: one })}</option>)}
      </select>
    </div>
  );
}

function Units({ byUnit }: { byUnit: Data['byUnit'] }) {
  const text = useText();
  const { t } = text;
  return (
    <DataTable
      caption={t('hours.hr-by-unit')}
      rows={byUnit}
      rowKey={(row) => row.id}
      empty={t('hours.hr-none')}
      columns={[
        { key: 'unit', header: t('hours.hr-unit'), cell: (row) => <Link to={`?unit=${row.id}`}>{row.name}</Link> },
        { key: 'people', header: t('hours.hr-people'), cell: (row) => row.people, numeric: true },
        { key: 'below', header: t('hours.hr-below'), cell: (row) => row.below, numeric: true },
        { key: 'hours', header: t('hours.hr-hours'), cell: (row) => hoursWith(text, row.hundredths), numeric: true },
      ]}
    />
  );
}

function People({ rows, year }: { rows: Data['rows']; year: number }) {
  const text = useText();
  const { t, lang } = text;
  return (
    <DataTable
      caption={t('hours.hr-list')}
      rows={rows}
      rowKey={(row) => row.id}
      empty={t('hours.hr-none')}
      columns={[
        { key: 'name', header: t('hours.hr-name'), cell: (row) => <Link to={`/hr/hours/${row.id}?year=${year}`}>{row.name}</Link> },
        { key: 'unit', header: t('hours.hr-unit'), cell: (row) => <>{row.organisation}<br /><small>{row.post}</small></> },
        { key: 'hours', header: t('hours.hr-hours'), cell: (row) => hoursWith(text, row.hundredths), numeric: true },
        { key: 'state', header: t('hours.hr-state'), cell: (row) => (row.targets.length === 0 ? t('hours.targets-none') : (
          <ul className="hours-steps">{row.targets.map((target) => <li key={target.code}>{target.title[lang]} <TargetTag target={target} /></li>)}</ul>
        )) },
      ]}
    />
  );
}
