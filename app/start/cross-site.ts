import type { IncomingHttpHeaders } from 'node:http';

const SAFE = new Set(['GET', 'HEAD', 'OPTIONS']);

/**
 * Whether a request that changes something was sent by a page of another site. The algorithm of Go's
 * http.CrossOriginProtection: Sec-Fetch-Site where the browser sends it, else Origin compared with our
 * own addresses, else (neither: not a browser, which also has no victim's cookies) let through. It is
 * the second wall behind SameSite=Lax cookies.
 * @param own the origins under which this server is reached
 */
export function crossSite(method: string, headers: IncomingHttpHeaders, own: (string | undefined)[]): boolean {
  if (SAFE.has(method)) return false;
  const site = headers['sec-fetch-site'];
  if (site !== undefined) return site !== 'same-origin' && site !== 'none';
  return headers.origin !== undefined && !own.includes(headers.origin);
}
