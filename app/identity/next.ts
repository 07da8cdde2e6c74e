const BASE = 'http://same.site';
/** Pages on which nobody wants to land after signing in. */
const PASSAGES = ['/sign-in', '/sign-out', '/activate'];

/**
 * A path of this site to go to after signing in, or null when `path` leads elsewhere. Browsers read
 * `//host`, `/\host` and control characters as other sites, so the path is read as a browser would.
 */
export function safePath(path: string | null | undefined): string | null {
  if (!path?.startsWith('/')) return null;
  let url: URL;
  try {
    url = new URL(path, BASE);
  } catch {
    return null;
  }
  if (url.origin !== BASE || url.pathname.startsWith('//')) return null;
  if (PASSAGES.includes(url.pathname)) return null;
  return `${url.pathname}${url.search}`;
}
