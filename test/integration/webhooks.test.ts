import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from 'vitest';
import { Webhook as Verifier } from 'standardwebhooks';
import { z } from 'zod';
import { assignFor, recordCompletion, recordResult } from '~/certification';
import { execute, inTransaction, reader, rows, waitingJobs } from '~/db';
import { attemptsOf, deliveriesOf, makeWebhook, openWebhook, pauseWebhook, replayDelivery, replaySince, resumeWebhook, sendWebhook, sweepWebhooks, testWebhook } from '~/exchange';
import { revokeApplication, type Actor } from '~/identity';
import { advanceClock, clock, days, hours, minutes, resetClock, seconds } from '~/kernel/clock';
import { useConfig } from '~/kernel/config';
import { addressProblem, isSendable } from '~/kernel/outgoing';
import { must } from '~/kernel/result';
import type { Organisation } from '~/people';
import { anActor, anOrganisation, aRootActor } from '../support/actors';
import { anApiToken } from '../support/api';
import { aCity, aResult, completeCourse, itIs, somebody, type City } from '../support/certification';
import { testConfig } from '../support/config';
import { onEveryDatabase } from '../support/databases';
import { gatewayServer, type GatewayAnswer, type GatewayRequest, type GatewayServer } from '../support/gateway-server';

const Message = z.object({ type: z.string(), timestamp: z.string(), data: z.looseObject({ sequence: z.number().optional(), person: z.object({ id: z.string() }).optional() }) });

it('sends without encryption inside of private networks only, and never to where machines keep their secrets', () => {
  expect([isSendable('https://hr.example.cn/x'), isSendable('http://10.0.0.8/x'), isSendable('ftp://x'), isSendable('https://user:word@x'), isSendable('x')]).toEqual([true, true, false, false, false]);
  expect([
    addressProblem('http:', ['10.1.2.3']), addressProblem('http:', ['::1']), addressProblem('http:', ['8.8.8.8']), addressProblem('https:', ['8.8.8.8']),
    addressProblem('https:', ['169.254.169.254']), addressProblem('https:', ['8.8.8.8', 'fe80::1']), addressProblem('https:', []),
  ]).toEqual([null, null, 'plain-http-outside', null, 'forbidden-address', 'forbidden-address', 'no-address']);
});

onEveryDatabase('messages about changes', () => {
  let city: City;
  let elsewhere: Organisation;
  let root: Actor;
  let application: { id: string; token: string };
  let receiver: GatewayServer;
  let answers: (request: GatewayRequest) => GatewayAnswer | null;
  beforeAll(async () => {
    useConfig(testConfig());
    itIs('2026-05-04');
    city = await aCity();
    elsewhere = await anOrganisation();
    root = await aRootActor();
    application = await anApiToken(city.bureau);
    receiver = await gatewayServer((request) => answers(request));
  });
  afterAll(() => receiver.close());
  beforeEach(async () => {
    itIs('2026-06-22');
    answers = () => ({ status: 204 });
    // Each test has a webhook of its own.
    await inTransaction((tx) => execute(tx, `UPDATE webhooks SET state = 'paused'`));
    receiver.requests.length = 0;
  });
  afterEach(resetClock);

  const aWebhook = async (kinds: ('assigned' | 'changed' | 'ended')[] = ['assigned', 'changed', 'ended']) =>
    must(await makeWebhook(root, { applicationId: application.id, organisationId: city.bureau.id, url: receiver.url, kinds }));
  const assigned = async () => {
    const person = await somebody(city);
    await assignFor(person.appointmentId);
    return person;
  };
  const pass = async ({ personId }: { personId: string }) => {
    await recordCompletion(await completeCourse(personId, city.course));
    await recordResult(await aResult(personId, city.exam, { percent: 90 }));
  };
  const deliver = async ({ id }: { id: string }) => {
    await sweepWebhooks(clock.now());
    await sendWebhook(id);
  };
  const arrived = () => receiver.requests.map(({ body }) => Message.parse(JSON.parse(body)));
  const ids = () => receiver.requests.map(({ headers }) => headers['webhook-id']);
  const states = async ({ id }: { id: string }) => (await deliveriesOf(reader(), id, { state: undefined, page: 1 })).map(({ state, attempts }) => [state, attempts]);

  it('arrive signed as the standard has it, with what the feed tells, and once', async () => {
    resetClock();
    const webhook = await aWebhook();
    const person = await assigned();
    await pass(person);
    await deliver(webhook);
    await deliver(webhook);
    expect(arrived().map(({ type, data }) => [type, data.person?.id])).toEqual([['clearance.assigned', person.personId], ['clearance.changed', person.personId]]);
    const [first] = receiver.requests;
    expect(new Verifier(webhook.secret).verify(first?.body ?? '', first?.headers as Record<string, string>)).toMatchObject({ type: 'clearance.assigned' });
    expect(() => new Verifier(webhook.secret).verify(`${first?.body} `, first?.headers as Record<string, string>)).toThrow(/signature/i);
    expect(await states(webhook)).toEqual([['delivered', 1], ['delivered', 1]]);
    const stored = await rows(reader(), z.looseObject({}), 'SELECT * FROM webhooks WHERE id = $id', { id: webhook.id });
    expect(JSON.stringify(stored)).not.toContain(webhook.secret);
  });

  it('are one for each change, however many processes hand them on and send at once', async () => {
    const webhook = await aWebhook();
    await Promise.all(Array.from({ length: 5 }, assigned));
    await Promise.all(Array.from({ length: 4 }, () => sweepWebhooks(clock.now())));
    await Promise.all(Array.from({ length: 4 }, () => sendWebhook(webhook.id)));
    expect(new Set(ids()).size).toBe(5);
    expect(ids()).toHaveLength(5);
    const sequences = arrived().map(({ data }) => data.sequence ?? 0);
    expect(sequences).toEqual([...sequences].sort((a, b) => a - b));
  });

  it('tell only of the kinds and the organisation that were chosen', async () => {
    const webhook = await aWebhook(['changed']);
    const other = must(await makeWebhook(root, { applicationId: (await anApiToken(elsewhere)).id, organisationId: elsewhere.id, url: receiver.url, kinds: ['assigned', 'changed', 'ended'] }));
    await pass(await assigned());
    await deliver(webhook);
    await sendWebhook(other.id);
    expect(arrived().map(({ type }) => type)).toEqual(['clearance.changed']);
  });

  it('wait while the receiver is down, come again after growing delays, and keep the order of each person', async () => {
    const webhook = await aWebhook();
    const [held, free] = [await assigned(), await assigned()];
    await pass(held);
    answers = ({ body }) => ({ status: Message.parse(JSON.parse(body)).data.person?.id === held.personId ? 503 : 200 });
    await deliver(webhook);
    expect(arrived().map(({ data }) => data.person?.id)).toEqual([held.personId, free.personId]);
    advanceClock(seconds(9));
    await deliver(webhook);
    expect(receiver.requests).toHaveLength(2);
    advanceClock(seconds(2));
    await deliver(webhook);
    expect(receiver.requests).toHaveLength(3);
    answers = () => ({ status: 200 });
    advanceClock(minutes(1));
    await deliver(webhook);
    expect(arrived().slice(3).map(({ type, data }) => [type, data.person?.id])).toEqual([['clearance.assigned', held.personId], ['clearance.changed', held.personId]]);
    expect(new Set([ids()[0], ids()[2], ids()[3]]).size).toBe(1);
    expect((await attemptsOf(reader(), webhook.id)).filter(({ sequence }) => sequence === arrived()[0]?.data.sequence).map(({ status }) => status).sort()).toEqual([200, 503, 503]);
  });

  it('are given up after the last try, are counted, and arrive when they are sent again', async () => {
    const webhook = await aWebhook();
    await assigned();
    answers = () => null;
    for (let tries = 0; tries < 12; tries += 1) {
      await deliver(webhook);
      advanceClock(days(1));
    }
    expect(receiver.requests).toHaveLength(11);
    expect((await openWebhook(root, webhook.id))?.dead).toBe(1);
    answers = () => ({ status: 200 });
    const [delivery] = await deliveriesOf(reader(), webhook.id, { state: 'dead', page: 1 });
    expect(delivery?.last_error).toBeTruthy();
    must(await replayDelivery(root, webhook.id, delivery?.id ?? ''));
    await deliver(webhook);
    expect(new Set(ids()).size).toBe(1);
    expect(await states(webhook)).toEqual([['delivered', 12]]);
  });

  it('are sent once more under the same id when the program fell over between sending and noting it', async () => {
    const webhook = await aWebhook();
    await assigned();
    await deliver(webhook);
    // As the crash leaves it: somebody holds it, it was sent, and nothing says how that went.
    await inTransaction(async (tx) => {
      await execute(tx, `UPDATE webhook_deliveries SET state = 'waiting', settled_at = NULL WHERE webhook_id = $id`, { id: webhook.id });
      await execute(tx, 'UPDATE webhook_attempts SET status = NULL, ms = NULL WHERE webhook_id = $id', { id: webhook.id });
      await execute(tx, 'UPDATE webhooks SET leased_until = $until, asked_at = $now WHERE id = $id', { id: webhook.id, until: tx.now + minutes(2), now: tx.now });
    });
    await deliver(webhook);
    expect(receiver.requests).toHaveLength(1);
    advanceClock(minutes(3));
    await deliver(webhook);
    expect([receiver.requests.length, new Set(ids()).size]).toEqual([2, 1]);
    expect((await attemptsOf(reader(), webhook.id)).map(({ number, status }) => [number, status])).toEqual([[2, 204], [1, null]]);
  });

  it('are found by the sweep when the job that should send them is lost, and asked for no oftener than needed', async () => {
    const webhook = await aWebhook();
    await assigned();
    const jobs = async () => (await waitingJobs(reader(), 10_000)).filter(({ name, payload }) => name === 'exchange.webhook' && payload.includes(webhook.id)).length;
    await sweepWebhooks(clock.now());
    await sweepWebhooks(clock.now());
    expect(await jobs()).toBe(1);
    advanceClock(minutes(2));
    await sweepWebhooks(clock.now());
    expect(await jobs()).toBe(2);
  });

  it('wait while they are paused, and nothing that changed meanwhile is lost', async () => {
    const webhook = await aWebhook();
    must(await pauseWebhook(root, webhook.id));
    await assigned();
    await deliver(webhook);
    expect(receiver.requests).toHaveLength(0);
    must(await resumeWebhook(root, webhook.id));
    await deliver(webhook);
    expect(receiver.requests).toHaveLength(1);
  });

  it('are sent again from a moment on, also what happened before anybody listened', async () => {
    itIs('2027-09-01');
    const before = await assigned();
    advanceClock(hours(1));
    const webhook = await aWebhook();
    const later = await assigned();
    await deliver(webhook);
    expect(arrived().map(({ data }) => data.person?.id)).toEqual([later.personId]);
    const sent = ids()[0];
    must(await replaySince(root, webhook.id, itIs('2027-09-01')));
    advanceClock(hours(2));
    await deliver(webhook);
    expect(arrived().slice(1).map(({ data }) => data.person?.id)).toEqual([before.personId, later.personId]);
    expect(ids()[2]).toBe(sent);
  });

  it('can be tried, end with the token, and are for administrators of the organisation only', async () => {
    const webhook = await aWebhook();
    must(await testWebhook(root, webhook.id));
    await deliver(webhook);
    expect(arrived()).toMatchObject([{ type: 'webhook.test', data: {} }]);
    const other = { ...anActor({ administrator: [elsewhere.path] }), by: 'account:other' as const };
    expect(await openWebhook(other, webhook.id)).toBeNull();
    await expect(pauseWebhook(other, webhook.id)).rejects.toThrow('access.denied');
    expect(await makeWebhook(root, { applicationId: application.id, organisationId: elsewhere.id, url: receiver.url, kinds: ['changed'] })).toMatchObject({ ok: false, error: { code: 'webhook.organisation' } });
    expect(await makeWebhook(root, { applicationId: application.id, organisationId: city.bureau.id, url: 'file:///etc/passwd', kinds: ['changed'] })).toMatchObject({ ok: false, error: { code: 'gateway.url', field: 'url' } });
    const mute = await anApiToken(city.bureau, ['people.read']);
    expect(await makeWebhook(root, { applicationId: mute.id, organisationId: city.bureau.id, url: receiver.url, kinds: ['changed'] })).toMatchObject({ ok: false, error: { code: 'webhook.scope' } });
    must(await revokeApplication(root, application.id, '不再使用'));
    await assigned();
    await deliver(webhook);
    expect(receiver.requests).toHaveLength(1);
  });
});
