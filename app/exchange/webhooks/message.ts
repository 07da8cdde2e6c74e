import { hmacOf } from '~/kernel/outgoing';
import { days, hours, minutes, seconds, type Instant } from '~/kernel/clock';

/** What a webhook may be told of. `test` is sent when somebody asks for it. */
export const WEBHOOK_KINDS = ['assigned', 'changed', 'ended'] as const;
export type WebhookKind = (typeof WEBHOOK_KINDS)[number];

/** How long is waited after each try that failed; after the last one it is given up. */
export const DELAYS: readonly number[] = [seconds(10), minutes(1), minutes(5), minutes(30), hours(2), hours(5), hours(10), hours(14), hours(20), days(1)];

/** The first one and one after each wait. */
export const TRIES = DELAYS.length + 1;

/** What becomes of a delivery after a try, and when it is tried again. */
export function after(tries: number, status: number | null, now: Instant): { state: 'delivered' | 'waiting' | 'dead'; nextAt: Instant } {
  if (status !== null && status >= 200 && status < 300) return { state: 'delivered', nextAt: now };
  const delay = DELAYS[tries - 1];
  return delay === undefined ? { state: 'dead', nextAt: now } : { state: 'waiting', nextAt: now + delay };
}

const PREFIX = 'whsec_';
export const secretOf = (random: Buffer): string => `${PREFIX}${random.toString('base64')}`;

/**
 * The headers of a message as Standard Webhooks has them: HMAC-SHA-256 over `<id>.<timestamp>.<body>` with the secret's bytes. The id stays
 * the same however often it is sent, so that whoever has had it knows; the timestamp is that of the sending, in seconds.
 */
export function headersOf(secret: string, { id, body, now }: { id: string; body: string; now: Instant }): Record<string, string> {
  const timestamp = String(Math.floor(now / 1000));
  const key = Buffer.from(secret.slice(PREFIX.length), 'base64');
  return { 'webhook-id': id, 'webhook-timestamp': timestamp, 'webhook-signature': `v1,${hmacOf(key, [id, timestamp, body]).toString('base64')}`, 'User-Agent': 'Shanggang-Webhooks/1' };
}
