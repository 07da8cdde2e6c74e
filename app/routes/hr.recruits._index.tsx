import { json, type LoaderFunctionArgs } from '@remix-run/node';
import { Link, useLoaderData, useSearchParams } from '@remix-run/react';
import { intakesInScope, recruitCounts, recruitList, startsAmong, type RecruitFilter, type RecruitStatus } from '~/certification';
import { reader } from '~/db';
import { authorise, can, signedIn } from '~/identity';
import { clock } from '~/kernel/clock';
import { textFor } from '~/text';
import { langOf } from '~/text/lang';
import { useText } from '~/text/react';
import { ButtonLink, Counts, DataTable, EmptyState, FilterBar, FilterSelect, FilterText, Page, Pager } from '~/ui';
import { recruitQuery } from '~/ui/clearance/recruit-query.server';
import { RecruitDates, RecruitReason, RecruitTag } from '~/ui/clearance/recruit-status';
import { StartMark } from '~/ui/clearance/start-words';
import { pageNumber } from '~/ui/page-number';
import { pageTitle } from '~/ui/page-title';
import { organisationOptions } from '~/ui/people/organisation-options';

export const meta = pageTitle;

/** Who may not start, and why? */
export async function loader({ request }: LoaderFunctionArgs) {
  const actor = await signedIn(request);
  authorise(actor, 'see who may start');
  const query = await recruitQuery(actor, request.url);
  const [found, counts, intakes] = await Promise.all([
    recruitList(reader(), { ...query.filter, page: pageNumber(request.url) }, clock.now()),
    recruitCounts(reader(), withoutStatus(query.filter)),
    intakesInScope(reader(), query.filter.paths),
  ]);
  const starts = await startsAmong(reader(), found.recruits.map(({ assignmentId }) => assignmentId));
  return json({
    heading: textFor(langOf(request)).t('hr.list-title'), ...found, starts: Object.fromEntries(starts), counts, intakes, mayIntake: can(actor, 'see intakes'),
    units: query.units.map(({ id, name, code, depth }) => ({ id, name, code, depth })), filtered: query.filtered,
  });
}

/** The counts stand for the list without the choice that they offer. */
const withoutStatus = ({ status: _, ...filter }: RecruitFilter) => filter;

type Data = ReturnType<typeof useLoaderData<typeof loader>>;

export default function WhoMayStart() {
  const { recruits, starts, total, page, pageCount, counts, intakes, units, filtered, mayIntake } = useLoaderData<typeof loader>();
  const { t, date } = useText();
  const [asked] = useSearchParams();
  const withStatus = (status: RecruitStatus) => `?${new URLSearchParams([...[...asked].filter(([key]) => key !== 'status' && key !== 'page'), ['status', status]]).toString()}`;
  return (
    <Page title={t('hr.list-title')} lead={<Answer counts={counts} />} width="wide" trail={[{ to: '/hr', label: t('hr.title') }]}>
      <Counts items={shownCounts(counts).map((status) => ({ label: t(`hr.count.${status}`), value: counts[COUNT_OF[status]], to: withStatus(status), tone: TONES[status] }))} />
      <FilterBar count={total} exportTo="/hr/recruits.csv">
        <FilterText name="q" label={t('hr.search')} />
        <FilterSelect name="status" label={t('hr.status')} options={STATUSES.map((value) => ({ value, label: t(`hr.status.${value}`) }))} />
        <FilterSelect name="start" label={t('hr.start')} options={STARTS.map((value) => ({ value, label: t(`hr.start.${value}`) }))} />
        <FilterSelect name="unit" label={t('hr.organisation')} options={organisationOptions(units)} />
        <FilterSelect name="intake" label={t('hr.intake')} options={intakes.map((one) => ({ value: one.id, label: t('hr.intake-option', { name: one.name, date: date(one.start_of_duty) }) }))} />
      </FilterBar>
      <DataTable
        caption={t('hr.list')}
        rows={recruits}
        rowKey={(row) => row.assignmentId}
        empty={filtered ? t('hr.none-found') : (
          <EmptyState title={t('hr.none-yet')} action={mayIntake && <ButtonLink to="/hr/intakes/new" kind="primary">{t('hr.make-intake')}</ButtonLink>}>{t('hr.none-yet-text')}</EmptyState>
        )}
        columns={[
          { key: 'name', header: t('hr.name'), cell: (row) => <><Link to={`/hr/clearance/${row.assignmentId}`}>{row.name}</Link><br /><small className="figures">{row.recruitmentNumber}</small></> },
          { key: 'unit', header: t('hr.organisation'), cell: (row) => <>{row.organisation}<br /><small>{row.post}</small></> },
          { key: 'start', header: t('hr.dates'), cell: (row) => <RecruitDates recruit={row} /> },
          { key: 'status', header: t('hr.status'), cell: (row) => <><RecruitTag status={row.status} /><StartMark start={starts[row.assignmentId]} /></> },
          { key: 'why', header: t('hr.why'), cell: (row) => <RecruitReason recruit={row} /> },
          { key: 'progress', header: t('hr.progress'), cell: (row) => `${row.done} / ${row.total}`, numeric: true },
        ]}
      />
      <Pager page={page} pageCount={pageCount} />
    </Page>
  );
}

// Named here too: the room's list is the server's.
const STATUSES = ['not-yet', 'overdue', 'expired', 'under-waiver', 'may-start'] as const satisfies readonly RecruitStatus[];
const STARTS = ['soon', 'past'] as const;
const COUNT_OF = { 'may-start': 'mayStart', 'under-waiver': 'underWaiver', 'not-yet': 'notYet', 'overdue': 'overdue', 'expired': 'expired' } as const;
const TONES = { 'may-start': 'ok', 'under-waiver': 'due', 'not-yet': 'due', 'overdue': 'bad', 'expired': 'bad' } as const;

/** What is rare is counted only where there is some. */
const shownCounts = (counts: Data['counts']) =>
  STATUSES.filter((status) => (status !== 'expired' && status !== 'under-waiver') || counts[COUNT_OF[status]] > 0);

function Answer({ counts: { mayStart, underWaiver, notYet, overdue } }: { counts: Data['counts'] }) {
  const { t } = useText();
  if (notYet + mayStart + underWaiver === 0) return <p>{t('hr.lead-none')}</p>;
  return <p>{notYet === 0 ? t('hr.lead-all-clear', { total: mayStart }) : t('hr.lead', { open: notYet, overdue })}</p>;
}
