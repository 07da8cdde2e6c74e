import { redirect, type LoaderFunctionArgs } from '@remix-run/node';
import { isBadgeForm, openCredential, readBadge } from '~/certification';
import { signedIn } from '~/identity';
import { ProblemError } from '~/kernel/result';

/** A credential as a badge: `badge.json`, `badge.png`, `badge.svg`. One that is not valid leads to the page that says why. */
export async function loader({ request, params }: LoaderFunctionArgs) {
  const actor = await signedIn(request);
  const credential = await openCredential(actor, params['number'] ?? '');
  const [name, form = ''] = (params['file'] ?? '').split('.');
  if (!credential || name !== 'badge' || !isBadgeForm(form)) throw new ProblemError({ code: 'not-found' });
  const badge = await readBadge(actor, credential, form);
  if (!badge) return redirect(`/credentials/${credential.number}`);
  return new Response(new Uint8Array(badge.body), {
    headers: { 'Content-Type': badge.type, 'Content-Disposition': `attachment; filename="${credential.number}.${form}"`, 'Cache-Control': 'private, no-store' },
  });
}
