import { json, redirect, type ActionFunctionArgs, type LoaderFunctionArgs } from '@remix-run/node';
import { Form, useLoaderData } from '@remix-run/react';
import { z } from 'zod';
import { failedJobs, inTransaction, appendEvent, markWaiting, outboxCounts, reader, settingsLike } from '~/db';
import { authorise, signedIn } from '~/identity';
import { Id } from '~/kernel/id';
import { useText } from '~/text/react';
import { Banner, Button, DataTable, Facts, Page, Pager, Section } from '~/ui';
import { parseForm } from '~/ui/form.server';
import { pageNumber } from '~/ui/page-number';

const PER_PAGE = 100;

export async function loader({ request }: LoaderFunctionArgs) {
  authorise(await signedIn(request), 'see failed jobs');
  const page = pageNumber(request.url);
  const [failed, counts, sweeps] = await Promise.all([
    failedJobs(reader(), PER_PAGE, (page - 1) * PER_PAGE), outboxCounts(reader()), settingsLike(reader(), 'sweep.'),
  ]);
  return json({ failed, counts, page, pageCount: Math.max(1, Math.ceil(counts.failed / PER_PAGE)), sweeps: sweeps.filter((sweep) => sweep.value !== '') });
}

/** Puts a failed job back into the outbox: it gets all its tries again. */
export async function action({ request }: ActionFunctionArgs) {
  const actor = await signedIn(request);
  authorise(actor, 'see failed jobs');
  const form = await parseForm(request, z.object({ job: Id }));
  if (!form.ok) return form.response;
  const { job: id } = form.value;
  await inTransaction(async (tx) => {
    if (await markWaiting(tx, id)) await appendEvent(tx, { kind: 'job.retried', subject: { kind: 'job', id }, by: actor.by });
  });
  return redirect('/admin/jobs');
}

export default function Jobs() {
  const { failed, counts, page, pageCount, sweeps } = useLoaderData<typeof loader>();
  const { t, dateTime } = useText();
  return (
    <Page title={t('shell.jobs-title')} lead={t('shell.jobs-lead')} width="wide">
      <Facts items={[
        { term: t('shell.jobs-waiting'), value: counts.waiting },
        { term: t('shell.jobs-sent'), value: counts.sent },
        { term: t('shell.jobs-failed'), value: counts.failed },
      ]} />
      {sweeps.map((sweep) => (
        <Banner key={sweep.name} tone="warning" title={t('shell.jobs-sweep', { name: sweep.name.slice('sweep.'.length) })}>{sweep.value}</Banner>
      ))}
      <Section title={t('shell.jobs-failed')}>
        <DataTable
          caption={t('shell.jobs-failed')}
          rows={failed}
          rowKey={(row) => row.id}
          empty={t('shell.jobs-none')}
          columns={[
            { key: 'name', header: t('shell.jobs-name'), cell: (row) => row.name },
            { key: 'failed', header: t('shell.jobs-when'), cell: (row) => (row.failed_at === null ? '' : dateTime(row.failed_at)) },
            { key: 'attempts', header: t('shell.jobs-tries'), cell: (row) => row.attempts, numeric: true },
            { key: 'error', header: t('shell.jobs-error'), cell: (row) => row.error ?? '' },
            { key: 'retry', header: t('shell.jobs-retry'), cell: (row) => (
              <Form method="post">
                <input type="hidden" name="job" value={row.id} />
                <Button kind="secondary">{t('shell.jobs-retry')}</Button>
              </Form>
            ) },
          ]}
        />
        <Pager page={page} pageCount={pageCount} />
      </Section>
    </Page>
  );
}
