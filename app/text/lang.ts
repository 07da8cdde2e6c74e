import { isLang, type Lang } from './index';

/**
 * The language of a request: what the reader chose (cookie `lang`), else English when the browser asks
 * for it first, else Chinese.
 */
export const langOf = (request: Request): Lang =>
  langOfHeaders(request.headers.get('cookie'), request.headers.get('accept-language'));

/** The same from the two headers, for answers given outside Remix. */
export function langOfHeaders(cookie: string | null | undefined, acceptLanguage: string | null | undefined): Lang {
  const chosen = /(?:^|;\s*)lang=(\w+)/.exec(cookie ?? '')?.[1];
  if (isLang(chosen)) return chosen;
  return /^\s*en\b/i.test(acceptLanguage ?? '') ? 'en' : 'zh';
}
