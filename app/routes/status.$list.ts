import type { LoaderFunctionArgs } from '@remix-run/node';
import { statusList, STATUS_TTL } from '~/certification';
import { actorOf, authorise } from '~/identity';
import { ProblemError } from '~/kernel/result';

/** Which badges count no longer, as a signed list that says nothing about whose they are. Read by programs, from anywhere. */
export async function loader({ request, params }: LoaderFunctionArgs) {
  authorise(await actorOf(request), 'use public pages');
  const number = /^[1-9]\d{0,8}$/.test(params['list'] ?? '') ? Number(params['list']) : 0;
  const list = await statusList(number);
  if (!list) throw new ProblemError({ code: 'not-found' });
  const headers = {
    'Content-Type': 'application/vc+ld+json', ETag: list.etag, 'Cache-Control': `public, max-age=${STATUS_TTL / 1000}`, 'Access-Control-Allow-Origin': '*',
  };
  if (request.headers.get('If-None-Match')?.includes(list.etag)) return new Response(null, { status: 304, headers });
  return new Response(list.body, { headers });
}
