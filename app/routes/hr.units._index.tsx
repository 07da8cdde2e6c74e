import { json, type LoaderFunctionArgs } from '@remix-run/node';
import { Link, useLoaderData } from '@remix-run/react';
import { can, signedIn } from '~/identity';
import { isPlainDate } from '~/kernel/calendar';
import { unitsSeen } from '~/people';
import { textFor } from '~/text';
import { langOf } from '~/text/lang';
import { useText } from '~/text/react';
import { Banner, ButtonLink, DataTable, FilterBar, FilterSelect, FilterText, Page, Pager, Section, StatusTag } from '~/ui';
import { pageNumber } from '~/ui/page-number';
import { pageTitle } from '~/ui/page-title';
import { PlannedChanges } from '~/ui/units/planned-changes';

export const meta = pageTitle;

const PAGE = 200;

export async function loader({ request }: LoaderFunctionArgs) {
  const actor = await signedIn(request);
  const query = new URL(request.url).searchParams;
  const on = query.get('on') ?? '';
  const day = isPlainDate(on) ? on : undefined;
  const { units, planned } = await unitsSeen(actor, { ...(day !== undefined && { on: day }), search: query.get('q') ?? '', closed: query.get('closed') === 'yes' });
  const page = pageNumber(request.url);
  return json({
    heading: textFor(langOf(request)).t('units.title'), units: units.slice((page - 1) * PAGE, page * PAGE), count: units.length, page, pageCount: Math.max(1, Math.ceil(units.length / PAGE)),
    planned: planned.map(({ id, kind, organisationId, name, target, effectiveOn, state, problem }) => ({ id, kind, organisationId, name, target, effectiveOn, state, problem })),
    day: day ?? null, mayAdd: can(actor, 'see administration'),
  });
}

export default function Units() {
  const { units, count, page, pageCount, planned, day, mayAdd } = useLoaderData<typeof loader>();
  const { t, date } = useText();
  return (
    <Page title={t('units.title')} lead={<p>{t('units.lead')}</p>} width="wide" actions={<>
      {mayAdd && <ButtonLink to="/hr/units/new" kind="primary">{t('units.add-title')}</ButtonLink>}
      <ButtonLink to="/hr/units/administrators">{t('units.administrators')}</ButtonLink>
    </>}>
      {day !== null && <Banner tone="info" title={t('units.as-of', { date: date(day) })} />}
      {day === null && planned.length > 0 && <Section title={t('units.planned')}><PlannedChanges changes={planned} /></Section>}
      <FilterBar count={count}>
        <FilterText name="q" label={t('units.search')} />
        <FilterText name="on" type="date" label={t('units.on')} />
        <FilterSelect name="closed" label={t('units.with-closed')} options={[{ value: 'yes', label: t('units.with-closed-shown') }]} none={t('units.with-closed-hidden')} />
      </FilterBar>
      <DataTable
        caption={t('units.title')}
        rows={units}
        rowKey={(row) => row.id}
        empty={t('units.none')}
        columns={[
          { key: 'name', header: t('units.name'), cell: (row) => (
            <span className={`tree-name tree-name--${Math.min(row.depth, 4)}`}><Link to={`/hr/units/${row.id}`}>{row.name}</Link></span>
          ) },
          { key: 'code', header: t('units.code-header'), cell: (row) => row.code },
          ...(day === null ? [
            { key: 'people', header: t('units.people'), cell: (row: (typeof units)[number]) => row.people, numeric: true },
            { key: 'state', header: t('units.state'), cell: (row: (typeof units)[number]) => (row.closedOn !== null
              ? <StatusTag tone="neutral">{t('units.closed-on', { date: date(row.closedOn) })}</StatusTag> : row.planned && <StatusTag tone="due">{t('units.planned-short')}</StatusTag>) },
          ] : []),
        ]}
      />
      <Pager page={page} pageCount={pageCount} />
    </Page>
  );
}
