import { json, redirect, type ActionFunctionArgs, type LoaderFunctionArgs } from '@remix-run/node';
import { Link, useActionData, useLoaderData } from '@remix-run/react';
import { z } from 'zod';
import { compareRule, discardRule, openRule, publishRule } from '~/certification';
import { reader } from '~/db';
import { authorise, signedIn } from '~/identity';
import { must } from '~/kernel/result';
import { figure } from '~/text/hours-words';
import { langOf } from '~/text/lang';
import { useText } from '~/text/react';
import { Banner, ButtonLink, Counts, DataTable, Disclosure, Facts, FilterBar, FilterText, FormBox, Page, Pager, Section, StatusTag, SubmitButton, useFormReply } from '~/ui';
import { parseOneOf } from '~/ui/form.server';
import { RuleSays } from '~/ui/hours/rule-says';
import { pageNumber } from '~/ui/page-number';
import { pageTitle } from '~/ui/page-title';
import { useRefresh } from '~/ui/use-refresh';

export const meta = pageTitle;

const Nothing = z.object({});

/** What does this version say, and whose hours would it change? */
export async function loader({ request, params }: LoaderFunctionArgs) {
  const actor = await signedIn(request);
  authorise(actor, 'set hour rules');
  const search = new URL(request.url).searchParams.get('q')?.slice(0, 100);
  const page = pageNumber(request.url);
  const found = must(await openRule(reader(), actor, params['id'] ?? '', { search, page }));
  return json({ heading: `${found.stored.title[langOf(request)]} ${found.stored.label}`, page, ...found });
}

export async function action({ request, params }: ActionFunctionArgs) {
  const actor = await signedIn(request);
  authorise(actor, 'set hour rules');
  const id = params['id'] ?? '';
  const form = await parseOneOf(request, { compare: Nothing, publish: Nothing, discard: Nothing });
  if (!form.ok) return form.response;
  const done = await { compare: compareRule, publish: publishRule, discard: discardRule }[form.form](actor, id);
  if (!done.ok) return form.refuse(done.error);
  return redirect(form.form === 'discard' ? '/admin/hour-rules' : `/admin/hour-rules/${id}`);
}

type Data = ReturnType<typeof useLoaderData<typeof loader>>;

export default function HourRuleVersion() {
  const data = useLoaderData<typeof loader>();
  const { stored, rule, run, recount } = data;
  const { t, date } = useText();
  useRefresh(run?.state === 'running' || recount?.state === 'running' ? 3 : null);
  const until = stored.effectiveUntil;
  return (
    <Page title={data.heading} width="wide" trail={[{ to: '/admin', label: t('admin.title') }, { to: '/admin/hour-rules', label: t('hours.admin-title') }]}
      actions={<ButtonLink to={`/admin/hour-rules?from=${stored.id}#new`}>{t('hours.rule-again')}</ButtonLink>}>
      {recount?.state === 'running' && <Banner tone="info" title={t('hours.published')}><p>{t('hours.recounting', { done: recount.done, total: recount.total })}</p></Banner>}
      {recount?.state === 'done' && <Banner tone="success" title={t('hours.recounted')} />}
      <Facts items={[
        { term: t('hours.rule-state'), value: <StatusTag tone={stored.state === 'published' ? 'ok' : 'due'}>{t(`hours.rule-state.${stored.state}`)}</StatusTag> },
        { term: t('hours.rule-effective'), value: until === null ? t('hours.rule-from', { from: date(stored.effectiveFrom) }) : t('hours.rule-from-until', { from: date(stored.effectiveFrom), until: date(until) }) },
      ]} />
      <Section title={t('hours.rule-says')}><RuleSays rule={rule} /></Section>
      {stored.state === 'draft' && <Draft data={data} />}
      {stored.state === 'published' && data.differences && data.differences.count > 0 && <Section title={t('hours.difference')}><Report data={data} /></Section>}
      <Disclosure summary={t('hours.rule-text')}><pre className="hours-written">{stored.written}</pre></Disclosure>
    </Page>
  );
}

function Draft({ data: { run, outdated, differences, ...data } }: { data: Data }) {
  const { t } = useText();
  const [compare, publish, discard] = [useFormReply({ id: 'compare' }), useFormReply({ id: 'publish' }), useFormReply({ id: 'discard' })];
  const refused = useActionData<typeof action>();
  const ready = run?.state === 'done' && !outdated;
  return (
    <>
      <Section title={t('hours.difference')}>
        <p>{t('hours.difference-lead')}</p>
        {outdated && <Banner tone="warning" title={t('hours.difference-old')} />}
        {run?.state === 'running' && <p role="status">{t('hours.difference-running', { done: run.done, total: run.total })}</p>}
        {run?.state === 'done' && <Report data={{ run, outdated, differences, ...data }} />}
        {run?.state !== 'running' && (
          <FormBox form={compare}><SubmitButton kind={ready ? 'secondary' : 'primary'}>{t(run ? 'hours.difference-again' : 'hours.difference-make')}</SubmitButton></FormBox>
        )}
      </Section>
      {ready && (
        <Section title={t('hours.publish')}>
          <p>{t('hours.publish-lead')}</p>
          <FormBox form={publish}><SubmitButton>{t('hours.publish-save')}</SubmitButton></FormBox>
        </Section>
      )}
      <Disclosure summary={t('hours.discard')} open={refused?.form === 'discard'}>
        <p>{t('hours.discard-lead')}</p>
        <FormBox form={discard}><SubmitButton kind="danger">{t('hours.discard')}</SubmitButton></FormBox>
      </Disclosure>
    </>
  );
}

function Report({ data: { sums, differences, page } }: { data: Pick<Data, 'sums' | 'differences' | 'page' | 'run' | 'outdated'> }) {
  const { t } = useText();
  if (!sums || !differences) return null;
  if (sums.gain === 0 && sums.lose === 0) return <p>{t('hours.difference-none')}</p>;
  return (
    <>
      <Counts items={[
        { label: t('hours.difference-gain'), value: sums.gain }, { label: t('hours.difference-gained'), value: figure(sums.gained) },
        { label: t('hours.difference-lose'), value: sums.lose, tone: sums.lose > 0 ? 'due' : 'neutral' }, { label: t('hours.difference-lost'), value: figure(sums.lost), tone: sums.lose > 0 ? 'due' : 'neutral' },
      ]} />
      <FilterBar count={differences.count}><FilterText name="q" label={t('hours.hr-search')} /></FilterBar>
      <DataTable
        caption={t('hours.difference')}
        rows={differences.rows}
        rowKey={(row) => `${row.personId} ${row.year}`}
        empty={t('hours.hr-none')}
        columns={[
          { key: 'name', header: t('hours.difference-person'), cell: (row) => <Link to={`/hr/hours/${row.personId}?year=${row.year}`}>{row.name}</Link> },
          { key: 'year', header: t('hours.difference-year'), cell: (row) => row.year, numeric: true },
          { key: 'before', header: t('hours.difference-before'), cell: (row) => figure(row.before), numeric: true },
          { key: 'after', header: t('hours.difference-after'), cell: (row) => figure(row.after), numeric: true },
          { key: 'change', header: t('hours.difference-change'), cell: (row) => `${row.after > row.before ? '+' : ''}${figure(row.after - row.before)}`, numeric: true },
        ]}
      />
      <Pager page={page} pageCount={differences.pageCount} />
    </>
  );
}
