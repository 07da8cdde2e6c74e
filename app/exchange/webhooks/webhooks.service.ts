import { randomBytes } from 'node:crypto';
import { lastSequence, numberChanges, sequenceBefore } from '~/certification';
import { addJob, appendEvent, commitIfOk, reader, type Tx } from '~/db';
import { authorise, can, covers, openApplication, type Actor } from '~/identity';
import { dateAt } from '~/kernel/calendar';
import { clock, type Instant } from '~/kernel/clock';
import { config } from '~/kernel/config';
import { isSendable } from '~/kernel/outgoing';
import { err, ok, type Result } from '~/kernel/result';
import { findOrganisation } from '~/people';
import { insertTest, sendAgain, sendAgainSince } from './deliveries.repository';
import { secretOf } from './message';
import { findWebhook, insertWebhook, moveFannedTo, setState, type FreshWebhook, type Webhook } from './webhooks.repository';

const today = (): string => dateAt(clock.now(), config().TIME_ZONE);

/** Tells another system of changes from now on. @returns the secret, which is shown once */
export async function makeWebhook(actor: Actor, fresh: FreshWebhook): Promise<Result<{ id: string; secret: string }>> {
  const application = await openApplication(actor, fresh.applicationId);
  if (!application) return err('not-found');
  if (application.revokedAt !== null) return err('conflict.changed');
  if (!application.scopes.includes('clearances.read')) return err('webhook.scope');
  const organisation = await findOrganisation(reader(), fresh.organisationId);
  if (!organisation || !covers(application.organisationPath, organisation.path)) return err('webhook.organisation', undefined, 'organisationId');
  if (!isSendable(fresh.url)) return err('gateway.url', undefined, 'url');
  // What was there before is in the list; it is not sent.
  await numberChanges();
  return commitIfOk(async (tx) => {
    const secret = secretOf(randomBytes(32));
    const id = await insertWebhook(tx, fresh, { secret, fannedTo: await lastSequence(tx), by: actor.by });
    const { applicationId, organisationId, url, kinds } = fresh;
    await appendEvent(tx, { kind: 'webhook.made', subject: { kind: 'webhook', id }, by: actor.by, body: { applicationId, organisationId, url, kinds } });
    return ok({ id, secret });
  });
}

/** A webhook for the administrators of its application; null when there is none. @throws ProblemError */
export async function openWebhook(actor: Actor, id: string): Promise<Webhook | null> {
  authorise(actor, 'see administration');
  const webhook = await findWebhook(reader(), id, today());
  return webhook && can(actor, 'administer applications', { organisationPath: webhook.applicationPath }) ? webhook : null;
}

const act = <T>(actor: Actor, id: string, kind: 'webhook.paused' | 'webhook.resumed' | 'webhook.tested' | 'webhook.replayed', body: Record<string, unknown>, work: (tx: Tx) => Promise<Result<T>>): Promise<Result<T>> =>
  commitIfOk(async (tx) => {
    const webhook = await findWebhook(tx, id, today());
    if (!webhook) return err('not-found');
    authorise(actor, 'administer applications', { organisationPath: webhook.applicationPath });
    const done = await work(tx);
    if (!done.ok) return done;
    await appendEvent(tx, { kind, subject: { kind: 'webhook', id }, by: actor.by, body });
    await addJob(tx, 'exchange.webhook', { webhookId: id });
    return done;
  });

/** Nothing is sent for a time; what changes meanwhile is sent afterwards. */
export const pauseWebhook = (actor: Actor, id: string): Promise<Result<null>> => act(actor, id, 'webhook.paused', {}, (tx) => turn(tx, id, 'paused'));
export const resumeWebhook = (actor: Actor, id: string): Promise<Result<null>> => act(actor, id, 'webhook.resumed', {}, (tx) => turn(tx, id, 'active'));
const turn = async (tx: Tx, id: string, state: Webhook['state']): Promise<Result<null>> => (await setState(tx, id, state) === 0 ? err('conflict.changed') : ok(null));

export const testWebhook = (actor: Actor, id: string): Promise<Result<null>> => act(actor, id, 'webhook.tested', {}, async (tx) => {
  await insertTest(tx, id);
  return ok(null);
});

/** Sends one message once more, under the same id. */
export const replayDelivery = (actor: Actor, id: string, deliveryId: string): Promise<Result<null>> => act(actor, id, 'webhook.replayed', { deliveryId }, async (tx) =>
  (await sendAgain(tx, id, deliveryId) === 0 ? err('conflict.changed') : ok(null)));

/** Sends everything once more that happened at an instant or later, also what was never sent. Each keeps its id. */
export const replaySince = (actor: Actor, id: string, since: Instant): Promise<Result<null>> => act(actor, id, 'webhook.replayed', { since }, async (tx) => {
  const webhook = await findWebhook(tx, id, today());
  const from = await sequenceBefore(tx, since);
  await sendAgainSince(tx, id, since);
  if (webhook && from < webhook.fannedTo) await moveFannedTo(tx, id, from);
  return ok(null);
});
