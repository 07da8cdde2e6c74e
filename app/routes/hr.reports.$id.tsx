import { json, redirect, type ActionFunctionArgs, type LoaderFunctionArgs } from '@remix-run/node';
import { Link, useLoaderData } from '@remix-run/react';
import { z } from 'zod';
import { reader } from '~/db';
import { authorise, signedIn } from '~/identity';
import { clock } from '~/kernel/clock';
import { cancelReport, ownRequest, retryReport, unitNames } from '~/reports';
import { textFor } from '~/text';
import { langOf } from '~/text/lang';
import { useText } from '~/text/react';
import { Banner, ButtonLink, ButtonRow, Facts, FormBox, InstantText, Page, Section, SubmitButton, useFormReply } from '~/ui';
import { parseOneOf } from '~/ui/form.server';
import { pageTitle } from '~/ui/page-title';
import { searchOf } from '~/ui/reports/query.server';
import { RequestState } from '~/ui/reports/request-table';
import { shownRequest } from '~/ui/reports/shown-request.server';
import { shownSummary } from '~/ui/reports/shown-summary.server';
import { sizeText } from '~/ui/reports/size';
import { SummaryView } from '~/ui/reports/summary-view';
import { useRefresh } from '~/ui/use-refresh';

export const meta = pageTitle;

const Nothing = z.object({});

/** How far is it, what came of it, and where is the file? */
export async function loader({ request, params }: LoaderFunctionArgs) {
  const actor = await signedIn(request);
  authorise(actor, 'see reports');
  const one = await ownRequest(actor, params['id'] ?? '');
  const text = textFor(langOf(request));
  const names = one.summary && one.query.groupBy === 'organisation' ? await unitNames(reader(), one.madeOn ?? '') : new Map<string, string>();
  const worded = `error.${one.problem ?? ''}`;
  const problem = one.problem === 'report.too-long-for-paper' ? text.t('reports.failed-paper') : text.has(worded) && one.problem !== 'internal' ? text.t(worded) : text.t('reports.failed-text');
  return json({
    heading: one.name, again: `/hr/reports/new${searchOf(one.query)}`, shown: shownRequest(one, clock.now()), madeOn: one.madeOn, finishedAt: one.finishedAt, downloadedAt: one.downloadedAt,
    problem: one.state === 'failed' ? problem : null, summary: one.summary && shownSummary(text, one.query, one.summary, names),
  });
}

export async function action({ request, params }: ActionFunctionArgs) {
  const actor = await signedIn(request);
  authorise(actor, 'see reports');
  const id = params['id'] ?? '';
  const form = await parseOneOf(request, { cancel: Nothing, retry: Nothing });
  if (!form.ok) return form.response;
  const done = await (form.form === 'cancel' ? cancelReport : retryReport)(actor, id);
  return done.ok ? redirect(`/hr/reports/${id}`) : form.refuse(done.error);
}

export default function MadeReport() {
  const { heading, again, shown, madeOn, finishedAt, downloadedAt, problem, summary } = useLoaderData<typeof loader>();
  const { t, date } = useText();
  const isOpen = shown.state === 'waiting' || shown.state === 'running';
  useRefresh(isOpen ? 2 : null);
  return (
    <Page title={heading} width="wide" trail={[{ to: '/hr/reports', label: t('reports.title') }]}>
      {problem !== null && <Banner tone="danger" title={t('reports.request.failed')}><p>{problem}</p></Banner>}
      <RequestState request={shown} />
      {isOpen && <p>{t('reports.leave')}</p>}
      <ButtonRow>
        {shown.isThere && <ButtonLink kind="primary" to={`/hr/reports/files/${shown.id}`} document>{t('reports.take', { format: t(`reports.format-short.${shown.format}`), size: sizeText(shown.bytes ?? 0) })}</ButtonLink>}
        {isOpen && <Act id="cancel" />}
        {shown.state === 'failed' && <Act id="retry" />}
        {isOpen && <ButtonLink to={`/hr/reports/${shown.id}`} kind="quiet">{t('reports.refresh')}</ButtonLink>}
        <ButtonLink to={again} kind="quiet">{t('reports.again')}</ButtonLink>
      </ButtonRow>
      <Facts items={[
        { term: t('reports.kind'), value: `${t(`reports.kind.${shown.kind}`)} · ${t(`reports.layout.${shown.layout}`)}` },
        { term: t('reports.asked'), value: <InstantText at={shown.askedAt} /> },
        ...(madeOn === null ? [] : [{ term: t('reports.on'), value: date(madeOn) }]),
        ...(finishedAt === null ? [] : [{ term: t('reports.finished'), value: <InstantText at={finishedAt} /> }]),
        ...(shown.lines === null ? [] : [{ term: t('reports.lines'), value: shown.lines }]),
        ...(shown.expiresAt === null ? [] : [{ term: t('reports.kept-until'), value: shown.isThere ? <InstantText at={shown.expiresAt} /> : t('reports.removed') }]),
        { term: t('reports.downloads'), value: downloadedAt === null ? shown.downloads : <>{t('reports.downloads-last', { n: shown.downloads })}<InstantText at={downloadedAt} /></> },
      ]} />
      {shown.isThere && <p className="soft">{t('reports.file-yours')} <Link to="/hr/reports#made">{t('reports.made')}</Link></p>}
      {summary && <Section title={t('reports.numbers')}><SummaryView summary={summary} /></Section>}
    </Page>
  );
}

function Act({ id }: { id: 'cancel' | 'retry' }) {
  const { t } = useText();
  const form = useFormReply<typeof Nothing>({ id });
  return <FormBox form={form}><SubmitButton kind="secondary">{t(`reports.${id}`)}</SubmitButton></FormBox>;
}
