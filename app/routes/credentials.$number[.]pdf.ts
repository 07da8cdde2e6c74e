import { redirect, type LoaderFunctionArgs } from '@remix-run/node';
import { openCredential, readPdf } from '~/certification';
import { signedIn } from '~/identity';
import { ProblemError } from '~/kernel/result';

/** The credential as a file; while it is being made, the page that says so. */
export async function loader({ request, params }: LoaderFunctionArgs) {
  const actor = await signedIn(request);
  const credential = await openCredential(actor, params['number'] ?? '');
  if (!credential) throw new ProblemError({ code: 'not-found' });
  const pdf = await readPdf(actor, credential);
  if (!pdf) return redirect(`/credentials/${credential.number}`);
  return new Response(new Uint8Array(pdf), {
    headers: { 'Content-Type': 'application/pdf', 'Content-Disposition': `attachment; filename="${credential.number}.pdf"`, 'Cache-Control': 'private, no-store' },
  });
}
