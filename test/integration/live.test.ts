import { get, type IncomingMessage } from 'node:http';
import express from 'express';
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from 'vitest';
import { execute, inTransaction, insert } from '~/db';
import { endStreams, handIn, liveEndpoints, openStreams, signal } from '~/exams';
import { look } from '~/exams/live/hub.service';
import { endUnfit, STREAMS_PER_ACCOUNT } from '~/exams/live/streams.service';
import type { Standing } from '~/exams';
import { clock, minutes } from '~/kernel/clock';
import { useConfig } from '~/kernel/config';
import { newId } from '~/kernel/id';
import { testConfig } from '../support/config';
import { onEveryDatabase } from '../support/databases';
import { aCandidate, aSignInOf, aStartedAttempt, DEVICE, type StartedAttempt } from '../support/exams';
import { listening, type Listening } from '../support/listening';

interface Heard {
  standings: Standing[];
  /** Why the server said that the stream ends for good. */
  ended: string | null;
  /** Whether the connection is over, for whatever reason. */
  closed: boolean;
  status: number;
  headers: IncomingMessage['headers'];
  close(): void;
}

onEveryDatabase('the live standing of an attempt', () => {
  let server: Listening;
  let stopping = false;
  const heard: Heard[] = [];

  beforeAll(async () => {
    useConfig(testConfig());
    const app = express();
    app.use(liveEndpoints({ stopping: () => stopping }));
    server = await listening(app);
  });
  beforeEach(() => { stopping = false; });
  afterEach(async () => {
    heard.splice(0).forEach((one) => one.close());
    await expect.poll(openStreams).toBe(0);
  });
  afterAll(() => server.close());

  function listen(attemptId: string, cookie: string): Promise<Heard> {
    return new Promise((resolve, reject) => {
      const request = get(`${server.origin}/attempts/${attemptId}/live`, { headers: { cookie } }, (response) => {
        const one: Heard = { standings: [], ended: null, closed: false, status: response.statusCode ?? 0, headers: response.headers, close: () => request.destroy() };
        heard.push(one);
        let text = '';
        response.setEncoding('utf8');
        response.on('data', (chunk: string) => {
          const blocks = (text + chunk).split('\n\n');
          text = blocks.pop() ?? '';
          for (const block of blocks) {
            const data = /^data: (.*)$/m.exec(block)?.[1] ?? '';
            if (block.startsWith('event: standing')) one.standings.push(JSON.parse(data) as Standing);
            if (block.startsWith('event: end')) one.ended = (JSON.parse(data) as { reason: string }).reason;
          }
        });
        response.on('close', () => { one.closed = true; });
        response.on('error', () => undefined);
        resolve(one);
      });
      request.on('error', reject);
    });
  }

  const cookieOf = (started: StartedAttempt, device = DEVICE): string => `${started.candidate.cookie}; device=${device}`;
  const standing = async (started: StartedAttempt): Promise<Standing> =>
    (await (await fetch(`${server.origin}/attempts/${started.attemptId}/standing`, { headers: { cookie: cookieOf(started) } })).json()) as Standing;

  const giveTime = (attemptId: string, ms: number): Promise<void> =>
    inTransaction(async (tx) => {
      await execute(tx, 'UPDATE attempts SET deadline_at = deadline_at + $ms WHERE id = $attemptId', { attemptId, ms });
      await signal(tx, [attemptId]);
    });

  const iso = (at: number): string => new Date(at).toISOString();

  it('tells a connected page of time that was given, within five seconds, and answers the same when asked', async () => {
    const started = await aStartedAttempt();
    const page = await listen(started.attemptId, cookieOf(started));
    expect(page.headers).toMatchObject({ 'content-type': 'text/event-stream; charset=utf-8', 'x-accel-buffering': 'no', 'cache-control': 'no-store' });
    await expect.poll(() => page.standings).toMatchObject([{ deadline: iso(started.deadlineAt), state: 'in-progress', otherDevice: false, pausedAt: null, messages: [] }]);
    await giveTime(started.attemptId, minutes(10));
    await expect.poll(() => page.standings.at(-1)?.deadline, { timeout: 5000 }).toBe(iso(started.deadlineAt + minutes(10)));
    const { serverNow, ...asked } = await standing(started);
    expect(page.standings.at(-1)).toMatchObject(asked);
    expect(Date.parse(serverNow)).toBeGreaterThan(started.deadlineAt - minutes(120));
  });

  it('misses nothing that was committed after later changes had been seen', async () => {
    const [early, late] = [await aStartedAttempt(), await aStartedAttempt()];
    const [slow, quick] = [await listen(early.attemptId, cookieOf(early)), await listen(late.attemptId, cookieOf(late))];
    await expect.poll(() => slow.standings.length + quick.standings.length).toBe(2);
    const before = clock.now();
    await giveTime(late.attemptId, minutes(1));
    await look();
    await expect.poll(() => quick.standings.length).toBe(2);
    // A transaction that began before, and is committed only now.
    await inTransaction((tx) => execute(tx, 'UPDATE attempts SET deadline_at = deadline_at + 60000, signal_at = $before, version = version + 1 WHERE id = $id', { id: early.attemptId, before: before - 10_000 }));
    await look();
    await expect.poll(() => slow.standings.at(-1)?.deadline).toBe(iso(early.deadlineAt + minutes(1)));
    expect(quick.standings).toHaveLength(2);
  });

  it('shows messages until they were read, in every window', async () => {
    const started = await aStartedAttempt();
    const page = await listen(started.attemptId, cookieOf(started));
    const id = newId();
    await inTransaction(async (tx) => {
      await insert(tx, 'candidate_messages', [{ id, attempt_id: started.attemptId, act_id: null, text: '请核对第 3 题', sent_at: tx.now, sent_by: 'account:x', seen_at: null }]);
      await signal(tx, [started.attemptId]);
    });
    await expect.poll(() => page.standings.at(-1)?.messages, { timeout: 5000 }).toMatchObject([{ id, text: '请核对第 3 题' }]);
    const stranger = await aCandidate();
    const refused = await fetch(`${server.origin}/attempts/${started.attemptId}/messages/${id}/seen`, { method: 'POST', headers: { cookie: stranger.cookie } });
    expect(refused.status).toBe(403);
    const read = await fetch(`${server.origin}/attempts/${started.attemptId}/messages/${id}/seen`, { method: 'POST', headers: { cookie: started.candidate.cookie } });
    expect(read.status).toBe(204);
    await expect.poll(() => page.standings.at(-1)?.messages, { timeout: 5000 }).toEqual([]);
  });

  it('tells the device that was replaced, and the one that may take over', async () => {
    const started = await aStartedAttempt();
    const [before, other] = [await listen(started.attemptId, cookieOf(started)), await listen(started.attemptId, cookieOf(started, 'device-0002'))];
    await expect.poll(() => other.standings.at(-1)).toMatchObject({ otherDevice: true, permitted: false });
    await inTransaction(async (tx) => {
      await execute(tx, 'UPDATE attempts SET device = $device WHERE id = $id', { id: started.attemptId, device: 'device-0002' });
      await signal(tx, [started.attemptId]);
    });
    await expect.poll(() => before.ended, { timeout: 5000 }).toBe('other-device');
    expect(before.standings.at(-1)).toMatchObject({ otherDevice: true });
    await expect.poll(() => other.standings.at(-1)).toMatchObject({ otherDevice: false });
    expect(other.closed).toBe(false);
  });

  it('ends when the attempt is handed in', async () => {
    const started = await aStartedAttempt();
    const page = await listen(started.attemptId, cookieOf(started));
    await handIn(started.candidate.actor, started.attemptId, DEVICE);
    await inTransaction((tx) => signal(tx, [started.attemptId]));
    await expect.poll(() => page.ended, { timeout: 5000 }).toBe('closed');
    expect(page.standings.at(-1)?.state).toBe('handed-in');
    await expect.poll(() => page.closed).toBe(true);
  });

  it('ends when that browser was signed out', async () => {
    const started = await aStartedAttempt();
    const elsewhere = await listen(started.attemptId, `${await aSignInOf(started.candidate)}; device=${DEVICE}`);
    const page = await listen(started.attemptId, cookieOf(started));
    await inTransaction((tx) => execute(tx, 'UPDATE sign_ins SET ended_at = 1 WHERE token_hash = $hash', { hash: started.candidate.tokenHash }));
    await endUnfit();
    await expect.poll(() => page.ended).toBe('sign-in');
    expect(elsewhere.closed).toBe(false);
    expect((await listen(started.attemptId, cookieOf(started))).status).toBe(401);
  });

  it('is for the candidate alone', async () => {
    const started = await aStartedAttempt();
    const stranger = await aCandidate();
    expect((await listen(started.attemptId, stranger.cookie)).status).toBe(403);
    expect((await listen(newId(), stranger.cookie)).status).toBe(404);
    expect((await fetch(`${server.origin}/attempts/${started.attemptId}/standing`)).status).toBe(401);
  });

  it('lets one account hold so many streams and no more', async () => {
    const started = await aStartedAttempt();
    const first = await listen(started.attemptId, cookieOf(started));
    for (let i = 0; i < STREAMS_PER_ACCOUNT; i += 1) await listen(started.attemptId, cookieOf(started));
    await expect.poll(() => first.ended).toBe('too-many');
    await expect.poll(openStreams).toBe(STREAMS_PER_ACCOUNT);
  });

  it('gives way when the server stops', async () => {
    const started = await aStartedAttempt();
    const page = await listen(started.attemptId, cookieOf(started));
    stopping = true;
    endStreams();
    await expect.poll(() => page.closed).toBe(true);
    expect(page.ended).toBeNull();
    expect((await listen(started.attemptId, cookieOf(started))).status).toBe(503);
  });
});
