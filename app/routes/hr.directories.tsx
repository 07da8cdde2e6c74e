import { json, type LoaderFunctionArgs } from '@remix-run/node';
import { Link, useLoaderData } from '@remix-run/react';
import { directoryChanges, SCIM_FILTERS } from '~/exchange';
import { can, signedIn } from '~/identity';
import { dateAt, isPlainDate } from '~/kernel/calendar';
import { config } from '~/kernel/config';
import { textFor } from '~/text';
import { langOf } from '~/text/lang';
import { useText } from '~/text/react';
import { DataTable, DateText, FilterBar, FilterSelect, FilterText, InstantText, Page, Pager, Section, StatusTag } from '~/ui';
import { pageNumber } from '~/ui/page-number';
import { pageTitle } from '~/ui/page-title';

export const meta = pageTitle;

export async function loader({ request }: LoaderFunctionArgs) {
  const actor = await signedIn(request);
  const query = new URL(request.url).searchParams;
  const [on, page] = [query.get('on') ?? '', pageNumber(request.url)];
  const found = await directoryChanges(actor, { filter: SCIM_FILTERS.find((one) => one === query.get('filter')), search: (query.get('q') ?? '').slice(0, 100), on: isPlainDate(on) ? on : null, page });
  return json({
    heading: textFor(langOf(request)).t('directory.title'), page, count: found.count, pageCount: found.pageCount, links: can(actor, 'see people'),
    changes: found.changes.map(({ id, at, what, personId, name, groupName, application, details, fields, warnings, problem }) => ({ id, at, what, personId, name: name ?? groupName ?? '', application, details, moved: fields.includes('department'), warnings, problem })),
    days: found.days.map(({ start, counts, warnings }) => ({ day: dateAt(start, config().TIME_ZONE), counts: Object.entries(counts), warnings })),
  });
}

type Data = ReturnType<typeof useLoaderData<typeof loader>>;
type Change = Data['changes'][number];

export default function Directories() {
  const { changes, count, page, pageCount, days } = useLoaderData<typeof loader>();
  const { t } = useText();
  return (
    <Page title={t('directory.title')} lead={<p>{t('directory.lead')}</p>} width="wide" trail={[{ to: '/hr/rosters', label: t('roster.title') }]}>
      <FilterBar count={count}>
        <FilterText name="q" label={t('directory.search')} />
        <FilterText name="on" type="date" label={t('directory.on')} />
        <FilterSelect name="filter" label={t('directory.filter')} options={(['warnings', 'refused'] as const).map((value) => ({ value, label: t(`directory.filter.${value}`) }))} />
      </FilterBar>
      {days.length > 0 && <Section title={t('directory.days')}><Days days={days} /></Section>}
      <Section title={t('directory.changes')}><Changes changes={changes} /></Section>
      <Pager page={page} pageCount={pageCount} />
    </Page>
  );
}

function Days({ days }: Pick<Data, 'days'>) {
  const { t, has } = useText();
  const word = (what: string): string => {
    const key = `directory.what.${what}`;
    return has(key) ? t(key) : what;
  };
  return (
    <DataTable
      caption={t('directory.days')} rows={days} rowKey={(row) => row.day} empty=""
      columns={[
        { key: 'day', header: t('directory.day'), cell: (row) => <Link to={`?on=${row.day}`}><DateText date={row.day} /></Link> },
        { key: 'counts', header: t('directory.counts'), cell: (row) => row.counts.map(([what, count]) => t('directory.count', { what: word(what), count: String(count) })).join(' · ') },
        { key: 'warned', header: t('directory.warned'), cell: (row) => row.warnings, numeric: true },
      ]}
    />
  );
}

const tone = ({ what, warnings }: Change) => (what === 'refused' ? 'bad' : warnings.length > 0 ? 'due' : 'neutral');

function Changes({ changes }: Pick<Data, 'changes'>) {
  const { t } = useText();
  const { links } = useLoaderData<typeof loader>();
  return (
    <DataTable
      caption={t('directory.changes')} rows={changes} rowKey={(row) => row.id} empty={t('directory.none')}
      columns={[
        { key: 'who', header: t('directory.person'), cell: (row) => (row.personId !== null && links ? <Link to={`/hr/people/${row.personId}`}>{row.name}</Link> : row.name) },
        { key: 'what', header: t('directory.what'), cell: (row) => <StatusTag tone={tone(row)}>{t(`directory.what.${row.what}`)}</StatusTag> },
        { key: 'details', header: t('directory.details'), cell: (row) => <Details change={row} /> },
        { key: 'by', header: t('directory.by'), cell: (row) => row.application },
        { key: 'when', header: t('directory.when'), cell: (row) => <InstantText at={row.at} /> },
      ]}
    />
  );
}

const DATES: ReadonlySet<string> = new Set(['startOfDuty', 'endsOn', 'ended']);

function Details({ change: { details, moved, warnings, problem } }: { change: Change }) {
  const { t, has, date } = useText();
  const worded = (key: string, value: string | null): string => {
    const kind = `people.kind.${value}`;
    if (value === null) return t('directory.empty');
    return key === 'kind' && has(kind) ? t(kind) : DATES.has(key) ? date(value) : value;
  };
  const lines = [
    ...details.map(({ key, from, to }) => {
      const name = `directory.field.${key}`;
      const what = has(name) ? t(name) : key;
      return from === null && to !== null ? t('directory.new', { what, to: worded(key, to) }) : t('directory.from-to', { what, from: worded(key, from), to: worded(key, to) });
    }),
    ...(moved ? [t('directory.moved')] : []), ...warnings.map(({ code, given }) => t(`directory.warning.${code}`, { given })), ...(problem === null ? [] : [problem]),
  ];
  return <>{lines.map((line) => <div key={line}>{line}</div>)}</>;
}
