import type { LoaderFunctionArgs } from '@remix-run/node';
import { openProof } from '~/certification';
import { authorise, signedIn } from '~/identity';
import { ProblemError } from '~/kernel/result';

/** The document that was given as proof; always downloaded, never shown by this origin. */
export async function loader({ request, params }: LoaderFunctionArgs) {
  const actor = await signedIn(request);
  const proof = await openProof(actor, params['id'] ?? '');
  if (!proof) {
    authorise(actor, 'see waivers');
    throw new ProblemError({ code: 'not-found' });
  }
  return new Response(new Uint8Array(proof.content), {
    headers: {
      'Content-Type': proof.contentType, 'Content-Disposition': `attachment; filename="${proof.name}"`, 'X-Content-Type-Options': 'nosniff',
      'Content-Security-Policy': "default-src 'none'; sandbox", 'Cache-Control': 'private, no-store',
    },
  });
}
