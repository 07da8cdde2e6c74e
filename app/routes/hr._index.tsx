import { json, type LoaderFunctionArgs } from '@remix-run/node';
import { Link, useLoaderData } from '@remix-run/react';
import { askedActs, countExceptions, externalInScope, intakesInScope, recruitCounts, recruitList, startsAmong, type RecruitStatus } from '~/certification';
import { reader } from '~/db';
import { authorise, can, scopePaths, signedIn } from '~/identity';
import { clock } from '~/kernel/clock';
import { textFor } from '~/text';
import { langOf } from '~/text/lang';
import { useText } from '~/text/react';
import { Banner, ButtonLink, Counts, DataTable, EmptyState, FilterBar, FilterSelect, FilterText, Page, Pager } from '~/ui';
import { recruitQuery } from '~/ui/clearance/recruit-query.server';
import { RecruitDates, RecruitReason, RecruitTag } from '~/ui/clearance/recruit-status';
import { StartMark } from '~/ui/clearance/start-words';
import { pageNumber } from '~/ui/page-number';
import { pageTitle } from '~/ui/page-title';

export const meta = pageTitle;

/** Who may not start on Monday, and why? */
export async function loader({ request }: LoaderFunctionArgs) {
  const actor = await signedIn(request);
  authorise(actor, 'see who may start');
  const query = recruitQuery(actor, request.url);
  const [found, counts, intakes] = await Promise.all([
    recruitList(reader(), { ...query, page: pageNumber(request.url) }, clock.now()),
    recruitCounts(reader(), { paths: query.paths, today: query.today, intakeId: query.intakeId }),
    intakesInScope(reader(), query.paths),
  ]);
  const starts = await startsAmong(reader(), found.recruits.map(({ assignmentId }) => assignmentId));
  return json({
    heading: textFor(langOf(request)).t('hr.title'), ...found, starts: Object.fromEntries(starts), counts, intakes, mayIntake: can(actor, 'see intakes'),
    evidence: can(actor, 'see evidence handed in') ? (await externalInScope(reader(), { paths: scopePaths(actor, 'hr'), state: 'asked', page: 1, pageSize: 1 })).count : null,
    mayIssue: can(actor, 'issue credentials in bulk'), acts: await askedActs(reader(), scopePaths(actor, ['hr', 'administrator'])),
    exceptions: await countExceptions(reader(), { paths: query.paths, state: 'open' }),
    filtered: Boolean(query.search ?? query.status ?? query.intakeId),
  });
}

type Data = ReturnType<typeof useLoaderData<typeof loader>>;

export default function WhoMayStart() {
  const { recruits, starts, total, page, pageCount, counts, intakes, exceptions, filtered, mayIntake, mayIssue, acts } = useLoaderData<typeof loader>();
  const { t, date } = useText();
  return (
    <Page title={t('hr.title')} lead={<Answer counts={counts} />} width="wide" actions={<><Further />{mayIssue && <ButtonLink kind="quiet" to="/hr/credential-runs">{t('hr.bulk')}</ButtonLink>}<ButtonLink kind="quiet" to="/hr/credential-acts">{t('acts.title')}</ButtonLink></>}>
      {acts > 0 && <Banner tone="warning" title={t('hr.credential-acts', { count: acts })}><Link to="/hr/credential-acts">{t('hr.credential-acts-open')}</Link></Banner>}
      <Counts items={shownCounts(counts).map((status) => ({ label: t(`hr.count.${status}`), value: counts[COUNT_OF[status]], to: `?status=${status}`, tone: TONES[status] }))} />
      {exceptions > 0 && <Banner tone="warning" title={t('exception.banner', { count: exceptions })}><Link to="/hr/exceptions?state=open">{t('exception.banner-link')}</Link></Banner>}
      <FilterBar count={total} exportTo="/hr/recruits.csv">
        <FilterText name="q" label={t('hr.search')} />
        <FilterSelect name="status" label={t('hr.status')} options={STATUSES.map((value) => ({ value, label: t(`hr.status.${value}`) }))} />
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
const COUNT_OF = { 'may-start': 'mayStart', 'under-waiver': 'underWaiver', 'not-yet': 'notYet', 'overdue': 'overdue', 'expired': 'expired' } as const;
const TONES = { 'may-start': 'ok', 'under-waiver': 'due', 'not-yet': 'due', 'overdue': 'bad', 'expired': 'bad' } as const;

function Further() {
  const { evidence } = useLoaderData<typeof loader>();
  const { t } = useText();
  return (
    <>
      <ButtonLink to="/hr/renewals" kind="quiet">{t('renewal.title')}</ButtonLink>
      <ButtonLink to="/hr/waivers" kind="quiet">{t('waiver.link-all')}</ButtonLink>
      <ButtonLink to="/hr/starts" kind="quiet">{t('starts.link-all')}</ButtonLink>
      <ButtonLink to="/hr/confirmations" kind="quiet">{t('confirmation.link-all')}</ButtonLink>
      {evidence !== null && <>
        <ButtonLink to="/hr/evidence" kind="quiet">{t('records.queue-link', { count: evidence })}</ButtonLink>
        <ButtonLink to="/hr/past-imports" kind="quiet">{t('records.past')}</ButtonLink>
      </>}
      <ButtonLink to="/hr/events" kind="quiet">{t('records.events')}</ButtonLink>
    </>
  );
}

/** What is rare is counted only where there is some. */
const shownCounts = (counts: Data['counts']) =>
  STATUSES.filter((status) => (status !== 'expired' && status !== 'under-waiver') || counts[COUNT_OF[status]] > 0);

function Answer({ counts: { mayStart, underWaiver, notYet, overdue } }: { counts: Data['counts'] }) {
  const { t } = useText();
  if (notYet + mayStart + underWaiver === 0) return <p>{t('hr.lead-none')}</p>;
  return <p>{notYet === 0 ? t('hr.lead-all-clear', { total: mayStart }) : t('hr.lead', { open: notYet, overdue })}</p>;
}
