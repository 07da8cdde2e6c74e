import { json, type LoaderFunctionArgs } from '@remix-run/node';
import { Link, useLoaderData } from '@remix-run/react';
import { reader } from '~/db';
import { listExams, sittingsInScope } from '~/exams';
import { authorise, scopePaths, signedIn } from '~/identity';
import { textFor } from '~/text';
import { langOf } from '~/text/lang';
import { useText } from '~/text/react';
import { ButtonLink, DataTable, EmptyState, FilterBar, FilterSelect, FilterText, Page, Pager, StatusTag } from '~/ui';
import { pageNumber } from '~/ui/page-number';
import { pageTitle } from '~/ui/page-title';
import { phaseOf, SittingState, useSpan } from '~/ui/sitting/states';
import { sittingQuery } from '~/ui/sitting/sitting-query.server';

export const meta = pageTitle;

export async function loader({ request }: LoaderFunctionArgs) {
  const actor = await signedIn(request);
  authorise(actor, 'see sittings');
  const lang = langOf(request);
  const { query, filtered } = await sittingQuery(actor, request.url);
  const page = pageNumber(request.url);
  const { sittings, count, pageCount } = await sittingsInScope(reader(), { ...query, page });
  return json({
    heading: textFor(lang).t('sittings.title'), count, page, pageCount, filtered, plans: scopePaths(actor, ['administrator', 'hr']).length > 0,
    exams: (await listExams(reader())).map((exam) => ({ value: exam.slug, label: exam.title[lang] })),
    sittings: sittings.map((one) => ({ ...one, exam: one.exam[lang], phase: phaseOf(one, query.now) })),
  });
}

export default function Sittings() {
  const { sittings, exams, count, page, pageCount, filtered, plans } = useLoaderData<typeof loader>();
  const { t } = useText();
  const span = useSpan();
  const make = plans && <ButtonLink to="/sittings/new" kind="primary">{t('sittings.new')}</ButtonLink>;
  const none = count === 0 && !filtered;
  return (
    <Page title={t('sittings.title')} lead={t('sittings.lead')} width="wide"
      actions={<>{!none && make}{plans && <ButtonLink to="/sittings/excuses">{t('sittings.excuses')}</ButtonLink>}</>}>
      {!none && (
        <FilterBar count={count} exportTo="/sittings.csv">
          <FilterText name="q" label={t('sittings.search')} />
          <FilterSelect name="exam" label={t('sittings.exam')} options={exams} />
          <FilterSelect name="time" label={t('sittings.time')} options={(['coming', 'past', 'cancelled'] as const).map((value) => ({ value, label: t(`sittings.time.${value}`) }))} />
        </FilterBar>
      )}
      <DataTable
        caption={t('sittings.title')}
        rows={sittings}
        rowKey={(row) => row.id}
        empty={filtered ? t('sittings.found-none') : <EmptyState title={t('sittings.none')} action={make}><p>{t('sittings.none-text')}</p></EmptyState>}
        columns={[
          { key: 'title', header: t('sittings.name'), cell: (row) => <><Link to={`/sittings/${row.id}`}>{row.title}</Link> <span className="figures sitting-code">{row.code}</span></> },
          { key: 'exam', header: t('sittings.exam'), cell: (row) => row.exam },
          { key: 'when', header: t('sittings.when'), cell: (row) => <span className="date">{span(row.startsAt, row.endsAt)}</span> },
          { key: 'where', header: t('sittings.where'), cell: (row) => t(`sittings.place.${row.place}`) },
          { key: 'unit', header: t('sittings.unit'), cell: (row) => row.organisation },
          { key: 'people', header: t('sittings.people'), cell: (row) => t(row.waiting > 0 ? 'sittings.people-waiting' : 'sittings.people-of', row), numeric: true },
          { key: 'state', header: t('sittings.state'), cell: (row) => (
            <><SittingState phase={row.phase} />{row.excuses > 0 && <> <StatusTag tone="due">{t('sittings.excuses-open', { count: row.excuses })}</StatusTag></>}</>
          ) },
        ]}
      />
      <Pager page={page} pageCount={pageCount} />
    </Page>
  );
}
