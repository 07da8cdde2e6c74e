import { json, redirect, type ActionFunctionArgs, type LoaderFunctionArgs } from '@remix-run/node';
import { Link, useLoaderData } from '@remix-run/react';
import { z } from 'zod';
import { failedItems, openRun, resumeRun, retryRun, stopRun } from '~/certification';
import { reader } from '~/db';
import { authorise, scopePaths, signedIn } from '~/identity';
import { ProblemError } from '~/kernel/result';
import { textFor } from '~/text';
import { langOf } from '~/text/lang';
import { useText } from '~/text/react';
import { ButtonLink, ButtonRow, DataTable, FormBox, Page, ProgressBar, Section, SubmitButton, useFormReply } from '~/ui';
import { parseOneOf } from '~/ui/form.server';
import { pageTitle } from '~/ui/page-title';
import { useRefresh } from '~/ui/use-refresh';

export const meta = pageTitle;

const Nothing = z.object({});

async function runOf(request: Request, id: string | undefined) {
  const actor = await signedIn(request);
  authorise(actor, 'issue credentials in bulk');
  const run = await openRun(id ?? '', scopePaths(actor, 'hr'));
  if (!run) throw new ProblemError({ code: 'not-found' });
  return { actor, run };
}

export async function loader({ request, params }: LoaderFunctionArgs) {
  const { run } = await runOf(request, params['id']);
  const { t, lang } = textFor(langOf(request));
  const { id, state, total, waiting, failed } = run;
  return json({
    heading: t('runs.run-title', { scope: run.filter[lang] }), id, state, total, waiting, failed,
    failures: (await failedItems(reader(), id)).map(({ assignment_id: assignmentId, ...one }) => ({ assignmentId, ...one })),
  });
}

export async function action({ request, params }: ActionFunctionArgs) {
  const { actor, run } = await runOf(request, params['id']);
  const form = await parseOneOf(request, { stop: Nothing, resume: Nothing, retry: Nothing });
  if (!form.ok) return form.response;
  const done = await (form.form === 'stop' ? stopRun : form.form === 'resume' ? resumeRun : retryRun)(actor.by, run.id);
  return done.ok ? redirect(`/hr/credential-runs/${run.id}`) : form.refuse(done.error);
}

type Data = ReturnType<typeof useLoaderData<typeof loader>>;

export default function CredentialRunPage() {
  const data = useLoaderData<typeof loader>();
  const { id, state, total, waiting, failed } = data;
  const { t } = useText();
  useRefresh(state === 'running' ? 3 : null);
  const done = total - waiting - failed;
  return (
    <Page title={data.heading} lead={t('runs.run-lead', { total, done, failed, waiting })} trail={[{ to: '/hr', label: t('hr.title') }, { to: '/hr/credential-runs', label: t('runs.title') }]}>
      <ProgressBar value={total - waiting} max={total} label={t(`runs.state.${state}`)} />
      {state === 'running' && <p>{t('runs.leave')}</p>}
      <ButtonRow>
        {state === 'running' && <Act id="stop" />}
        {state === 'stopped' && <Act id="resume" />}
        {state === 'running' && <ButtonLink to={`/hr/credential-runs/${id}`} kind="quiet">{t('runs.refresh')}</ButtonLink>}
        <ButtonLink to={`/hr/credential-runs/${id}/list.csv`} kind="quiet" document>{t('runs.csv')}</ButtonLink>
        {done > 0 && <ButtonLink to={`/hr/credential-runs/${id}/all.zip`} kind="quiet" document>{t('runs.zip')}</ButtonLink>}
      </ButtonRow>
      {failed > 0 && <Failures data={data} />}
    </Page>
  );
}

function Act({ id }: { id: 'stop' | 'resume' | 'retry' }) {
  const { t } = useText();
  const form = useFormReply<typeof Nothing>({ id });
  return <FormBox form={form}><SubmitButton kind={id === 'resume' ? 'primary' : 'secondary'}>{t(`runs.${id}`)}</SubmitButton></FormBox>;
}

const REASONS = ['missing-characters', 'not-cleared', 'failed'] as const;

function Failures({ data: { failures } }: { data: Data }) {
  const { t } = useText();
  const why = (reason: string | null) => REASONS.find((one) => one === reason) ?? 'failed';
  return (
    <Section title={t('runs.failed')}>
      <Act id="retry" />
      <DataTable
        caption={t('runs.failed')}
        rows={failures}
        rowKey={(row) => row.assignmentId}
        empty=""
        columns={[
          { key: 'name', header: t('runs.person'), cell: (row) => <><Link to={`/hr/clearance/${row.assignmentId}`}>{row.name}</Link><br /><small>{row.organisation}</small></> },
          { key: 'why', header: t('runs.why'), cell: (row) => t(`runs.reason.${why(row.reason)}`, { detail: row.detail ?? '' }) },
        ]}
      />
    </Section>
  );
}
