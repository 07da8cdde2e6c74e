import { json, redirect, type ActionFunctionArgs, type LoaderFunctionArgs } from '@remix-run/node';
import { Form, Link, useActionData, useLoaderData, useSearchParams } from '@remix-run/react';
import { z } from 'zod';
import { reader } from '~/db';
import { actsOf, judgeListAgain, mayActOn, mayStartOf, openList, pageOfRows, signList, statementsOf } from '~/exchange';
import { signedIn } from '~/identity';
import { clock, minutes } from '~/kernel/clock';
import { config } from '~/kernel/config';
import { ProblemError } from '~/kernel/result';
import { textFor } from '~/text';
import { langOf } from '~/text/lang';
import { useText } from '~/text/react';
import { Banner, Button, Counts, DataTable, Facts, FilterBar, FilterSelect, FilterText, InstantText, Page, Pager, PostButton, Section } from '~/ui';
import { parseOneOf } from '~/ui/form.server';
import { ACTS } from '~/ui/hiring/acts';
import { PeopleTable } from '~/ui/hiring/people-table';
import { rowQuery } from '~/ui/hiring/query.server';
import { shownRows } from '~/ui/hiring/shown-rows.server';
import { STATUSES, TONES } from '~/ui/hiring/statuses';
import { pageNumber } from '~/ui/page-number';
import { pageTitle } from '~/ui/page-title';

export const meta = pageTitle;

const Plain = z.object({});
const DONE = ['made', 'judged', 'signed'] as const;
/** What is older than this may be asked anew before it is relied on. */
const OLD = minutes(30);

export async function loader({ request, params }: LoaderFunctionArgs) {
  const actor = await signedIn(request);
  const list = await openList(actor, params['id'] ?? '');
  if (!list) throw new ProblemError({ code: 'not-found' });
  const text = textFor(langOf(request), config().TIME_ZONE);
  const query = new URL(request.url).searchParams;
  const { rows, ...found } = await pageOfRows(reader(), list.id, rowQuery(request.url), pageNumber(request.url));
  return json({
    heading: list.title, id: list.id, organisation: list.organisation, people: list.people, may: mayStartOf(list.counts), counts: list.counts, ...found,
    source: list.source === 'intake' ? text.t('hiring.source.intake', { intake: list.intake ?? '' }) : text.t('hiring.source.upload', { file: list.fileName ?? '' }),
    asker: list.asker ?? '', askedAt: list.askedAt, judgedAt: list.judgedAt, isOld: clock.now() - list.judgedAt > OLD, mayAct: mayActOn(actor, list),
    rows: shownRows(rows, text), statements: await statementsOf(reader(), list.id), acts: await actsOf(reader(), list.id), unused: query.get('unused'), done: DONE.find((known) => known === query.get('done')) ?? null,
  });
}

export async function action({ request, params }: ActionFunctionArgs) {
  const actor = await signedIn(request);
  const id = params['id'] ?? '';
  if (!await openList(actor, id)) throw new ProblemError({ code: 'not-found' });
  const form = await parseOneOf(request, { again: Plain, sign: Plain });
  if (!form.ok) return form.response;
  if (form.form === 'sign') {
    const signed = await signList(actor, id);
    return signed.ok ? redirect(`/hr/hiring/${id}?done=signed#signed`) : form.refuse(signed.error);
  }
  const judged = await judgeListAgain(actor, id);
  return judged.ok ? redirect(`/hr/hiring/${id}?done=judged`) : form.refuse(judged.error);
}

export default function HiringListPage() {
  const data = useLoaderData<typeof loader>();
  const refused = useActionData<typeof action>();
  const { t, dateTime } = useText();
  const { people, may } = data;
  return (
    <Page title={data.heading} width="wide" trail={[{ to: '/hr/hiring', label: t('hiring.title') }]}
      lead={<p>{may === people ? t('hiring.summary-all', { people }) : t('hiring.summary', { people, may, not: people - may })}</p>}
      actions={data.mayAct && <PostButton fields={{ __form: 'again' }}>{t('hiring.again')}</PostButton>}>
      {data.done && !refused && <Banner tone="success" title={t(`hiring.done.${data.done}`)}>{data.unused && <p>{t('hiring.unused', { columns: data.unused })}</p>}</Banner>}
      {data.isOld && <Banner tone="info" title={t('hiring.old', { at: dateTime(data.judgedAt) })} />}
      <Facts items={[
        { term: t('hiring.as-of'), value: <InstantText at={data.judgedAt} /> },
        { term: t('hiring.organisation'), value: data.organisation },
        { term: t('hiring.source'), value: data.source },
        { term: t('hiring.asked'), value: <>{data.asker} · <InstantText at={data.askedAt} /></> },
      ]} />
      <StatusCounts />
      <FilterBar count={data.count} exportTo={`/hr/hiring/${data.id}/list.xlsx`}>
        <FilterText name="q" label={t('hiring.search')} />
        <FilterSelect name="status" label={t('hiring.status')} options={[
          { value: 'may-not', label: t('hiring.filter.may-not') }, { value: 'not-started', label: t('hiring.filter.not-started') },
          ...STATUSES.map((value) => ({ value, label: t(`hiring.status.${value}`) })),
        ]} />
      </FilterBar>
      <People />
      <Pager page={data.page} pageCount={data.pageCount} />
      <Statements />
      <Acts />
    </Page>
  );
}

/** The rows; whoever may act ticks some, or takes everybody whom the filter finds, and chooses what is to be done. */
function People() {
  const { id, rows, mayAct, count } = useLoaderData<typeof loader>();
  const { t } = useText();
  const [query] = useSearchParams();
  if (!mayAct || rows.length === 0) return <PeopleTable rows={rows} choose={false} />;
  return (
    <Form method="get" action={`/hr/hiring/${id}/act`} className="stack">
      {['status', 'q'].map((name) => query.get(name) && <input key={name} type="hidden" name={name} value={query.get(name) ?? ''} />)}
      <PeopleTable rows={rows} choose />
      <div className="hiring-acts no-print">
        <label className="hiring-all"><input type="checkbox" className="hiring-tick" name="all" value="1" /><span>{t('hiring.act.all', { count })}</span></label>
        <label className="visually-hidden" htmlFor="act-kind">{t('hiring.act.kind')}</label>
        <select className="input hiring-kind" id="act-kind" name="kind">{ACTS.map((kind) => <option key={kind} value={kind}>{t(`hiring.act.${kind}`)}</option>)}</select>
        <Button>{t('hiring.act.next')}</Button>
      </div>
    </Form>
  );
}

function Acts() {
  const { acts, id } = useLoaderData<typeof loader>();
  const { t } = useText();
  if (acts.length === 0) return null;
  return (
    <Section title={t('hiring.acts')}>
      <DataTable caption={t('hiring.acts')} rows={acts} rowKey={(row) => row.id} empty="" columns={[
        { key: 'kind', header: t('hiring.act.kind'), cell: (row) => <Link to={`/hr/hiring/${id}/acts/${row.id}`}>{t(`hiring.act.${row.kind}`)}</Link> },
        { key: 'by', header: t('hiring.asked'), cell: (row) => <>{row.asker} · <InstantText at={row.asked_at} /></> },
        { key: 'done', header: t('hiring.acted.done'), cell: (row) => row.done, numeric: true },
        { key: 'refused', header: t('hiring.acted.refused'), cell: (row) => row.refused, numeric: true },
      ]} />
    </Section>
  );
}

/** What was signed about the list, each with its paper and where anybody checks it. */
function Statements() {
  const { statements, mayAct } = useLoaderData<typeof loader>();
  const { t } = useText();
  return (
    <Section title={t('hiring.signed')} id="signed" actions={mayAct && <PostButton kind="primary" fields={{ __form: 'sign' }}>{t('hiring.sign')}</PostButton>}>
      <p>{t('hiring.signed-text')}</p>
      <DataTable caption={t('hiring.signed')} rows={statements} rowKey={(row) => row.number} empty={t('hiring.signed-none')} columns={[
        { key: 'number', header: t('statement.number'), cell: (row) => <span className="code">{row.number}</span> },
        { key: 'code', header: t('statement.code'), cell: (row) => <span className="code">{row.check_code}</span> },
        { key: 'as-of', header: t('hiring.as-of'), cell: (row) => <InstantText at={row.as_of} /> },
        { key: 'by', header: t('hiring.signed-by'), cell: (row) => <>{row.maker} · <InstantText at={row.made_at} /></> },
        { key: 'pdf', header: t('hiring.signed-pdf'), screenOnly: true, cell: (row) => <><a href={`/hr/hiring/statements/${row.number}.pdf`}>{t('hiring.signed-pdf')}</a><br /><Link to={`/check/lists/${row.number}?code=${row.check_code}`}>{t('hiring.signed-check')}</Link></> },
      ]} />
    </Section>
  );
}

/** What there is none of is not counted. */
function StatusCounts() {
  const { counts } = useLoaderData<typeof loader>();
  const { t } = useText();
  const [query] = useSearchParams();
  const shown = STATUSES.filter((status) => (counts[status] ?? 0) > 0);
  return <Counts items={shown.map((status) => ({ label: t(`hiring.status.${status}`), value: counts[status] ?? 0, tone: TONES[status], ...(query.get('status') !== status && { to: `?status=${status}` }) }))} />;
}
