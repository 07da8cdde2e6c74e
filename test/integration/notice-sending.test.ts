import { createHmac } from 'node:crypto';
import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { recordCompletion, recordResult } from '~/certification';
import { execute, inTransaction, insert, one, reader, rows } from '~/db';
import { clock, days, hours, minutes, resetClock } from '~/kernel/clock';
import { useConfig } from '~/kernel/config';
import { newId } from '~/kernel/id';
import { must } from '~/kernel/result';
import { changeGateway, deliver, makeGateway, noticesOf, planNotices, SHIPPED_HOUSE, sweepDispatches, type NoticeContent } from '~/notices';
import { drainOutbox } from '~jobs/drain';
import { JOBS } from '~jobs/registry';
import { aCity, aResult, completeCourse, itIs, somebody, tenTimes, type City } from '../support/certification';
import { testConfig } from '../support/config';
import { onEveryDatabase } from '../support/databases';
import { gatewayServer, type GatewayServer } from '../support/gateway-server';
import { mailServer, opened, type MailServer } from '../support/mail-server';
import { tellNow } from '../support/notices';

const BY = { by: 'account:a-test' } as const;
const sendings = (dispatchId: string) => rows(reader(), z.object({ channel: z.string(), address: z.string(), text: z.string(), result: z.string(), detail: z.string(), attempts: z.number() }),
  'SELECT channel, address, text, result, detail, attempts FROM send_log WHERE dispatch_id = $dispatchId ORDER BY claimed_at, id', { dispatchId });
const Outcome = z.object({ outcome: z.string().nullable() });
const outcomeOf = async (id: string) => (await one(reader(), Outcome, 'SELECT outcome FROM dispatches WHERE id = $id', { id })).outcome;
const waitingJobs = (dispatchId: string) => rows(reader(), z.object({ not_before: z.number() }),
  `SELECT not_before FROM outbox WHERE name = 'notices.send' AND status = 'waiting' AND payload = $payload`, { payload: JSON.stringify({ dispatchId }) });
const securityOf = (): NoticeContent => ({ kind: 'security', params: { what: 'password-changed', doneAt: clock.now() } });

onEveryDatabase('what is sent', () => {
  let city: City;
  let mail: MailServer | null = null;
  let gateway: GatewayServer | null = null;

  beforeAll(async () => {
    useConfig(testConfig());
    itIs('2026-05-06');
    city = await aCity();
  });
  beforeEach(async () => {
    itIs('2026-05-06');
    await inTransaction(async (tx) => {
      await execute(tx, 'DELETE FROM notice_plans');
      await execute(tx, 'DELETE FROM outbox');
      await execute(tx, `UPDATE dispatches SET settled_at = 1, outcome = 'sent' WHERE settled_at IS NULL`);
      await execute(tx, 'DELETE FROM bad_addresses');
      await execute(tx, 'UPDATE notice_channels SET active = 0');
    });
  });
  afterEach(async () => {
    await mail?.close();
    await gateway?.close();
    [mail, gateway] = [null, null];
    useConfig(testConfig());
    resetClock();
  });

  async function serveMail(options: Parameters<typeof mailServer>[0] = {}): Promise<MailServer> {
    mail = await mailServer(options);
    useConfig(testConfig({ SMTP_URL: mail.url, MAIL_FROM: '上岗 <shanggang@example.gov.cn>', PUBLIC_URL: 'https://sg.example.gov.cn' }));
    return mail;
  }

  /** A person whose digest of the day is made and holds the assignment; not sent yet. */
  async function digested(given: { email?: string } = {}): Promise<{ personId: string; dispatchId: string }> {
    const { personId } = await somebody(city, { name: '林知夏', ...given });
    await drainOutbox();
    await planNotices(clock.now());
    const { id } = await one(reader(), z.object({ id: z.string() }), `SELECT id FROM dispatches WHERE person_id = $personId AND kind = 'digest'`, { personId });
    return { personId, dispatchId: id };
  }

  describe('by mail', () => {
    it('is a digest: once, in Chinese and English, kept word for word', async () => {
      const server = await serveMail();
      const { dispatchId } = await digested({ email: 'lin@example.gov.cn' });
      await tenTimes(() => deliver(dispatchId));
      expect(server.mails.map(({ to }) => to)).toEqual([['lin@example.gov.cn']]);
      const [sent] = server.mails;
      expect(sent?.source).toContain(`Message-ID: <${dispatchId}@example.gov.cn>`);
      const { text = '', subject } = await opened(sent);
      for (const part of ['林知夏：', '您的上岗日期是2026年7月1日（周三）', 'Dear 林知夏,', 'Wed, 1 July 2026', 'https://sg.example.gov.cn/home']) expect(text).toContain(part);
      expect(text.indexOf('林知夏：')).toBeLessThan(text.indexOf('Dear'));
      expect(subject).toMatch(/^请最迟于.* \/ Complete/);
      const [log, ...more] = await sendings(dispatchId);
      expect(more).toEqual([]);
      expect(log).toMatchObject({ channel: 'e-mail', result: 'sent', address: 'l***@example.gov.cn', attempts: 1 });
      expect(log?.text.replace(/\s/g, '')).toContain(text.replace(/\s/g, ''));
      expect(await outcomeOf(dispatchId)).toBe('sent');
    });

    it('holds everything that waits, and leaves out what is done by then', async () => {
      const server = await serveMail();
      const { personId } = await somebody(city, { name: '林知夏', email: 'lin@example.gov.cn', startOfDuty: '2026-06-01' });
      await drainOutbox();
      await tellNow(personId, { kind: 'credential', params: { number: 'SG-1', mayStartOn: '2026-06-01' } });
      await tellNow(personId, { kind: 'result-corrected', params: { attemptId: newId(), examZh: '考试', examEn: 'Exam', percent: 88, cutScore: 60 } });
      // The due date has moved and nobody was told of the first one yet: only the second is still true.
      await inTransaction((tx) => execute(tx, `UPDATE assignments SET due_on = '2026-06-20' WHERE person_id = $personId`, { personId }));
      await planNotices(clock.now());
      await drainOutbox();
      const [sent, ...more] = server.mails;
      expect(more).toEqual([]);
      const { text = '', subject } = await opened(sent);
      expect(subject).toMatch(/^2 件事请您留意：/);
      expect(text).toContain('1. ');
      expect(text).toContain('SG-1');
      expect(text).not.toContain('请最迟于');
      const dropped = (await noticesOf(reader(), personId, { limit: 9, offset: 0 })).filter(({ droppedAt }) => droppedAt !== null);
      expect(dropped.map(({ content }) => content.kind)).toEqual(['assigned']);
    });

    it('is nothing when nothing of it is true any more', async () => {
      const server = await serveMail();
      const { personId } = await somebody(city, { email: 'lin@example.gov.cn', startOfDuty: '2026-05-25' });
      await drainOutbox();
      itIs('2026-05-13');
      await inTransaction((tx) => execute(tx, `UPDATE notices SET dropped_at = 1 WHERE person_id = $personId`, { personId }));
      await planNotices(clock.now());
      const { id } = await one(reader(), z.object({ id: z.string() }), `SELECT id FROM dispatches WHERE person_id = $personId`, { personId });
      await recordCompletion(await completeCourse(personId, city.course));
      await recordResult(await aResult(personId, city.exam, { percent: 88 }));
      await deliver(id);
      expect(server.mails).toEqual([]);
      expect([await outcomeOf(id), await sendings(id)]).toEqual(['not-needed', []]);
    });

    it('is tried again with the job when it was refused for now, and when the server was down', async () => {
      let refusing = true;
      const server = await serveMail({ recipient: () => (refusing ? { code: 450, message: '4.7.1 greylisted' } : null) });
      const { dispatchId } = await digested({ email: 'lin@example.gov.cn' });
      await expect(deliver(dispatchId)).rejects.toThrow();
      expect(await sendings(dispatchId)).toMatchObject([{ result: 'failed', detail: expect.stringContaining('greylisted') }]);
      const up = server.url;
      useConfig(testConfig({ SMTP_URL: 'smtp://127.0.0.1:1' }));
      await expect(deliver(dispatchId)).rejects.toThrow();
      useConfig(testConfig({ SMTP_URL: up }));
      refusing = false;
      await deliver(dispatchId);
      await deliver(dispatchId);
      expect(server.mails).toHaveLength(1);
      expect(await sendings(dispatchId)).toMatchObject([{ result: 'sent', attempts: 3 }]);
    });

    it.each([
      { name: 'an address that does not exist is not tried again', reply: { code: 550, message: '5.1.1 no such mailbox' }, bad: 1 },
      { name: 'nor one without a status', reply: { code: 550, message: 'mailbox unavailable' }, bad: 1 },
      { name: 'but a server that refuses us says nothing of the address', reply: { code: 554, message: '5.7.1 relay access denied' }, bad: 0 },
      { name: 'and a full mailbox is emptied some day', reply: { code: 552, message: '5.2.2 mailbox full' }, bad: 0 },
    ])('$name', async ({ reply, bad }) => {
      await serveMail({ recipient: () => reply });
      const { dispatchId, personId } = await digested({ email: 'gone@example.gov.cn' });
      const ended = deliver(dispatchId).then(() => 'settled', () => 'tried again');
      expect(await ended).toBe(bad ? 'settled' : 'tried again');
      expect(await sendings(dispatchId)).toMatchObject(bad ? [{ result: 'refused', detail: expect.stringContaining(reply.message) }, { channel: 'paper' }] : [{ result: 'failed' }]);
      const known = await one(reader(), z.object({ n: z.number() }), 'SELECT COUNT(*) AS n FROM bad_addresses WHERE person_id = $personId', { personId });
      expect(known.n).toBe(bad);
    });

    it('whose text was on its way when the connection was lost is not sent twice', async () => {
      await serveMail({ dropAtText: () => true });
      const { dispatchId } = await digested({ email: 'lin@example.gov.cn' });
      await deliver(dispatchId);
      await deliver(dispatchId);
      expect(await sendings(dispatchId)).toMatchObject([{ result: 'uncertain', attempts: 1 }]);
    });

    it('that a crash left open between sending and log is told once, and settled as uncertain', async () => {
      const server = await serveMail();
      const { dispatchId } = await digested({ email: 'lin@example.gov.cn' });
      // The process died after the server took the mail and before that was written.
      await inTransaction((tx) => insert(tx, 'send_log', [{
        id: newId(), dispatch_id: dispatchId, channel: 'e-mail', address: '', text: 'x', attempts: 1, claimed_at: tx.now, result: 'sending',
      }]));
      await deliver(dispatchId);
      expect([server.mails, await outcomeOf(dispatchId)]).toEqual([[], null]);
      itIs('2026-05-06', 12);
      await sweepDispatches(clock.now());
      await drainOutbox();
      expect(await sendings(dispatchId)).toMatchObject([{ result: 'uncertain', attempts: 1 }]);
      expect([server.mails, await outcomeOf(dispatchId)]).toEqual([[], 'sent']);
    });

    it('is found by the sweep when its job was lost, and given up after days', async () => {
      let down = false;
      const server = await serveMail({ recipient: () => (down ? { code: 450, message: 'later' } : null) });
      const { dispatchId } = await digested({ email: 'lin@example.gov.cn' });
      await inTransaction((tx) => execute(tx, `DELETE FROM outbox WHERE payload = $payload`, { payload: JSON.stringify({ dispatchId }) }));
      await sweepDispatches(clock.now() + minutes(5));
      expect(await waitingJobs(dispatchId)).toEqual([]);
      await sweepDispatches(clock.now() + minutes(20));
      expect(await waitingJobs(dispatchId)).toHaveLength(1);
      await drainOutbox();
      expect(server.mails).toHaveLength(1);
      down = true;
      const other = await digested({ email: 'other@example.gov.cn' });
      await inTransaction((tx) => execute(tx, `DELETE FROM outbox WHERE status = 'waiting'`));
      await sweepDispatches(clock.now() + days(4));
      expect([await outcomeOf(other.dispatchId), await waitingJobs(other.dispatchId)]).toEqual(['given-up', []]);
    });

    it('waits for the morning when its job comes in quiet hours', async () => {
      const server = await serveMail();
      const { dispatchId } = await digested({ email: 'lin@example.gov.cn' });
      await inTransaction((tx) => execute(tx, `DELETE FROM outbox WHERE status = 'waiting'`));
      itIs('2026-05-08', 21);
      await deliver(dispatchId);
      expect(server.mails).toEqual([]);
      // 9 May is a make-up day on which people work.
      expect(await waitingJobs(dispatchId)).toEqual([{ not_before: Date.parse('2026-05-09T08:00:00+08:00') }]);
    });
  });

  describe('what cannot wait', () => {
    it('goes out at once beside the digest, at night too', async () => {
      const server = await serveMail();
      const { personId, dispatchId } = await digested({ email: 'lin@example.gov.cn' });
      itIs('2026-05-06', 23);
      await tellNow(personId, securityOf());
      await drainOutbox();
      expect(server.mails).toHaveLength(1);
      expect((await opened(server.mails[0])).subject).toContain('您的密码已修改');
      expect(await outcomeOf(dispatchId)).toBeNull();
    });

    it('goes by every way that leads to the person', async () => {
      const server = await serveMail();
      gateway = await gatewayServer();
      must(await makeGateway(BY, { ...SMS, name: `短信 ${newId()}`, url: gateway.url }));
      const { personId } = await digested({ email: 'lin@example.gov.cn' });
      await inTransaction((tx) => execute(tx, `UPDATE persons SET phone = '13800001234' WHERE id = $personId`, { personId }));
      await tellNow(personId, securityOf());
      await drainOutbox();
      // The digest took the best way only.
      expect([server.mails.length, gateway.requests.length]).toEqual([2, 1]);
    });
  });

  const SMS = {
    kind: 'sms' as const, secret: 'sesame', body: '{"mobile":"{{address}}","content":"【上岗】{{text}}","key":"{{id}}","nested":{"list":["{{link}}"],"n":1}}',
    addressedBy: 'phone' as const, knowsRepeats: false, active: true,
  };

  describe('by a gateway', () => {
    async function reachedBy(server: GatewayServer, given: Partial<typeof SMS> = {}) {
      gateway = server;
      const gatewayId = must(await makeGateway(BY, { ...SMS, ...given, name: `短信 ${newId()}`, url: server.url }));
      const { personId } = await somebody(city, { name: '林知夏' });
      await inTransaction((tx) => execute(tx, `UPDATE persons SET phone = '13800001234' WHERE id = $personId`, { personId }));
      const dispatchId = await tellNow(personId, { kind: 'place-cancelled', params: {
        bookingId: newId(), examZh: '考试', examEn: 'Exam', sitting: '第一场', startsAt: clock.now() + days(1), room: '', seat: 0, ticket: 'T1', reason: '停电："检修"\n' + '{{address}}',
      } });
      return { dispatchId, personId, gatewayId };
    }

    it('is one request that is signed with timestamp and nonce and carries a key', async () => {
      const server = await gatewayServer();
      const { dispatchId } = await reachedBy(server);
      await deliver(dispatchId);
      await deliver(dispatchId);
      expect(server.requests).toHaveLength(1);
      await inTransaction((tx) => execute(tx, 'UPDATE notice_channels SET active = 0'));
      const { dispatchId: second } = await reachedBy(server);
      await deliver(second);
      for (const { headers, body } of server.requests) {
        const [timestamp, nonce] = [headers['x-timestamp'], headers['x-nonce']];
        expect(headers['x-signature']).toBe(createHmac('sha256', 'sesame').update(`${String(timestamp)}.${String(nonce)}.${body}`).digest('hex'));
        expect(Number(timestamp)).toBe(clock.now());
      }
      expect(new Set(server.requests.map(({ headers }) => headers['x-nonce'])).size).toBe(2);
      expect(server.requests.map(({ headers }) => headers['idempotency-key'])).toEqual([dispatchId, second]);
      const sent = JSON.parse(server.requests[0]?.body ?? '') as Record<string, unknown>;
      expect(sent).toMatchObject({ mobile: '13800001234', key: dispatchId, nested: { list: [expect.stringContaining('/bookings/')], n: 1 } });
      expect(sent['content']).toMatch(/^【上岗】考试场次已取消：.* https?:\/\//);
      expect(await sendings(dispatchId)).toMatchObject([{ result: 'sent', address: '138****34' }]);
    });

    it('cannot be broken open by what somebody typed', async () => {
      const server = await gatewayServer();
      const { dispatchId } = await reachedBy(server, { kind: 'messenger' as never });
      await deliver(dispatchId);
      const sent = JSON.parse(server.requests[0]?.body ?? '') as Record<string, string>;
      expect(Object.keys(sent)).toEqual(['mobile', 'content', 'key', 'nested']);
      expect(sent['content']).toContain('停电："检修"\n{{address}}');
    });

    it('is tried again when the gateway has trouble, with the same key', async () => {
      const server = await gatewayServer((_, count) => (count < 3 ? { status: 503 } : { status: 200 }));
      const { dispatchId } = await reachedBy(server);
      await expect(deliver(dispatchId)).rejects.toThrow('HTTP 503');
      await expect(deliver(dispatchId)).rejects.toThrow('HTTP 503');
      await deliver(dispatchId);
      expect(new Set(server.requests.map(({ headers }) => headers['idempotency-key']))).toEqual(new Set([dispatchId]));
      expect(await sendings(dispatchId)).toMatchObject([{ result: 'sent', attempts: 3 }]);
    });

    it('is tried again when an enterprise messenger says in its answer that it did not take it', async () => {
      const server = await gatewayServer((_, count) => ({ status: 200, body: count < 2 ? '{"errcode":45009,"errmsg":"api freq out of limit"}' : '{"errcode":0,"errmsg":"ok"}' }));
      const { dispatchId } = await reachedBy(server);
      await expect(deliver(dispatchId)).rejects.toThrow('errcode 45009');
      await deliver(dispatchId);
      expect(await sendings(dispatchId)).toMatchObject([{ result: 'sent' }]);
    });

    it('is recorded as refused when the message itself is wrong', async () => {
      const server = await gatewayServer(() => ({ status: 400, body: 'invalid mobile' }));
      const { dispatchId } = await reachedBy(server);
      await deliver(dispatchId);
      await deliver(dispatchId);
      expect(server.requests).toHaveLength(1);
      expect((await sendings(dispatchId))[0]).toMatchObject({ result: 'refused', detail: 'HTTP 400 invalid mobile' });
    });

    it('without an answer is not sent twice, unless the gateway knows repeats', async () => {
      const deaf = await gatewayServer(() => null);
      const { dispatchId } = await reachedBy(deaf);
      await deliver(dispatchId);
      await deliver(dispatchId);
      expect(deaf.requests).toHaveLength(1);
      expect(await sendings(dispatchId)).toMatchObject([{ result: 'uncertain' }]);
      await deaf.close();
      await inTransaction((tx) => execute(tx, 'UPDATE notice_channels SET active = 0'));
      const forgetful = await gatewayServer((_, count) => (count < 2 ? null : { status: 200 }));
      const { dispatchId: again } = await reachedBy(forgetful, { knowsRepeats: true as never });
      await expect(deliver(again)).rejects.toThrow();
      await deliver(again);
      expect(forgetful.requests.map(({ headers }) => headers['idempotency-key'])).toEqual([again, again]);
      expect(await sendings(again)).toMatchObject([{ result: 'sent', attempts: 2 }]);
    });

    it('keeps its secret encrypted, and the old one when no new one is given', async () => {
      const server = await gatewayServer();
      const { gatewayId, dispatchId } = await reachedBy(server);
      must(await changeGateway(BY, gatewayId, 1, { ...SMS, secret: undefined, name: `短信 ${newId()}`, url: server.url }));
      await deliver(dispatchId);
      const [request] = server.requests;
      expect(request?.headers['x-signature']).toBe(createHmac('sha256', 'sesame').update(`${String(request?.headers['x-timestamp'])}.${String(request?.headers['x-nonce'])}.${request?.body ?? ''}`).digest('hex'));
      const kept = await rows(reader(), z.object({ secret: z.string() }), 'SELECT secret FROM notice_channels');
      expect(kept.every(({ secret }) => !secret.includes('sesame'))).toBe(true);
      const events = await rows(reader(), z.object({ body: z.string() }), `SELECT body FROM ledger_events WHERE kind LIKE 'notices.gateway%'`);
      expect(events.length).toBeGreaterThan(1);
      expect(events.every(({ body }) => !body.includes('sesame'))).toBe(true);
    });

    it.each([
      { body: 'hello', code: 'gateway.body-json' }, { body: '"text"', code: 'gateway.body-json' },
      { body: '{"to":"{{address}}","text":"{{words}}"}', code: 'gateway.body-placeholder' },
      { body: '{"text":"{{text}}"}', code: 'gateway.body-address' }, { body: '{"to":"{{address}}"}', code: 'gateway.body-text' },
    ])('is not set up with the body $body', async ({ body, code }) => {
      expect(await makeGateway(BY, { ...SMS, body, name: newId(), url: 'http://127.0.0.1' })).toMatchObject({ ok: false, error: { code, field: 'body' } });
    });
  });

  describe('to those whom nothing reaches', () => {
    it('is a slip of paper, unless they use the product', async () => {
      const { dispatchId } = await digested();
      await drainOutbox();
      expect(await outcomeOf(dispatchId)).toBe('paper');
      expect(await sendings(dispatchId)).toMatchObject([{ channel: 'paper', result: 'to-print', text: expect.stringContaining('请最迟于') }]);
      const { personId } = await somebody(city);
      await drainOutbox();
      await inTransaction(async (tx) => {
        await insert(tx, 'accounts', [{ id: `acc ${personId}`, person_id: personId, sign_in_name: personId, state: 'active', created_at: 1 }]);
        await insert(tx, 'sign_ins', [{ id: newId(), token_hash: newId(), account_id: `acc ${personId}`, created_at: 1, seen_at: tx.now - hours(5), expires_at: tx.now, address: '', agent: '' }]);
      });
      await planNotices(clock.now());
      const known = await one(reader(), z.object({ outcome: z.string() }), 'SELECT outcome FROM dispatches WHERE person_id = $personId', { personId });
      expect(known.outcome).toBe('product-only');
    });
  });

  it('is what jobs of the program before asked for, by the id of the notice', async () => {
    const server = await serveMail();
    const { personId } = await somebody(city, { email: 'old@example.gov.cn' });
    const id = await tellNow(personId, securityOf());
    await JOBS['notices.send']?.run({ noticeId: id }, { now: clock.now() });
    expect(server.mails).toHaveLength(1);
    expect(SHIPPED_HOUSE.urgentInQuiet).toBe('when-needed');
  });
});
