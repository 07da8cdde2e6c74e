import { createHmac } from 'node:crypto';
import { lookup } from 'node:dns/promises';
import { BlockList, isIP } from 'node:net';
import { seconds } from './clock';
import { hasOwn } from './own';

/** HMAC-SHA-256 over texts with dots between them: who has the secret can tell that they are ours, and whole. */
export const hmacOf = (secret: string | Buffer, parts: readonly string[]): Buffer => createHmac('sha256', secret).update(parts.join('.')).digest();

/** Whether messages can be sent to an address: over the web, and without a name and password in it. */
export function isSendable(url: string): boolean {
  try {
    const { protocol, username, password } = new URL(url);
    return /^https?:$/.test(protocol) && username === '' && password === '';
  } catch {
    return false;
  }
}

const list = (subnets: readonly [string, number, 'ipv4' | 'ipv6'][]): BlockList => {
  const made = new BlockList();
  for (const [net, prefix, type] of subnets) made.addSubnet(net, prefix, type);
  return made;
};
/** Where machines of clouds tell their own secrets, and addresses that are nobody's. */
const NEVER = list([['169.254.0.0', 16, 'ipv4'], ['0.0.0.0', 8, 'ipv4'], ['224.0.0.0', 3, 'ipv4'], ['fe80::', 10, 'ipv6'], ['::', 128, 'ipv6'], ['ff00::', 8, 'ipv6']]);
const PRIVATE = list([['10.0.0.0', 8, 'ipv4'], ['172.16.0.0', 12, 'ipv4'], ['192.168.0.0', 16, 'ipv4'], ['127.0.0.0', 8, 'ipv4'], ['100.64.0.0', 10, 'ipv4'], ['::1', 128, 'ipv6'], ['fc00::', 7, 'ipv6']]);

const isIn = (where: BlockList, address: string): boolean => where.check(address, isIP(address) === 6 ? 'ipv6' : 'ipv4');

/** Why nothing is sent to a machine with these addresses; null: it may be. Without encryption only inside of private networks. */
export function addressProblem(protocol: string, addresses: readonly string[]): 'no-address' | 'forbidden-address' | 'plain-http-outside' | null {
  if (addresses.length === 0) return 'no-address';
  if (addresses.some((one) => isIn(NEVER, one))) return 'forbidden-address';
  return protocol === 'http:' && !addresses.every((one) => isIn(PRIVATE, one)) ? 'plain-http-outside' : null;
}

const ANSWERS_WITHIN = seconds(15);

export interface Answer {
  status: number;
  /** The beginning of it. */
  body: string;
}

/** Posts JSON to another system. Follows nobody elsewhere, and waits a quarter of a minute at most. @throws when no answer came */
export async function post(url: string, body: string, headers: Record<string, string>): Promise<Answer> {
  const { protocol, hostname } = new URL(url);
  const addresses = await lookup(hostname.replace(/^\[|\]$/g, ''), { all: true });
  const problem = addressProblem(protocol, addresses.map(({ address }) => address));
  if (problem) throw Object.assign(new Error(problem), { code: problem });
  const answer = await fetch(url, { method: 'POST', body, redirect: 'error', signal: AbortSignal.timeout(ANSWERS_WITHIN), headers: { 'Content-Type': 'application/json', ...headers } });
  return { status: answer.status, body: (await answer.text()).slice(0, 10_000) };
}

const NEVER_LEFT = new Set([
  'ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', 'EHOSTUNREACH', 'ENETUNREACH', 'UND_ERR_CONNECT_TIMEOUT', 'CERT_HAS_EXPIRED', 'DEPTH_ZERO_SELF_SIGNED_CERT', 'ERR_TLS_CERT_ALTNAME_INVALID',
  'no-address', 'forbidden-address', 'plain-http-outside',
]);

/** Whether nobody can have received the request. */
export const neverLeft = (error: unknown): boolean => NEVER_LEFT.has(codeOf(error));

function codeOf(error: unknown): string {
  const cause: unknown = error instanceof Error && error.cause !== undefined ? error.cause : error;
  return typeof cause === 'object' && cause !== null && hasOwn(cause, 'code') ? String((cause as { code: unknown }).code) : '';
}

/** Why no answer came, in a word. */
export const reasonOf = (error: unknown): string => codeOf(error) || (error instanceof Error ? error.message : String(error));
