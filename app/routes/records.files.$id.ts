import type { LoaderFunctionArgs } from '@remix-run/node';
import { openFile } from '~/certification';
import { authorise, signedIn } from '~/identity';
import { ProblemError } from '~/kernel/result';

/** A scan, for those who may see what it proves. Strangers made it: it is handed over to be saved, and runs nothing. */
export async function loader({ request, params }: LoaderFunctionArgs) {
  const actor = await signedIn(request);
  authorise(actor, 'manage own account');
  const found = await openFile(actor, params['id'] ?? '');
  if (!found) throw new ProblemError({ code: 'not-found' });
  return new Response(new Uint8Array(found.content), {
    headers: {
      'Content-Type': found.file.type, 'Content-Disposition': `attachment; filename="${found.name}"`, 'X-Content-Type-Options': 'nosniff',
      'Content-Security-Policy': "sandbox; default-src 'none'", 'Cache-Control': 'private, no-store',
    },
  });
}
