/** Messages to other systems when a clearance changes. */
export { TRIES as WEBHOOK_TRIES, WEBHOOK_KINDS, type WebhookKind } from './message';
export { attemptsOf, countDeliveries, DELIVERIES_PER_PAGE, DELIVERY_STATES, deliveriesOf, type DeliveryState, type ListedAttempt, type ListedDelivery } from './deliveries.repository';
export { webhooksOfApplication, webhooksWithDead, type Webhook } from './webhooks.repository';
export { makeWebhook, openWebhook, pauseWebhook, replayDelivery, replaySince, resumeWebhook, testWebhook } from './webhooks.service';
export { sendWebhook, sweepWebhooks } from './send.service';
