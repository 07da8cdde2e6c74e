import type { LoaderFunctionArgs } from '@remix-run/node';
import { issuerDocument } from '~/certification';
import { actorOf, authorise } from '~/identity';

/** Who signs badges here and with which keys. Read by programs, from anywhere, to compare with what a badge names. */
export async function loader({ request }: LoaderFunctionArgs) {
  authorise(await actorOf(request), 'use public pages');
  return new Response(JSON.stringify(await issuerDocument(), null, 2), {
    headers: { 'Content-Type': 'application/cid+json', 'Cache-Control': 'public, max-age=300', 'Access-Control-Allow-Origin': '*' },
  });
}
