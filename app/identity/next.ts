const BASE = 'http://same.site';
/** Pages on which nobody wants to land after signing in. */
const PASSAGES = ['/sign-in', '/sign-out', '/activate'];

/** A path of this site to go to after signing in, or null when `path` leads elsewhere or to signing in again. */
export function safePath(path: string | null | undefined): string | null {
  const own = ownPath(path);
  return own !== null && PASSAGES.includes(own.replace(/\?.*$/, '')) ? null : own;
}

/**
 * `path` when it leads to this site, else null. Browsers read `//host`, `/\host` and control characters as
 * other sites, so the path is read as a browser would.
 */
export function ownPath(path: string | null | undefined): string | null {
  if (!path?.startsWith('/')) return null;
  let url: URL;
  try {
    url = new URL(path, BASE);
  } catch {
    return null;
  }
  if (url.origin !== BASE || url.pathname.startsWith('//')) return null;
  return `${url.pathname}${url.search}`;
}
