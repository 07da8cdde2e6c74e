import { changesAfter, changesByIds, lastSequence, numberChanges } from '~/certification';
import { addJob, inTransaction, reader } from '~/db';
import { covers } from '~/identity';
import { dateAt } from '~/kernel/calendar';
import { clock, minutes, type Instant } from '~/kernel/clock';
import { config } from '~/kernel/config';
import { post, reasonOf } from '~/kernel/outgoing';
import { toldChange } from '../api/clearances.service';
import { beginAttempt, endAttempt, insertDeliveries, nextDue, type Delivery } from './deliveries.repository';
import { after, headersOf } from './message';
import { activeWebhooks, findWebhook, giveBack, lease, lockWebhook, markAsked, moveFannedTo, prolong, webhooksDue, type Webhook } from './webhooks.repository';

const AT_ONCE = 500;
/** An attempt takes a quarter of a minute at most; whoever held the lease longer is gone. */
const LEASE = minutes(2);
/** A job that has done nothing for so long is lost. */
const LOST_AFTER = minutes(1);
/** So many messages go out in one run of the job; so many failures in a row say that nobody is there. */
const A_RUN = 200;
const IN_VAIN = 5;

const today = (now: Instant): string => dateAt(now, config().TIME_ZONE);

/** Hands what changed on to the webhooks, and asks for jobs where something is due: also what a lost job left. Safe to run at any time. */
export async function sweepWebhooks(now: Instant): Promise<void> {
  const webhooks = (await activeWebhooks(reader(), today(now))).filter(({ isUsable }) => isUsable);
  if (webhooks.length === 0) return;
  await numberChanges();
  const last = await lastSequence(reader());
  for (const webhook of webhooks) while (await handOn(webhook, last) === AT_ONCE);
  for (const id of await webhooksDue(reader(), now, now - LOST_AFTER)) {
    await inTransaction(async (tx) => {
      if (await markAsked(tx, id, now - LOST_AFTER) > 0) await addJob(tx, 'exchange.webhook', { webhookId: id });
    });
  }
}

/** One delivery for each change that the webhook is to be told of. @returns how many changes were looked at */
const handOn = ({ id, path, applicationPath, kinds }: Webhook, last: number): Promise<number> => inTransaction(async (tx) => {
  await lockWebhook(tx, id);
  const webhook = await findWebhook(tx, id, today(tx.now));
  if (!webhook || webhook.fannedTo >= last) return 0;
  // An application whose organisation was moved elsewhere sees no more than its own subtree.
  const paths = covers(applicationPath, path) ? [path] : covers(path, applicationPath) ? [applicationPath] : [];
  const changes = await changesAfter(tx, { paths, after: webhook.fannedTo, upTo: last, limit: AT_ONCE });
  await insertDeliveries(tx, id, changes.filter(({ kind }) => kinds.includes(kind)));
  await moveFannedTo(tx, id, changes.length === AT_ONCE ? changes.at(-1)?.sequence ?? last : last);
  return changes.length;
});

/**
 * Sends what is due for a webhook, one after the other in the order of the numbers; one process at a time. An attempt is noted before and its
 * outcome after: what a crash leaves in between is sent once more under the same id, and the receiver knows it by that.
 */
export async function sendWebhook(webhookId: string): Promise<void> {
  if (await inTransaction((tx) => lease(tx, webhookId, tx.now + LEASE)) === 0) return;
  try {
    await sendDue(webhookId);
  } finally {
    await inTransaction((tx) => giveBack(tx, webhookId));
  }
}

async function sendDue(webhookId: string): Promise<void> {
  let inVain = 0;
  for (let sent = 0; sent < A_RUN && inVain < IN_VAIN; sent += 1) {
    const webhook = await findWebhook(reader(), webhookId, today(clock.now()));
    const delivery = webhook?.state === 'active' && webhook.isUsable ? await nextDue(reader(), webhookId, clock.now()) : null;
    if (!webhook || !delivery) return;
    inVain = await attempt(webhook, delivery) ? 0 : inVain + 1;
  }
}

/** @returns whether it arrived */
async function attempt(webhook: Webhook, delivery: Delivery): Promise<boolean> {
  const body = JSON.stringify(await bodyOf(delivery));
  const number = await inTransaction(async (tx) => {
    await prolong(tx, webhook.id, tx.now + LEASE);
    return beginAttempt(tx, delivery);
  });
  const began = clock.now();
  const answer = await answerTo(webhook, delivery.id, body);
  const then = after(delivery.tries + 1, answer.status, clock.now());
  await inTransaction((tx) => endAttempt(tx, delivery.id, number, { ...answer, ms: Math.max(0, clock.now() - began) }, then));
  return then.state === 'delivered';
}

async function answerTo({ url, secret }: Webhook, id: string, body: string): Promise<{ status: number | null; error: string | null }> {
  try {
    const { status } = await post(url, body, headersOf(secret, { id, body, now: clock.now() }));
    return { status, error: null };
  } catch (error) {
    return { status: null, error: reasonOf(error).slice(0, 200) };
  }
}

/** What is sent: the kind, when it happened, and the change as the feed tells it, with whose it is as of now. */
async function bodyOf({ changeId, kind, at }: Delivery): Promise<Record<string, unknown>> {
  const [change] = changeId === null ? [] : await changesByIds(reader(), [changeId]);
  return { type: kind === 'test' ? 'webhook.test' : `clearance.${kind}`, timestamp: new Date(at).toISOString(), data: change ? toldChange(change) : {} };
}
