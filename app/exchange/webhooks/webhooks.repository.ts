import { z } from 'zod';
import { execute, insert, json, maybeOne, rows, type By, type Reader, type Tx } from '~/db';
import type { Instant } from '~/kernel/clock';
import { newId } from '~/kernel/id';
import { decrypt, encrypt } from '~/kernel/secrets';
import { within } from '~/people';
import { WEBHOOK_KINDS, type WebhookKind } from './message';

const Row = z.object({
  id: z.string(), application_id: z.string(), application: z.string(), application_path: z.string(), usable: z.number(), organisation_id: z.string(), organisation: z.string(), path: z.string(), url: z.string(),
  secret: z.string(), kinds: json(z.array(z.enum(WEBHOOK_KINDS))), state: z.enum(['active', 'paused']), fanned_to: z.number(), made_at: z.number(), version: z.number(), waiting: z.number(), dead: z.number(),
}).transform((row) => ({
  id: row.id, applicationId: row.application_id, application: row.application, applicationPath: row.application_path, isUsable: row.usable === 1, organisationId: row.organisation_id,
  organisation: row.organisation, path: row.path, url: row.url, secret: decrypt(row.secret), kinds: row.kinds, state: row.state, fannedTo: row.fanned_to, madeAt: row.made_at, version: row.version,
  waiting: row.waiting, dead: row.dead,
}));
/** Whom an application wants to be told, where, and how much waits or was given up. */
export type Webhook = z.output<typeof Row>;

const COUNT = (state: string): string => `(SELECT COUNT(*) FROM webhook_deliveries d WHERE d.webhook_id = w.id AND d.state = '${state}')`;
/** An application whose token is revoked or expired, or that may not read clearances, is told nothing. */
const SELECT = `SELECT w.id, w.application_id, x.name AS application, xo.path AS application_path, w.organisation_id, o.name AS organisation, o.path, w.url, w.secret, w.kinds, w.state, w.fanned_to, w.made_at, w.version,
    CASE WHEN x.revoked_at IS NULL AND x.expires_on >= $today AND x.scopes LIKE '%"clearances.read"%' THEN 1 ELSE 0 END AS usable, ${COUNT('waiting')} AS waiting, ${COUNT('dead')} AS dead
  FROM webhooks w JOIN applications x ON x.id = w.application_id JOIN organisations xo ON xo.id = x.organisation_id JOIN organisations o ON o.id = w.organisation_id`;

export const findWebhook = (from: Reader, id: string, today: string): Promise<Webhook | null> => maybeOne(from, Row, `${SELECT} WHERE w.id = $id`, { id, today });
export const webhooksOfApplication = (from: Reader, applicationId: string, today: string): Promise<Webhook[]> => rows(from, Row, `${SELECT} WHERE w.application_id = $applicationId ORDER BY w.id`, { applicationId, today });
export const activeWebhooks = (from: Reader, today: string): Promise<Webhook[]> => rows(from, Row, `${SELECT} WHERE w.state = 'active' ORDER BY w.id`, { today });

const InTrouble = z.object({ id: z.string(), url: z.string(), application: z.string(), dead: z.number() });

/** Webhooks of applications beneath these organisations with messages that were given up, the most first. */
export function webhooksWithDead(from: Reader, paths: readonly string[]): Promise<z.infer<typeof InTrouble>[]> {
  const scope = within('o.path', paths);
  return rows(from, InTrouble, `SELECT w.id, w.url, x.name AS application, d.dead FROM (SELECT webhook_id, COUNT(*) AS dead FROM webhook_deliveries WHERE state = 'dead' GROUP BY webhook_id) d
    JOIN webhooks w ON w.id = d.webhook_id JOIN applications x ON x.id = w.application_id JOIN organisations o ON o.id = x.organisation_id WHERE ${scope.sql} ORDER BY d.dead DESC, w.id`, scope.params);
}

export interface FreshWebhook {
  applicationId: string;
  organisationId: string;
  url: string;
  kinds: readonly WebhookKind[];
}

export async function insertWebhook(tx: Tx, { applicationId, organisationId, url, kinds }: FreshWebhook, given: { secret: string; fannedTo: number; by: By }): Promise<string> {
  const id = newId();
  await insert(tx, 'webhooks', [{
    id, application_id: applicationId, organisation_id: organisationId, url, secret: encrypt(given.secret), kinds: JSON.stringify(kinds), state: 'active', fanned_to: given.fannedTo, made_at: tx.now, made_by: given.by,
  }]);
  return id;
}

/** @returns 0 when it is in that state already */
export const setState = (tx: Tx, id: string, state: Webhook['state']): Promise<number> =>
  execute(tx, 'UPDATE webhooks SET state = $state, version = version + 1 WHERE id = $id AND state <> $state', { id, state });

/** Lets one at a time hand changes on; waits for whoever does it now. */
export const lockWebhook = (tx: Tx, id: string): Promise<number> => execute(tx, 'UPDATE webhooks SET version = version WHERE id = $id', { id });
export const moveFannedTo = (tx: Tx, id: string, to: number): Promise<number> => execute(tx, 'UPDATE webhooks SET fanned_to = $to WHERE id = $id', { id, to });

/** @returns 0 when somebody sends already, or nothing is to be sent */
export const lease = (tx: Tx, id: string, until: Instant): Promise<number> =>
  execute(tx, `UPDATE webhooks SET leased_until = $until WHERE id = $id AND state = 'active' AND (leased_until IS NULL OR leased_until < $now)`, { id, until, now: tx.now });
export const prolong = (tx: Tx, id: string, until: Instant): Promise<number> => execute(tx, 'UPDATE webhooks SET leased_until = $until WHERE id = $id', { id, until });
export const giveBack = (tx: Tx, id: string): Promise<number> => execute(tx, 'UPDATE webhooks SET leased_until = NULL, asked_at = NULL WHERE id = $id', { id });

/** Those for which something is due that nobody sends, and for which a job was not asked after `askedBefore`. */
export const webhooksDue = async (from: Reader, now: Instant, askedBefore: Instant): Promise<string[]> =>
  (await rows(from, z.object({ id: z.string() }), `SELECT w.id FROM webhooks w WHERE w.state = 'active' AND (w.leased_until IS NULL OR w.leased_until < $now) AND (w.asked_at IS NULL OR w.asked_at < $askedBefore)
    AND EXISTS (SELECT 1 FROM webhook_deliveries d WHERE d.webhook_id = w.id AND d.state = 'waiting' AND d.next_at <= $now) ORDER BY w.id`, { now, askedBefore })).map(({ id }) => id);

/** @returns 0 when another process was first */
export const markAsked = (tx: Tx, id: string, askedBefore: Instant): Promise<number> =>
  execute(tx, 'UPDATE webhooks SET asked_at = $now WHERE id = $id AND (asked_at IS NULL OR asked_at < $askedBefore)', { id, askedBefore, now: tx.now });
