import type { LoaderFunctionArgs } from '@remix-run/node';
import { takeStatementPdf } from '~/exchange';
import { signedIn } from '~/identity';
import { ProblemError } from '~/kernel/result';

/** The paper of a signed statement; that it was taken is an event in the ledger. */
export async function loader({ request, params }: LoaderFunctionArgs) {
  const taken = await takeStatementPdf(await signedIn(request), params['number'] ?? '');
  if (!taken) throw new ProblemError({ code: 'not-found' });
  return new Response(new Uint8Array(taken.content), {
    headers: { 'Content-Type': 'application/pdf', 'Content-Disposition': `attachment; filename="${taken.number}.pdf"`, 'Cache-Control': 'no-store' },
  });
}
