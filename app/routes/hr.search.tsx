import { json, type LoaderFunctionArgs } from '@remix-run/node';
import { Link, useLoaderData } from '@remix-run/react';
import { searchPeople } from '~/certification';
import { authorise, signedIn } from '~/identity';
import { dateAt } from '~/kernel/calendar';
import { clock } from '~/kernel/clock';
import { config } from '~/kernel/config';
import { textFor } from '~/text';
import { langOf } from '~/text/lang';
import { useText } from '~/text/react';
import { DataTable, DateText, EmptyState, Page } from '~/ui';
import { RecruitTag } from '~/ui/clearance/recruit-status';
import { FindForm } from '~/ui/desk/find-form';
import { pageTitle } from '~/ui/page-title';
import { AccountStateTag } from '~/ui/people/account-states';

export const meta = pageTitle;

export async function loader({ request }: LoaderFunctionArgs) {
  const actor = await signedIn(request);
  authorise(actor, 'see people');
  const typed = (new URL(request.url).searchParams.get('q') ?? '').trim().slice(0, 60);
  return json({
    heading: textFor(langOf(request)).t('find.title'), typed,
    searched: typed === '' ? null : { answer: await searchPeople(actor, typed, dateAt(clock.now(), config().TIME_ZONE)) },
  });
}

export default function Search() {
  const { typed, searched } = useLoaderData<typeof loader>();
  const { t } = useText();
  return (
    <Page title={t('find.title')} lead={t('find.lead')} width="wide" trail={[{ to: '/hr', label: t('hr.title') }]}>
      <FindForm typed={typed} />
      {searched && (searched.answer === null ? <p role="status">{t('find.too-short')}</p> : <Results answer={searched.answer} typed={typed} />)}
    </Page>
  );
}

type Answer = NonNullable<NonNullable<ReturnType<typeof useLoaderData<typeof loader>>['searched']>['answer']>;

function Results({ answer: { people, more }, typed }: { answer: Answer; typed: string }) {
  const { t } = useText();
  if (people.length === 0) return <EmptyState title={t('find.none', { typed })}>{t('find.none-text')}</EmptyState>;
  return (
    <>
      <p role="status">{more ? t('find.more', { count: people.length }) : t('find.count', { count: people.length })}</p>
      <DataTable
        caption={t('find.results')}
        rows={people}
        rowKey={(row) => row.id}
        empty={null}
        columns={[
          { key: 'name', header: t('people.name'), cell: (row) => <><Link to={`/hr/people/${row.id}`}>{row.name}</Link>{row.numbers.map((number) => <span key={number}><br /><small className="figures">{number}</small></span>)}</> },
          { key: 'unit', header: t('people.unit'), cell: (row) => <>{row.organisation}<br /><small>{row.post} · {t(`people.kind.${row.kind}`)}</small></> },
          { key: 'start', header: t('people.start'), cell: (row) => <DateText date={row.startOfDuty} /> },
          { key: 'standing', header: t('find.standing'), cell: (row) => <Standing standing={row.standing} /> },
          { key: 'account', header: t('people.state'), cell: (row) => <AccountStateTag state={row.accountState} /> },
          { key: 'links', header: t('find.links'), cell: (row) => <Links row={row} /> },
        ]}
      />
    </>
  );
}

function Standing({ standing }: { standing: Answer['people'][number]['standing'] }) {
  const { t, date } = useText();
  if (standing === null) return <span className="soft">{t('find.standing-none')}</span>;
  return <><RecruitTag status={standing.state} />{standing.startedOn !== null && <small className="date-below">{t('find.started', { date: date(standing.startedOn) })}</small>}</>;
}

function Links({ row: { id, name, standing } }: { row: Answer['people'][number] }) {
  const { t } = useText();
  const link = (to: string, what: string) => <Link to={to} aria-label={t('find.link-of', { name, what })}>{what}</Link>;
  return <>{standing && <>{link(`/hr/clearance/${standing.assignmentId}`, t('find.clearance'))}{' · '}</>}{link(`/hr/people/${id}/record`, t('find.record'))}</>;
}
