import { json, redirect, type ActionFunctionArgs, type LoaderFunctionArgs } from '@remix-run/node';
import { Link, useLoaderData } from '@remix-run/react';
import { z } from 'zod';
import { reader } from '~/db';
import { authorise, signedIn } from '~/identity';
import { clock } from '~/kernel/clock';
import { Id } from '~/kernel/id';
import { REPORT_KINDS, requestsOf, savedReports, schedulesOf, stopSchedule } from '~/reports';
import { textFor } from '~/text';
import { langOf } from '~/text/lang';
import { useText } from '~/text/react';
import { Banner, ButtonLink, Card, Cards, DataTable, EmptyState, InstantText, Page, PostButton, Section } from '~/ui';
import { parseForm } from '~/ui/form.server';
import { pageTitle } from '~/ui/page-title';
import { RequestTable } from '~/ui/reports/request-table';
import { shownRequest } from '~/ui/reports/shown-request.server';
import { useRefresh } from '~/ui/use-refresh';
import { rhythmText } from '~/ui/reports/rhythm';

export const meta = pageTitle;

const Stop = z.object({ scheduleId: Id });
const SHOWN = 50;

/** Which reports can be made, which are kept, and where are the files? */
export async function loader({ request }: LoaderFunctionArgs) {
  const actor = await signedIn(request);
  authorise(actor, 'see reports');
  const [saved, requests, schedules] = await Promise.all([savedReports(actor), requestsOf(reader(), actor.accountId, SHOWN), schedulesOf(reader(), actor.accountId)]);
  return json({
    heading: textFor(langOf(request)).t('reports.title'), kinds: REPORT_KINDS,
    own: saved.own.map(({ id, name, query: { kind, layout }, sharedWith }) => ({ id, name, kind, layout, sharedWith: sharedWith?.name ?? null })),
    shared: saved.shared.map(({ id, name, query: { kind, layout }, owner, sharedWith }) => ({ id, name, kind, layout, owner, sharedWith: sharedWith?.name ?? null })),
    schedules: schedules.map(({ id, name, savedReportId, rhythm, day, hour, format, nextAt, state, endReason }) => ({ id, name, savedReportId, rhythm, day, hour, format, nextAt, state, endReason })),
    requests: requests.map((one) => shownRequest(one, clock.now())),
    done: ['stopped', 'forgotten'].find((one) => one === new URL(request.url).searchParams.get('done')) ?? null,
  });
}

export async function action({ request }: ActionFunctionArgs) {
  const actor = await signedIn(request);
  authorise(actor, 'see reports');
  const form = await parseForm(request, Stop);
  if (!form.ok) return form.response;
  await stopSchedule(actor, form.value.scheduleId);
  return redirect('/hr/reports?done=stopped#schedules');
}

type Data = ReturnType<typeof useLoaderData<typeof loader>>;

export default function Reports() {
  const data = useLoaderData<typeof loader>();
  const { t } = useText();
  useRefresh(data.requests.some(({ state }) => state === 'waiting' || state === 'running') ? 3 : null);
  return (
    <Page title={data.heading} lead={t('reports.lead')} width="wide" actions={<ButtonLink to="/hr/appraisal" kind="quiet">{t('appraisal.title')}</ButtonLink>}>
      {data.done && <Banner tone="success" title={t(data.done === 'stopped' ? 'reports.schedule-stopped' : 'reports.forgotten')} />}
      <Section title={t('reports.new')}>
        <Cards>{data.kinds.map((kind) => <Card key={kind} title={t(`reports.kind.${kind}`)} to={`/hr/reports/new?kind=${kind}`}><p>{t(`reports.kind-text.${kind}`)}</p></Card>)}</Cards>
      </Section>
      <Section title={t('reports.made')} id="made"><RequestTable requests={data.requests} /></Section>
      <Section title={t('reports.saved')}><Saved rows={data.own} /></Section>
      {data.shared.length > 0 && <Section title={t('reports.shared')}><Shared rows={data.shared} /></Section>}
      {data.schedules.length > 0 && <Section title={t('reports.schedules')} id="schedules"><Schedules rows={data.schedules} /></Section>}
    </Page>
  );
}

function Saved({ rows }: { rows: Data['own'] }) {
  const { t } = useText();
  return (
    <DataTable
      caption={t('reports.saved')}
      rows={rows}
      rowKey={(row) => row.id}
      empty={<EmptyState title={t('reports.saved-none')}>{t('reports.saved-none-text')}</EmptyState>}
      columns={[
        { key: 'name', header: t('reports.name'), cell: (row) => <Link to={`/hr/reports/saved/${row.id}`}>{row.name}</Link> },
        { key: 'kind', header: t('reports.kind'), cell: (row) => <>{t(`reports.kind.${row.kind}`)}<br /><small>{t(`reports.layout.${row.layout}`)}</small></> },
        { key: 'shared', header: t('reports.shared-with'), cell: (row) => row.sharedWith ?? t('reports.shared-nobody') },
      ]}
    />
  );
}

function Shared({ rows }: { rows: Data['shared'] }) {
  const { t } = useText();
  return (
    <DataTable
      caption={t('reports.shared')}
      rows={rows}
      rowKey={(row) => row.id}
      empty=""
      columns={[
        { key: 'name', header: t('reports.name'), cell: (row) => <Link to={`/hr/reports/saved/${row.id}`}>{row.name}</Link> },
        { key: 'kind', header: t('reports.kind'), cell: (row) => <>{t(`reports.kind.${row.kind}`)}<br /><small>{t(`reports.layout.${row.layout}`)}</small></> },
        { key: 'owner', header: t('reports.owner'), cell: (row) => <>{row.owner}<br /><small>{row.sharedWith}</small></> },
      ]}
    />
  );
}

function Schedules({ rows }: { rows: Data['schedules'] }) {
  const text = useText();
  const { t } = text;
  return (
    <DataTable
      caption={t('reports.schedules')}
      rows={rows}
      rowKey={(row) => row.id}
      empty=""
      columns={[
        { key: 'name', header: t('reports.name'), cell: (row) => <Link to={`/hr/reports/saved/${row.savedReportId}`}>{row.name}</Link> },
        { key: 'rhythm', header: t('reports.rhythm'), cell: (row) => <>{rhythmText(text, row)}<br /><small>{t(`reports.format.${row.format}`)}</small></> },
        { key: 'next', header: t('reports.next'), cell: (row) => (row.state === 'active' ? <InstantText at={row.nextAt} /> : t(endKey(row.endReason))) },
        { key: 'stop', header: t('reports.do'), screenOnly: true, cell: (row) => row.state === 'active' && <PostButton fields={{ scheduleId: row.id }} label={t('reports.stop-of', { name: row.name })}>{t('reports.stop')}</PostButton> },
      ]}
    />
  );
}

const endKey = (reason: string | null) => (reason === 'no-permission' ? 'reports.ended.no-permission' : reason === 'report-gone' ? 'reports.ended.report-gone' : 'reports.ended.stopped');
