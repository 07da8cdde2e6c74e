import { timingSafeEqual } from 'node:crypto';
import { keyHash } from './config-key';

/** What a request says about the browser that sent it. */
export interface SebProof {
  /** Addresses for any of which the hashes may have been made: a proxy may have changed what we see of it. */
  urls: string[];
  configHash: string | null;
  examHash: string | null;
}

interface HeadersLike {
  get(name: string): string | null | undefined;
}

/** Where our pages put what the browser's JavaScript interface says, for requests that carry no headers of ours. */
export const SEB_COOKIE = 'seb-proof';
/** The address that was really asked for, set by the server for every request: Remix takes parts of it away. */
export const URL_HEADER = 'x-shanggang-url';

/**
 * What the request says about Safe Exam Browser; null when it says nothing.
 * - Windows and older versions: headers that the browser adds to each request, hashed with that request's address.
 * - macOS and iOS from 3.0 (WKWebView adds no headers): our page asks `SafeExamBrowser.security` and sends the values
 *   with the address of the page they were made for, in headers of ours or, where a page cannot set any (navigation,
 *   event streams), in a cookie.
 * @param url the address asked for, absolute
 * @param base address under which people reach this server, without a slash at its end
 */
export function sebProofOf(headers: HeadersLike, url: string, base: string): SebProof | null {
  const asked = new URL(headers.get(URL_HEADER) || url);
  const [config, exam] = [hashIn(headers, 'x-safeexambrowser-configkeyhash'), hashIn(headers, 'x-safeexambrowser-requesthash')];
  const rest = `${asked.pathname}${asked.search}`;
  if (config || exam) return { urls: [...new Set([`${new URL(base).origin}${rest}`, `${asked.origin}${rest}`])], configHash: config, examHash: exam };
  return ofPage(headers, [new URL(base).origin, asked.origin]);
}

function ofPage(headers: HeadersLike, origins: string[]): SebProof | null {
  const sent = {
    url: headers.get('x-shanggang-seb-url') ?? '',
    config: headers.get('x-shanggang-seb-config-hash') ?? '',
    exam: headers.get('x-shanggang-seb-exam-hash') ?? '',
  };
  const { url, config, exam } = sent.url ? sent : inCookie(headers.get('cookie') ?? '');
  // Made for a page of ours, whichever: the browser never tells a page the hash of another one's address.
  if (!isHash(config) || !origins.some((origin) => url.startsWith(`${origin}/`))) return null;
  return { urls: [url], configHash: config, examHash: isHash(exam) ? exam : null };
}

function inCookie(header: string): { url: string; config: string; exam: string } {
  const found = new RegExp(`(?:^|; *)${SEB_COOKIE}=([0-9a-f]{64})\\.([0-9a-f]{64})?\\.([^;]*)`).exec(header);
  return { config: found?.[1] ?? '', exam: found?.[2] ?? '', url: decoded(found?.[3] ?? '') };
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return '';
  }
}

const isHash = (text: string): boolean => /^[0-9a-f]{64}$/.test(text);

function hashIn(headers: HeadersLike, name: string): string | null {
  const value = (headers.get(name) ?? '').toLowerCase();
  return isHash(value) ? value : null;
}

/**
 * Whether the request came from Safe Exam Browser with this configuration and, where the sitting names browser exam
 * keys, with one of these.
 * @param key the Config Key of the sitting
 * @param examKeys browser exam keys; none: the configuration alone suffices
 */
export function proves(proof: SebProof | null, key: string, examKeys: readonly string[]): boolean {
  if (!proof) return false;
  const { configHash, examHash, urls } = proof;
  return urls.some((url) => equal(configHash, keyHash(url, key)) && (examKeys.length === 0 || examKeys.some((one) => equal(examHash, keyHash(url, one)))));
}

const equal = (given: string | null, wanted: string): boolean =>
  given !== null && given.length === wanted.length && timingSafeEqual(Buffer.from(given), Buffer.from(wanted));

/** Browser exam keys as somebody typed or pasted them: one a line, hex, any case. Null: something else is in there. */
export function readExamKeys(text: string): string[] | null {
  const keys = text.split(/[\s,;，；]+/).filter((one) => one !== '').map((one) => one.toLowerCase());
  return keys.every(isHash) ? [...new Set(keys)] : null;
}
