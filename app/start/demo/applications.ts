import { makeWebhook, pauseWebhook } from '~/exchange';
import { createApplication } from '~/identity';
import { addDays, dateAt } from '~/kernel/calendar';
import { clock } from '~/kernel/clock';
import { config } from '~/kernel/config';
import { must } from '~/kernel/result';
import type { Founded } from './found';

/** The personnel system of the city, which asks who may start. Messages to it are set up and paused: nobody listens at its address. */
export async function personnelSystem({ administrator, rootId }: Founded): Promise<void> {
  const { id } = must(await createApplication(administrator, {
    name: '云江市人社局人事系统', scopes: ['clearance.check', 'clearances.read', 'people.read', 'catalogue.read'], organisationId: rootId, expiresOn: addDays(dateAt(clock.now(), config().TIME_ZONE), 365),
  }));
  const webhook = must(await makeWebhook(administrator, { applicationId: id, organisationId: rootId, url: 'https://renshi.yunjiang.example/shanggang', kinds: ['assigned', 'changed', 'ended'] }));
  must(await pauseWebhook(administrator, webhook.id));
}
