import { json, type LoaderFunctionArgs } from '@remix-run/node';
import { Link, useLoaderData } from '@remix-run/react';
import { intakesInScope, recruitCounts, recruitList, type RecruitStatus } from '~/certification';
import { reader } from '~/db';
import { authorise, can, signedIn } from '~/identity';
import { clock } from '~/kernel/clock';
import { textFor } from '~/text';
import { langOf } from '~/text/lang';
import { useText } from '~/text/react';
import { ButtonLink, Counts, DataTable, EmptyState, FilterBar, FilterSelect, FilterText, Page, Pager } from '~/ui';
import { recruitQuery } from '~/ui/clearance/recruit-query.server';
import { RecruitDates, RecruitReason, RecruitTag } from '~/ui/clearance/recruit-status';
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
  return json({
    heading: textFor(langOf(request)).t('hr.title'), ...found, counts, intakes, mayIntake: can(actor, 'see intakes'),
    filtered: Boolean(query.search ?? query.status ?? query.intakeId),
  });
}

type Data = ReturnType<typeof useLoaderData<typeof loader>>;

export default function WhoMayStart() {
  const { recruits, total, page, pageCount, counts, intakes, filtered, mayIntake } = useLoaderData<typeof loader>();
  const { t, date } = useText();
  return (
    <Page title={t('hr.title')} lead={<Answer counts={counts} />} width="wide">
      <Counts items={STATUSES.map((status) => ({ label: t(`hr.count.${status}`), value: counts[COUNT_OF[status]], to: `?status=${status}`, tone: TONES[status] }))} />
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
          { key: 'status', header: t('hr.status'), cell: (row) => <RecruitTag status={row.status} /> },
          { key: 'why', header: t('hr.why'), cell: (row) => <RecruitReason recruit={row} /> },
          { key: 'progress', header: t('hr.progress'), cell: (row) => `${row.done} / ${row.total}`, numeric: true },
        ]}
      />
      <Pager page={page} pageCount={pageCount} />
    </Page>
  );
}

// Named here too: the room's list is the server's.
const STATUSES = ['not-yet', 'overdue', 'may-start'] as const satisfies readonly RecruitStatus[];
const COUNT_OF = { 'may-start': 'mayStart', 'not-yet': 'notYet', 'overdue': 'overdue' } as const;
const TONES = { 'may-start': 'ok', 'not-yet': 'due', 'overdue': 'bad' } as const;

function Answer({ counts: { mayStart, notYet, overdue } }: { counts: Data['counts'] }) {
  const { t } = useText();
  if (notYet + mayStart === 0) return <p>{t('hr.lead-none')}</p>;
  return <p>{notYet === 0 ? t('hr.lead-all-clear', { total: mayStart }) : t('hr.lead', { open: notYet, overdue })}</p>;
}
