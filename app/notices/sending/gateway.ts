import { randomBytes } from 'node:crypto';
import { z } from 'zod';
import { clock } from '~/kernel/clock';
import { hmacOf, neverLeft, post, reasonOf, type Answer } from '~/kernel/outgoing';
import { fillIn, PLACEHOLDER } from '~/text/notice';
import type { Addresses, Channel, Message, Outcome } from './channel';

export const GATEWAY_KINDS = ['sms', 'messenger'] as const;
export const ADDRESSED_BY = ['phone', 'staff-number', 'e-mail'] as const;

/** A gateway for text messages or an enterprise messenger: one signed POST of JSON a message. */
export interface Gateway {
  id: string;
  name: string;
  kind: (typeof GATEWAY_KINDS)[number];
  url: string;
  secret: string;
  /** JSON in whose texts placeholders stand. */
  body: string;
  addressedBy: (typeof ADDRESSED_BY)[number];
  /** It does nothing when a key comes a second time, so that what was cut off may be sent again. */
  knowsRepeats: boolean;
}

/** What the body of a request may name. */
export const BODY_PLACEHOLDERS = ['address', 'subject', 'text', 'link', 'id'] as const;

/** Bodies to begin with; each gateway asks for its own. */
export const BODY_EXAMPLES = {
  sms: '{"mobile":"{{address}}","content":"{{text}}","requestId":"{{id}}"}',
  wecom: '{"touser":"{{address}}","msgtype":"text","text":{"content":"{{text}}"},"enable_duplicate_check":1}',
  dingtalk: '{"userid_list":"{{address}}","msg":{"msgtype":"text","text":{"content":"{{text}}"}}}',
} as const;

export type BodyProblem = 'gateway.body-json' | 'gateway.body-placeholder' | 'gateway.body-address' | 'gateway.body-text';

/** What is wrong with the body of a gateway's requests, the first thing; null when nothing is. */
export function bodyProblem(body: string): { code: BodyProblem; name?: string } | null {
  if (parsed(body) === undefined) return { code: 'gateway.body-json' };
  const named = [...body.matchAll(PLACEHOLDER)].map((match) => match[1] ?? '');
  const unknown = named.find((name) => !(BODY_PLACEHOLDERS as readonly string[]).includes(name));
  if (unknown !== undefined) return { code: 'gateway.body-placeholder', name: unknown };
  if (!named.includes('address')) return { code: 'gateway.body-address' };
  return named.includes('text') || named.includes('subject') ? null : { code: 'gateway.body-text' };
}

function parsed(body: string): unknown {
  try {
    const value: unknown = JSON.parse(body);
    return typeof value === 'object' && value !== null ? value : undefined;
  } catch {
    return undefined;
  }
}

/** The body with its values in place. They go into texts that were parsed before, so that no value can break out of one. */
export const bodyOf = (body: string, values: Record<string, string>): string => JSON.stringify(filled(JSON.parse(body), values));

function filled(value: unknown, values: Record<string, string>): unknown {
  if (typeof value === 'string') return fillIn(value, values);
  if (Array.isArray(value)) return value.map((one) => filled(one, values));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, filled(inner, values)]));
}

/** HMAC-SHA-256 over `<timestamp>.<nonce>.<body>`, in hex: who has the secret can tell that it is ours, whole, and not old. */
export const signatureOf = (secret: string, { timestamp, nonce, body }: { timestamp: string; nonce: string; body: string }): string =>
  hmacOf(secret, [timestamp, nonce, body]).toString('hex');

export function gatewayChannel(gateway: Gateway): Channel {
  return {
    id: gateway.id, name: gateway.name, length: gateway.kind === 'sms' ? 'short' : 'full', knowsRepeats: gateway.knowsRepeats,
    addressOf: (person) => addressOf(person, gateway.addressedBy),
    send: (message) => send(gateway, message),
  };
}

function addressOf({ email, phone, staffNumber }: Addresses, by: Gateway['addressedBy']): string | null {
  return by === 'phone' ? phone : by === 'e-mail' ? email : staffNumber;
}

async function send(gateway: Gateway, message: Message): Promise<Outcome> {
  const { to: address, subject, text, link, id } = message;
  const body = bodyOf(gateway.body, { address, subject, text, link, id });
  const answer = await ask(gateway, body, id);
  return answer === null ? { result: 'uncertain' } : judged(answer);
}

/** @returns null when the request went out and no answer came back */
async function ask({ url, secret, knowsRepeats }: Gateway, body: string, key: string): Promise<Answer | null> {
  const timestamp = String(clock.now());
  const nonce = randomBytes(16).toString('hex');
  try {
    return await post(url, body, { 'Idempotency-Key': key, 'X-Timestamp': timestamp, 'X-Nonce': nonce, 'X-Signature': signatureOf(secret, { timestamp, nonce, body }) });
  } catch (error) {
    // A gateway that knows repeats may be asked again; another one would perhaps tell the person twice.
    if (knowsRepeats || neverLeft(error)) throw new Error(`gateway: ${reasonOf(error)}`, { cause: error });
    return null;
  }
}

/** Enterprise messengers answer 200 and say in the body what was wrong. */
const Said = z.object({ errcode: z.number(), errmsg: z.string().optional() });

function judged({ status, body }: Answer): Outcome {
  if (status >= 200 && status < 300) return saidIn(body);
  const detail = `HTTP ${status} ${body.slice(0, 200)}`.trim();
  // Too many, too early, or their own trouble: later it may work. The rest says that the message itself is wrong.
  if (status >= 500 || status === 408 || status === 425 || status === 429 || status === 401 || status === 403 || status === 404) throw new Error(`gateway: ${detail}`);
  return { result: 'refused', detail };
}

function saidIn(body: string): Outcome {
  const said = Said.safeParse(parsed(body));
  if (!said.success || said.data.errcode === 0) return { result: 'sent' };
  throw new Error(`gateway: errcode ${said.data.errcode} ${said.data.errmsg ?? ''}`.trim());
}
