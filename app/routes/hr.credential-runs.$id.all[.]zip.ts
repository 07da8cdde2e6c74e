import { Readable } from 'node:stream';
import { createReadableStreamFromReadable, type LoaderFunctionArgs } from '@remix-run/node';
import { openRun, pdfsOfRun, zipped } from '~/certification';
import { appendEvent, inTransaction } from '~/db';
import { authorise, scopePaths, signedIn } from '~/identity';
import { ProblemError } from '~/kernel/result';

/** The PDFs of a run as one file; that it was taken is an event in the ledger. */
export async function loader({ request, params }: LoaderFunctionArgs) {
  const actor = await signedIn(request);
  authorise(actor, 'issue credentials in bulk');
  const run = await openRun(params['id'] ?? '', scopePaths(actor, 'hr'));
  if (!run) throw new ProblemError({ code: 'not-found' });
  await inTransaction((tx) => appendEvent(tx, {
    kind: 'credential.run-exported', subject: { kind: 'credential-run', id: run.id }, by: actor.by, body: { people: run.total - run.waiting - run.failed },
  }));
  return new Response(createReadableStreamFromReadable(Readable.from(zipped(pdfsOfRun(run.id)))), {
    headers: { 'Content-Type': 'application/zip', 'Content-Disposition': 'attachment; filename="credentials.zip"', 'Cache-Control': 'private, no-store' },
  });
}
