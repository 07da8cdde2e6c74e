import { createReadableStreamFromReadable, type LoaderFunctionArgs } from '@remix-run/node';
import { sittingReport } from '~/exams';
import { signedIn } from '~/identity';
import { must } from '~/kernel/result';

/** Who handed in what, when and how, by room, as a paper to be signed. */
export async function loader({ request, params }: LoaderFunctionArgs) {
  const actor = await signedIn(request);
  const { name, pdf } = must(await sittingReport(actor, params['sitting'] ?? '', 'hand-in'));
  return new Response(createReadableStreamFromReadable(pdf), {
    headers: { 'Content-Type': 'application/pdf', 'Content-Disposition': `inline; filename="${name}"`, 'Cache-Control': 'no-store' },
  });
}
