import { createHash } from 'node:crypto';
import { isDict, type SebDict, type SebValue } from './plist';

/**
 * The Config Key of settings, as Safe Exam Browser computes it on every platform
 * (safeexambrowser.org/developer/seb-config-key.html): SHA-256, in lower-case hex, of a text that looks like JSON.
 */
export const configKey = (settings: SebDict): string => sha256(sebJson(settings));

/**
 * What is hashed: no white space, no escaping of any character, keys of every dictionary sorted without regard to
 * case, no `originatorVersion`, no empty dictionaries, data as base64.
 */
export function sebJson(value: SebValue): string {
  if (typeof value === 'string') return `"${value}"`;
  if (value instanceof Uint8Array) return `"${Buffer.from(value).toString('base64')}"`;
  if (Array.isArray(value)) return `[${value.map(sebJson).join(',')}]`;
  if (!isDict(value)) return String(value);
  const pairs = Object.entries(value).filter(([key, inner]) => key !== 'originatorVersion' && !(isDict(inner) && Object.keys(inner).length === 0));
  return `{${pairs.sort(byKey).map(([key, inner]) => `"${key}":${sebJson(inner)}`).join(',')}}`;
}

function byKey([a]: [string, SebValue], [b]: [string, SebValue]): number {
  const [left, right] = [a.toLowerCase(), b.toLowerCase()];
  return left < right ? -1 : left > right ? 1 : 0;
}

/**
 * What the browser sends for a key with the request of `url`: the hash of the absolute address without its fragment,
 * followed by the key. So the key itself never travels.
 */
export const keyHash = (url: string, key: string): string => sha256(`${url.split('#')[0] ?? ''}${key}`);

export const sha256 = (text: string): string => createHash('sha256').update(text, 'utf8').digest('hex');
