import type { LoaderFunctionArgs } from '@remix-run/node';
import { listedItems, openRun } from '~/certification';
import { appendEvent, inTransaction, reader } from '~/db';
import { authorise, scopePaths, signedIn } from '~/identity';
import { publicUrl } from '~/kernel/config';
import { csvFile } from '~/kernel/csv';
import { ProblemError } from '~/kernel/result';
import { textFor } from '~/text';
import { langOf } from '~/text/lang';

const HEADER = ['runs.person', 'credential.organisation', 'credential.number', 'credential.download', 'runs.why'] as const;

/** Everybody in a run with number and address of the PDF; that it was taken is an event in the ledger. */
export async function loader({ request, params }: LoaderFunctionArgs) {
  const actor = await signedIn(request);
  authorise(actor, 'issue credentials in bulk');
  const run = await openRun(params['id'] ?? '', scopePaths(actor, 'hr'));
  if (!run) throw new ProblemError({ code: 'not-found' });
  const { t } = textFor(langOf(request));
  const items = await listedItems(reader(), run.id);
  await inTransaction((tx) => appendEvent(tx, { kind: 'credential.run-exported', subject: { kind: 'credential-run', id: run.id }, by: actor.by, body: { people: items.length } }));
  const reasons = ['missing-characters', 'not-cleared', 'failed'] as const;
  const lines = items.map(({ name, organisation, number, reason, detail }) => [
    name, organisation, number ?? '', number === null ? '' : `${publicUrl().replace(/\/$/, '')}/credentials/${number}.pdf`,
    reason === null ? '' : t(`runs.reason.${reasons.find((one) => one === reason) ?? 'failed'}`, { detail: detail ?? '' }),
  ]);
  return new Response(csvFile(HEADER.map((key) => t(key)), lines), {
    headers: { 'Content-Type': 'text/csv; charset=utf-8', 'Content-Disposition': 'attachment; filename="credentials.csv"', 'Cache-Control': 'no-store' },
  });
}
