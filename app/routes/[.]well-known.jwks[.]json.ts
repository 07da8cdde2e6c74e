import type { LoaderFunctionArgs } from '@remix-run/node';
import { publishedKeys } from '~/certification';
import { authorise } from '~/identity';

/** The public keys with which signed records can be checked without asking us. */
export async function loader(_: LoaderFunctionArgs) {
  authorise(null, 'use public pages');
  return new Response(JSON.stringify(await publishedKeys()), { headers: { 'Content-Type': 'application/jwk-set+json', 'Cache-Control': 'public, max-age=3600', 'Access-Control-Allow-Origin': '*' } });
}
