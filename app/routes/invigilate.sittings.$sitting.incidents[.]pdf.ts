import { createReadableStreamFromReadable, type LoaderFunctionArgs } from '@remix-run/node';
import { sittingReport } from '~/exams';
import { signedIn } from '~/identity';
import { must } from '~/kernel/result';

/** Incidents, acts and observations of a sitting, as a paper to be signed. */
export async function loader({ request, params }: LoaderFunctionArgs) {
  const actor = await signedIn(request);
  const { name, pdf } = must(await sittingReport(actor, params['sitting'] ?? '', 'incidents'));
  return new Response(createReadableStreamFromReadable(pdf), {
    headers: { 'Content-Type': 'application/pdf', 'Content-Disposition': `inline; filename="${name}"`, 'Cache-Control': 'no-store' },
  });
}
